#include "analyzer/leaks/verdict.h"

#include "analyzer/human.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

const char *const verdict_words[] = {
	[VERDICT_LEAK] = "leak",
	[VERDICT_GROWTH] = "growth",
	[VERDICT_SUSPECT] = "suspect",
	[VERDICT_BOUNDED] = "bounded",
	[VERDICT_ARTIFACT] = "artifact",
};

/*
 * A step counts when it is a fifth of the average one: the weakest step, not the mean, tells what grows for ever from what
 * grew once (sizes of hash tables double, so a step may be small; counts are better where there are any).
 */
#define WEAK_STEP 5

/* What has stopped: its last step is not even a twentieth of the whole growth. */
#define STOPPED 20

#define LEAST_COUNTED 4

/* New objects that a part of Node makes when it is first used. */
#define FEW 32

/* One figure per snapshot, the most telling there is. */
struct series {
	const uint64_t *v;
	size_t n;
	int of_counts;
};

static struct series telling_series(const struct suspect *s)
{
	size_t last = s->c->n - 1;

	/* a few objects do not make a series: their size does */
	if (s->counts && s->counts[last] >= s->counts[0] + LEAST_COUNTED)
		return (struct series){ s->counts, s->c->n, 1 };
	return (struct series){ s->retained, s->c->n, 0 };
}

static int64_t step(const struct series *x, size_t i)
{
	return (int64_t)x->v[i] - (int64_t)x->v[i - 1];
}

static int64_t whole(const struct series *x)
{
	return (int64_t)x->v[x->n - 1] - (int64_t)x->v[0];
}

static int grew_every_time(const struct series *x)
{
	int64_t total = whole(x);

	for (size_t i = 1; i < x->n; i++)
		if (step(x, i) <= 0 || step(x, i) * WEAK_STEP * (int64_t)(x->n - 1) < total)
			return 0;
	return 1;
}

static int has_stopped(const struct series *x)
{
	return step(x, x->n - 1) * STOPPED < whole(x);
}

int verdict_steady(const struct suspect *s)
{
	struct series x = telling_series(s);

	return x.n > 2 && x.of_counts && grew_every_time(&x) && whole(&x) >= 10;
}

static void say_series(struct opinion *o, const struct series *x, const char *what, int for_)
{
	struct strbuf sb;

	strbuf_init(&sb, o->scratch.mem);
	for (size_t i = 0; i < x->n; i++) {
		strbuf_addstr(&sb, i ? ", " : "");
		if (x->of_counts)
			human_count(&sb, (int64_t)x->v[i], 0);
		else
			human_bytes(&sb, (int64_t)x->v[i], 0);
	}
	o->failed |= strbuf_check(&sb, o->e) != 0;
	if (for_)
		opinion_for(o, "%s: %s%s", what, strbuf_str(&sb), x->of_counts ? " objects" : "");
	else
		opinion_against(o, "%s: %s%s", what, strbuf_str(&sb), x->of_counts ? " objects" : "");
	strbuf_release(&sb);
}

/* The table of a Map or Set of numbers doubles and then stands still for a while: that says nothing. */
static int may_stand_still(const struct suspect *s)
{
	return !s->counts && s->item == NO_NODE && look_is_one_of(s->h, s->node, "Map Set");
}

/*
 * A few new objects that no user code leads to: Node's pools and caches, and parts of Node that are loaded when they are
 * first used.
 */
static int is_of_node(const struct suspect *s, const struct opinion *o)
{
	const uint32_t users[] = { s->item, o->function, o->place_of };
	const struct growth_item *main = s->main;

	if (!main || main->count >= FEW)
		return 0;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		if (users[i] != NO_NODE && look_in_user_code(s->h, users[i]))
			return 0;
	if (ref_in_node_code(s->h, s->node) || (s->other && ref_in_node_code(s->h, s->other->at.node)))
		return 1;
	return main->count <= 2 && s->n_items <= 2 && !ref_in_user_code(s->h, s->node);
}

/* What is new there is little, or it has as many objects as before and retains about as much. */
static int hardly_changed(const struct suspect *s)
{
	size_t last = s->c->n - 1;
	int64_t now = (int64_t)s->retained[last];

	if (s->delta_bytes * 10 < now)
		return 1;
	return s->counts && s->counts[last] == s->counts[0] && (now - (int64_t)s->retained[0]) * 10 < now;
}

