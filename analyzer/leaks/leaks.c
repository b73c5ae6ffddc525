#include "analyzer/leaks/leaks.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/leaks/candidates.h"
#include "analyzer/leaks/detector.h"
#include "analyzer/leaks/drained.h"
#include "analyzer/leaks/fingerprint.h"
#include "analyzer/leaks/merged_paths.h"
#include "analyzer/leaks/suspect_groups.h"
#include "analyzer/leaks/tell_group.h"
#include "analyzer/leaks/verdict.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

/* What two snapshots call growth must be worth reading: a fiftieth of the growth, or 1/200 of the heap. */
#define LEAST_SHARE 50
#define LEAST_OF_HEAP 200

/* A point with its detector, before it is told. */
struct candidate {
	struct suspect suspect;
	const struct detector *detector;
	unsigned score;
	uint64_t mark; /* fingerprint of the holder alone */
	const struct common_holders *holders; /* of a group that more than one object holds; NULL: of others */
	int merged;    /* belongs to another, or is not worth telling */
};

struct finding_run {
	const struct comparison *c;
	struct arena *arena;
	struct candidate *all;
	size_t n;
	const struct sections *sections; /* of a single snapshot */
	struct suspect_groups groups;    /* the same */
	int show_values;
	int (*worth_telling)(const struct finding_run *f, const struct candidate *x);
};

static int recognise_all(struct finding_run *f, struct err *e)
{
	const struct growth *g = f->c->growth;

	for (size_t i = 0; i < g->n; i++) {
		struct candidate *x = &f->all[f->n];

		if (suspect_make(&x->suspect, f->c, &g->points[i], f->arena, e))
			return e->kind;
		/* a drip in the user's code is told, one in Node's own is its bookkeeping */
		if (g->points[i].minor && (!verdict_steady(&x->suspect) || !ref_in_user_code(f->c->last, g->points[i].at.node)))
			continue;
		x->detector = detector_for(&x->suspect, &x->score);
		x->mark = fingerprint_of(f->c->last, x->detector->kind, x->suspect.node,
					 growth_n_spots(x->suspect.point) > 1, NO_NODE, NO_NODE);
		f->n++;
	}
	return 0;
}

/* One lies below the other and is most of it. */
static int is_most_of(const struct heap *h, uint32_t inner, uint32_t outer)
{
	return h->tree_pos[inner] - h->tree_pos[outer] < h->tree_size[h->tree_pos[outer]] &&
	       h->retained[inner] / 7 >= h->retained[outer] / 10;
}

/* Most of what one of them gained, or has, is what both hold. */
static int same_objects(const struct finding_run *f, const struct candidate *a, const struct candidate *b)
{
	int64_t joint;

	if (f->c->n == 1)
		return is_most_of(f->c->last, a->suspect.node, b->suspect.node) ||
		       is_most_of(f->c->last, b->suspect.node, a->suspect.node);
	joint = growth_joint(f->c->growth, a->suspect.point, b->suspect.point);
	return joint >= b->suspect.point->delta_bytes || joint >= a->suspect.point->delta_bytes;
}

/* The root, its groups of handles and Node's native objects hold everything that is open; nobody can change that there. */
static int is_system(const struct candidate *x)
{
	const struct heap *h = x->suspect.h;

	return x->suspect.node == h->root || h->type[x->suspect.node] == NODE_SYNTHETIC ||
	       h->type[x->suspect.node] == NODE_NATIVE;
}

#define FEW 2
#define TELLING 20 /* scores as far apart as a kind of its own and any collection */

static uint64_t new_items(const struct candidate *x)
{
	return x->suspect.main ? x->suspect.main->count : 0;
}

