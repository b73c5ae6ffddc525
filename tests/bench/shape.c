/*
 * shape SHAPE NODES [MORE] - write a heap snapshot whose graph has one extreme shape, of about so many nodes. MORE nodes
 * are added as if the process had gone on. Without arguments the names of the shapes are listed.
 *
 * Node 0 is the root, 1 the "(GC roots)", 2 the global object, which leads to the shape.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HIDDEN, ARRAY, STRING, OBJECT, CODE, CLOSURE, REGEXP, NUMBER, NATIVE, SYNTHETIC, CONS };
enum { CONTEXT, ELEMENT, PROPERTY, INTERNAL, HIDDEN_EDGE, SHORTCUT, WEAK };
enum { EMPTY, GC_ROOTS, GLOBAL, CLASS_OBJECT, NEXT, CLASS_ARRAY, ELEMENTS, CLASS_CONTEXT, CONTEXT_WORD, PREVIOUS, HANDLER,
       CLASS_PROMISE, REACTIONS, FIRST, SECOND, TIMEOUT, IDLE_NEXT, IDLE_PREV, MAP, TABLE, DIV, EVENTS, EMITTER, NODE_CLASS,
       WEAK_MAP, DOCUMENT, LIST, ROW, TEXT, FIXED };

static const char *const words[FIXED] = {
	"", "(GC roots)", "global", "Object", "next", "Array", "elements", "system / Context", "context", "previous", "handler",
	"Promise", "reactions_or_result", "first", "second", "Timeout", "_idleNext", "_idlePrev", "Map", "table",
	"Detached <div>", "_events", "EventEmitter", "Node", "WeakMap", "HTMLDocument", "<ul>", "<li>", "Text",
};

#define FROM 3ul /* first node of the shape */

struct edge {
	int type;
	unsigned long name, to;
};

struct node {
	int type;
	unsigned long name, self;
};

/* `n` is the number of all nodes. A generated string has the number FIXED + i. */
struct shape {
	const char *name;
	const char *string; /* format of generated strings, with one %lu; NULL: none */
	unsigned long (*round)(unsigned long n);      /* a number of nodes that fits; NULL: any */
	unsigned long (*degree)(unsigned long i, unsigned long n);
	struct edge (*edge)(unsigned long i, unsigned long k, unsigned long n);
	struct node (*node)(unsigned long i, unsigned long n); /* NULL: plain objects */
};

static unsigned long root_of(unsigned long n)
{
	unsigned long k = 1;

	while ((k + 1) * (k + 1) <= n)
		k++;
	return k;
}

/* --- one after the other */

static unsigned long one_each(unsigned long i, unsigned long n)
{
	return i + 1 < n;
}

static struct edge to_next(unsigned long i, unsigned long k, unsigned long n)
{
	(void)k;
	return (struct edge){ PROPERTY, NEXT, i + 1 < n ? i + 1 : 2 };
}

static unsigned long always_one(unsigned long i, unsigned long n)
{
	(void)i;
	(void)n;
	return 1;
}

/* --- all from the global object */

static unsigned long all_from_first(unsigned long i, unsigned long n)
{
	return i == 2 ? n - FROM : 0;
}

static struct edge element(unsigned long i, unsigned long k, unsigned long n)
{
	(void)i;
	(void)n;
	return (struct edge){ ELEMENT, k, FROM + k };
}

static struct node class_each(unsigned long i, unsigned long n)
{
	(void)n;
	return (struct node){ OBJECT, FIXED + i, 32 };
}

/* --- complete bipartite: the square root of the nodes on both sides, each of one side to each of the other */

static unsigned long sides(unsigned long n)
{
	return FROM + 2 * root_of(n);
}

static unsigned long bipartite_degree(unsigned long i, unsigned long n)
{
	unsigned long k = (n - FROM) / 2;

	return i < FROM + k ? k : 0;
}

static struct edge bipartite_edge(unsigned long i, unsigned long k, unsigned long n)
{
	return (struct edge){ ELEMENT, k, i == 2 ? FROM + k : FROM + (n - FROM) / 2 + k };
}

