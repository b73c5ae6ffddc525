/*
 * verdict.h - leak, growth, bounded or artifact: drawn from how the suspect developed, the same way for every kind.
 */
#ifndef ANALYZER_LEAKS_VERDICT_H
#define ANALYZER_LEAKS_VERDICT_H

#include "analyzer/leaks/detector.h"

/* Judge, and add the reasons that the series gives. `confidence` in percent. */
enum verdict verdict_of(const struct suspect *s, struct opinion *o, unsigned score, unsigned *confidence);

/* Did the number of items rise in every interval, and about evenly? For drips too small to be a growth point. */
int verdict_steady(const struct suspect *s);

#endif
