#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/textcells.h"
#include "base/strbuf.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"

#define SECOND_NS 1000000000ull
#define INTERVAL_NS (SECOND_NS / 10)

static void put(const char *bytes, size_t n)
{
	if (write(STDERR_FILENO, bytes, n) < 0) {
		/* progress that cannot be shown is no failure */
	}
}

static const char *short_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!strcmp(path, "-"))
		return "standard input";
	return slash && slash[1] ? slash + 1 : path;
}

/* "snapdiff: 2/3 after.heapsnapshot: parse 45 %"; no escape sequences, so that dumb terminals show it too. */
static void describe(const struct progress *p, struct strbuf *out, const char *stage, uint64_t done, uint64_t total)
{
	const struct settings *s = p->settings;
	int i = p->run->snapshot;
	int ascii = terminal_look(COLOR_NEVER).ascii;

	strbuf_addf(out, "%s: ", p->tool);
	if (i >= 0 && (size_t)i < s->n_files) {
		if (s->n_files > 1)
			strbuf_addf(out, "%d/%zu ", i + 1, s->n_files);
		text_clean(out, str_of(short_name(s->files[i])), ascii);
		strbuf_addstr(out, ": ");
	}
	strbuf_addstr(out, stage);
	if (total && p->terminal)
		strbuf_addf(out, " %3u %%", (unsigned)((done < total ? (double)done / (double)total : 1.0) * 100.0));
}

static void rewrite_line(struct progress *p, struct str text)
{
	struct strbuf line;
	struct mem mem;
	size_t cells;

	mem_init(&mem, 0);
	strbuf_init(&line, &mem);
	strbuf_addch(&line, '\r');
	text_shorten(&line, text, terminal_width(STDERR_FILENO) - 1, TEXT_KEEP_TAIL, terminal_look(COLOR_NEVER).ascii);
	cells = line.len ? text_width(line.buf + 1, line.len - 1) : 0;
	if (cells < p->shown_cells)
		strbuf_addch_n(&line, ' ', p->shown_cells - cells);
	if (!text.n)
		strbuf_addch(&line, '\r');
	put(strbuf_str(&line), line.len);
	p->shown_cells = cells;
	strbuf_release(&line);
}

static void show(struct progress *p, const char *stage, uint64_t done, uint64_t total)
{
	struct strbuf text;
	struct mem mem;

	mem_init(&mem, 0);
	strbuf_init(&text, &mem);
	describe(p, &text, stage, done, total);
	if (p->terminal) {
		rewrite_line(p, (struct str){ text.buf, text.len });
	} else {
		strbuf_addch(&text, '\n');
		put(strbuf_str(&text), text.len);
	}
	strbuf_release(&text);
}

static int tick(void *ctx, const char *stage, uint64_t done, uint64_t total)
{
	struct progress *p = ctx;
	int is_new = !p->stage || strcmp(p->stage, stage) || p->snapshot != p->run->snapshot;
	uint64_t now;

	if (interrupt_seen())
		return 1;
	if (!p->enabled || (!p->terminal && !is_new))
		return 0;
	now = run_clock();
	if (now < p->show_at_ns || (p->terminal && p->settings->progress <= 0 && !terminal_foreground(STDERR_FILENO)))
		return 0;
	show(p, stage, done, total);
	p->stage = stage;
	p->snapshot = p->run->snapshot;
	p->show_at_ns = p->terminal ? now + INTERVAL_NS : 0;
	return 0;
}

void progress_init(struct progress *p, const char *tool, struct run *run, const struct settings *s)
{
	*p = (struct progress){ .run = run, .settings = s, .tool = tool, .terminal = isatty(STDERR_FILENO) };
	p->enabled = s->progress > 0 || (s->progress == 0 && !s->quiet && p->terminal);
	p->show_at_ns = s->progress > 0 ? 0 : run_clock() + SECOND_NS;
	run->on_progress = tick;
	run->progress_ctx = p;
}

void progress_clear(struct progress *p)
{
	if (p->shown_cells)
		rewrite_line(p, (struct str){ "", 0 });
}