/* --- a tree of two levels, of the same width both */

static unsigned long wide_degree(unsigned long i, unsigned long n)
{
	unsigned long k = root_of(n - FROM), left = n - FROM - k;

	if (i == 2)
		return k;
	if (i >= FROM + k)
		return 0;
	return (i - FROM + 1) * left / k - (i - FROM) * left / k;
}

static struct edge wide_edge(unsigned long i, unsigned long k, unsigned long n)
{
	unsigned long width = root_of(n - FROM), left = n - FROM - width;

	return (struct edge){ ELEMENT, k, i == 2 ? FROM + k : FROM + width + (i - FROM) * left / width + k };
}

/* --- a chain with a leaf at each link, also reachable from the next link */

static unsigned long comb_degree(unsigned long i, unsigned long n)
{
	if (i < FROM)
		return i == 2;
	if (i % 2 == 0)
		return 0;
	return (i + 1 < n) + (i + 2 < n) + (i + 3 < n);
}

static struct edge comb_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)n;
	return i == 2 ? (struct edge){ PROPERTY, NEXT, 3 } : (struct edge){ k ? ELEMENT : PROPERTY, k ? k : NEXT, i + 1 + k };
}

/* --- each node to the next and back, and to the global object */

static unsigned long mesh_degree(unsigned long i, unsigned long n)
{
	return i < FROM ? i == 2 : 1u + (i + 1 < n) + (i > FROM);
}

static struct edge mesh_edge(unsigned long i, unsigned long k, unsigned long n)
{
	if (k == 0)
		return (struct edge){ PROPERTY, GLOBAL, i == 2 ? 3 : 2 };
	return k == 1 && i + 1 < n ? (struct edge){ PROPERTY, NEXT, i + 1 } : (struct edge){ PROPERTY, PREVIOUS, i - 1 };
}

/* --- plain objects that differ in their properties: of one to three names each, out of many */

static unsigned long shapes_degree(unsigned long i, unsigned long n)
{
	return i == 2 ? n - FROM : i > FROM ? 1 + i % 3 : 0;
}

static struct edge shapes_edge(unsigned long i, unsigned long k, unsigned long n)
{
	if (i == 2)
		return element(i, k, n);
	return (struct edge){ PROPERTY, FIXED + (i / 7 * (k + 1) + k) % (n / 4 + 1), FROM };
}

static struct node plain_node(unsigned long i, unsigned long n)
{
	(void)i;
	(void)n;
	return (struct node){ OBJECT, CLASS_OBJECT, 32 };
}

/* --- one object with all names */

static struct edge property_each(unsigned long i, unsigned long k, unsigned long n)
{
	(void)i;
	(void)n;
	return (struct edge){ PROPERTY, FIXED + FROM + k, FROM + k };
}

/* --- closures, each with a context of its own, each context with a way to the one before */

static unsigned long contexts_degree(unsigned long i, unsigned long n)
{
	if (i == 2)
		return (n - FROM + 1) / 2;
	return i % 2 ? i + 1 < n : i > FROM + 1;
}

static struct edge contexts_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)n;
	if (i == 2)
		return (struct edge){ ELEMENT, k, FROM + 2 * k };
	return i % 2 ? (struct edge){ INTERNAL, CONTEXT_WORD, i + 1 } : (struct edge){ INTERNAL, PREVIOUS, i - 2 };
}

static struct node contexts_node(unsigned long i, unsigned long n)
{
	(void)n;
	return i % 2 ? (struct node){ CLOSURE, HANDLER, 64 } : (struct node){ OBJECT, CLASS_CONTEXT, 32 };
}

/* --- arrays in arrays in arrays: object, its elements, the next object */

static struct edge arrays_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)k;
	(void)n;
	return i % 2 ? (struct edge){ INTERNAL, ELEMENTS, i + 1 } : (struct edge){ ELEMENT, 0, i + 1 };
}

static struct node arrays_node(unsigned long i, unsigned long n)
{
	(void)n;
	return i % 2 ? (struct node){ OBJECT, CLASS_ARRAY, 16 } : (struct node){ ARRAY, EMPTY, 24 };
}

