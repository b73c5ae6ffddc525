#include "mkheap.h"

#include "unit.h"

static const char *const node_words = "\"hidden\",\"array\",\"string\",\"object\",\"code\",\"closure\",\"regexp\",\"number\","
				      "\"native\",\"synthetic\",\"concatenated string\",\"sliced string\",\"symbol\",\"bigint\","
				      "\"object shape\"";

unsigned mkheap_node(struct mkheap *m, enum node_type type, const char *name, uint64_t self_size)
{
	assert_true(m->n_nodes < MKHEAP_MAX_NODES);
	m->nodes[m->n_nodes] = (struct mknode){
		.type = type, .name = name, .id = m->n_nodes * 2 + 1, .self_size = self_size
	};
	return (unsigned)m->n_nodes++;
}

unsigned mkheap_edge(struct mkheap *m, unsigned from, enum edge_type type, const char *name, unsigned to)
{
	assert_true(m->n_edges < MKHEAP_MAX_EDGES);
	m->edges[m->n_edges] = (struct mkedge){ from, to, type, name, (unsigned)m->n_edges };
	return (unsigned)m->n_edges++;
}

/*
 * Every node and every edge has a string; number 0 is V8's dummy, nodes come first, then edges. Nodes of one name refer to the
 * first one's, since V8 writes each text once.
 */
static unsigned node_string(const struct mkheap *m, unsigned v)
{
	unsigned first = 0;

	while (strcmp(m->nodes[first].name, m->nodes[v].name))
		first++;
	return first + 1;
}

static unsigned edge_string(const struct mkheap *m, unsigned e)
{
	return (unsigned)m->n_nodes + e + 1;
}

static unsigned out_degree(const struct mkheap *m, unsigned node)
{
	unsigned n = 0;

	for (size_t e = 0; e < m->n_edges; e++)
		n += m->edges[e].from == node;
	return n;
}

static void write_edges(const struct mkheap *m, struct strbuf *out)
{
	const char *comma = "";

	strbuf_addstr(out, "],\"edges\":[");
	for (unsigned v = 0; v < m->n_nodes; v++) {
		for (unsigned e = 0; e < m->n_edges; e++) {
			const struct mkedge *x = &m->edges[e];

			if (x->from != v)
				continue;
			strbuf_addf(out, "%s%d,%u,%u", comma, (int)x->type, x->name ? edge_string(m, e) : x->index,
				    x->to * 6);
			comma = ",";
		}
	}
}

static void write_locations(const struct mkheap *m, struct strbuf *out)
{
	const char *comma = "";

	strbuf_addstr(out, "],\"locations\":[");
	for (unsigned v = 0; v < m->n_nodes; v++) {
		const struct mknode *x = &m->nodes[v];

		if (!x->script)
			continue;
		strbuf_addf(out, "%s%u,%u,%u,%u", comma, v * 6, x->script, x->line, x->column);
		comma = ",";
	}
}

void mkheap_write(const struct mkheap *m, struct strbuf *out)
{
	strbuf_addf(out,
		    "{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\","
		    "\"detachedness\"],\"node_types\":[[%s],\"string\",\"number\",\"number\",\"number\",\"number\"],"
		    "\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[[\"context\",\"element\","
		    "\"property\",\"internal\",\"hidden\",\"shortcut\",\"weak\"],\"string_or_number\",\"node\"],"
		    "\"location_fields\":[\"object_index\",\"script_id\",\"line\",\"column\"]},"
		    "\"node_count\":%zu,\"edge_count\":%zu},\"nodes\":[",
		    node_words, m->n_nodes, m->n_edges);
	for (unsigned v = 0; v < m->n_nodes; v++)
		strbuf_addf(out, "%s%d,%u,%llu,%llu,%u,%u", v ? "," : "", (int)m->nodes[v].type, node_string(m, v),
			    (unsigned long long)m->nodes[v].id, (unsigned long long)m->nodes[v].self_size, out_degree(m, v),
			    m->nodes[v].detachedness);
	write_edges(m, out);
	write_locations(m, out);
	strbuf_addstr(out, "],\"strings\":[\"<dummy>\"");
	for (unsigned v = 0; v < m->n_nodes; v++)
		strbuf_addf(out, ",\"%s\"", m->nodes[v].name);
	for (unsigned e = 0; e < m->n_edges; e++)
		strbuf_addf(out, ",\"%s\"", m->edges[e].name ? m->edges[e].name : "unused");
	strbuf_addstr(out, "]}");
}

void mkheap_load(const struct mkheap *m, struct run *run, struct heap *h)
{
	struct heap_load_options o = { 0 };
	struct err e = ERR_INIT;
	struct strbuf text;

	strbuf_init(&text, &run->mem);
	mkheap_write(m, &text);
	if (heap_load_memory(h, run, text.buf, text.len, &o, &e) || heap_analyze(h, &e))
		fail_msg("%s", e.text);
	strbuf_release(&text);
}
