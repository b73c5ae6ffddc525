#include "formats/heapsnapshot.h"

#include <stdio.h>
#include <string.h>

#include "formats/heapsnapshot_meta.h"
#include "formats/json_in.h"
#include "formats/json_strings.h"
#include "formats/json_value.h"

#define MAX_DEPTH 4096 /* trace trees nest two levels per stack frame; V8 cuts stacks at 64 frames */

struct reader {
	struct json_in in;
	const struct heap_sink *sink;
	struct heap_meta *meta;
	struct heap_progress *progress;
	int header_needed; /* numbers came before the header: this pass only looks for it */
	int header_known;  /* second pass */
	unsigned n_known;  /* sections of a heap snapshot that were met */
	const char *foreign; /* what else the file seems to be */
	unsigned n_unknown;  /* diagnostics given by this pass for sections that are not known */
	unsigned n_told;     /* of those, how many the first pass has given already */
};

struct section {
	const char *key;
	const char *stage;
	int (*read)(struct reader *r, const struct section *s, struct err *e);
	enum heap_section id; /* number arrays */
};

/* A number array's sink, with the section's number in it. */
struct section_sink {
	const struct heap_sink *sink;
	enum heap_section id;
};

static int section_reserve(void *ctx, uint64_t need, uint64_t *room, struct err *e)
{
	const struct section_sink *s = ctx;

	return s->sink->reserve(s->sink->ctx, s->id, need, room, e);
}

static int section_take(void *ctx, uint64_t first, const uint64_t *v, size_t n, size_t *bad, struct err *e)
{
	const struct section_sink *s = ctx;

	return s->sink->take(s->sink->ctx, s->id, first, v, n, bad, e);
}

/* A section that is passed on event by event. */
struct section_value {
	const struct heap_sink *sink;
	const char *key;
	uint64_t n_containers;
};

static int pass_on(void *ctx, enum json_event event, struct str text, unsigned depth, struct err *e)
{
	struct section_value *v = ctx;

	v->n_containers += event == JSON_ARRAY_START;
	return v->sink->value ? v->sink->value(v->sink->ctx, v->key, event, text, depth, e) : 0;
}

static int read_header(struct reader *r, const struct section *s, struct err *e)
{
	struct section_value value = { r->sink, s->key, 0 };
	struct heap_meta_tee tee = { r->sink->value ? pass_on : NULL, &value };
	struct json_in *in = &r->in;

	if (r->header_known)
		return json_value_read(in, NULL, NULL, MAX_DEPTH, e);
	if (heap_meta_read(in, r->meta, &tee, e))
		return e->kind;
	if (r->header_needed)
		return 0;
	return r->sink->meta(r->sink->ctx, r->meta,
			     strcmp(source_compression(in->source), "none") ? 0 : source_size(in->source), e);
}

/* Numbers cannot be laid into columns before the header has said what they are. */
static int read_numbers(struct reader *r, const struct section *s, struct err *e)
{
	struct section_sink ctx = { r->sink, s->id };
	struct number_sink sink = { &ctx, section_reserve, section_take };
	struct heap_progress *p = r->progress;
	int rc;

	r->header_needed |= !r->meta->seen;
	if (r->header_needed)
		return json_value_read(&r->in, NULL, NULL, MAX_DEPTH, e);
	if (p->complete[s->id])
		return err_at(e, ERR_FORMAT, json_in_offset(&r->in), "a second \"%s\" section", s->key);
	rc = json_numbers_read(&r->in, s->stage, &sink, &p->n[s->id], e);
	p->complete[s->id] = rc == 0;
	return rc;
}

static int read_strings(struct reader *r, const struct section *s, struct err *e)
{
	int rc;

	(void)s;
	if (r->header_needed)
		return json_value_read(&r->in, NULL, NULL, MAX_DEPTH, e);
	if (r->progress->strings_complete)
		return err_at(e, ERR_FORMAT, json_in_offset(&r->in), "a second \"strings\" section");
	r->progress->seen_strings = 1;
	rc = r->sink->strings ? json_strings_read(&r->in, r->sink->strings, e) :
				json_value_read(&r->in, NULL, NULL, MAX_DEPTH, e);
	r->progress->strings_complete = rc == 0;
	return rc;
}

/* Chromium writes -1 in `scopes`, so it is not for the scanner of unsigned numbers. */
static int read_value(struct reader *r, const struct section *s, struct err *e)
{
	struct section_value value = { r->sink, s->key, 0 };

	return json_value_read(&r->in, r->sink->value ? pass_on : NULL, &value, MAX_DEPTH, e);
}

static int read_trace_tree(struct reader *r, const struct section *s, struct err *e)
{
	struct section_value value = { r->sink, s->key, 0 };
	int rc = json_value_read(&r->in, pass_on, &value, MAX_DEPTH, e);

	r->progress->trace_nodes = value.n_containers;
	return rc;
}

static const struct section sections[] = {
	{ "snapshot", NULL, read_header, 0 },
	{ "nodes", "nodes", read_numbers, HEAP_NODES },
	{ "edges", "edges", read_numbers, HEAP_EDGES },
	{ "trace_function_infos", "trace functions", read_numbers, HEAP_TRACE_FUNCTIONS },
	{ "trace_tree", NULL, read_trace_tree, 0 },
	{ "samples", "samples", read_numbers, HEAP_SAMPLES },
	{ "locations", "locations", read_numbers, HEAP_LOCATIONS },
	{ "scopes", NULL, read_value, 0 },
	{ "scope_context_vars", NULL, read_value, 0 },
	{ "scope_uses", NULL, read_value, 0 },
	{ "strings", "strings", read_strings, 0 },
};