static int speaks_better(const struct candidate *a, const struct candidate *b)
{
	if (is_system(a) != is_system(b))
		return is_system(b);
	/* the end of a chain through the other's objects */
	if ((new_items(a) <= FEW) != (new_items(b) <= FEW))
		return new_items(b) <= FEW;
	if (a->score >= b->score + TELLING || b->score >= a->score + TELLING)
		return a->score > b->score;
	/* who holds more of them: the other may be a bounded index of them */
	if (new_items(a) * 8 < new_items(b) * 7 || new_items(b) * 8 < new_items(a) * 7)
		return new_items(a) > new_items(b);
	if (a->score != b->score)
		return a->score > b->score;
	/* of equals the same one in every run */
	return a->mark < b->mark;
}

/* Who speaks for both: not the root, then who got many, then the kind that is known better, then more growth. */
static void merge(struct candidate *a, struct candidate *b)
{
	struct candidate *first = speaks_better(b, a) ? b : a;
	struct candidate *second = first == a ? b : a;

	second->merged = 1;
	/* in one snapshot the one holds what the other holds already */
	if (first->suspect.c->n == 1)
		return;
	first->suspect.delta_bytes += second->suspect.delta_bytes;
	/* nobody can let go of what V8's own tables and handles hold: a way through them helps no one */
	if (!first->suspect.other && !is_system(second))
		first->suspect.other = second->suspect.point;
}

static void merge_all(struct finding_run *f)
{
	for (size_t i = 0; i < f->n; i++)
		f->all[i].merged = f->c->n == 1 && !f->worth_telling(f, &f->all[i]);
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = i + 1; k < f->n && !f->all[i].merged; k++)
			if (!f->all[k].merged && same_objects(f, &f->all[i], &f->all[k]))
				merge(&f->all[i], &f->all[k]);
}

static int grew_enough(const struct finding_run *f, const struct candidate *x)
{
	int64_t delta = x->suspect.delta_bytes, heap = (int64_t)f->c->last->stats.total_bytes;

	return verdict_steady(&x->suspect) || delta * LEAST_SHARE >= f->c->growth->total_bytes ||
	       delta * LEAST_OF_HEAP >= heap;
}

/* In one snapshot only a number that nobody means, or a good part of the heap. */
static const struct {
	const char *kind;
	uint64_t many;
} thresholds[] = {
	{ "listener", 50 },  { "timer", 500 },  { "error", 100 },         { "weakref", 100 }, { "promise", 500 },
	{ "realm", 8 },      { "module", 32 },  { "detached-dom", 50 },   { "code", 200 },    { "socket", 500 },
	{ "stream", 200 },   { "closure", 500 }, { "async-context", 500 }, { "string", 1000 },
};

#define MUCH_OF_HEAP 20 /* a twentieth */

static int is_much(const struct finding_run *f, const struct candidate *x)
{
	const struct suspect *s = &x->suspect;
	int64_t heap = (int64_t)f->c->last->retained[f->c->last->root];

	/* what is found through Node's own code alone, and is not the user's, is its own affair */
	if (s->item != NO_NODE && !ref_in_user_code(s->h, s->node) && !look_in_user_code(s->h, s->item) &&
	    strcmp(x->detector->kind, "listener") && strcmp(x->detector->kind, "timer"))
		return 0;
	for (size_t i = 0; i < sizeof(thresholds) / sizeof(thresholds[0]); i++)
		if (!strcmp(thresholds[i].kind, x->detector->kind) && s->n_items >= thresholds[i].many)
			return 1;
	return s->delta_bytes * MUCH_OF_HEAP >= heap &&
	       (s->item == NO_NODE || s->n_items >= 64 || (s->n_items == 1 && !strcmp(x->detector->kind, "buffer")));
}

static int copy_reasons(struct arena *a, const struct str *from, size_t n, struct str_list *out, struct err *e)
{
	out->n = n;
	out->texts = arena_alloc(a, (n + 1) * sizeof(*out->texts), e);
	if (!out->texts)
		return e->kind;
	memcpy(out->texts, from, n * sizeof(*from));
	return 0;
}

