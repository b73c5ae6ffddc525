#include "analyzer/leaks/drained.h"

#include <string.h>

#include "analyzer/human.h"
#include "analyzer/leaks/fingerprint.h"
#include "analyzer/refs.h"

#define LEAST_ENTRIES 64
#define LEAST_OF_HEAP 1000

/* A collection at its fullest. */
struct peak {
	const struct collection *at;
	uint64_t excess_bytes; /* over the larger of first and last */
	uint32_t node;         /* today; NO_NODE: it is gone */
};

static const struct collection *find(const struct sections *list, uint64_t id)
{
	size_t low = 0, high = list->n_collections;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (list->collections[mid].id == id)
			return &list->collections[mid];
		if (list->collections[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static uint64_t larger_end(const struct comparison *c, uint64_t id, uint32_t *length)
{
	const struct collection *first = find(c->sections[0], id), *last = find(c->sections[c->n - 1], id);
	uint64_t bytes = first ? first->retained_bytes : 0;

	*length = first ? first->length : 0;
	if (last && last->length > *length)
		*length = last->length;
	return last && last->retained_bytes > bytes ? last->retained_bytes : bytes;
}

/* Keeps the largest, and of one collection its fullest moment. */
static void keep(struct peak *peaks, size_t *n, const struct peak *p)
{
	size_t at;

	for (size_t i = 0; i < *n; i++) {
		if (peaks[i].at->id != p->at->id)
			continue;
		if (peaks[i].excess_bytes >= p->excess_bytes)
			return;
		memmove(&peaks[i], &peaks[i + 1], (*n - i - 1) * sizeof(*peaks));
		--*n;
		break;
	}
	for (at = *n; at && peaks[at - 1].excess_bytes < p->excess_bytes; at--)
		;
	if (at == MAX_DRAINED)
		return;
	if (*n < MAX_DRAINED)
		++*n;
	memmove(&peaks[at + 1], &peaks[at], (*n - at - 1) * sizeof(*peaks));
	peaks[at] = *p;
}

static void find_peaks(const struct comparison *c, struct peak *peaks, size_t *n)
{
	uint64_t heap = c->last->retained[c->last->root];

	for (size_t s = 1; s + 1 < c->n; s++) {
		for (size_t i = 0; i < c->sections[s]->n_collections; i++) {
			const struct collection *k = &c->sections[s]->collections[i];
			uint32_t length;
			uint64_t bytes = larger_end(c, k->id, &length);
			struct peak p = { k, k->retained_bytes - bytes, NO_NODE };

			if (k->length >= length + LEAST_ENTRIES && k->length >= 2 * length && k->retained_bytes > bytes &&
			    p.excess_bytes * LEAST_OF_HEAP >= heap)
				keep(peaks, n, &p);
		}
	}
}

static void find_nodes(const struct heap *h, struct peak *peaks, size_t n)
{
	for (uint32_t v = 0; n && v < h->n_nodes; v++)
		for (size_t i = 0; i < n; i++)
			if (heap_id(h, v) == peaks[i].at->id)
				peaks[i].node = v;
}

static int sentence(struct arena *a, struct strbuf *sb, struct str *out, struct err *e)
{
	const char *copy = strbuf_check(sb, e) ? NULL : arena_copy(a, strbuf_str(sb), sb->len, e);

	*out = (struct str){ copy, sb->len };
	return copy ? 0 : e->kind;
}

static int fill_series(const struct comparison *c, const struct peak *p, struct leak *l, struct arena *a, struct err *e)
{
	l->counts = arena_alloc(a, c->n * sizeof(*l->counts), e);
	l->retained = l->counts ? arena_alloc(a, c->n * sizeof(*l->retained), e) : NULL;
	if (!l->retained)
		return e->kind;
	for (size_t i = 0; i < c->n; i++) {
		const struct collection *k = find(c->sections[i], p->at->id);

		l->counts[i] = k ? k->length : 0;
		l->retained[i] = k ? k->retained_bytes : 0;
	}
	l->count_delta = (int64_t)l->counts[c->n - 1] - (int64_t)l->counts[0];
	l->retained_delta_bytes = (int64_t)l->retained[c->n - 1] - (int64_t)l->retained[0];
	return 0;
}

static int say(const struct peak *p, struct leak *l, size_t n, struct arena *a, struct strbuf *sb, struct err *e)
{
	struct str *reason = arena_alloc(a, sizeof(*reason), e);

	if (!reason)
		return e->kind;
	strbuf_reset(sb);
	strbuf_add(sb, l->holder->class.s, l->holder->class.n);
	strbuf_addch(sb, ' ');
	strbuf_add(sb, l->holder->name.s, l->holder->name.n);
	strbuf_addstr(sb, l->holder->name.n ? " had " : "had ");
	human_count(sb, p->at->length, 0);
	strbuf_addstr(sb, " entries in between");
	if (sentence(a, sb, &l->title, e))
		return e->kind;
	strbuf_reset(sb);
	strbuf_addstr(sb, "it was worked off:");
	for (size_t i = 0; i < n; i++) {
		strbuf_addstr(sb, i ? ", " : " ");
		human_count(sb, (int64_t)l->counts[i], 0);
	}
	strbuf_addstr(sb, " entries");
	l->reasons_against = (struct str_list){ reason, 1 };
	return sentence(a, sb, reason, e);
}

static const char *kind_of(const struct collection *k)
{
	static const char *const kinds[] = {
		[COLLECTION_ARRAY] = "array", [COLLECTION_NUMBERS] = "array", [COLLECTION_MAP] = "map",
		[COLLECTION_SET] = "set",     [COLLECTION_OBJECT] = "object", [COLLECTION_ELEMENT] = "dom",
	};

	return kinds[k->kind];
}

static int fill(const struct comparison *c, const struct peak *p, struct leak *l, struct arena *a, struct strbuf *sb,
		struct err *e)
{
	const struct heap *h = c->last;

	*l = (struct leak){ .kind = kind_of(p->at), .verdict = VERDICT_BOUNDED, .confidence = 80,
			    .advice = "Nothing, unless the peak itself is too high: then bound the backlog." };
	l->item = arena_alloc(a, sizeof(*l->item), e);
	if (!l->item || fill_series(c, p, l, a, e) || ref_holder(a, h, p->node, 0, &l->holder, e) ||
	    ref_nearest_place(a, h, p->node, &l->location, e) || ref_path(a, h, p->node, &l->path, e))
		return e->kind;
	l->fingerprint = fingerprint_of(h, l->kind, p->node, 0, NO_NODE, NO_NODE);
	return say(p, l, c->n, a, sb, e);
}

int drained_find(struct leak *out, size_t *n, struct arena *a, const struct comparison *c, struct err *e)
{
	struct peak peaks[MAX_DRAINED];
	struct strbuf sb;
	size_t n_peaks = 0;
	int rc = 0;

	*n = 0;
	if (c->n < 3 || c->groups)
		return 0;
	find_peaks(c, peaks, &n_peaks);
	find_nodes(c->last, peaks, n_peaks);
	strbuf_init(&sb, &c->last->run->mem);
	for (size_t i = 0; i < n_peaks && !rc; i++) {
		if (peaks[i].node == NO_NODE)
			continue;
		rc = fill(c, &peaks[i], &out[*n], a, &sb, e);
		*n += 1;
	}
	strbuf_release(&sb);
	return rc;
}
