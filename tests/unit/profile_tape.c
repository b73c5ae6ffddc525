#include "profile_tape.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/code_names.h"
#include "formats/formats.h"

static int on_values(void *ctx, const struct profile_value_type *types, size_t n, struct err *e)
{
	static const char *const units[] = { "count", "ns", "bytes" };
	struct tape *t = ctx;

	(void)e;
	assert_true(n <= PROFILE_MAX_VALUES);
	assert_true(n >= t->n_values);
	strbuf_reset(&t->types);
	for (size_t i = 0; i < n; i++) {
		strbuf_addch(&t->types, ' ');
		strbuf_add(&t->types, types[i].type.s, types[i].type.n);
		strbuf_addch(&t->types, '/');
		if (types[i].unit == UNIT_OTHER)
			strbuf_add(&t->types, types[i].unit_name.s, types[i].unit_name.n);
		else
			strbuf_addstr(&t->types, units[types[i].unit]);
	}
	t->n_values = n;
	return 0;
}

static struct str key(struct tape *t)
{
	return (struct str){ strbuf_str(&t->key), t->key.len };
}

static void add(struct tape *t, const char *before, struct str s, const char *after)
{
	if (!s.n)
		return;
	strbuf_addstr(&t->key, before);
	strbuf_add(&t->key, s.s, s.n);
	strbuf_addstr(&t->key, after);
}

static void bare_name(struct tape *t, const struct profile_frame *f)
{
	if (t->bare_modules && f->module.n)
		add(t, "", code_name_base(f->module), "");
	else if (f->name.n)
		add(t, "", f->name, "");
	else if (f->line && f->column)
		strbuf_addf(&t->key, "(anonymous:L#%u:C#%u)", f->line, f->column);
	else if (f->line)
		strbuf_addf(&t->key, "(anonymous:L#%u)", f->line);
	else
		strbuf_addstr(&t->key, "(anonymous)");
}

static int on_frame(void *ctx, const struct profile_frame *f, uint32_t *id, struct err *e)
{
	static const char *const kinds[FRAME_N_KINDS] = { "", "", "(regexp)", "(wasm)", "(builtin)", "", "_[k]",
							  "(gc)", "(vm)", "(program)", "(idle)", "(root)" };
	struct tape *t = ctx;

	assert_true(f->kind < FRAME_N_KINDS);
	assert_true(f->tier < TIER_N);
	strbuf_reset(&t->key);
	if (t->bare_names) {
		bare_name(t, f);
		return memo_add(&t->frames, key(t), id, e);
	}
	add(t, "", f->name.n ? f->name : STR_LIT("(anonymous)"), kinds[f->kind]);
	add(t, " ", f->file, "");
	if (f->line)
		strbuf_addf(&t->key, ":%u", f->line);
	if (f->column)
		strbuf_addf(&t->key, ":%u", f->column);
	if (t->with_modules)
		add(t, " [", f->module, "]");
	return memo_add(&t->frames, key(t), id, e);
}

static int on_stack(void *ctx, uint32_t parent, uint32_t frame, uint32_t line, uint32_t *id, struct err *e)
{
	struct tape *t = ctx;
	uint32_t pair[2] = { parent + 1, frame };

	(void)line;
	assert_true(frame < memo_n(&t->frames));
	assert_true(parent == STACK_NONE || parent < memo_n(&t->stacks));
	return memo_add(&t->stacks, (struct str){ (const char *)pair, sizeof(pair) }, id, e);
}

static int on_thread(void *ctx, const struct profile_thread *th, uint32_t *id, struct err *e)
{
	struct tape *t = ctx;

	strbuf_reset(&t->key);
	strbuf_addf(&t->key, " {thread %llu/%llu", (unsigned long long)th->pid, (unsigned long long)th->tid);
	add(t, " ", th->name, "");
	strbuf_addch(&t->key, '}');
	return memo_add(&t->threads, key(t), id, e);
}

static int on_labels(void *ctx, const struct profile_label *labels, size_t n, uint32_t *id, struct err *e)
{
	struct tape *t = ctx;

	strbuf_reset(&t->key);
	for (size_t i = 0; i < n; i++) {
		add(t, " {", labels[i].key, "=");
		if (labels[i].is_number)
			strbuf_addf(&t->key, "%lld", (long long)labels[i].number);
		add(t, "", labels[i].is_number ? labels[i].unit_name : labels[i].text, "");
		strbuf_addch(&t->key, '}');
	}
	return memo_add(&t->labels, key(t), id, e);
}

