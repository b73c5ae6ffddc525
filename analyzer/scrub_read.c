/* Which text is used as what. */
#include <string.h>

#include "analyzer/scrub_parts.h"

/* An object with so many properties is a table, and their names are its keys. */
#define TABLE_PROPERTIES 1000

static const char *const section_keys[] = { "snapshot", "nodes", "edges", "trace_function_infos", "trace_tree", "samples",
					    "locations", "scopes", "scope_context_vars", "scope_uses" };

int scrub_section_rank(const char *key)
{
	for (size_t i = 0; i < sizeof(section_keys) / sizeof(section_keys[0]); i++)
		if (!strcmp(section_keys[i], key))
			return (int)i;
	return -1;
}

const char *scrub_section_key(enum heap_section section)
{
	static const char *const keys[HEAP_N_SECTIONS] = { [HEAP_NODES] = "nodes",
							   [HEAP_EDGES] = "edges",
							   [HEAP_LOCATIONS] = "locations",
							   [HEAP_SAMPLES] = "samples",
							   [HEAP_TRACE_FUNCTIONS] = "trace_function_infos" };

	return keys[section];
}

int scrub_in_order(int *rank, const char *key, struct err *e)
{
	int now = scrub_section_rank(key);

	if (now < *rank)
		return err_set(e, ERR_UNSUPPORTED, "\"%s\" stands behind \"%s\": not in V8's order, which Chrome needs", key,
			       section_keys[*rank]);
	*rank = now;
	return 0;
}

/* Edges first..end-1 leave one object with many properties. */
struct table_edges {
	uint64_t first, end;
};

/* A record that is being put together from single numbers. */
struct record {
	uint64_t v[HEAP_MAX_FIELDS];
	unsigned n, at;
};

struct role_pass {
	struct scrub *s;
	const struct heap_meta *meta;
	struct record records[HEAP_N_SECTIONS];
	uint8_t node_role[HEAP_MAX_TYPES];
	uint8_t edge_role[HEAP_MAX_TYPES];
	uint8_t is_object[HEAP_MAX_TYPES];
	int node_type, node_name, node_edges, edge_type, edge_name, function_name, function_script;
	uint64_t nodes, first_edge, edge;
	struct table_edges *tables;
	size_t n_tables, tables_capacity, table;
	int rank;
};

static const struct {
	const char *type;
	uint8_t role;
} node_roles[] = {
	{ "object", ROLE_CLASS },      { "closure", ROLE_FUNCTION }, { "code", ROLE_CODE },     { "hidden", ROLE_CODE },
	{ "array", ROLE_CODE },        { "synthetic", ROLE_NATIVE }, { "native", ROLE_NATIVE }, { "object shape", ROLE_CODE },
	{ "wasm object", ROLE_CLASS },
};

static const struct {
	const char *type;
	uint8_t role;
} edge_roles[] = { { "element", 0 }, { "hidden", 0 }, { "property", ROLE_PROPERTY } };

static uint8_t role_of_node(const char *type)
{
	for (size_t i = 0; i < sizeof(node_roles) / sizeof(node_roles[0]); i++)
		if (!strcmp(type, node_roles[i].type))
			return node_roles[i].role;
	return ROLE_VALUE;
}

static uint8_t role_of_edge(const char *type)
{
	for (size_t i = 0; i < sizeof(edge_roles) / sizeof(edge_roles[0]); i++)
		if (!strcmp(type, edge_roles[i].type))
			return edge_roles[i].role;
	return ROLE_EDGE;
}

