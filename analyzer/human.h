/*
 * human.h - numbers as people read them, the same in every notation but JSON.
 *
 * Sizes are decimal as in Chrome: 1 kB is 1000 B. They show one digit after the point below 100 of a unit and none from
 * there on, rounded half up: 999 B, 1.0 kB, 99.9 kB, 100 kB, 1.2 MB. Counts are exact with separators: 1,204. Percents
 * show one digit; what is not quite nothing or not quite all never reads 0 % or 100 %. `with_sign` puts a + before what
 * is above zero; a minus is always shown. No locale is asked.
 */
#ifndef ANALYZER_HUMAN_H
#define ANALYZER_HUMAN_H

#include <stdint.h>

#include "base/strbuf.h"

void human_bytes(struct strbuf *out, int64_t bytes, int with_sign);
void human_count(struct strbuf *out, int64_t count, int with_sign);

/* Times show three digits at least: 850 ns, 12.3 us, 4.56 ms, 61.2 s, 2 min 5 s, 3 h 20 min. */
void human_time(struct strbuf *out, int64_t ns, int with_sign);

/* `hundredths` of a percent: 9730 is "97.3 %". */
void human_percent(struct strbuf *out, int64_t hundredths, int with_sign);

#endif
