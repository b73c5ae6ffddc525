/* The numbers of a .heapsnapshot go into the columns of struct heap. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/heap_load_parts.h"

/* What a number of a record is for; the position in the record is the file's business. */
enum role { ROLE_SKIP, ROLE_TYPE, ROLE_NAME, ROLE_ID, ROLE_SELF, ROLE_EDGES, ROLE_DETACH, ROLE_TO };
enum location_role { AT_SKIP, AT_NODE, AT_SCRIPT, AT_LINE, AT_COLUMN };

struct role_name {
	const char *field;
	int role;
};

static const struct role_name node_roles[] = {
	{ "type", ROLE_TYPE },	{ "name", ROLE_NAME },	      { "id", ROLE_ID },
	{ "self_size", ROLE_SELF }, { "edge_count", ROLE_EDGES }, { "detachedness", ROLE_DETACH }, { NULL, 0 },
};
static const struct role_name edge_roles[] = {
	{ "type", ROLE_TYPE }, { "name_or_index", ROLE_NAME }, { "to_node", ROLE_TO }, { NULL, 0 },
};
static const struct role_name location_roles[] = {
	{ "object_index", AT_NODE }, { "script_id", AT_SCRIPT }, { "line", AT_LINE }, { "column", AT_COLUMN }, { NULL, 0 },
};

static const char *const type_words[NODE_OTHER] = {
	"hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic",
	"concatenated string", "sliced string", "symbol", "bigint", "object shape", "wasm object",
};
static const char *const edge_words[EDGE_OTHER] = {
	"context", "element", "property", "internal", "hidden", "shortcut", "weak",
};

static unsigned word_index(const char *word, const char *const *words, unsigned n)
{
	unsigned i = 0;

	while (i < n && strcmp(word, words[i]))
		i++;
	return i;
}

static void set_roles(struct loader *l, enum heap_section s, const struct role_name *names)
{
	l->n_fields[s] = l->meta.fields[s].n;
	for (unsigned f = 0; f < l->n_fields[s]; f++)
		for (const struct role_name *r = names; r->field; r++)
			if (!strcmp(l->meta.fields[s].names[f], r->field))
				l->role[s][f] = r->role;
}

static const char *keep_name(struct heap *h, const char *s, struct err *e)
{
	return arena_copy(&h->arena, s, strlen(s), e);
}

/* Types we have no meaning for keep a number and a name of their own. */
static int map_types(struct loader *l, struct err *e)
{
	struct heap *h = l->h;
	unsigned next = NODE_OTHER;

	for (unsigned i = 0; i < l->meta.node_types.n; i++) {
		const char *word = l->meta.node_types.names[i];
		unsigned known = word_index(word, type_words, NODE_OTHER);

		l->type_of[i] = (uint8_t)(known < NODE_OTHER ? known : next++);
		h->type_names[l->type_of[i]] = keep_name(h, word, e);
		if (!h->type_names[l->type_of[i]])
			return e->kind;
	}
	for (unsigned i = 0; i < l->meta.edge_types.n; i++) {
		l->edge_type_of[i] = (uint8_t)word_index(l->meta.edge_types.names[i], edge_words, EDGE_OTHER);
		if (l->edge_type_of[i] == EDGE_OTHER &&
		    run_diag(h->run, e, "unknown-edge-type", "edges of the unknown type \"%.40s\" are taken as named ones",
			     l->meta.edge_types.names[i]))
			return e->kind;
	}
	for (unsigned t = 0; t < EDGE_OTHER; t++)
		h->edge_type_names[t] = edge_words[t];
	h->edge_type_names[EDGE_OTHER] = "other";
	return 0;
}

/*
 * What loading and analysis take at their widest: measured 70 bytes a node and 14 an edge, and as much again as a node has
 * in the columns of a comparison. The counts are the header's promise, good enough for a message.
 */
static void expect_memory(struct loader *l)
{
	struct mem *m = &l->h->run->mem;
	uint64_t nodes = l->meta.node_count, edges = l->meta.edge_count, most = l->input_bytes ? l->input_bytes / 2 : NO_NODE;

	nodes = nodes < most ? nodes : most;
	edges = edges < most ? edges : most;
	m->expected_bytes = m->used_bytes + nodes * 80 + edges * 15;
}

