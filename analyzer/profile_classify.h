/*
 * profile_classify.h - what kind of code a frame is and which package it belongs to, from the names that the input gave.
 */
#ifndef ANALYZER_PROFILE_CLASSIFY_H
#define ANALYZER_PROFILE_CLASSIFY_H

#include "analyzer/profile.h"
#include "analyzer/redact.h"

/*
 * Fill category, package and, where the format did not say, kind of all frames. A package that is a piece of something private
 * (a token with a slash in it as a path) would not be known for it by itself; `r`, if not NULL, looks at the whole. O(frames).
 */
int profile_classify(struct profile *p, struct redact *r, struct err *e);

/*
 * The package in a path or URL: what follows the last node_modules/ ("@scope/name" with two parts), or the name in the
 * address of a package server. "" when there is none. Points into `file`.
 */
struct str profile_package_of(struct str file);

#endif
