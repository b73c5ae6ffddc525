/*
 * unit.h - what the unit tests of the report share. Includes cmocka with the headers that it needs before it.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "sample_report.h"

/* A report and its rendering, with everything that they need. */
struct desk {
	struct mem mem;
	struct report report;
	struct strbuf out;
	struct err err;
};

static inline void desk_init(struct desk *s)
{
	memset(s, 0, sizeof(*s));
	mem_init(&s->mem, 0);
	report_init(&s->report, &s->mem);
	strbuf_init(&s->out, &s->mem);
}

/* Also checks that nothing was leaked. */
static inline void desk_release(struct desk *s)
{
	strbuf_release(&s->out);
	report_release(&s->report);
	assert_int_equal(s->mem.used_bytes, 0);
}

static inline const char *desk_text(const struct desk *s)
{
	return strbuf_str(&s->out);
}

#define assert_has(text, part) assert_non_null(strstr((text), (part)))
#define assert_has_not(text, part) assert_null(strstr((text), (part)))

#endif