static struct edge maps_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)k;
	(void)n;
	return i % 2 ? (struct edge){ INTERNAL, TABLE, i + 1 } : (struct edge){ INTERNAL, FIXED, i + 1 };
}

static struct node maps_node(unsigned long i, unsigned long n)
{
	(void)n;
	return i % 2 ? (struct node){ OBJECT, MAP, 16 } : (struct node){ ARRAY, EMPTY, 24 };
}

/* --- chains of things that the detectors follow */

static struct node promises_node(unsigned long i, unsigned long n)
{
	(void)i;
	(void)n;
	return (struct node){ OBJECT, CLASS_PROMISE, 40 };
}

static struct edge promises_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)k;
	(void)n;
	return (struct edge){ INTERNAL, REACTIONS, i + 1 };
}

static struct node timers_node(unsigned long i, unsigned long n)
{
	(void)i;
	(void)n;
	return (struct node){ OBJECT, TIMEOUT, 80 };
}

static unsigned long both_ways(unsigned long i, unsigned long n)
{
	return i < FROM ? i == 2 : (unsigned long)(i + 1 < n) + (i > FROM);
}

static struct edge timers_edge(unsigned long i, unsigned long k, unsigned long n)
{
	if (k == 0 && i + 1 < n)
		return (struct edge){ PROPERTY, IDLE_NEXT, i + 1 };
	return (struct edge){ PROPERTY, IDLE_PREV, i - 1 };
}

static struct node strings_node(unsigned long i, unsigned long n)
{
	(void)i;
	(void)n;
	return (struct node){ CONS, EMPTY, 32 };
}

static struct edge strings_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)k;
	(void)n;
	return (struct edge){ INTERNAL, FIRST, i + 1 };
}

static struct node detached_node(unsigned long i, unsigned long n)
{
	(void)i;
	(void)n;
	return (struct node){ NATIVE, DIV, 100 };
}

static struct node emitters_node(unsigned long i, unsigned long n)
{
	(void)n;
	return i % 2 ? (struct node){ OBJECT, EMITTER, 40 } : (struct node){ OBJECT, CLASS_OBJECT, 24 };
}

static struct edge emitters_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)k;
	(void)n;
	return i % 2 ? (struct edge){ PROPERTY, EVENTS, i + 1 } : (struct edge){ PROPERTY, FIXED, i + 1 };
}

/* --- a WeakMap whose entries each keep the next key alive: table 3, then key, value, key, value */

static unsigned long weak_degree(unsigned long i, unsigned long n)
{
	if (i <= 2)
		return i == 2;
	if (i == 3)
		return n > 5 ? (n - 4) / 2 : 0;
	return i % 2 == 0 ? i + 1 < n : i + 1 < n;
}

static struct edge weak_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)n;
	if (i == 2)
		return (struct edge){ PROPERTY, WEAK_MAP, 3 };
	if (i == 3)
		return (struct edge){ INTERNAL, FIXED + 4 + 2 * k, 5 + 2 * k };
	return i % 2 == 0 ? (struct edge){ INTERNAL, FIXED + i, i + 1 } : (struct edge){ PROPERTY, NEXT, i + 1 };
}

static struct node weak_node(unsigned long i, unsigned long n)
{
	(void)n;
	return i == 3 ? (struct node){ ARRAY, EMPTY, 24 } : (struct node){ OBJECT, CLASS_OBJECT, 24 };
}

/* --- an array of items that all refer to one node, which refers to all of them: 3 the array, 4 the hub */

static unsigned long hub_degree(unsigned long i, unsigned long n)
{
	if (i == 3 || i == 4)
		return n > 5 ? n - 5 : 0;
	return i >= 2;
}

static struct edge hub_edge(unsigned long i, unsigned long k, int type, unsigned long name)
{
	if (i == 2)
		return (struct edge){ PROPERTY, NEXT, 3 };
	if (i == 3)
		return (struct edge){ ELEMENT, k, 5 + k };
	return i == 4 ? (struct edge){ CONTEXT, FIRST, 5 + k } : (struct edge){ type, name, 4 };
}