static int sum_at(struct tape *t, uint32_t stack, uint32_t thread, uint32_t labels, uint32_t *row, struct err *e)
{
	uint32_t at[3] = { stack + 1, thread, labels };

	assert_true(stack == STACK_NONE || stack < memo_n(&t->stacks));
	assert_true(thread < memo_n(&t->threads));
	assert_true(labels < memo_n(&t->labels));
	if (memo_add(&t->sums, (struct str){ (const char *)at, sizeof(at) }, row, e))
		return e->kind;
	return mem_reserve(&t->run.mem, (void **)&t->values, &t->values_capacity, (size_t)*row + 1, sizeof(*t->values), e);
}

static void saw_time(struct tape *t, int64_t ns)
{
	if (ns == PROFILE_NO_TIME)
		return;
	if (t->first_ns == PROFILE_NO_TIME)
		t->first_ns = t->last_ns = ns;
	t->first_ns = ns < t->first_ns ? ns : t->first_ns;
	t->last_ns = ns > t->last_ns ? ns : t->last_ns;
}

static int on_sample(void *ctx, const struct profile_sample *s, struct err *e)
{
	struct tape *t = ctx;
	uint32_t row;

	if (sum_at(t, s->stack, s->thread, s->labels, &row, e))
		return e->kind;
	for (size_t i = 0; i < t->n_values; i++) {
		t->values[row][i] = (int64_t)((uint64_t)t->values[row][i] + (uint64_t)s->values[i]);
		t->totals[i] = (int64_t)((uint64_t)t->totals[i] + (uint64_t)s->values[i]);
	}
	t->n_samples++;
	saw_time(t, s->time_ns);
	return 0;
}

static int on_observe(void *ctx, const struct profile_observation *o, struct err *e)
{
	struct tape *t = ctx;
	uint32_t row;

	if (sum_at(t, o->stack, o->thread, 0, &row, e))
		return e->kind;
	t->values[row][PROFILE_MAX_VALUES]++;
	t->totals[PROFILE_MAX_VALUES]++;
	t->n_samples++;
	saw_time(t, o->time_ns);
	return 0;
}

static int on_hits(void *ctx, const struct profile_hits *h, struct err *e)
{
	(void)ctx;
	(void)h;
	(void)e;
	return 0;
}

static int on_line_ticks(void *ctx, uint32_t stack, uint32_t line, uint64_t ticks, struct err *e)
{
	struct tape *t = ctx;

	(void)line;
	(void)ticks;
	(void)e;
	assert_true(stack < memo_n(&t->stacks));
	return 0;
}

static int on_meta(void *ctx, const struct profile_meta *m, struct err *e)
{
	struct tape *t = ctx;

	(void)e;
	if (m->default_type.n)
		snprintf(t->default_type, sizeof(t->default_type), "%.*s", (int)m->default_type.n, m->default_type.s);
	if (m->comment.n) {
		strbuf_add(&t->comments, m->comment.s, m->comment.n);
		strbuf_addch(&t->comments, '\n');
	}
	if (m->period)
		t->meta.period = m->period;
	if (m->duration_ns)
		t->meta.duration_ns = m->duration_ns;
	return 0;
}

void tape_init(struct tape *t)
{
	struct mem *m;
	uint32_t none;

	memset(t, 0, sizeof(*t));
	run_init(&t->run, 1, 0);
	m = &t->run.mem;
	memo_init(&t->frames, m);
	memo_init(&t->stacks, m);
	memo_init(&t->threads, m);
	memo_init(&t->labels, m);
	memo_init(&t->sums, m);
	strbuf_init(&t->types, m);
	strbuf_init(&t->comments, m);
	strbuf_init(&t->text, m);
	strbuf_init(&t->key, m);
	assert_int_equal(memo_add(&t->threads, STR_LIT(""), &none, &t->err), 0);
	assert_int_equal(memo_add(&t->labels, STR_LIT(""), &none, &t->err), 0);
	t->first_ns = t->last_ns = PROFILE_NO_TIME;
	t->err.offset = ERR_NO_OFFSET;
	t->sink = (struct profile_sink){ t,	    on_values,	on_frame, on_stack,	 on_thread, on_labels,
					 on_sample, on_observe, on_hits,  on_line_ticks, on_meta };
}

