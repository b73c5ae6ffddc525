#include "sample_report.h"

#include <string.h>

#include "analyzer/leaks_report.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

#define L(literal)                                                                                                     \
	{                                                                                                              \
		(literal), sizeof(literal) - 1                                                                         \
	}

const struct str sample_hostile_names[] = {
	L("<img src=x onerror=alert(1)>"),
	L("</script><!--<script>"),
	L("a|b\\|c`d``e"),
	L("line one\nline two\r\tend"),
	L("red \x1b[31m\x1b]8;;http://evil.example\x07link"),
	L("csi \xC2\x9B"
	  "31m del \x7F nul \0 end"),
	L("rtl \xE2\x80\xAE"
	  "gpj.exe zero\xE2\x80\x8Bwidth bom\xEF\xBB\xBF"),
	L("@everyone see #12 and www.example.com or https://example.com/x"),
	L("[click](javascript:alert(1)) ![i](http://example.com/a.png)"),
	L("bad \xFF\xC3 lone \xED\xA0\xBD half"),
	L("no characters \xEF\xBF\xBE\xEF\xBF\xBF"),
	L("=HYPERLINK(\"https://example.com\") at 0123abc"),
	L("\xE7\x94\xA8\xE6\x88\xB7\xE4\xBC\x9A\xE8\xAF\x9D wide \xF0\x9F\x98\x80 e\xCC\x81"),
	L("&amp; \"quoted\" 'single' {{template}} ${x} %s%n \xE2\x80\xA8 ls"),
	L(""),
};

const size_t n_sample_hostile_names = N(sample_hostile_names);

static union cell num(int64_t i)
{
	return (union cell){ .i = i };
}

static union cell text(const char *s)
{
	return (union cell){ .text = str_of(s) };
}

static union cell bytes(struct str s)
{
	return (union cell){ .text = s };
}

static union cell node(const struct node_ref *n)
{
	return (union cell){ .node = n };
}

static union cell place(const struct place *p)
{
	return (union cell){ .place = p };
}

static union cell path(const struct path *p)
{
	return (union cell){ .path = p };
}

static union cell series(const int64_t *s)
{
	return (union cell){ .series = s };
}

#define SIGNED COLUMN_SIGNED
#define DETAIL COLUMN_DETAIL
#define SUMS COLUMN_SUMS
#define MAIN COLUMN_MAIN

static const struct column snapshot_columns[] = {
	{ "file", "File", CELL_TEXT, 0, 0 },           { "file_bytes", "Size", CELL_BYTES, 0, 0 },
	{ "nodes", "Objects", CELL_COUNT, 0, 0 },      { "edges", "References", CELL_COUNT, 0, 0 },
	{ "total_bytes", "Heap", CELL_BYTES, 0, 0 },   { "unreachable_nodes", "Unreachable", CELL_COUNT, DETAIL, 0 },
	{ "truncated", "Truncated", CELL_BOOL, 0, 0 },
	{ "taken", "Taken", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "runtime", "Runtime", CELL_TEXT, COLUMN_DETAIL, 0 },
};

static const struct column total_columns[] = {
	{ "before_bytes", "Before", CELL_BYTES, 0, 0 },
	{ "after_bytes", "After", CELL_BYTES, 0, 0 },
	{ "delta_bytes", "Growth", CELL_BYTES, SIGNED, 0 },
	{ "new_count", "New objects", CELL_COUNT, 0, 0 },
	{ "new_bytes", "New", CELL_BYTES, 0, 0 },
	{ "deleted_count", "Deleted objects", CELL_COUNT, 0, 0 },
	{ "deleted_bytes", "Deleted", CELL_BYTES, 0, 0 },
	{ "grown_count", "Grown objects", CELL_COUNT, 0, 0 },
	{ "grown_bytes", "Grew in place", CELL_BYTES, SIGNED, 0 },
	{ "explained_bytes", "Explained", CELL_BYTES, SIGNED, 0 },
	{ "explained", "Explained", CELL_PERCENT, 0, 0 },
	{ "series_bytes", "Over time", CELL_SERIES, 0, CELL_BYTES },
};