/* Keys by which files that people take for heap snapshots give themselves away. */
static const struct {
	const char *key, *what;
} foreign_keys[] = {
	{ "nodeClassNames", "a heap snapshot of JavaScriptCore (Safari, Bun), not of V8" },
	{ "traceEvents", "a Chrome trace" },
	{ "timeDeltas", "a CPU profile" },
	{ "startTime", "a CPU profile" },
	{ "head", "a CPU or sampling heap profile" },
};

static void note_foreign(struct reader *r, const char *key)
{
	for (size_t i = 0; i < sizeof(foreign_keys) / sizeof(foreign_keys[0]); i++)
		if (!strcmp(key, foreign_keys[i].key))
			r->foreign = foreign_keys[i].what;
}

static int skip_unknown(struct reader *r, const char *key, struct err *e)
{
	note_foreign(r, key);
	if (!r->header_needed && r->n_unknown++ >= r->n_told &&
	    run_diag(r->in.run, e, "unknown-section", "the section \"%.64s\" is not known and was skipped", key))
		return e->kind;
	return json_value_read(&r->in, NULL, NULL, MAX_DEPTH, e);
}

static int read_key(struct json_in *in, char key[64], struct err *e)
{
	size_t n = 0;

	if (json_in_expect(in, '"', "before a key", e))
		return e->kind;
	for (;; in->pos++) {
		if (json_in_need(in, 1, e))
			return e->kind;
		if (in->pos == in->len)
			return err_at(e, ERR_TRUNCATED, json_in_offset(in), "the input ends inside a key");
		if (in->buf[in->pos] == '"')
			break;
		if (n == 63 || in->buf[in->pos] == '\\')
			return err_at(e, ERR_FORMAT, json_in_offset(in), "no heap snapshot has such a key");
		key[n++] = in->buf[in->pos];
	}
	key[n] = '\0';
	in->pos++;
	return json_in_expect(in, ':', "after a key", e);
}

static int read_section(struct reader *r, struct err *e)
{
	char key[64];

	if (read_key(&r->in, key, e))
		return e->kind;
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (strcmp(key, sections[i].key))
			continue;
		r->n_known++;
		return sections[i].read(r, &sections[i], e);
	}
	return skip_unknown(r, key, e);
}

static int skip_bom(struct json_in *in, struct err *e)
{
	if (json_in_need(in, 3, e))
		return e->kind;
	if (in->len >= 3 && !memcmp(in->buf, "\xEF\xBB\xBF", 3))
		in->pos = 3;
	return 0;
}

static int read_object(struct reader *r, struct err *e)
{
	struct json_in *in = &r->in;
	char shown[16];
	int c;

	if (skip_bom(in, e) || json_in_peek(in, &c, e))
		return e->kind;
	if (c != '{')
		return err_at(e, c < 0 ? ERR_TRUNCATED : ERR_FORMAT, json_in_offset(in),
			      "not a heap snapshot: expected '{', found %s", json_in_show(c, shown));
	in->pos++;
	if (json_in_peek(in, &c, e))
		return e->kind;
	if (c == '}')
		return 0;
	for (;;) {
		if (read_section(r, e))
			return e->kind;
		r->progress->offset = json_in_offset(in);
		if (json_in_peek(in, &c, e))
			return e->kind;
		if (c == '}')
			return 0;
		if (json_in_expect(in, ',', "between sections", e))
			return e->kind;
	}
}

static int check_tail(struct reader *r, struct err *e)
{
	char shown[16];
	int c;

	r->in.pos++;
	if (json_in_peek(&r->in, &c, e))
		return e->kind;
	if (c >= 0 && !r->header_needed)
		return run_diag(r->in.run, e, "trailing-bytes", "after the snapshot's end at offset %llu stands %s",
				(unsigned long long)json_in_offset(&r->in), json_in_show(c, shown));
	return 0;
}

static int one_pass(struct reader *r, struct run *run, struct source *src, const struct heap_read_options *o,
		    struct err *e)
{
	int rc;

	if (json_in_init(&r->in, run, src, o->read_bytes, e))
		return e->kind;
	rc = read_object(r, e);
	if (rc)
		r->progress->offset = e->offset != ERR_NO_OFFSET ? e->offset : json_in_offset(&r->in);
	else
		rc = check_tail(r, e);
	json_in_release(&r->in);
	return rc;
}

static int check_known(const struct reader *r, struct err *e)
{
	if (r->meta->seen)
		return 0;
	if (r->foreign)
		return err_set(e, ERR_UNSUPPORTED, "not a heap snapshot: this looks like %s", r->foreign);
	if (r->n_known)
		return err_set(e, ERR_FORMAT, "not a heap snapshot: the \"snapshot\" section with its meta is missing");
	return err_set(e, ERR_UNSUPPORTED, "a JSON object, but not a heap snapshot: none of its sections is there");
}

int heapsnapshot_read(struct run *run, struct source *src, const struct heap_read_options *o,
		      const struct heap_sink *sink, struct heap_meta *meta, struct heap_progress *p, struct err *e)
{
	struct reader r = { .sink = sink, .meta = meta, .progress = p };

	memset(meta, 0, sizeof(*meta));
	memset(p, 0, sizeof(*p));
	arena_init(&meta->arena, &run->mem);
	if (one_pass(&r, run, src, o, e) || check_known(&r, e))
		return e->kind;
	if (!r.header_needed)
		return 0;
	/* The header came late: now that it is known, read again. */
	memset(p, 0, sizeof(*p));
	if (sink->strings)
		sink->strings->n = sink->strings->n_bytes = 0;
	if (source_rewind(src, e) || sink->meta(sink->ctx, meta, 0, e))
		return e->kind;
	r = (struct reader){ .sink = sink, .meta = meta, .progress = p, .header_known = 1,
			     .n_told = r.n_unknown };
	return one_pass(&r, run, src, o, e);
}
