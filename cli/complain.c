#include "cli/complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/textcells.h"
#include "base/strbuf.h"
#include "cli/terminal.h"

int complain_exit_code(enum err_kind kind)
{
	switch (kind) {
	case ERR_NONE:
		return EXIT_DONE;
	case ERR_USAGE:
		return EXIT_USAGE;
	case ERR_FORMAT:
	case ERR_TRUNCATED:
	case ERR_UNSUPPORTED:
		return EXIT_INPUT;
	case ERR_IO:
	case ERR_MEMORY:
		return EXIT_SYSTEM;
	case ERR_CANCELLED:
		return EXIT_INTERRUPTED;
	case ERR_CONDITION:
		return EXIT_CONDITION;
	case ERR_INTERNAL:
		break;
	}
	return EXIT_BUG;
}

/* Nothing can be done when it fails: there is no other place to say it. */
static void put(const char *bytes, size_t n)
{
	if (write(STDERR_FILENO, bytes, n) < 0)
		return;
}

/* Without memory for the usual care; what is hidden or beyond ASCII becomes a question mark. */
static void put_plain(const char *tool, const char *text)
{
	char line[2200];
	int n = snprintf(line, sizeof(line), "%s: %s\n", tool, text);

	for (char *p = line; *p; p++)
		if ((*p < ' ' || *p > '~') && p[1])
			*p = '?';
	put(line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

/* One write per line, so that lines of parallel processes do not mix. */
static void put_line(const char *tool, const char *text)
{
	struct strbuf line;
	struct mem mem;

	mem_init(&mem, 0);
	strbuf_init(&line, &mem);
	strbuf_addf(&line, "%s: ", tool);
	text_clean(&line, str_of(text), terminal_look(COLOR_NEVER).ascii);
	strbuf_addch(&line, '\n');
	if (line.failed)
		put_plain(tool, text);
	else
		put(strbuf_str(&line), line.len);
	strbuf_release(&line);
}

static void put_formatted(const char *tool, const char *prefix, const char *fmt, va_list ap)
{
	char text[2048];
	size_t n = strlen(prefix);

	memcpy(text, prefix, n);
	vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	put_line(tool, text);
}

void complain_hint(const char *tool, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_formatted(tool, "hint: ", fmt, ap);
	va_end(ap);
}

void complain_note(const char *tool, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_formatted(tool, "", fmt, ap);
	va_end(ap);
}

void complain_caret(const char *tool, struct str text, size_t at)
{
	struct strbuf before;
	struct mem mem;

	mem_init(&mem, 0);
	strbuf_init(&before, &mem);
	text_clean(&before, (struct str){ text.s, at }, terminal_look(COLOR_NEVER).ascii);
	complain_note(tool, "  %.*s", (int)text.n, text.s);
	complain_note(tool, "  %*s^", (int)text_width(strbuf_str(&before), before.len), "");
	strbuf_release(&before);
}

int complain(const char *tool, const struct err *e)
{
	const char *file = strcmp(e->file, "-") ? e->file : "standard input";
	char offset[40] = "";

	if (e->kind == ERR_CANCELLED)
		return EXIT_INTERRUPTED;
	if (e->offset != ERR_NO_OFFSET)
		snprintf(offset, sizeof(offset), "offset %llu: ", (unsigned long long)e->offset);
	complain_note(tool, "%s%s%s%s", file, *file ? ": " : "", offset, e->text);
	return complain_exit_code(e->kind);
}