void tape_release(struct tape *t)
{
	memo_release(&t->frames);
	memo_release(&t->stacks);
	memo_release(&t->threads);
	memo_release(&t->labels);
	memo_release(&t->sums);
	mem_free(&t->run.mem, t->values);
	strbuf_release(&t->types);
	strbuf_release(&t->comments);
	strbuf_release(&t->text);
	strbuf_release(&t->key);
	run_release(&t->run);
	assert_int_equal(t->run.mem.used_bytes, 0);
}

static int read_source(struct tape *t, const char *format, struct source *src, size_t read_bytes)
{
	const struct format *f = format ? format_named(format) : NULL;
	struct profile_read_options o = { t->path, read_bytes };
	int rc = 0;

	if (!format)
		rc = format_detect(&f, src, &t->err);
	if (!rc) {
		assert_non_null(f);
		assert_non_null(f->read);
		rc = f->read(&t->run, src, &o, &t->sink, &t->err);
	}
	assert_int_equal(rc, t->err.kind);
	if (rc)
		assert_true(t->err.text[0] != '\0');
	source_close(src);
	return rc;
}

int tape_read(struct tape *t, const char *format, const void *bytes, size_t n, size_t read_bytes)
{
	struct source *src;

	if (source_open_memory(&src, &t->run.mem, bytes, n, &t->err))
		return t->err.kind;
	return read_source(t, format, src, read_bytes);
}

int tape_read_file(struct tape *t, const char *format, const char *path)
{
	struct source *src;

	if (source_open(&src, &t->run.mem, path, &t->err))
		return t->err.kind;
	t->path = path;
	return read_source(t, format, src, 0);
}

static void show_stack(struct tape *t, uint32_t stack)
{
	uint32_t chain[2048], pair[2];
	size_t n = 0;

	while (stack != STACK_NONE && n < 2048) {
		memcpy(pair, memo_key(&t->stacks, stack).s, sizeof(pair));
		chain[n++] = pair[1];
		stack = pair[0] - 1;
	}
	strbuf_reset(&t->key);
	while (n-- > 0)
		add(t, "", memo_key(&t->frames, chain[n]), n ? ";" : "");
}