int heap_columns_meta(void *ctx, const struct heap_meta *m, uint64_t input_bytes, struct err *e)
{
	struct loader *l = ctx;

	(void)m;
	l->input_bytes = input_bytes;
	expect_memory(l);
	set_roles(l, HEAP_NODES, node_roles);
	set_roles(l, HEAP_EDGES, edge_roles);
	set_roles(l, HEAP_LOCATIONS, location_roles);
	l->h->extra_native_bytes = l->meta.extra_native_bytes;
	return map_types(l, e);
}

/* The header's count, when the input could hold so many records (two bytes a number at least); else what is asked for. */
static uint64_t first_reservation(const struct loader *l, uint64_t promised, unsigned fields, uint64_t asked)
{
	uint64_t bound = l->input_bytes ? l->input_bytes / 2 / fields + 1 : (uint64_t)1 << 20;

	if (promised > bound)
		promised = bound;
	return promised > asked ? promised : asked;
}

static int resize_column(struct heap *h, void *column, size_t n, size_t size, struct err *e)
{
	void **p = column;
	struct mem *m = &h->run->mem;
	/* nobody reads a record that was not read from the file */
	void *q = *p ? mem_resize(m, *p, n, size, e) : mem_alloc_dirty(m, n, size, e);

	if (!q)
		return e->kind;
	*p = q;
	return 0;
}

static int resize_col64(struct heap *h, struct col64 *c, size_t n, struct err *e)
{
	if (resize_column(h, &c->lo, n, 4, e))
		return e->kind;
	return c->hi ? resize_column(h, &c->hi, n, 4, e) : 0;
}

static int size_nodes(struct loader *l, uint64_t n, struct err *e)
{
	struct heap *h = l->h;

	if (n >= NO_NODE)
		return err_set(e, ERR_UNSUPPORTED, "more than 4294967294 nodes");
	if (resize_column(h, &h->type, n, 1, e) || resize_column(h, &h->name, n, 4, e) ||
	    resize_col64(h, &h->id, n, e) || resize_col64(h, &h->self, n, e) ||
	    resize_column(h, &h->first_edge, n + 1, 4, e))
		return e->kind;
	if (heap_meta_field(&l->meta, HEAP_NODES, "detachedness") >= 0 && resize_column(h, &h->detachedness, n, 1, e))
		return e->kind;
	l->reserved[HEAP_NODES] = n;
	return 0;
}

int heap_columns_edges(struct loader *l, uint64_t n, struct err *e)
{
	struct heap *h = l->h;

	if (n >= NO_EDGE)
		return err_set(e, ERR_UNSUPPORTED, "more than 4294967294 edges");
	if (resize_column(h, &h->edge_type, n, 1, e) || resize_column(h, &h->edge_name, n, 4, e) ||
	    resize_column(h, &h->edge_to, n, 4, e))
		return e->kind;
	l->reserved[HEAP_EDGES] = n;
	return 0;
}

static int size_locations(struct loader *l, uint64_t n, struct err *e)
{
	/* zero at first: a file may leave a field out */
	void *p = mem_resize(&l->h->run->mem, l->locations, n, sizeof(*l->locations), e);

	if (!p)
		return e->kind;
	l->locations = p;
	l->reserved[HEAP_LOCATIONS] = n;
	return 0;
}

/* The header does not count locations, but a node has one at most. */
static uint64_t promised_records(const struct loader *l, enum heap_section s)
{
	if (s == HEAP_LOCATIONS)
		return l->progress.n[HEAP_NODES] / l->n_fields[HEAP_NODES] + 1;
	return (s == HEAP_NODES ? l->meta.node_count : l->meta.edge_count) + 1;
}

int heap_columns_reserve(void *ctx, enum heap_section s, uint64_t need, uint64_t *room, struct err *e)
{
	static int (*const size[])(struct loader *, uint64_t, struct err *) = {
		[HEAP_NODES] = size_nodes, [HEAP_EDGES] = heap_columns_edges, [HEAP_LOCATIONS] = size_locations,
	};
	struct loader *l = ctx;
	unsigned fields = l->n_fields[s];
	uint64_t n = *room / (fields ? fields : 1) + 1;

	if (!fields || s > HEAP_LOCATIONS)
		return 0;
	if (!l->reserved[s])
		n = first_reservation(l, promised_records(l, s), fields, n);
	if (need / fields + 1 > l->reserved[s] && size[s](l, n, e))
		return e->kind;
	*room = l->reserved[s] * fields;
	return 0;
}