static const struct column growth_columns[] = {
	{ "rank", "#", CELL_NUMBER, 0, 0 },
	{ "holder", "Holder", CELL_NODE, 0, 0 },
	{ "alike", "Alike", CELL_COUNT, 0, 0 },
	{ "delta_bytes", "Growth", CELL_BYTES, SIGNED | MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
	{ "exclusive_bytes", "Exclusive", CELL_BYTES, SIGNED, 0 },
	{ "shared_bytes", "Shared", CELL_BYTES, SIGNED, 0 },
	{ "before_bytes", "Before", CELL_BYTES, 0, 0 },
	{ "after_bytes", "After", CELL_BYTES, 0, 0 },
	{ "goes_on", "Goes on", CELL_TEXT, 0, 0 },
	{ "series_bytes", "Over time", CELL_SERIES, 0, CELL_BYTES },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
};

static const struct column item_columns[] = {
	{ "growth", "Growth point", CELL_ROW, 0, 0 },  { "class", "Class", CELL_TEXT, 0, 0 },
	{ "count", "Count", CELL_COUNT, SUMS, 0 },     { "each_bytes", "Each", CELL_BYTES, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, SUMS, 0 }, { "retained_bytes", "Retained", CELL_BYTES, MAIN, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

static const struct column class_columns[] = {
	{ "class", "Class", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "count_before", "Before", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "count_after", "After", CELL_COUNT, SUMS, 0 },
	{ "count_delta", "Count", CELL_COUNT, SIGNED | SUMS, 0 },
	{ "new_count", "New", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "deleted_count", "Deleted", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "new_bytes", "New size", CELL_BYTES, DETAIL | SUMS, 0 },
	{ "deleted_bytes", "Deleted size", CELL_BYTES, DETAIL | SUMS, 0 },
	{ "grown_count", "Grown", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "grown_bytes", "Grown by", CELL_BYTES, DETAIL | SIGNED | SUMS, 0 },
	{ "self_before_bytes", "Self before", CELL_BYTES, DETAIL | SUMS, 0 },
	{ "self_after_bytes", "Self after", CELL_BYTES, DETAIL | SUMS, 0 },
	{ "self_delta_bytes", "Self", CELL_BYTES, SIGNED | SUMS, 0 },
	{ "retained_before_bytes", "Retained before", CELL_BYTES, DETAIL, 0 },
	{ "retained_after_bytes", "Retained after", CELL_BYTES, DETAIL, 0 },
	{ "retained_delta_bytes", "Retained", CELL_BYTES, SIGNED | MAIN, 0 },
	{ "count_series", "Counts", CELL_SERIES, DETAIL, CELL_COUNT },
	{ "retained_series", "Trend", CELL_SERIES, 0, CELL_BYTES },
};

static const struct column array_columns[] = {
	{ "holder", "Array", CELL_NODE, 0, 0 },
	{ "kind", "Kind", CELL_TEXT, DETAIL, 0 },
	{ "length_before", "Before", CELL_COUNT, DETAIL, 0 },
	{ "length_after", "Length", CELL_COUNT, 0, 0 },
	{ "length_delta", "Grew by", CELL_COUNT, SIGNED | SUMS, 0 },
	{ "retained_before_bytes", "Retained before", CELL_BYTES, DETAIL, 0 },
	{ "retained_after_bytes", "Retained after", CELL_BYTES, DETAIL, 0 },
	{ "retained_delta_bytes", "Retained", CELL_BYTES, SIGNED | MAIN, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
};

static const struct column closure_columns[] = {
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "count_before", "Before", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "count_after", "After", CELL_COUNT, SUMS, 0 },
	{ "count_delta", "Count", CELL_COUNT, SIGNED | SUMS, 0 },
	{ "retained_before_bytes", "Retained before", CELL_BYTES, DETAIL, 0 },
	{ "retained_after_bytes", "Retained after", CELL_BYTES, DETAIL, 0 },
	{ "retained_delta_bytes", "Retained", CELL_BYTES, SIGNED | MAIN, 0 },
};

static const struct column listener_columns[] = {
	{ "emitter", "Emitter", CELL_NODE, 0, 0 },
	{ "event", "Event", CELL_TEXT, 0, 0 },
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "count_before", "Before", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "count_after", "After", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "count_delta", "Count", CELL_COUNT, SIGNED | SUMS, 0 },
	{ "retained_before_bytes", "Retained before", CELL_BYTES, DETAIL, 0 },
	{ "retained_after_bytes", "Retained after", CELL_BYTES, DETAIL, 0 },
	{ "retained_delta_bytes", "Retained", CELL_BYTES, SIGNED | MAIN, 0 },
};

static const struct column dominator_columns[] = {
	{ "parent", "Parent", CELL_ROW, 0, 0 },     { "node", "Object", CELL_NODE, 0, 0 },
	{ "edge", "Edge", CELL_TEXT, 0, 0 },        { "count", "Objects", CELL_COUNT, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 }, { "retained_bytes", "Retained", CELL_BYTES, MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
};

static const struct column diagnostic_columns[] = {
	{ "snapshot", "Snapshot", CELL_TEXT, 0, 0 },
	{ "code", "Code", CELL_TEXT, 0, 0 },
	{ "text", "What", CELL_TEXT, 0, 0 },
	{ "count", "Times", CELL_COUNT, 0, 0 },
};

static const struct column statistic_columns[] = {
	{ "total_bytes", "Total", CELL_BYTES, 0, 0 },
	{ "code_bytes", "Code", CELL_BYTES, 0, 0 },
	{ "strings_bytes", "Strings", CELL_BYTES, 0, 0 },
	{ "js_arrays_bytes", "JS arrays", CELL_BYTES, 0, 0 },
	{ "typed_arrays_bytes", "Typed arrays", CELL_BYTES, 0, 0 },
	{ "system_bytes", "System objects", CELL_BYTES, 0, 0 },
	{ "native_bytes", "Native", CELL_BYTES, 0, 0 },
	{ "other_js_bytes", "Other JS objects", CELL_BYTES, 0, 0 },
	{ "other_native_bytes", "Other native", CELL_BYTES, DETAIL, 0 },
};

static const struct column stat_class_columns[] = {
	{ "class", "Class", CELL_TEXT, 0, 0 },         { "place", "Place", CELL_PLACE, 0, 0 },
	{ "count", "Count", CELL_COUNT, SUMS, 0 },     { "distance", "Distance", CELL_DISTANCE, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, SUMS, 0 }, { "retained_bytes", "Retained", CELL_BYTES, MAIN, 0 },
};

static const struct column detached_columns[] = {
	{ "class", "Class", CELL_TEXT, 0, 0 },
	{ "count", "Count", CELL_COUNT, SUMS, 0 },
	{ "self_bytes", "Self", CELL_BYTES, SUMS, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, MAIN, 0 },
	{ "holder", "Kept by", CELL_NODE, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "holders_count", "Holders", CELL_COUNT, DETAIL, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
};

static const struct column biggest_columns[] = {
	{ "node", "Object", CELL_NODE, 0, 0 },	       { "place", "Place", CELL_PLACE, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 },    { "retained_bytes", "Retained", CELL_BYTES, MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },      { "path", "Path", CELL_PATH, 0, 0 },
};

static const struct place places[] = {
	{ L("src/cache.js"), 89, 14, 15 },
	{ L("src/session.js"), 90, 10, 1 },
	{ L("src/bus.js"), 91, 33, 20 },
	{ L(""), 105, 7, 3 },
	{ L("file:///srv/shop/node_modules/@acme/session-store/dist/lib/backends/redis-memory-fallback.js"), 112, 1204,
	  9 },
};

static const struct node_ref nodes[] = {
	{ 48213, L("Map"), L("Map") },
	{ 51009, L("Array"), L("Array") },
	{ 7741, L("EventBus"), L("EventBus") },
	{ 1, L("(root)"), L("") },
	{ 2250673344, L("(GC roots)"), L("(GC roots)") },
	{ 60123, L("(closure)"), L("onMessage") },
};

static struct path_step cache_steps[] = {
	{ L(""), "", 1, L("(root)") },
	{ L("[2]"), "element", 3, L("(GC roots)") },
	{ L("[21]"), "element", 43, L("(Global handles)") },
	{ L("[0]"), "element", 971, L("global") },
	{ L("sessionCache"), "property", 48201, L("SessionCache") },
	{ L("entries"), "property", 48213, L("Map") },
};

static struct path_step queue_steps[] = {
	{ L(""), "", 1, L("(root)") },
	{ L("[2]"), "element", 3, L("(GC roots)") },
	{ L("[18]"), "element", 37, L("(Strong roots)") },
	{ L("previous"), "internal", 50777, L("system / Context") },
	{ L("auditQueue"), "context", 51009, L("Array") },
};

static const struct path cache_path = { N(cache_steps), cache_steps, 0, 0 };
static const struct path queue_path = { N(queue_steps), queue_steps, 12, 2 };

static const int64_t heap_series[] = { 5143208, 11318442, 17544616 };
static const int64_t pair_series[] = { 5143208, 17544616 };
static const int64_t cache_series[] = { 1184, 5241088, 10480512 }, cache_pair[] = { 1184, 10480512 };
static const int64_t queue_series[] = { 80160, 1612000, 1621340 }, queue_pair[] = { 80160, 1621340 };
static const int64_t counts_series[] = { 12, 1012, 2012 };

/* The row that is being put together. */
struct row {
	union cell cells[24];
	size_t n;
};

#define ADD(row, value) ((row).cells[(row).n++] = (value))

static int add_table(struct report *r, struct table t, int *index, struct err *e)
{
	if (t.parent == 0)
		t.parent = -1; /* table 0 is snapshots, which owns nothing */
	return report_add_table(r, &t, index, e);
}

#define COLUMNS(array) .columns = (array), .n_columns = N(array)

static int add_snapshots(struct report *r, unsigned flags, struct err *e)
{
	static const char *const files[] = { "before.heapsnapshot", "during.heapsnapshot.zst", "after.heapsnapshot" };
	static const char runtime[] = "Node.js 24.21.0 (V8 13.6.233.17-node.53)";
	size_t n = r->n_snapshots;
	int t;

	if (add_table(r,
		      (struct table){ .key = "snapshots", .title = "Snapshots", .note = runtime, COLUMNS(snapshot_columns) },
		      &t, e))
		return e->kind;
	for (size_t i = 0; i < n; i++) {
		int truncated = (flags & SAMPLE_HOSTILE) && i + 1 == n;
		size_t file = i + 1 == n ? 2 : i;
		union cell cells[] = { text(files[file]),
				       num(4711203 + (int64_t)file * 6000000),
				       num(52311 + (int64_t)file * 13000),
				       num(241008 + (int64_t)file * 51000),
				       num(heap_series[file]),
				       num(17 * (int64_t)file),
				       num(truncated),
				       text(i ? "2026-11-21 11:18:21" : ""),
				       text(runtime) };

		if (report_add_row(r, t, cells, e))
			return e->kind;
	}
	return 0;
}

static int add_totals(struct report *r, unsigned flags, struct err *e)
{
	int quiet = (flags & SAMPLE_QUIET) != 0, t;
	union cell cells[] = {
		num(5143208),
		num(quiet ? 5143208 : 17544616),
		num(quiet ? 0 : 12401408),
		num(quiet ? 0 : 30412),
		num(quiet ? 0 : 12990112),
		num(quiet ? 0 : 4308),
		num(quiet ? 0 : 600104),
		num(quiet ? 0 : 14),
		num(quiet ? 0 : 11400),
		num(quiet ? 0 : 12066408),
		num(quiet ? 0 : 9730),
		series(flags & SAMPLE_SERIES ? heap_series : pair_series),
	};

	if (add_table(
		    r,
		    (struct table){ .key = "totals", .title = "Totals", .kind = TABLE_RECORD, COLUMNS(total_columns) },
		    &t, e))
		return e->kind;
	return report_add_row(r, t, cells, e);
}

static int add_growth_row(struct report *r, int t, int64_t rank, const struct node_ref *holder, const int64_t *s,
			  int64_t shared, const struct path *p, struct err *e)
{
	int64_t after = s[r->n_snapshots - 1], delta = after - s[0];
	union cell cells[] = { num(rank),
			       node(holder),
			       num(rank == 2 ? 1200 : 1),
			       num(delta),
			       num(delta * 10000 / 12401408),
			       num(delta - shared),
			       num(shared),
			       num(s[0]),
			       num(after),
			       text(r->n_snapshots > 2 ? (rank == 2 ? "stopped" : "grew every time") : NULL),
			       series(s),
			       place(rank <= 4 ? &places[rank - 1] : NULL),
			       path(p) };

	return report_add_row(r, t, cells, e);
}

static int add_item(struct report *r, int t, int64_t owner, struct str class, int64_t count, int each,
		    const struct place *p, struct err *e)
{
	union cell cells[] = { num(owner), bytes(class),    num(count),
			       num(48),    num(48 * count), num((int64_t)each * count),
			       place(p) };

	return report_add_row(r, t, cells, e);
}

static int add_items(struct report *r, int t, unsigned flags, struct err *e)
{
	if (add_item(r, t, 0, STR_LIT("{user, at, basket}"), 2000, 5210, &places[1], e) ||
	    add_item(r, t, 0, STR_LIT("Buffer"), 12, 4184, NULL, e) ||
	    add_item(r, t, 0, STR_LIT("(concatenated string)"), 4, 64, NULL, e) ||
	    add_item(r, t, 0, STR_LIT("Timeout"), 2, 240, &places[4], e) ||
	    add_item(r, t, 1, STR_LIT("AuditRecord"), 10000, 152, &places[4], e))
		return e->kind;
	for (size_t i = 0; (flags & SAMPLE_HOSTILE) && i < N(sample_hostile_names); i++)
		if (add_item(r, t, 2, sample_hostile_names[i], 3, 48, NULL, e))
			return e->kind;
	return 0;
}

static struct node_ref hostile_nodes[N(sample_hostile_names)];
static struct path_step hostile_steps[N(sample_hostile_names)];
static struct place hostile_places[N(sample_hostile_names)];
static const struct path hostile_path = { N(hostile_steps), hostile_steps, 0, 0 };

static void make_hostile(void)
{
	for (size_t i = 0; i < N(sample_hostile_names); i++) {
		struct str s = sample_hostile_names[i];

		hostile_nodes[i] = (struct node_ref){ UINT64_MAX - i, s, sample_hostile_names[0] };
		hostile_steps[i] = (struct path_step){ s, "property", UINT64_MAX - i, s };
		hostile_places[i] = (struct place){ s, 18446744073709551615u, 4294967295u, 1 };
	}
}

static int add_finding(struct report *r, int t, int64_t rank, struct str words, const struct node_ref *holder,
		       const struct path *p, const int64_t *s, struct err *e)
{
	static uint64_t before[] = { 12, 1012 }, ids[] = { 91007, 91005, 91001 };
	struct number_list *counts = arena_alloc(&r->arena, sizeof(*counts), e),
			   *samples = arena_alloc(&r->arena, sizeof(*samples), e);
	struct str_list *pro = arena_alloc(&r->arena, sizeof(*pro), e), *contra = arena_alloc(&r->arena, sizeof(*contra), e);
	struct item_ref *item = arena_alloc(&r->arena, sizeof(*item), e);
	struct str *sentence = arena_alloc(&r->arena, sizeof(*sentence), e);

	if (!counts || !samples || !pro || !contra || !item || !sentence)
		return e->kind;
	*sentence = words;
	*counts = (struct number_list){ before, r->n_snapshots - 1 };
	*samples = (struct number_list){ ids, N(ids) };
	*pro = (struct str_list){ sentence, 1 };
	*contra = (struct str_list){ sentence, 1 };
	*item = (struct item_ref){ words, words, words };
	union cell cells[] = { num(rank), text("map"), text(rank == 1 ? "leak" : "growth"), num(94), { .text = words },
			       { .numbers = counts }, num(2000), series(counts_series), { .numbers = counts },
			       num(s[r->n_snapshots - 1] - s[0]), series(s), num(10383328), num(8450), node(holder),
			       { .item = item }, { .place = &places[0] }, { .path = p },
			       { .path = rank == 2 ? &queue_path : NULL }, { .numbers = samples }, { .texts = pro },
			       { .texts = contra }, text("Delete entries, or bound the Map."), text("0123456789abcdef") };

	return report_add_row(r, t, cells, e);
}

static int add_findings(struct report *r, unsigned flags, struct err *e)
{
	const int64_t *s = r->n_snapshots == 2 ? cache_pair : cache_series;
	int findings, settled;

	if (add_table(r, (struct table){ .key = "findings", .title = "Findings", .empty = "Nothing that looks like a leak.",
					 .columns = finding_columns, .n_columns = n_finding_columns }, &findings, e) ||
	    add_table(r, (struct table){ .key = "settled", .title = "Grew, but no leak", .columns = finding_columns,
					 .n_columns = n_finding_columns }, &settled, e))
		return e->kind;
	if (flags & SAMPLE_QUIET)
		return 0;
	if (add_finding(r, findings, 1, STR_LIT("Map cache got 2,000 more entries"), &nodes[0], &cache_path, s, e) ||
	    add_finding(r, findings, 2, STR_LIT("Array queue grew"), &nodes[1], &queue_path, s, e))
		return e->kind;
	for (size_t i = 0; (flags & SAMPLE_HOSTILE) && i < n_sample_hostile_names; i++)
		if (add_finding(r, findings, (int64_t)i + 3, sample_hostile_names[i], &hostile_nodes[i], &hostile_path, s, e))
			return e->kind;
	return add_finding(r, settled, 1, STR_LIT("V8 compiled code"), &nodes[3], &cache_path, s, e);
}

static int add_growth(struct report *r, unsigned flags, struct err *e)
{
	int growth, items, pair = r->n_snapshots == 2;

	if (add_table(r,
		      (struct table){ .key = "growth",
				      .title = "Growth points",
				      .note = "Where the new memory hangs: the objects to look at first.",
				      .empty = "Nothing grew.",
				      .text_rows = 10,
				      COLUMNS(growth_columns) },
		      &growth, e))
		return e->kind;
	if (add_table(r,
		      (struct table){ .key = "items",
				      .title = "What they hold",
				      .parent = growth,
				      .text_rows = 3,
				      COLUMNS(item_columns) },
		      &items, e))
		return e->kind;
	if (flags & SAMPLE_QUIET)
		return 0;
	if (add_growth_row(r, growth, 1, &nodes[0], pair ? cache_pair : cache_series, 0, &cache_path, e) ||
	    add_growth_row(r, growth, 2, &nodes[1], pair ? queue_pair : queue_series, 96000, &queue_path, e))
		return e->kind;
	for (size_t i = 0; (flags & SAMPLE_HOSTILE) && i < N(hostile_nodes); i++)
		if (add_growth_row(r, growth, (int64_t)i + 3, &hostile_nodes[i], counts_series, 7, &hostile_path, e))
			return e->kind;
	return add_items(r, items, flags, e);
}

static int add_class(struct report *r, int t, struct str class, const struct place *p, int64_t before, int64_t after,
		     int64_t each, union cell *total, struct err *e)
{
	int64_t delta = after - before, fresh = delta > 0 ? delta : 0, gone = delta < 0 ? -delta : 0;
	union cell cells[] = {
		bytes(class),
		place(p),
		num(before),
		num(after),
		num(delta),
		num(fresh),
		num(gone),
		num(fresh * each),
		num(gone * each),
		num(0),
		num(0),
		num(before * each),
		num(after * each),
		num(delta * each),
		num(before * each * 3),
		num(after * each * 3),
		num(delta * each * 3),
		series(counts_series),
		series(cache_series),
	};

	for (size_t c = 0; c < N(cells); c++)
		if (class_columns[c].flags & SUMS)
			total[c].i += cells[c].i;
	return report_add_row(r, t, cells, e);
}

static const struct {
	const char *class;
	int place;
	int64_t before, after, each;
} class_rows[] = {
	{ "{user, at, basket}", 1, 12, 2012, 48 },
	{ "AuditRecord", 4, 0, 10000, 56 },
	{ "Map", -1, 211, 213, 12016 },
	{ "(string)", -1, 14021, 18032, 40 },
	{ "Object", -1, 6607, 8610, 28 },
	{ "(object properties)", -1, 402, 611, 210 },
	{ "Array", -1, 1211, 1980, 32 },
	{ "(closure)", -1, 9020, 9270, 64 },
	{ "system / Context", -1, 2210, 2460, 48 },
	{ "EventBus", 2, 1, 1, 72 },
	{ "Buffer", -1, 31, 43, 88 },
	{ "Timeout", 3, 4, 6, 104 },
	{ "Generator", -1, 9, 7, 120 },
	{ "(compiled code)", -1, 8114, 8010, 190 },
};

static int add_classes(struct report *r, unsigned flags, struct err *e)
{
	union cell total[N(class_columns)] = { { 0 } };
	int t;

	if (add_table(r,
		      (struct table){ .key = "classes",
				      .title = "Classes",
				      .note = "Retained is what would be freed with all objects of the class.",
				      .empty = "No class changed.",
				      .text_rows = 12,
				      COLUMNS(class_columns) },
		      &t, e))
		return e->kind;
	for (size_t i = 0; !(flags & SAMPLE_QUIET) && i < N(class_rows); i++)
		if (add_class(r, t, str_of(class_rows[i].class),
			      class_rows[i].place < 0 ? NULL : &places[class_rows[i].place], class_rows[i].before,
			      class_rows[i].after, class_rows[i].each, total, e))
			return e->kind;
	for (size_t i = 0; (flags & SAMPLE_HOSTILE) && i < N(sample_hostile_names); i++)
		if (add_class(r, t, sample_hostile_names[i], &hostile_places[i], 1, 2, 16, total, e))
			return e->kind;
	for (int i = 0; (flags & SAMPLE_LARGE) && i < 20000; i++)
		if (add_class(r, t, STR_LIT("GeneratedClassWithAName"), &places[i % 5], i, i + 3, 64, total, e))
			return e->kind;
	return report_set_total(r, t, total, e);
}

static int add_arrays(struct report *r, unsigned flags, struct err *e)
{
	union cell cells[] = { node(&nodes[1]), text("elements"), num(0),       num(10000),        num(10000),
			       num(80160),      num(1621340),     num(1541180), place(&places[2]), path(&queue_path) };
	int t;

	if (add_table(r,
		      (struct table){
			      .key = "arrays", .title = "Growing arrays", .text_rows = 5, COLUMNS(array_columns) },
		      &t, e))
		return e->kind;
	return flags & SAMPLE_QUIET ? 0 : report_add_row(r, t, cells, e);
}

static int add_closures(struct report *r, unsigned flags, struct err *e)
{
	union cell first[] = { text("onMessage"), place(&places[2]), num(1),     num(251),
			       num(250),          num(64),           num(41200), num(41136) };
	union cell second[] = { text(NULL), place(&places[4]), num(3), num(7), num(4), num(192), num(448), num(256) };
	int t;

	if (add_table(
		    r,
		    (struct table){
			    .key = "closures", .title = "Growing closures", .text_rows = 5, COLUMNS(closure_columns) },
		    &t, e))
		return e->kind;
	if (flags & SAMPLE_QUIET)
		return 0;
	return report_add_row(r, t, first, e) || report_add_row(r, t, second, e) ? e->kind : 0;
}

static int add_listeners(struct report *r, unsigned flags, struct err *e)
{
	union cell cells[] = { node(&nodes[2]), text("message"), text("onMessage"), place(&places[2]), num(1),
			       num(251),        num(250),        num(64),           num(41200),        num(41136) };
	int t;

	if (add_table(r,
		      (struct table){ .key = "listeners",
				      .title = "Growing listeners",
				      .text_rows = 5,
				      COLUMNS(listener_columns) },
		      &t, e))
		return e->kind;
	for (size_t i = 0; (flags & SAMPLE_HOSTILE) && i < N(hostile_nodes); i++) {
		cells[0] = node(&hostile_nodes[i]);
		cells[1] = cells[2] = bytes(sample_hostile_names[i]);
		if (report_add_row(r, t, cells, e))
			return e->kind;
	}
	return flags & SAMPLE_QUIET ? 0 : report_add_row(r, t, cells, e);
}

static int add_dominator(struct report *r, int t, int64_t parent, const struct node_ref *n, const char *edge,
			 int64_t count, int64_t retained, struct err *e)
{
	union cell cells[] = { num(parent),
			       node(n),
			       text(edge),
			       num(count),
			       num(n ? 48 : retained),
			       num(retained),
			       num(retained * 10000 / 17544616) };

	return report_add_row(r, t, cells, e);
}

static int add_dominators(struct report *r, struct err *e)
{
	int t;

	if (add_table(r,
		      (struct table){ .key = "dominators",
				      .title = "Dominator tree",
				      .note = "Each object with what would be freed with it.",
				      .kind = TABLE_TREE,
				      .text_rows = 12,
				      COLUMNS(dominator_columns) },
		      &t, e))
		return e->kind;
	if (add_dominator(r, t, -1, &nodes[3], NULL, 1, 17544616, e) ||
	    add_dominator(r, t, 0, &nodes[4], "[2]", 1, 13010000, e) ||
	    add_dominator(r, t, 1, &nodes[0], "entries", 1, 10480512, e) ||
	    add_dominator(r, t, 2, NULL, NULL, 2012, 10480464, e) ||
	    add_dominator(r, t, 1, &nodes[2], "bus", 1, 52000, e) ||
	    add_dominator(r, t, 4, &nodes[5], "[0]", 1, 41200, e) ||
	    add_dominator(r, t, 0, &nodes[1], "auditQueue", 1, 1621340, e) ||
	    add_dominator(r, t, 0, NULL, NULL, 48211, 2913228, e))
		return e->kind;
	return 0;
}

static int add_diagnostics(struct report *r, unsigned flags, struct err *e)
{
	union cell skipped[] = { text("after.heapsnapshot"), text("unknown-section"),
				 text("the section \"scopes\" is not known to this version and was skipped"), num(1) };
	union cell guess[] = { text(NULL), text("no-locations"),
			       text("objects without a place in the source are shown without one"), num(1204) };
	int t;

	if (add_table(r, (struct table){ .key = "diagnostics", .title = "Diagnostics", COLUMNS(diagnostic_columns) },
		      &t, e))
		return e->kind;
	for (size_t i = 0; (flags & SAMPLE_HOSTILE) && i < N(sample_hostile_names); i++) {
		union cell cells[] = { bytes(sample_hostile_names[i]), text("hostile"), bytes(sample_hostile_names[i]),
				       num(2) };

		if (report_add_row(r, t, cells, e))
			return e->kind;
	}
	if (flags & SAMPLE_QUIET)
		return 0;
	return report_add_row(r, t, skipped, e) || report_add_row(r, t, guess, e) ? e->kind : 0;
}

static int add_head(struct report *r, unsigned flags, struct err *e)
{
	r->tool = "snapdiff";
	r->version = "0.1.0";
	r->command = "snapdiff";
	r->mode = "same-process";
	r->n_snapshots = flags & SAMPLE_SERIES ? 3 : 2;
	make_hostile();
	if (flags & SAMPLE_QUIET)
		return report_headline(r, e, "The heap did not grow.");
	if (report_headline(r, e,
			    "The heap grew by 12.4 MB; Map @48213 in src/cache.js:14 holds 84.5 %% of it: "
			    "2,000 x {user, at, basket}."))
		return e->kind;
	for (size_t i = 0; (flags & SAMPLE_HOSTILE) && i < N(sample_hostile_names); i++)
		if (report_warn(r, e, "%.*s in after.heapsnapshot", (int)sample_hostile_names[i].n,
				sample_hostile_names[i].s))
			return e->kind;
	return 0;
}

int sample_report(struct report *r, unsigned flags, struct err *e)
{
	if (add_head(r, flags, e) || add_snapshots(r, flags, e) || add_totals(r, flags, e) || add_findings(r, flags, e) ||
	    add_growth(r, flags, e) ||
	    add_classes(r, flags, e) || add_arrays(r, flags, e) || add_closures(r, flags, e) ||
	    add_listeners(r, flags, e) || add_dominators(r, e) || add_diagnostics(r, flags, e))
		return e->kind;
	return flags & SAMPLE_OPEN ? 0 : report_seal(r, e);
}

static int add_stat_classes(struct report *r, struct err *e)
{
	union cell total[N(stat_class_columns)] = { { 0 } };
	int t;

	if (add_table(r,
		      (struct table){
			      .key = "classes", .title = "Classes", .text_rows = 12, COLUMNS(stat_class_columns) },
		      &t, e))
		return e->kind;
	for (size_t i = 0; i < N(class_rows); i++) {
		union cell cells[] = { text(class_rows[i].class),
				       place(class_rows[i].place < 0 ? NULL : &places[class_rows[i].place]),
				       num(class_rows[i].after),
				       num((int64_t)i % 7 + 1),
				       num(class_rows[i].after * class_rows[i].each),
				       num(class_rows[i].after * class_rows[i].each * 3) };

		total[2].i += cells[2].i;
		total[4].i += cells[4].i;
		if (report_add_row(r, t, cells, e))
			return e->kind;
	}
	return report_set_total(r, t, total, e);
}

/* Nodes of a page, kept by an object with a place and by nobody that is known; with hostile names as many more. */
static int add_detached(struct report *r, unsigned flags, struct err *e)
{
	union cell rows[][N(detached_columns)] = {
		{ text("Detached <section>"), num(375), num(39000), num(429000), node(&nodes[1]), place(&places[2]), num(1),
		  path(&queue_path) },
		{ text("Detached Text"), num(12), num(960), num(960), node(NULL), place(NULL), num(0), path(NULL) },
	};
	int t;

	if (add_table(r,
		      (struct table){ .key = "detached", .title = "Detached DOM", .text_rows = 10, COLUMNS(detached_columns) }, &t,
		      e) ||
	    report_add_row(r, t, rows[0], e) || report_add_row(r, t, rows[1], e))
		return e->kind;
	for (size_t i = 0; (flags & SAMPLE_HOSTILE) && i < N(hostile_nodes); i++) {
		union cell cells[] = { bytes(sample_hostile_names[i]), num(1), num(8), num(8), node(&hostile_nodes[i]),
				       place(&hostile_places[i]), num(1), path(&hostile_path) };

		if (report_add_row(r, t, cells, e))
			return e->kind;
	}
	return 0;
}

static int add_biggest(struct report *r, unsigned flags, struct err *e)
{
	union cell rows[][N(biggest_columns)] = {
		{ node(&nodes[0]), place(&places[0]), num(48), num(10480512), num(5974), path(&cache_path) },
		{ node(&nodes[1]), place(&places[2]), num(48), num(1621340), num(924), path(&queue_path) },
		{ node(&nodes[2]), place(NULL), num(72), num(52000), num(30), path(NULL) },
	};
	int t;

	if (add_table(r, (struct table){ .key = "biggest", .title = "Biggest objects", .for_pages = 1, COLUMNS(biggest_columns) },
		      &t, e))
		return e->kind;
	for (size_t i = 0; i < N(rows); i++)
		if (report_add_row(r, t, rows[i], e))
			return e->kind;
	for (size_t i = 0; (flags & SAMPLE_HOSTILE) && i < N(hostile_nodes); i++) {
		union cell cells[] = { node(&hostile_nodes[i]), place(&hostile_places[i]), num(8), num(8), num(0),
				       path(&hostile_path) };

		if (report_add_row(r, t, cells, e))
			return e->kind;
	}
	return 0;
}

int sample_stat_report(struct report *r, unsigned flags, struct err *e)
{
	union cell cells[] = { num(17544616), num(2011002), num(3120440), num(610220), num(90112),
			       num(812004),   num(2204100), num(8786850), num(2113988) };
	int t;

	r->tool = "snapdiff";
	r->version = "0.1.0";
	r->command = "snapstat";
	r->n_snapshots = 1;
	if (report_headline(r, e, "17.5 MB in 78,311 objects; most is held by Map @48213 in src/cache.js:14."))
		return e->kind;
	if (add_snapshots(r, flags, e) || add_table(r,
						    (struct table){ .key = "statistics",
								    .title = "Statistics",
								    .kind = TABLE_RECORD,
								    COLUMNS(statistic_columns) },
						    &t, e))
		return e->kind;
	make_hostile();
	if (report_add_row(r, t, cells, e) || add_detached(r, flags, e) || add_biggest(r, flags, e) || add_stat_classes(r, e) ||
	    add_dominators(r, e) ||
	    add_diagnostics(r, SAMPLE_QUIET, e))
		return e->kind;
	return flags & SAMPLE_OPEN ? 0 : report_seal(r, e);
}