static struct edge hub_closures_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)n;
	return hub_edge(i, k, INTERNAL, CONTEXT_WORD);
}

static struct node hub_closures_node(unsigned long i, unsigned long n)
{
	(void)n;
	if (i == 3)
		return (struct node){ OBJECT, CLASS_ARRAY, 16 };
	return i == 4 ? (struct node){ OBJECT, CLASS_CONTEXT, 32 } : (struct node){ CLOSURE, HANDLER, 64 };
}

static struct edge hub_promises_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)n;
	return hub_edge(i, k, INTERNAL, REACTIONS);
}

static struct node hub_promises_node(unsigned long i, unsigned long n)
{
	(void)n;
	if (i == 3)
		return (struct node){ OBJECT, CLASS_ARRAY, 16 };
	return (struct node){ OBJECT, i == 4 ? CLASS_OBJECT : CLASS_PROMISE, 64 };
}

static struct edge hub_emitters_edge(unsigned long i, unsigned long k, unsigned long n)
{
	(void)n;
	return hub_edge(i, k, PROPERTY, EVENTS);
}

static struct node hub_emitters_node(unsigned long i, unsigned long n)
{
	(void)n;
	return (struct node){ OBJECT, i == 3 ? CLASS_ARRAY : i == 4 ? CLASS_OBJECT : EMITTER, 40 };
}

static struct edge hub_maps_edge(unsigned long i, unsigned long k, unsigned long n)
{
	if (i == 4) /* a table */
		return (struct edge){ INTERNAL, FIXED + k, 5 + k };
	(void)n;
	return hub_edge(i, k, INTERNAL, TABLE);
}

static struct node hub_maps_node(unsigned long i, unsigned long n)
{
	(void)n;
	if (i == 4)
		return (struct node){ ARRAY, EMPTY, 16 };
	return (struct node){ OBJECT, i == 3 ? CLASS_ARRAY : MAP, 40 };
}

/* --- sixty-four arrays, each of which holds all the others' elements: an element hangs on none of them */

#define HOLDERS 64ul

static unsigned long shared_degree(unsigned long i, unsigned long n)
{
	unsigned long left = n - FROM - HOLDERS;

	return i == 2 ? HOLDERS : i < FROM + HOLDERS ? left / 8 : 0;
}

static struct edge shared_edge(unsigned long i, unsigned long k, unsigned long n)
{
	unsigned long left = n - FROM - HOLDERS;

	/* eight of the arrays hold each of the elements */
	return (struct edge){ ELEMENT, k, i == 2 ? FROM + k : FROM + HOLDERS + (k * 8 + (i - FROM) % 8) % left };
}

static struct node shared_node(unsigned long i, unsigned long n)
{
	(void)n;
	return (struct node){ OBJECT, i < FROM + HOLDERS ? CLASS_ARRAY : NODE_CLASS, 100 };
}

/* --- arrays that are alike, a power of two of them, with a few elements each; what is added goes to all of them in turn */

static unsigned long alike_arrays(unsigned long n)
{
	unsigned long m = 1;

	while (m * 8 <= n)
		m *= 2;
	return m;
}

static unsigned long alike_degree(unsigned long i, unsigned long n)
{
	unsigned long m = alike_arrays(n), left = n - FROM - m;

	if (i == 2)
		return m;
	return i < FROM + m ? left / m + (i - FROM < left % m) : 0;
}

static struct edge alike_edge(unsigned long i, unsigned long k, unsigned long n)
{
	unsigned long m = alike_arrays(n);

	return (struct edge){ ELEMENT, k, i == 2 ? FROM + k : i + m * (k + 1) };
}

static struct node alike_node(unsigned long i, unsigned long n)
{
	return (struct node){ OBJECT, i == 2 ? GLOBAL : i < FROM + alike_arrays(n) ? CLASS_ARRAY : NODE_CLASS, 100 };
}

/* --- a document with one list: rows with texts between them; each refers to the document, the list and its neighbours */