/* What scattered objects have in common is too far above them to say where they are. */
static uint32_t found_at(const struct candidate *x, const struct leak *out)
{
	return x->suspect.scattered && out->merged ? out->merged->typical : x->suspect.node;
}

/*
 * The place that helps most: the function's, the item's class's, and only then where the holder is found; of all these the
 * application's own code before that of its dependencies.
 */
static int find_location(struct finding_run *f, const struct candidate *x, const struct opinion *o, struct leak *out,
			 struct err *e)
{
	const struct heap *h = f->c->last;
	const uint32_t tries[] = { o->place_of, o->function, x->suspect.item };
	uint32_t dependency = NO_NODE, from = found_at(x, out);

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		if (tries[i] == NO_NODE || !look_in_user_code(h, tries[i]))
			continue;
		if (!look_in_dependency(h, tries[i]))
			return ref_place(f->arena, h, tries[i], &out->location, e);
		dependency = dependency == NO_NODE ? tries[i] : dependency;
	}
	/* Node's own classes stand in Node's own files, which tells nobody anything */
	if (x->suspect.scattered && dependency == NO_NODE && !ref_in_user_code(h, from))
		return 0;
	if (dependency == NO_NODE || ref_in_user_code(h, from))
		return ref_nearest_place(f->arena, h, from, &out->location, e);
	return ref_place(f->arena, h, dependency, &out->location, e);
}

static int describe_item(struct finding_run *f, const struct candidate *x, const struct opinion *o, struct leak *out,
			 struct err *e)
{
	const struct heap *h = f->c->last;
	uint32_t item = x->suspect.item;
	struct item_ref *ref = arena_alloc(f->arena, sizeof(*ref), e);

	if (!ref)
		return e->kind;
	if (item != NO_NODE) {
		const struct heap_class *class = &h->classes[h->class_[item]];

		if (ref_text(f->arena, class->name, class->origin == CLASS_INTERFACE ? &ref->shape : &ref->class, e))
			return e->kind;
		if (class->origin == CLASS_INTERFACE)
			ref->class = STR_LIT("Object");
	}
	if (o->function != NO_NODE && ref_text(f->arena, heap_name(h, o->function), &ref->function, e))
		return e->kind;
	out->item = ref;
	return 0;
}

static int copy_samples(struct finding_run *f, const struct suspect *s, struct leak *out, struct err *e)
{
	out->samples.n = s->n_newest;
	out->samples.numbers = arena_alloc(f->arena, (s->n_newest + 1) * sizeof(uint64_t), e);
	if (!out->samples.numbers)
		return e->kind;
	memcpy(out->samples.numbers, s->newest, s->n_newest * sizeof(uint64_t));
	return 0;
}

static void fill_numbers(const struct finding_run *f, const struct candidate *x, struct leak *out)
{
	const struct suspect *s = &x->suspect;
	size_t last = f->c->n - 1;

	out->counts = s->counts;
	out->retained = s->retained;
	out->count_delta = s->counts ? (int64_t)s->counts[last] - (int64_t)s->counts[0]
				     : s->main ? (int64_t)s->main->count : 0;
	out->retained_delta_bytes = s->delta_bytes;
	out->exclusive_bytes = s->point->exclusive_bytes;
	if (f->c->growth->total_bytes > 0)
		out->share = hundredths(s->delta_bytes, f->c->growth->total_bytes);
}

static int fill_references(struct finding_run *f, const struct candidate *x, const struct opinion *o, struct leak *out,
			   struct err *e)
{
	const struct suspect *s = &x->suspect;
	const struct heap *h = f->c->last;

	if (ref_holder(f->arena, h, o->holder, f->show_values, &out->holder, e) ||
	    ref_path(f->arena, h, found_at(x, out), &out->path, e) || describe_item(f, x, o, out, e) ||
	    find_location(f, x, o, out, e) || copy_samples(f, s, out, e))
		return e->kind;
	return s->other ? ref_path(f->arena, h, s->other->at.node, &out->second_path, e) : 0;
}

