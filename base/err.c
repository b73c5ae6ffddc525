#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static void fill(struct err *e, enum err_kind kind, uint64_t offset, const char *fmt, va_list ap)
{
	e->kind = kind;
	e->offset = offset;
	e->file[0] = '\0';
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
}

int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, kind, ERR_NO_OFFSET, fmt, ap);
	va_end(ap);
	return kind;
}

int err_at(struct err *e, enum err_kind kind, uint64_t offset, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, kind, offset, fmt, ap);
	va_end(ap);
	return kind;
}

int err_in(struct err *e, const char *file)
{
	if (e->file[0] == '\0')
		snprintf(e->file, sizeof(e->file), "%s", file);
	return e->kind;
}