static unsigned long document_degree(unsigned long i, unsigned long n)
{
	if (i <= FROM)
		return i > 1;
	return i == FROM + 1 ? 3 : 2 + (i > FROM + 2) + (i + 1 < n);
}

static struct edge document_edge(unsigned long i, unsigned long k, unsigned long n)
{
	const unsigned long list[] = { FROM + 2, FROM, FROM }, before = i > FROM + 2 ? i - 1 : i + 1;
	const unsigned long row[] = { FROM, FROM + 1, before, i + 1 };

	(void)n;
	return (struct edge){ ELEMENT, k + 1, i <= FROM ? i + 1 : i == FROM + 1 ? list[k] : row[k] };
}

static struct node document_node(unsigned long i, unsigned long n)
{
	static const unsigned long names[] = { GLOBAL, DOCUMENT, LIST };

	(void)n;
	return (struct node){ i == 2 ? OBJECT : NATIVE, i < FROM + 2 ? names[i - 2] : i % 2 ? ROW : TEXT, 100 };
}

/* --- a document in which each element is in the one before; in the innermost a text */

static unsigned long nested_degree(unsigned long i, unsigned long n)
{
	return i <= FROM ? i > 1 : 2 + (i + 1 < n);
}

static struct edge nested_edge(unsigned long i, unsigned long k, unsigned long n)
{
	const unsigned long element[] = { i + 1, FROM, i - 1 };

	return (struct edge){ ELEMENT, k + 1, i <= FROM ? i + 1 : element[k + (i + 1 == n)] };
}

static struct node nested_node(unsigned long i, unsigned long n)
{
	return (struct node){ i == 2 ? OBJECT : NATIVE, i == 2 ? GLOBAL : i == FROM ? DOCUMENT : i + 1 < n ? ROW : TEXT, 100 };
}

static const struct shape shapes[] = {
	{ "chain", NULL, NULL, one_each, to_next, NULL },
	{ "star", NULL, NULL, all_from_first, element, NULL },
	{ "bipartite", NULL, sides, bipartite_degree, bipartite_edge, NULL },
	{ "cycle", NULL, NULL, always_one, to_next, NULL },
	{ "wide", NULL, NULL, wide_degree, wide_edge, NULL },
	{ "comb", NULL, NULL, comb_degree, comb_edge, NULL },
	{ "mesh", NULL, NULL, mesh_degree, mesh_edge, NULL },
	{ "classes", "C%lu", NULL, all_from_first, element, class_each },
	{ "class-chain", "C%lu", NULL, one_each, to_next, class_each },
	{ "shapes", "p%lu", NULL, shapes_degree, shapes_edge, plain_node },
	{ "properties", "p%lu", NULL, all_from_first, property_each, plain_node },
	{ "contexts", NULL, NULL, contexts_degree, contexts_edge, contexts_node },
	{ "arrays", NULL, NULL, one_each, arrays_edge, arrays_node },
	{ "maps", "%lu", NULL, one_each, maps_edge, maps_node },
	{ "promises", NULL, NULL, one_each, promises_edge, promises_node },
	{ "timers", NULL, NULL, both_ways, timers_edge, timers_node },
	{ "strings", NULL, NULL, one_each, strings_edge, strings_node },
	{ "detached", NULL, NULL, one_each, to_next, detached_node },
	{ "emitters", "e%lu", NULL, one_each, emitters_edge, emitters_node },
	{ "weak", "%lu / part of key (Object @9) -> value (Object @11) pair in WeakMap (table @7)", NULL, weak_degree, weak_edge,
	  weak_node },
	{ "hub-closures", NULL, NULL, hub_degree, hub_closures_edge, hub_closures_node },
	{ "hub-promises", NULL, NULL, hub_degree, hub_promises_edge, hub_promises_node },
	{ "hub-emitters", NULL, NULL, hub_degree, hub_emitters_edge, hub_emitters_node },
	{ "hub-maps", "%lu", NULL, hub_degree, hub_maps_edge, hub_maps_node },
	{ "shared", NULL, NULL, shared_degree, shared_edge, shared_node },
	{ "alike", NULL, NULL, alike_degree, alike_edge, alike_node },
	{ "document", NULL, NULL, document_degree, document_edge, document_node },
	{ "nested", NULL, NULL, nested_degree, nested_edge, nested_node },
};