/* What only groups have. */
static int look_at_group(struct finding_run *f, const struct candidate *x, struct opinion *o, struct leak *out, struct err *e)
{
	struct merged_paths *merged = arena_alloc(f->arena, sizeof(*merged), e);

	if (!merged || merged_paths_make(merged, f->c->last, x->suspect.group, f->arena, e))
		return e->kind;
	tell_group(&x->suspect, x->holders, o);
	out->merged = merged;
	return 0;
}

static int tell(struct finding_run *f, struct candidate *x, struct leak *out, struct err *e)
{
	const struct suspect *s = &x->suspect;
	struct opinion o = { .arena = f->arena, .e = e, .show_values = f->show_values, .holder = s->node,
			     .function = NO_NODE, .place_of = NO_NODE };

	strbuf_init(&o.scratch, &f->c->last->run->mem);
	x->detector->tell(s, &o);
	o.failed |= x->holders && look_at_group(f, x, &o, out, e);
	if (s->bulk && s->bulk->n)
		tell_bulk(s, &o);
	out->verdict = verdict_of(s, &o, x->score, &out->confidence);
	if (growth_n_spots(s->point) > 1)
		opinion_for(&o, "%s objects of one kind, found the same way; the path is that of the one that got the most",
			    words_count(&o, growth_n_spots(s->point)));
	if (s->other)
		opinion_for(&o, "%s holds the same objects: both must let go", words_holder(&o, s, s->other->at.node));
	strbuf_release(&o.scratch);
	if (o.failed)
		return e->kind;
	out->kind = x->detector->kind;
	out->of_system = is_system(x);
	out->title = o.title;
	out->advice = o.advice ? o.advice : x->detector->advice;
	out->fingerprint = fingerprint_of(f->c->last, out->kind, o.holder, growth_n_spots(s->point) > 1, s->item, o.function);
	fill_numbers(f, x, out);
	if (copy_reasons(f->arena, o.reasons_for, o.n_for, &out->reasons_for, e) ||
	    copy_reasons(f->arena, o.reasons_against, o.n_against, &out->reasons_against, e))
		return e->kind;
	return fill_references(f, x, &o, out, e);
}

static int by_rank(const void *x, const void *y)
{
	const struct leak *a = x, *b = y;

	if (a->verdict != b->verdict)
		return a->verdict < b->verdict ? -1 : 1;
	if (a->of_system != b->of_system)
		return a->of_system - b->of_system;
	if (a->retained_delta_bytes != b->retained_delta_bytes)
		return a->retained_delta_bytes < b->retained_delta_bytes ? 1 : -1;
	return (a->holder->id > b->holder->id) - (a->holder->id < b->holder->id);
}

/*
 * A Map and an Array that both have all the objects hold none of them alone, so that neither retains much. Of such holders the
 * one that is known best speaks for the group.
 */
static int find_speaker(struct finding_run *f, struct candidate *x, struct growth_point *p, struct err *e)
{
	struct suspect *s = &x->suspect;
	struct common_holders *holders = arena_alloc(f->arena, sizeof(*holders), e);
	struct suspect best = *s;

	if (!holders || common_holders_find(holders, s->h, s->group, e))
		return e->kind;
	x->holders = holders;
	s->scattered = 0;
	s->linked = common_holders_are_linked(holders, s->group);
	if (s->linked) {
		x->detector = detector_for(s, &x->score);
		return 0;
	}
	for (size_t i = 0; i < holders->n; i++) {
		const struct detector *d;
		unsigned score;

		if (!common_holder_has_all(&holders->all[i], s->h, s->group))
			continue;
		s->node = holders->all[i].node;
		d = detector_for(s, &score);
		if (score <= x->score)
			continue;
		x->detector = d;
		x->score = score;
		best = *s;
	}
	*s = best;
	p->at.node = p->at.holder = p->at.branch = s->node;
	return 0;
}