/* The strided part of a batch that belongs to one field: values first, first + step, ... go to records at, at + 1, ... */
struct stride {
	const uint64_t *v;
	size_t first, n, step;
	uint64_t at;
};

static int put_u32(uint32_t *column, const struct stride *s, size_t *bad)
{
	uint64_t all = 0;

	for (size_t i = s->first, k = s->at; i < s->n; i += s->step, k++) {
		column[k] = (uint32_t)s->v[i];
		all |= s->v[i];
	}
	if (!(all >> 32))
		return 0;
	for (*bad = s->first; !(s->v[*bad] >> 32); *bad += s->step)
		;
	return -1;
}

/* Values over 32 bits are rare; the first one makes the high column. */
static int put_col64(struct loader *l, struct col64 *c, const struct stride *s, uint64_t reserved, struct err *e)
{
	uint64_t all = 0;

	for (size_t i = s->first, k = s->at; i < s->n; i += s->step, k++) {
		c->lo[k] = (uint32_t)s->v[i];
		all |= s->v[i];
	}
	if (!(all >> 32))
		return 0;
	pthread_mutex_lock(&l->lock);
	if (!c->hi)
		c->hi = mem_alloc(&l->h->run->mem, reserved, 4, e);
	pthread_mutex_unlock(&l->lock);
	if (!c->hi)
		return e->kind;
	for (size_t i = s->first, k = s->at; i < s->n; i += s->step, k++)
		c->hi[k] = (uint32_t)(s->v[i] >> 32);
	return 0;
}

/* A type number beyond the list (Node 8 has one) gets a number and the name "type#N". */
static int late_type(struct loader *l, uint64_t number, uint8_t *out, struct err *e)
{
	unsigned ours = (unsigned)(number < 255 - NODE_OTHER ? NODE_OTHER + number : 255);
	char label[32];
	int rc = 0;

	pthread_mutex_lock(&l->lock);
	if (!l->h->type_names[ours]) {
		snprintf(label, sizeof(label), "type#%llu", (unsigned long long)number);
		l->h->type_names[ours] = keep_name(l->h, label, e);
		rc = l->h->type_names[ours] ? 0 : e->kind;
	}
	pthread_mutex_unlock(&l->lock);
	*out = (uint8_t)ours;
	return rc;
}

static int put_node_types(struct loader *l, const struct stride *s, struct err *e)
{
	for (size_t i = s->first, k = s->at; i < s->n; i += s->step, k++) {
		uint64_t t = s->v[i];

		if (t < l->meta.node_types.n)
			l->h->type[k] = l->type_of[t];
		else if (late_type(l, t, &l->h->type[k], e))
			return e->kind;
	}
	return 0;
}

static int put_edge_types(struct loader *l, const struct stride *s, size_t *bad, struct err *e)
{
	for (size_t i = s->first, k = s->at; i < s->n; i += s->step, k++) {
		if (s->v[i] >= l->meta.edge_types.n) {
			*bad = i;
			return err_set(e, ERR_FORMAT, "edge type %llu: meta lists only %u", (unsigned long long)s->v[i],
				       l->meta.edge_types.n);
		}
		l->h->edge_type[k] = l->edge_type_of[s->v[i]];
	}
	return 0;
}

/* Offsets into `nodes` become node numbers here and nowhere else. The division is by a constant where it matters. */
#define DIVIDE(FIELDS)                                                            \
	for (size_t i = s->first, k = s->at; i < s->n; i += s->step, k++) {       \
		uint64_t node = s->v[i] / (FIELDS);                               \
                                                                                  \
		wrong |= (node * (FIELDS) != s->v[i]) | (node >= NO_NODE);        \
		column[k] = (uint32_t)node;                                       \
	}