/* Its content was replaced while its size stayed about the same: a ring buffer, a queue in use. */
static int is_turnover(const struct suspect *s)
{
	return s->n_items && s->kept * 10 < s->n_items && !s->c->groups && hardly_changed(s);
}

static enum verdict judge_one(const struct suspect *s, struct opinion *o)
{
	int64_t share = hundredths((int64_t)s->retained[0], (int64_t)s->h->retained[s->h->root]);

	opinion_for(o, s->group ? "they retain %s together, %s of the heap" : "it retains %s, %s of the heap",
		    words_bytes(o, s->retained[0]), words_percent(o, share));
	opinion_against(o, "one snapshot cannot show growth; compare with a later one");
	return VERDICT_SUSPECT;
}

static enum verdict judge_two(const struct suspect *s, struct opinion *o)
{
	struct series x;

	if (o->proven) {
		opinion_for(o, "two snapshots suffice here: the structure itself shows that nothing is let go");
		return VERDICT_LEAK;
	}
	if (s->counts && s->counts[0] && s->kept >= s->counts[0])
		opinion_for(o, "all %s objects of the first snapshot are still there", words_count(o, s->counts[0]));
	x = telling_series(s);
	if (!o->n_for)
		say_series(o, &x, "it grew", 1);
	opinion_against(o, "two snapshots cannot tell a leak from a cache that is still filling; take a third");
	return VERDICT_GROWTH;
}

/* Many objects of which each gets its one after the other: a value that is made when it is first asked for. */
static int may_be_filled_in(const struct suspect *s)
{
	size_t n = growth_n_spots(s->point);

	return n > 1 && suspect_more(s) < 2 * n;
}

static enum verdict judge_many(const struct suspect *s, struct opinion *o)
{
	struct series x = telling_series(s);

	if (grew_every_time(&x) && may_be_filled_in(s)) {
		say_series(o, &x, "it grew every time", 1);
		opinion_against(o, "that is less than two for each: what each of them is given once looks like this");
		return VERDICT_GROWTH;
	}
	if (grew_every_time(&x)) {
		say_series(o, &x, "it grew every time", 1);
		return VERDICT_LEAK;
	}
	if (has_stopped(&x)) {
		if (may_stand_still(s)) {
			say_series(o, &x, "its size stood still at the end, but a table of this kind grows by doubling", 0);
			return VERDICT_GROWTH;
		}
		say_series(o, &x, "it grew and then stopped", 0);
		return VERDICT_BOUNDED;
	}
	say_series(o, &x, "it did not grow evenly", 0);
	return VERDICT_GROWTH;
}

/* How sure: what the series shows, and how well the detector knows its kind. */
static unsigned confidence_of(const struct suspect *s, const struct opinion *o, enum verdict v, unsigned score)
{
	static const unsigned base[] = {
		[VERDICT_LEAK] = 75,    [VERDICT_GROWTH] = 40,   [VERDICT_SUSPECT] = 30,
		[VERDICT_BOUNDED] = 65, [VERDICT_ARTIFACT] = 75,
	};
	unsigned c = base[v] + score / 10;

	if (s->counts && s->counts[0] && s->kept >= s->counts[0])
		c += 10;
	if (v == VERDICT_LEAK && s->c->n > 3)
		c += 5;
	if (s->c->groups)
		c -= 15;
	if (o->n_against > o->n_for)
		c -= 5;
	return c > 99 ? 99 : c;
}

enum verdict verdict_of(const struct suspect *s, struct opinion *o, unsigned score, unsigned *confidence)
{
	enum verdict v;

	if (!o->of_the_engine && is_of_node(s, o)) {
		o->of_the_engine = 1;
		opinion_against(o, "a few objects, and only Node's own code leads to them");
	}
	if (o->of_the_engine) {
		v = VERDICT_ARTIFACT;
	} else if (s->c->n == 1) {
		v = judge_one(s, o);
	} else if (is_turnover(s)) {
		v = VERDICT_BOUNDED;
		opinion_against(o, "its content was replaced, its size hardly changed");
	} else {
		v = s->c->n > 2 ? judge_many(s, o) : judge_two(s, o);
	}
	if (!o->n_for) {
		struct series x = { s->retained, s->c->n, 0 };

		say_series(o, &x, "its retained size", 1);
	}
	if (s->c->groups)
		opinion_against(o, "two processes: objects are matched by structure, numbers are estimates");
	*confidence = confidence_of(s, o, v, score);
	return v;
}
