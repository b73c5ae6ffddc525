/*
 * json_strings.h - a JSON array of strings, decoded into a string table.
 */
#ifndef FORMATS_JSON_STRINGS_H
#define FORMATS_JSON_STRINGS_H

#include "base/err.h"
#include "base/strtab.h"
#include "formats/json_in.h"

/*
 * Read the array whose '[' is the window's next byte (after white space). Escapes are decoded to UTF-8, surrogate pairs
 * joined, a lone surrogate keeps its
 * three-byte form (WTF-8, so that different ones stay different; shown as U+FFFD), U+0000 stays. Control bytes that should have been escaped are taken as they
 * are (Bun writes them). On failure the table holds the strings before the damage. O(bytes).
 */
int json_strings_read(struct json_in *in, struct strtab *out, struct err *e);

#endif