static char *show_sum(struct tape *t, uint32_t i)
{
	uint32_t at[3];

	memcpy(at, memo_key(&t->sums, i).s, sizeof(at));
	show_stack(t, at[0] - 1);
	add(t, "", memo_key(&t->threads, at[1]), "");
	add(t, "", memo_key(&t->labels, at[2]), "");
	strbuf_addch(&t->key, ':');
	for (size_t v = 0; v < t->n_values; v++)
		strbuf_addf(&t->key, " %lld", (long long)t->values[i][v]);
	if (t->values[i][PROFILE_MAX_VALUES])
		strbuf_addf(&t->key, " seen %lld", (long long)t->values[i][PROFILE_MAX_VALUES]);
	strbuf_addch(&t->key, '\n');
	return strdup(strbuf_str(&t->key));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const char *tape_text(struct tape *t)
{
	uint32_t n = memo_n(&t->sums);
	char **rows = calloc((size_t)n + 1, sizeof(*rows));

	assert_non_null(rows);
	for (uint32_t i = 0; i < n; i++)
		assert_non_null(rows[i] = show_sum(t, i));
	qsort(rows, n, sizeof(*rows), by_text);
	strbuf_reset(&t->text);
	strbuf_addf(&t->text, "values%s\n", strbuf_str(&t->types));
	for (uint32_t i = 0; i < n; i++) {
		strbuf_addstr(&t->text, rows[i]);
		free(rows[i]);
	}
	free(rows);
	return strbuf_str(&t->text);
}

struct top_row {
	int64_t own, total;
	const char *name;
	uint32_t last; /* the sum that was counted last, plus 1 */
};

static int by_total(const void *a, const void *b)
{
	const struct top_row *x = a, *y = b;

	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	if (x->own != y->own)
		return x->own < y->own ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void count_chain(struct tape *t, uint32_t sum, int64_t value, struct top_row *rows)
{
	uint32_t at[3], pair[2], stack;

	memcpy(at, memo_key(&t->sums, sum).s, sizeof(at));
	for (stack = at[0] - 1; stack != STACK_NONE; stack = pair[0] - 1) {
		memcpy(pair, memo_key(&t->stacks, stack).s, sizeof(pair));
		if (stack == at[0] - 1)
			rows[pair[1]].own += value;
		if (rows[pair[1]].last != sum + 1)
			rows[pair[1]].total += value;
		rows[pair[1]].last = sum + 1;
	}
}

static int by_own(const void *a, const void *b)
{
	const struct top_row *x = a, *y = b;

	if (x->own != y->own)
		return x->own < y->own ? 1 : -1;
	return strcmp(x->name, y->name);
}

static struct top_row *top_rows(struct tape *t, size_t v, int (*by)(const void *, const void *))
{
	uint32_t n = memo_n(&t->frames);
	struct top_row *rows = calloc((size_t)n + 1, sizeof(*rows));

	assert_non_null(rows);
	for (uint32_t i = 0; i < n; i++) {
		struct str name = memo_key(&t->frames, i);

		assert_non_null(rows[i].name = strndup(name.s, name.n));
	}
	for (uint32_t i = 0; i < memo_n(&t->sums); i++)
		count_chain(t, i, t->values[i][v], rows);
	qsort(rows, n, sizeof(*rows), by);
	strbuf_reset(&t->text);
	return rows;
}

static const char *top_done(struct tape *t, struct top_row *rows)
{
	for (uint32_t i = 0; i < memo_n(&t->frames); i++)
		free((void *)(uintptr_t)rows[i].name);
	free(rows);
	return strbuf_str(&t->text);
}

const char *tape_top(struct tape *t, size_t v)
{
	struct top_row *rows = top_rows(t, v, by_total);

	for (uint32_t i = 0; i < memo_n(&t->frames); i++)
		if (rows[i].total)
			strbuf_addf(&t->text, "%lld %lld %s\n", (long long)rows[i].own, (long long)rows[i].total, rows[i].name);
	return top_done(t, rows);
}

const char *tape_own(struct tape *t, size_t v)
{
	struct top_row *rows = top_rows(t, v, by_own);

	for (uint32_t i = 0; i < memo_n(&t->frames); i++)
		if (rows[i].own)
			strbuf_addf(&t->text, "%lld %s\n", (long long)rows[i].own, rows[i].name);
	return top_done(t, rows);
}

uint64_t tape_diag(const struct tape *t, const char *code)
{
	for (size_t i = 0; i < t->run.n_diags; i++)
		if (!strcmp(t->run.diags[i].code, code))
			return t->run.diags[i].count;
	return 0;
}

void *tape_slurp(const char *name, size_t *n)
{
	struct err e = ERR_INIT;
	struct source *src;
	struct mem m;
	char path[4096], *bytes = NULL;
	size_t got = 1;

	mem_init(&m, 0);
	snprintf(path, sizeof(path), "%s/%s", SOURCE_DIR, name);
	assert_int_equal(source_open(&src, &m, path, &e), 0);
	for (*n = 0; got; *n += got) {
		bytes = realloc(bytes, *n + 65536);
		assert_non_null(bytes);
		assert_int_equal(source_read(src, bytes + *n, 65536, &got, &e), 0);
	}
	source_close(src);
	return bytes;
}

static void torture_once(const char *format, const char *path, const void *bytes, size_t n, const struct tape *whole)
{
	struct tape t;
	int rc;

	tape_init(&t);
	t.path = path;
	rc = tape_read(&t, format, bytes, n, 0);
	if (!rc && whole)
		assert_true(t.n_samples <= whole->n_samples);
	tape_release(&t);
}

static void starve(const char *format, const char *path, const void *bytes, size_t n)
{
	int rc = ERR_MEMORY;

	for (int64_t i = 1; rc == ERR_MEMORY; i++) {
		struct tape t;

		assert_true(i < 100000);
		tape_init(&t);
		t.path = path;
		t.run.mem.fail_after = i;
		rc = tape_read(&t, format, bytes, n, 0);
		t.run.mem.fail_after = 0;
		assert_true(!rc || rc == ERR_MEMORY);
		tape_release(&t);
	}
	assert_int_equal(rc, 0);
}

void tape_torture(const char *format, const char *path, const void *bytes, size_t n, unsigned flips)
{
	unsigned char *copy = malloc(n ? n : 1);
	uint64_t x = 88172645463325252u;
	struct tape whole;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	tape_init(&whole);
	whole.path = path;
	assert_int_equal(tape_read(&whole, format, bytes, n, 0), 0);
	for (size_t cut = 0; cut < n; cut++)
		torture_once(format, path, bytes, cut, &whole);
	for (unsigned i = 0; i < flips; i++) {
		size_t changed = 1 + i % 4;

		memcpy(copy, bytes, n);
		while (changed--) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			copy[x % n] ^= (unsigned char)(1u << (x >> 40) % 8);
		}
		torture_once(format, path, copy, n, NULL);
	}
	starve(format, path, bytes, n);
	tape_release(&whole);
	free(copy);
}
