/*
 * The event loop stood still: turns without idling of 50 ms and more, the start of the process apart. 100 ms is where
 * people notice and where Clinic.js Doctor draws its line.
 */
#include <stdlib.h>

#include "analyzer/insights.h"

#define WARN_NS 50000000
#define FAIL_NS 100000000

static int64_t percentile(int64_t *sorted, size_t n, unsigned percent)
{
	return n ? sorted[(n - 1) * percent / 100] : 0;
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int describe(struct insights *in, const struct profile_task *worst, size_t n_over, int64_t p50, int64_t p99,
		    struct strbuf *text, struct task_focus *focus, struct err *e)
{
	if (profile_task_focus(in->p, worst, focus, e))
		return e->kind;
	strbuf_addf(text, "The event loop was blocked %zu time%s for 50 ms or more, at worst for ", n_over,
		    n_over == 1 ? "" : "s");
	insight_amount(in, text, worst->ns);
	strbuf_addstr(text, ", from ");
	insight_amount(in, text, worst->start_ns);
	strbuf_addstr(text, " on; most of that in ");
	insight_frame(in, text, focus->frame);
	if (focus->user_frame != UINT32_MAX && focus->user_frame != focus->frame) {
		strbuf_addstr(text, ", under ");
		insight_frame(in, text, focus->user_frame);
	}
	strbuf_addstr(text, ". Turns of the loop: median ");
	insight_amount(in, text, p50);
	strbuf_addstr(text, ", 99th percentile ");
	insight_amount(in, text, p99);
	strbuf_addch(text, '.');
	return 0;
}

static int report(struct insights *in, const struct profile_task *worst, size_t n_over, int64_t *lengths, size_t n,
		  struct err *e)
{
	struct task_focus focus;
	struct strbuf text;
	int rc;

	qsort(lengths, n, sizeof(*lengths), ascending);
	strbuf_init(&text, &in->p->run->mem);
	rc = describe(in, worst, n_over, percentile(lengths, n, 50), percentile(lengths, n, 99), &text, &focus, e);
	if (!rc) {
		struct insight what = { .severity = worst->ns >= FAIL_NS ? SEVERITY_FAIL : SEVERITY_WARN,
					.rule = "blocked-loop", .amount = worst->ns, .frame = focus.frame,
					.advice = "Split the work into pieces with setImmediate between them, or move it to a worker "
						  "thread." };

		rc = insight_add(in, &what, &text, e);
	}
	strbuf_release(&text);
	return rc;
}

int insight_blocked_loop(struct insights *in, struct err *e)
{
	const struct profile_task *worst = NULL;
	size_t n_over = 0, n = 0;
	int64_t *lengths;
	int rc = 0;

	/* A thread that never idles has no event loop to block. */
	if (!insight_is_time(in) || !in->v->idle || !in->tasks->n)
		return 0;
	lengths = MEM_NEW(&in->p->run->mem, int64_t, in->tasks->n, e);
	if (!lengths)
		return e->kind;
	for (size_t i = 0; i < in->tasks->n; i++) {
		const struct profile_task *t = &in->tasks->rows[i];

		if (t->is_startup)
			continue;
		lengths[n++] = t->ns;
		n_over += t->ns >= WARN_NS;
		if (t->ns >= WARN_NS && (!worst || t->ns > worst->ns))
			worst = t;
	}
	if (worst)
		rc = report(in, worst, n_over, lengths, n, e);
	mem_free(&in->p->run->mem, lengths);
	return rc;
}