static int on_meta(void *ctx, const struct heap_meta *m, uint64_t input_bytes, struct err *e)
{
	struct role_pass *p = ctx;

	(void)input_bytes;
	(void)e;
	p->meta = m;
	for (int i = 0; i < HEAP_N_SECTIONS; i++)
		p->records[i].n = m->fields[i].n;
	memset(p->node_role, ROLE_VALUE, sizeof(p->node_role));
	memset(p->edge_role, ROLE_EDGE, sizeof(p->edge_role));
	for (unsigned i = 0; i < m->node_types.n; i++) {
		p->node_role[i] = role_of_node(m->node_types.names[i]);
		p->is_object[i] = !strcmp(m->node_types.names[i], "object");
	}
	for (unsigned i = 0; i < HEAP_MAX_TYPES; i++)
		p->s->is_value[i] = p->node_role[i] == ROLE_VALUE;
	for (unsigned i = 0; i < m->edge_types.n; i++)
		p->edge_role[i] = role_of_edge(m->edge_types.names[i]);
	p->node_type = heap_meta_field(m, HEAP_NODES, "type");
	p->node_name = heap_meta_field(m, HEAP_NODES, "name");
	p->node_edges = heap_meta_field(m, HEAP_NODES, "edge_count");
	p->edge_type = heap_meta_field(m, HEAP_EDGES, "type");
	p->edge_name = heap_meta_field(m, HEAP_EDGES, "name_or_index");
	p->function_name = heap_meta_field(m, HEAP_TRACE_FUNCTIONS, "name");
	p->function_script = heap_meta_field(m, HEAP_TRACE_FUNCTIONS, "script_name");
	return 0;
}

/* Numbers pass through; none is kept. */
static int on_reserve(void *ctx, enum heap_section s, uint64_t need, uint64_t *room, struct err *e)
{
	(void)ctx;
	(void)s;
	(void)need;
	(void)e;
	*room = UINT64_MAX;
	return 0;
}

static int mark(struct scrub *s, uint64_t string, uint8_t role, struct err *e)
{
	void *roles = s->roles;

	if (string >= UINT32_MAX)
		return err_set(e, ERR_FORMAT, "string number %llu: there cannot be so many", (unsigned long long)string);
	if (string >= s->roles_capacity &&
	    mem_reserve(&s->run->mem, &roles, &s->roles_capacity, (size_t)string + 1, 1, e))
		return e->kind;
	s->roles = roles;
	s->roles[string] |= role;
	if (s->n_used <= string)
		s->n_used = string + 1;
	return 0;
}

static int add_table(struct role_pass *p, uint64_t n_edges, struct err *e)
{
	void *tables = p->tables;

	if (mem_reserve(&p->s->run->mem, &tables, &p->tables_capacity, p->n_tables + 1, sizeof(*p->tables), e))
		return e->kind;
	p->tables = tables;
	p->tables[p->n_tables++] = (struct table_edges){ p->first_edge, p->first_edge + n_edges };
	return 0;
}

static int see_node(struct role_pass *p, const uint64_t *v, struct err *e)
{
	uint64_t type = v[p->node_type], n_edges = v[p->node_edges];
	int known = type < HEAP_MAX_TYPES;

	p->nodes++;
	if (known && p->is_object[type] && n_edges >= TABLE_PROPERTIES && add_table(p, n_edges, e))
		return e->kind;
	/* so that the sum cannot come around to what the file has */
	if (n_edges > UINT32_MAX)
		return err_set(e, ERR_FORMAT, "a node of %llu edges: more than any file has", (unsigned long long)n_edges);
	p->first_edge += n_edges;
	return mark(p->s, v[p->node_name], known ? p->node_role[type] : ROLE_VALUE, e);
}

static int see_edge(struct role_pass *p, const uint64_t *v, struct err *e)
{
	uint64_t type = v[p->edge_type], edge = p->edge++;
	uint8_t role = type < HEAP_MAX_TYPES ? p->edge_role[type] : ROLE_EDGE;

	if (!role)
		return 0;
	while (p->table < p->n_tables && edge >= p->tables[p->table].end)
		p->table++;
	if (role == ROLE_PROPERTY && p->table < p->n_tables && edge >= p->tables[p->table].first)
		role = ROLE_KEY;
	return mark(p->s, v[p->edge_name], role, e);
}

