/* Files in, one profile out. */
#include <string.h>

#include "analyzer/profile_classify.h"
#include "analyzer/profile_intern.h"
#include "analyzer/profile_loader.h"
#include "formats/formats.h"

static int pick_format(const struct format **f, struct source *src, const struct profile_load_options *o, struct err *e)
{
	if (!o->input_format)
		return format_detect(f, src, e);
	*f = format_named(o->input_format);
	return *f ? 0 : err_set(e, ERR_USAGE, "--input-format: \"%.64s\" is not a format that is known", o->input_format);
}

/* The value that the input wants to be seen first, unless another was asked for. */
static int pick_value(struct profile *p, const struct loader *l, struct err *e)
{
	const char *want = l->o->value_type;

	for (size_t v = 0; v < p->n_values; v++)
		if (want ? str_is(p->values[v].type, want) : str_eq(p->values[v].type, l->default_type)) {
			p->shown = v;
			return 0;
		}
	if (!want || l->input + 1 < p->n_inputs)
		return 0;
	return err_set(e, ERR_USAGE, "--sample-type: no input has values of the type \"%.64s\"", want);
}

static int read_input(struct loader *l, struct source *src, const char *path, struct err *e)
{
	struct profile_sink sink = loader_sink(l);
	struct profile_read_options ro = { path, l->o->read_bytes };
	const struct format *f;

	if (pick_format(&f, src, l->o, e))
		return e->kind;
	l->in->format = f->name;
	if (f->read(l->p->run, src, &ro, &sink, e) || loader_finish(l, e))
		return e->kind;
	return pick_value(l->p, l, e);
}

static int load_source(struct profile *p, uint32_t input, struct source *src, const char *path,
		       const struct profile_load_options *o, struct err *e)
{
	uint64_t t = run_clock();
	struct loader l;
	int rc;

	p->run->snapshot = (int)input + o->first_input;
	p->inputs[input].file_bytes = source_size(src);
	rc = loader_init(&l, p, input, o, e);
	if (!rc)
		rc = read_input(&l, src, path, e);
	loader_release(&l);
	run_stage(p->run, "read", t);
	return rc;
}

int profile_init(struct profile *p, struct run *run, size_t n, struct err *e)
{
	uint32_t zero;

	memset(p, 0, sizeof(*p));
	p->run = run;
	arena_init(&p->arena, &run->mem);
	profile_texts_init(&p->texts, &run->mem);
	hash_index_init(&p->frames.index, &run->mem);
	hash_index_init(&p->stacks.index, &run->mem);
	hash_index_init(&p->sums_index, &run->mem);
	profile_runs_init(&p->runs, &run->mem);
	p->n_inputs = n;
	p->inputs = MEM_NEW(&run->mem, struct profile_input, n, e);
	if (!p->inputs || profile_texts_add(&p->texts, STR_LIT(""), &zero, e) ||
	    mem_reserve(&run->mem, (void **)&p->label_sets, &p->label_sets_capacity, 1, sizeof(*p->label_sets), e))
		return e->kind;
	p->n_label_sets = 1;
	for (size_t i = 0; i < n; i++)
		p->inputs[i].start_ns = p->inputs[i].end_ns = PROFILE_NO_TIME;
	return 0;
}

static int load_file(struct profile *p, uint32_t input, const char *file, const struct profile_load_options *o,
		     struct err *e)
{
	struct source *src;
	int rc;

	p->inputs[input].file = file;
	if (source_open(&src, &p->run->mem, file, e))
		return e->kind;
	rc = load_source(p, input, src, file, o, e);
	source_close(src);
	return rc ? err_in(e, file) : 0;
}

/*
 * Bounds of all values, once: what is below adds them up in every way, takes differences, and never has to ask. A quarter of
 * 63 bits is 73 years in nanoseconds, or two exabytes.
 */
#define MOST_VALUE (INT64_MAX / 4)

static int check_values(const struct profile *p, struct err *e)
{
	for (size_t v = 0; v < p->n_values; v++) {
		uint64_t left = MOST_VALUE;

		for (size_t i = 0; i < p->n_sums; i++) {
			int64_t value = p->sum_columns[v][i];
			uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

			if (size > left)
				return err_set(e, ERR_FORMAT, "the values in column %zu add up to more than %lld", v + 1,
					       (long long)MOST_VALUE);
			left -= size;
		}
	}
	return 0;
}

int profile_load(struct profile *p, struct run *run, const char *const *files, size_t n,
		 const struct profile_load_options *o, struct err *e)
{
	int rc = profile_init(p, run, n, e);

	if (!rc && o->weights == WEIGHTS_HITS && (o->from_ns || o->to_ns))
		rc = err_set(e, ERR_USAGE, "--weights hits: hits have no times, so --from and --to cannot choose among them");
	for (size_t i = 0; i < n && !rc; i++)
		rc = load_file(p, (uint32_t)i, files[i], o, e);
	if (!rc && check_values(p, e))
		rc = n == 1 ? err_in(e, files[0]) : (int)e->kind;
	if (!rc)
		rc = profile_classify(p, o->redact, e);
	if (rc)
		profile_release(p);
	return rc;
}

int profile_load_memory(struct profile *p, struct run *run, const void *bytes, size_t n,
			const struct profile_load_options *o, struct err *e)
{
	struct source *src;
	int rc = profile_init(p, run, 1, e);

	if (!rc)
		rc = source_open_memory(&src, &run->mem, bytes, n, e);
	if (!rc) {
		p->inputs[0].file = "(memory)";
		rc = load_source(p, 0, src, NULL, o, e);
		source_close(src);
	}
	if (!rc)
		rc = check_values(p, e);
	if (!rc)
		rc = profile_classify(p, o->redact, e);
	if (rc)
		profile_release(p);
	return rc;
}

void profile_release(struct profile *p)
{
	struct mem *m = &p->run->mem;
	void *blocks[] = { p->frames.name,   p->frames.file,   p->frames.module, p->frames.line,     p->frames.column,
			   p->frames.package, p->frames.deopt, p->frames.kind,	 p->frames.category, p->frames.tiers,
			   p->stacks.parent, p->stacks.frame,  p->stacks.line,	 p->stacks.depth,    p->stacks.outermost, p->sums,
			   p->lines,	     p->threads,       p->label_sets,	 p->inputs };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		mem_free(m, blocks[i]);
	for (size_t v = 0; v < PROFILE_MAX_VALUES; v++)
		mem_free(m, p->sum_columns[v]);
	profile_runs_release(&p->runs);
	hash_index_release(&p->frames.index);
	hash_index_release(&p->stacks.index);
	hash_index_release(&p->sums_index);
	profile_texts_release(&p->texts);
	arena_release(&p->arena);
}