/* What several single suspects do not explain. */
static int add_groups(struct finding_run *f, struct err *e)
{
	const struct suspect **told = arena_alloc(f->arena, (f->n + 1) * sizeof(*told), e);
	struct suspect_bulk *bulks = told ? arena_alloc(f->arena, (f->n + 1) * sizeof(*bulks), e) : NULL;
	size_t n = 0;

	if (!bulks)
		return e->kind;
	memset(bulks, 0, (f->n + 1) * sizeof(*bulks));
	for (size_t i = 0; i < f->n; i++) {
		if (f->all[i].merged)
			continue;
		f->all[i].suspect.bulk = &bulks[n];
		told[n++] = &f->all[i].suspect;
	}
	if (suspect_groups_find(&f->groups, f->c->last, f->sections, told, n, bulks, e))
		return e->kind;
	for (size_t i = 0; i < f->groups.n; i++) {
		struct candidate *x = &f->all[f->n];
		struct growth_point *p = arena_alloc(f->arena, sizeof(*p), e);

		if (!p || suspect_make_group(&x->suspect, f->c, &f->groups.all[i], p, f->arena, e))
			return e->kind;
		x->detector = detector_for(&x->suspect, &x->score);
		if (x->suspect.scattered && find_speaker(f, x, p, e))
			return e->kind;
		f->n++;
	}
	return 0;
}

static int is_told(const struct finding_run *f, const struct candidate *x)
{
	return !x->merged && (x->suspect.group || f->worth_telling(f, x));
}

static int find_all(struct leaks *out, struct finding_run *f, struct err *e)
{
	if (recognise_all(f, e))
		return e->kind;
	merge_all(f);
	if (f->sections && add_groups(f, e))
		return e->kind;
	out->all = mem_alloc(out->mem, f->n + MAX_DRAINED, sizeof(*out->all), e);
	if (!out->all || drained_find(out->all, &out->n, f->arena, f->c, e))
		return e->kind;
	for (size_t i = 0; i < f->n; i++)
		if (is_told(f, &f->all[i]) && tell(f, &f->all[i], &out->all[out->n++], e))
			return e->kind;
	qsort(out->all, out->n, sizeof(*out->all), by_rank);
	return 0;
}

static int run_finding(struct leaks *out, struct finding_run *f, struct err *e)
{
	const struct comparison *c = f->c;
	int rc;

	memset(out, 0, sizeof(*out));
	out->mem = &c->last->run->mem;
	f->all = mem_alloc(out->mem, c->growth->n + SUSPECT_GROUPS_MAX, sizeof(*f->all), e);
	rc = f->all ? find_all(out, f, e) : e->kind;
	suspect_groups_release(&f->groups);
	mem_free(out->mem, f->all);
	if (rc)
		leaks_release(out);
	return rc;
}

int leaks_find(struct leaks *out, struct arena *a, const struct comparison *c, int show_values, struct err *e)
{
	struct finding_run f = { .c = c, .arena = a, .show_values = show_values, .worth_telling = grew_enough };

	return run_finding(out, &f, e);
}

int leaks_suspect(struct leaks *out, struct arena *a, struct heap *h, const struct sections *sections, int show_values,
		  struct err *e)
{
	struct growth growth;
	struct comparison c = { .files = &h->file, .n = 1, .last = h, .sections = &sections, .growth = &growth };
	struct finding_run f = { .c = &c, .arena = a, .sections = sections, .show_values = show_values,
				 .worth_telling = is_much };
	struct candidates *found = arena_alloc(a, sizeof(*found), e);
	int rc;

	if (!found)
		return e->kind;
	if (candidates_find(found, h, sections, e) || growth_of_one(&growth, h, found->all, found->n, e))
		return e->kind;
	rc = run_finding(out, &f, e);
	growth_release(&growth);
	return rc;
}

void leaks_release(struct leaks *l)
{
	if (l->mem)
		mem_free(l->mem, l->all);
	memset(l, 0, sizeof(*l));
}