static int see_function(struct role_pass *p, const uint64_t *v, struct err *e)
{
	if (p->function_name >= 0 && mark(p->s, v[p->function_name], ROLE_FUNCTION, e))
		return e->kind;
	return p->function_script >= 0 ? mark(p->s, v[p->function_script], ROLE_CODE, e) : 0;
}

static int see_record(struct role_pass *p, enum heap_section section, const uint64_t *v, struct err *e)
{
	if (section == HEAP_NODES)
		return see_node(p, v, e);
	if (section == HEAP_EDGES)
		return see_edge(p, v, e);
	return section == HEAP_TRACE_FUNCTIONS ? see_function(p, v, e) : 0;
}

static int on_take(void *ctx, enum heap_section section, uint64_t first, const uint64_t *v, size_t n, size_t *bad,
		   struct err *e)
{
	struct role_pass *p = ctx;
	struct record *r = &p->records[section];

	(void)first;
	if (scrub_in_order(&p->rank, scrub_section_key(section), e))
		return e->kind;
	p->s->numbers = scrub_sum(p->s->numbers, v, n);
	for (size_t i = 0; r->n && i < n; i++) {
		r->v[r->at++] = v[i];
		if (r->at < r->n)
			continue;
		r->at = 0;
		*bad = i;
		if (see_record(p, section, r->v, e))
			return e->kind;
	}
	return 0;
}

static int on_value(void *ctx, const char *key, enum json_event event, struct str text, unsigned depth, struct err *e)
{
	struct role_pass *p = ctx;

	(void)text;
	return depth || event == JSON_KEY ? 0 : scrub_in_order(&p->rank, key, e);
}

static int check_strings(struct scrub *s, struct err *e)
{
	void *roles = s->roles;

	if (s->n_used > s->strings.n)
		return err_set(e, ERR_FORMAT, "string number %llu is used, the file has only %zu",
			       (unsigned long long)s->n_used - 1, s->strings.n);
	if (s->strings.n >= UINT32_MAX / 2)
		return err_set(e, ERR_UNSUPPORTED, "more than 2147483646 strings");
	if (mem_reserve(&s->run->mem, &roles, &s->roles_capacity, s->strings.n + 1, 1, e))
		return e->kind;
	s->roles = roles;
	return 0;
}

/* As when a snapshot is loaded: what the header promises holds, or the file was cut and mended. 0 promises nothing. */
static int check_promise(const char *what, uint64_t promised, uint64_t found, struct err *e)
{
	if (!promised || promised == found)
		return 0;
	return err_set(e, ERR_FORMAT, "the header promises %llu %s, but the file has %llu", (unsigned long long)promised, what,
		       (unsigned long long)found);
}

int scrub_read(struct scrub *s, struct err *e)
{
	struct role_pass p = { .s = s };
	struct heap_sink sink = { .ctx = &p, .meta = on_meta, .reserve = on_reserve, .take = on_take,
				  .strings = &s->strings, .value = on_value };
	struct heap_read_options o = { 0 };
	struct heap_progress progress;
	struct heap_meta meta;
	int rc = heapsnapshot_read(s->run, s->source, &o, &sink, &meta, &progress, e);

	if (!rc && (!progress.complete[HEAP_NODES] || !progress.complete[HEAP_EDGES] || !progress.strings_complete))
		rc = err_set(e, ERR_FORMAT, "not a whole heap snapshot: nodes, edges or strings are missing");
	if (!rc && (p.records[HEAP_NODES].at || p.records[HEAP_EDGES].at || p.first_edge != p.edge))
		rc = err_set(e, ERR_FORMAT, "nodes promise %llu edges, the file has %llu", (unsigned long long)p.first_edge,
			     (unsigned long long)p.edge);
	if (!rc && !check_promise("nodes", meta.node_count, p.nodes, e))
		check_promise("edges", meta.edge_count, p.edge, e);
	rc = rc ? rc : (int)e->kind;
	mem_free(&s->run->mem, p.tables);
	heap_meta_release(&meta);
	return rc ? rc : check_strings(s, e);
}