static int put_targets(uint32_t *column, const struct stride *s, unsigned fields, size_t *bad, struct err *e)
{
	int wrong = 0;

	if (fields == 6) {
		DIVIDE(6u)
	} else if (fields == 7) {
		DIVIDE(7u)
	} else {
		DIVIDE(fields)
	}
	if (!wrong)
		return 0;
	for (*bad = s->first; s->v[*bad] % fields == 0 && s->v[*bad] / fields < NO_NODE; *bad += s->step)
		;
	return err_set(e, ERR_FORMAT, "a node offset that is no multiple of %u: %llu", fields,
		       (unsigned long long)s->v[*bad]);
}

static int over_32_bits(const struct stride *s, size_t bad, struct err *e)
{
	return err_set(e, ERR_FORMAT, "a number over 32 bits where none can be: %llu", (unsigned long long)s->v[bad]);
}

static int put_node_field(struct loader *l, int role, const struct stride *s, size_t *bad, struct err *e)
{
	struct heap *h = l->h;

	switch (role) {
	case ROLE_TYPE:
		return put_node_types(l, s, e);
	case ROLE_NAME:
		return put_u32(h->name, s, bad) ? over_32_bits(s, *bad, e) : 0;
	case ROLE_ID:
		return put_col64(l, &h->id, s, l->reserved[HEAP_NODES], e);
	case ROLE_SELF:
		return put_col64(l, &h->self, s, l->reserved[HEAP_NODES], e);
	case ROLE_EDGES:
		return put_u32(h->first_edge, s, bad) ? over_32_bits(s, *bad, e) : 0;
	case ROLE_DETACH:
		for (size_t i = s->first, k = s->at; i < s->n; i += s->step, k++)
			h->detachedness[k] = s->v[i] & 3;
		return 0;
	default:
		return 0;
	}
}

static int put_edge_field(struct loader *l, int role, const struct stride *s, size_t *bad, struct err *e)
{
	struct heap *h = l->h;

	switch (role) {
	case ROLE_TYPE:
		return put_edge_types(l, s, bad, e);
	case ROLE_NAME:
		return put_u32(h->edge_name, s, bad) ? over_32_bits(s, *bad, e) : 0;
	case ROLE_TO:
		return put_targets(h->edge_to, s, l->n_fields[HEAP_NODES], bad, e);
	default:
		return 0;
	}
}

static uint32_t clamp_u32(uint64_t v)
{
	return v < UINT32_MAX ? (uint32_t)v : UINT32_MAX;
}

static int put_location_field(struct loader *l, int role, const struct stride *s, size_t *bad, struct err *e)
{
	unsigned fields = l->n_fields[HEAP_NODES];

	for (size_t i = s->first, k = s->at; i < s->n; i += s->step, k++) {
		struct raw_location *at = &l->locations[k];

		if (role == AT_SCRIPT)
			at->place.script_id = clamp_u32(s->v[i]);
		else if (role == AT_LINE)
			at->place.line = clamp_u32(s->v[i]);
		else if (role == AT_COLUMN)
			at->place.column = clamp_u32(s->v[i]);
		else if (role == AT_NODE)
			at->node = clamp_u32(s->v[i] / fields);
		if (role == AT_NODE && s->v[i] % fields) {
			*bad = i;
			return err_set(e, ERR_FORMAT, "a location's node offset that is no multiple of %u", fields);
		}
	}
	return 0;
}

static int put_field(struct loader *l, enum heap_section section, int role, const struct stride *s, size_t *bad,
		     struct err *e)
{
	if (section == HEAP_NODES)
		return put_node_field(l, role, s, bad, e);
	if (section == HEAP_EDGES)
		return put_edge_field(l, role, s, bad, e);
	return section == HEAP_LOCATIONS ? put_location_field(l, role, s, bad, e) : 0;
}

int heap_columns_take(void *ctx, enum heap_section section, uint64_t first, const uint64_t *v, size_t n, size_t *bad,
		      struct err *e)
{
	struct loader *l = ctx;
	unsigned fields = l->n_fields[section];

	if (!fields || section > HEAP_LOCATIONS)
		return 0;
	for (unsigned f = 0; f < fields; f++) {
		size_t skip = (size_t)((f + fields - first % fields) % fields);
		struct stride s = { v, skip, n, fields, (first + skip) / fields };

		if (skip < n && put_field(l, section, l->role[section][f], &s, bad, e))
			return e->kind;
	}
	return 0;
}
