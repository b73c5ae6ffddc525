/*
 * Graphs made of the input's bytes: every input is a valid snapshot, so that all of the fuzzer's work goes into what the
 * analysis makes of strange graphs. The first byte is the number of nodes, the second the options; each further node is
 * four bytes and one to eight edges of three bytes. A second snapshot is the first with the nodes from `cut` on, with
 * ids moved on from `moved`.
 */
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "target.h"

/* Names that mean something to the analysis. */
static const char *const words[] = {
	"", "Object", "Array", "Map", "Set", "WeakMap", "system / Context", "(GC roots)", "(Global handles)", "global", "Window",
	"Promise", "(object elements)", "table", "elements", "__proto__", "constructor", "context", "this", "_events", "listeners",
	"map", "shared", "script", "name", "Timeout", "EventEmitter", "Detached <div>", "<div>", "bound_argument_0", "length",
	"buckets", "value", "key", "0", "1", "4294967295", "properties", "prototype", "a\\u0000b", "\\ud800", "</script>", "x",
	"(Strong roots)", "Module", "exports", "next", "prev", "head", "tail", "WeakRef", "FinalizationRegistry", "AsyncResource",
	"1 / part of key (x @1) -> value (y @3) pair in WeakMap (table @5)", "2 / part of key (x @1) -> value (y @7) pair in WeakMap (table @9)",
	"system / NativeContext", "code", "feedback_cell", "(map descriptors)", "backing_store", "bound_function", "native_context",
	"system / PropertyCell", "transitions",
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

/* What native nodes are called in a page. */
static const char *const page_words[] = {
	"HTMLDocument", "Text", "<ul id=\\\"feed\\\">", "<li>", "<div class=\\\"x\\\" title=\\\"y\\\">", "ShadowRoot", "DocumentFragment",
	"blink::LayoutBlockFlow", "blink::HeapVectorBacking<blink::Node>", "InternalNode", "HTMLLIElement", "Comment", "Performance",
	"LayoutShift", "Detached <li>", "Window / file://",
};

#define N_PAGE_WORDS (sizeof(page_words) / sizeof(page_words[0]))

enum { NATIVE = 8 };

struct bytes_in {
	const uint8_t *p;
	size_t n;
	int page; /* native nodes have names of page_words[] */
};

static unsigned take(struct bytes_in *in)
{
	if (!in->n)
		return 0;
	in->n--;
	return *in->p++;
}

static const char head[] =
	"{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\",\"detachedness\"],"
	"\"node_types\":[[\"hidden\",\"array\",\"string\",\"object\",\"code\",\"closure\",\"regexp\",\"number\",\"native\",\"synthetic\","
	"\"concatenated string\",\"sliced string\",\"symbol\",\"bigint\",\"object shape\",\"odd\"],\"string\",\"number\",\"number\","
	"\"number\",\"number\"],\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[[\"context\",\"element\","
	"\"property\",\"internal\",\"hidden\",\"shortcut\",\"weak\"],\"string_or_number\",\"node\"],"
	"\"location_fields\":[\"object_index\",\"script_id\",\"line\",\"column\"]}},\"nodes\":[";

static uint64_t size_of(unsigned b)
{
	return b < 250 ? (uint64_t)b * 8 : (uint64_t)1 << (b - 200);
}

/* One node's numbers into `nodes`, its edges into `edges`. */
static void write_node(struct bytes_in *in, unsigned i, unsigned n_nodes, uint64_t id, struct strbuf *nodes,
		       struct strbuf *edges)
{
	unsigned type = take(in) % 16, name = take(in) % N_WORDS, size = take(in), last = take(in);
	unsigned n_edges = i ? last >> 2 & 7 : 1 + (last >> 2 & 31);

	if (in->page && type == NATIVE)
		name = N_WORDS + name % N_PAGE_WORDS;
	strbuf_addf(nodes, "%s%u,%u,%llu,%llu,%u,%u", i ? "," : "", i ? type : 9, name, (unsigned long long)id,
		    (unsigned long long)size_of(size), n_edges, last & 3);
	for (unsigned k = 0; k < n_edges; k++) {
		unsigned kind = take(in), label = take(in), to = take(in);

		if (!in->n) /* no bytes left: a chain, so that what is there is reached */
			to = i + 1 + k;
		strbuf_addf(edges, "%s%u,%u,%u", edges->len ? "," : "", kind % 7, label % (unsigned)N_WORDS, to % n_nodes * 6);
	}
}

static void write_snapshot(struct bytes_in in, unsigned n_nodes, unsigned moved, struct strbuf *out)
{
	struct strbuf edges;

	strbuf_init(&edges, out->mem);
	strbuf_addstr(out, head);
	for (unsigned i = 0; i < n_nodes; i++)
		write_node(&in, i, n_nodes, 1 + 2 * (uint64_t)(i >= moved ? i + 50 : i), out, &edges);
	strbuf_addstr(out, "],\"edges\":[");
	strbuf_add(out, strbuf_str(&edges), edges.len);
	strbuf_addf(out, "],\"locations\":[%u,7,3,5],\"strings\":[", n_nodes / 2 * 6);
	for (size_t i = 0; i < N_WORDS; i++)
		strbuf_addf(out, "%s\"%s\"", i ? "," : "", words[i]);
	for (size_t i = 0; i < N_PAGE_WORDS; i++)
		strbuf_addf(out, ",\"%s\"", page_words[i]);
	strbuf_addstr(out, "]}");
	strbuf_release(&edges);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct bytes_in in = { bytes, n, 0 };
	unsigned n_nodes = 2 + take(&in) % 120, choice = take(&in), moved = take(&in), cut = take(&in);
	struct analysis_options o = { .match = (enum match_mode)(choice % 3), .show_values = (int)(choice >> 2 & 1) };
	char paths[2][64];
	const char *const files[] = { paths[0], paths[1] };
	struct strbuf text[2];
	struct mem mem;
	int fd[2];

	in.page = (int)(choice >> 3 & 1);
	mem_init(&mem, 0);
	for (int i = 0; i < 2; i++) {
		strbuf_init(&text[i], &mem);
		write_snapshot(in, i ? n_nodes : 2 + cut % n_nodes, i ? moved : 256, &text[i]);
		fd[i] = fuzz_file(strbuf_str(&text[i]), text[i].len, paths[i]);
		strbuf_release(&text[i]);
	}
	fuzz_reports(files, 2, &o);
	close(fd[0]);
	close(fd[1]);
	return 0;
}