static struct node node_of(const struct shape *s, unsigned long i, unsigned long n)
{
	if (i < 2)
		return (struct node){ SYNTHETIC, i ? GC_ROOTS : EMPTY, 0 };
	if (i == 2)
		return (struct node){ OBJECT, GLOBAL, 64 };
	return s->node ? s->node(i, n) : (struct node){ OBJECT, NODE_CLASS, 32 };
}

static unsigned long degree_of(const struct shape *s, unsigned long i, unsigned long n)
{
	return i < 2 ? 2 - i : s->degree(i, n);
}

static struct edge edge_of(const struct shape *s, unsigned long i, unsigned long k, unsigned long n)
{
	if (i == 0)
		return (struct edge){ k ? SHORTCUT : ELEMENT, k ? GLOBAL : 1, k ? 2 : 1 };
	if (i == 1)
		return (struct edge){ ELEMENT, 1, 2 };
	return i == 2 && s->degree(2, n) == 1 ? (struct edge){ PROPERTY, NEXT, 3 } : s->edge(i, k, n);
}

static void write_head(const struct shape *s, unsigned long n)
{
	unsigned long n_edges = 0;

	for (unsigned long i = 0; i < n; i++)
		n_edges += degree_of(s, i, n);
	printf("{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\",\"detachedness\"],"
	       "\"node_types\":[[\"hidden\",\"array\",\"string\",\"object\",\"code\",\"closure\",\"regexp\",\"number\",\"native\","
	       "\"synthetic\",\"concatenated string\"],\"string\",\"number\",\"number\",\"number\",\"number\"],"
	       "\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[[\"context\",\"element\",\"property\","
	       "\"internal\",\"hidden\",\"shortcut\",\"weak\"],\"string_or_number\",\"node\"]},\"node_count\":%lu,"
	       "\"edge_count\":%lu},\n\"nodes\":[", n, n_edges);
}

static void write_body(const struct shape *s, unsigned long n)
{
	int comma = 0;

	for (unsigned long i = 0; i < n; i++) {
		struct node x = node_of(s, i, n);

		printf("%s%d,%lu,%lu,%lu,%lu,0\n", i ? "," : "", x.type, x.name, 2 * i + 1, x.self, degree_of(s, i, n));
	}
	printf("],\n\"edges\":[");
	for (unsigned long i = 0; i < n; i++) {
		for (unsigned long k = 0, d = degree_of(s, i, n); k < d; k++) {
			struct edge x = edge_of(s, i, k, n);

			printf("%s%d,%lu,%lu\n", comma ? "," : "", x.type, x.name, x.to * 6);
			comma = 1;
		}
	}
}

static void write_strings(const struct shape *s, unsigned long n)
{
	printf("],\n\"strings\":[");
	for (int i = 0; i < FIXED; i++)
		printf("%s\"%s\"", i ? "," : "", words[i]);
	for (unsigned long i = 0; s->string && i <= n; i++) {
		printf(",\"");
		printf(s->string, i);
		printf("\"\n");
	}
	printf("]}\n");
}

int main(int argc, char **argv)
{
	const struct shape *s = shapes, *end = shapes + sizeof(shapes) / sizeof(shapes[0]);
	unsigned long n;

	if (argc < 3) {
		for (; s < end; s++)
			puts(s->name);
		return argc > 1;
	}
	while (s < end && strcmp(s->name, argv[1]))
		s++;
	n = strtoul(argv[2], NULL, 10) + (argc > 3 ? strtoul(argv[3], NULL, 10) : 0);
	if (s == end || n < 10) {
		fprintf(stderr, "shape: no shape '%s', or too few nodes\n", argv[1]);
		return 2;
	}
	n = s->round ? s->round(n) : n;
	write_head(s, n);
	write_body(s, n);
	write_strings(s, n);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
