#include "formats/heapsnapshot_meta.h"

#include <stdio.h>
#include <string.h>

#include "formats/json_value.h"

/* Where in the object the events are; only what is needed is named, the rest is passed over. */
struct reader {
	struct heap_meta *m;
	const struct heap_meta_tee *tee;
	char key[3][48];        /* key at depth 1, 2: the way to the value */
	unsigned index;         /* position in the array at depth 3 */
	int skipped_names;      /* fields or types that did not fit */
};

static const struct {
	const char *key;
	enum heap_section section;
} field_lists[] = {
	{ "node_fields", HEAP_NODES },
	{ "edge_fields", HEAP_EDGES },
	{ "location_fields", HEAP_LOCATIONS },
	{ "sample_fields", HEAP_SAMPLES },
	{ "trace_function_info_fields", HEAP_TRACE_FUNCTIONS },
};

static int add_name(struct reader *r, const char **names, unsigned *n, unsigned max, struct str text, struct err *e)
{
	if (*n == max) {
		r->skipped_names++;
		return 0;
	}
	names[*n] = arena_copy(&r->m->arena, text.s, text.n, e);
	if (!names[*n])
		return e->kind;
	(*n)++;
	return 0;
}

static int add_field(struct reader *r, struct str text, struct err *e)
{
	for (size_t i = 0; i < sizeof(field_lists) / sizeof(field_lists[0]); i++) {
		struct heap_fields *f = &r->m->fields[field_lists[i].section];

		if (!strcmp(r->key[1], field_lists[i].key))
			return add_name(r, f->names, &f->n, HEAP_MAX_FIELDS, text, e);
	}
	return 0;
}

/*
 * node_types and edge_types hold one entry per field: an array of names where the field is an enumeration. The type
 * field has been the first in every producer; its enumeration is the first nested array.
 */
static int add_type(struct reader *r, struct str text, struct err *e)
{
	if (!strcmp(r->key[1], "node_types"))
		return add_name(r, r->m->node_types.names, &r->m->node_types.n, HEAP_MAX_TYPES, text, e);
	if (!strcmp(r->key[1], "edge_types"))
		return add_name(r, r->m->edge_types.names, &r->m->edge_types.n, HEAP_MAX_TYPES, text, e);
	return 0;
}

static int add_number(struct reader *r, struct str text, struct err *e)
{
	static const struct {
		const char *key;
		size_t at;
	} numbers[] = {
		{ "node_count", offsetof(struct heap_meta, node_count) },
		{ "edge_count", offsetof(struct heap_meta, edge_count) },
		{ "extra_native_bytes", offsetof(struct heap_meta, extra_native_bytes) },
		{ "root_index", offsetof(struct heap_meta, root_index) },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint64_t v;

		if (strcmp(r->key[0], numbers[i].key))
			continue;
		if (json_u64(text, &v))
			return err_set(e, ERR_FORMAT, "snapshot.%s is not an unsigned integer", numbers[i].key);
		memcpy((char *)r->m + numbers[i].at, &v, sizeof(v));
	}
	return 0;
}

static int on_event(void *ctx, enum json_event event, struct str text, unsigned depth, struct err *e)
{
	struct reader *r = ctx;

	if (r->tee->fn && r->tee->fn(r->tee->ctx, event, text, depth, e))
		return e->kind;
	if (event == JSON_KEY && depth >= 1 && depth <= 2) {
		snprintf(r->key[depth - 1], sizeof(r->key[0]), "%.*s", (int)(text.n < 47 ? text.n : 47), text.s);
		return 0;
	}
	if (event == JSON_NUMBER && depth == 1)
		return add_number(r, text, e);
	if (event != JSON_STRING || depth < 3 || strcmp(r->key[0], "meta"))
		return 0;
	return depth == 3 ? add_field(r, text, e) : add_type(r, text, e);
}

int heap_meta_field(const struct heap_meta *m, enum heap_section s, const char *name)
{
	for (unsigned i = 0; i < m->fields[s].n; i++)
		if (!strcmp(m->fields[s].names[i], name))
			return (int)i;
	return -1;
}

static int check(const struct heap_meta *m, uint64_t offset, struct err *e)
{
	static const char *const node[] = { "type", "name", "id", "self_size", "edge_count" };
	static const char *const edge[] = { "type", "name_or_index", "to_node" };

	for (size_t i = 0; i < sizeof(node) / sizeof(node[0]); i++)
		if (heap_meta_field(m, HEAP_NODES, node[i]) < 0)
			return err_at(e, ERR_FORMAT, offset, "snapshot.meta.node_fields has no \"%s\": not a heap snapshot",
				      node[i]);
	for (size_t i = 0; i < sizeof(edge) / sizeof(edge[0]); i++)
		if (heap_meta_field(m, HEAP_EDGES, edge[i]) < 0)
			return err_at(e, ERR_FORMAT, offset, "snapshot.meta.edge_fields has no \"%s\": not a heap snapshot",
				      edge[i]);
	if (!m->node_types.n || !m->edge_types.n)
		return err_at(e, ERR_FORMAT, offset, "snapshot.meta names no node types or no edge types");
	return 0;
}

int heap_meta_read(struct json_in *in, struct heap_meta *m, const struct heap_meta_tee *tee, struct err *e)
{
	struct reader r = { .m = m, .tee = tee };
	uint64_t offset = json_in_offset(in);

	if (m->seen)
		return err_at(e, ERR_FORMAT, offset, "a second \"snapshot\" section");
	if (json_value_read(in, on_event, &r, 64, e)) {
		if (e->offset == ERR_NO_OFFSET)
			e->offset = offset;
		return e->kind;
	}
	if (run_diag_n(in->run, e, (uint64_t)r.skipped_names, "meta-names",
		       "snapshot.meta lists more fields or types than this program keeps"))
		return e->kind;
	m->seen = 1;
	return check(m, offset, e);
}

void heap_meta_release(struct heap_meta *m)
{
	if (m->arena.mem)
		arena_release(&m->arena);
}
