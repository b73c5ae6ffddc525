/* The page is read back with libxml2's HTML parser: names stay text, numbers add up, the policy covers the style sheet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/HTMLparser.h>
#include <libxml/xmlmemory.h>
#include <libxml/xpath.h>

#include "sample_report.h"
#include "web/html_assets.h"
#include "web/html_island.h"
#include "web/html_writer.h"
#include "web/render_html.h"

struct page {
	struct mem mem;
	struct report report;
	struct strbuf text;
	struct render_options options;
	htmlDocPtr doc;
	xmlXPathContextPtr xpath;
};

static void page_init(struct page *p)
{
	memset(p, 0, sizeof(*p));
	mem_init(&p->mem, 0);
	report_init(&p->report, &p->mem);
	strbuf_init(&p->text, &p->mem);
}

static void page_release(struct page *p)
{
	xmlXPathFreeContext(p->xpath);
	xmlFreeDoc(p->doc);
	strbuf_release(&p->text);
	report_release(&p->report);
	assert_int_equal(p->mem.used_bytes, 0);
}

/* libxml2 knows the elements of HTML 4; those of HTML 5 are no fault. */
static void count_faults(void *ctx, xmlErrorPtr error)
{
	if (error->code != XML_HTML_UNKNOWN_TAG)
		++*(int *)ctx;
}

static void page_render(struct page *p)
{
	const int flags = HTML_PARSE_NONET;
	struct err e = ERR_INIT;
	int faults = 0;

	assert_int_equal(render_html(&p->report, &p->options, &p->text, &e), 0);
	xmlSetStructuredErrorFunc(&faults, count_faults);
	p->doc = htmlReadMemory(p->text.buf, (int)p->text.len, NULL, "utf-8", flags);
	xmlSetStructuredErrorFunc(NULL, NULL);
	assert_non_null(p->doc);
	assert_int_equal(faults, 0);
	p->xpath = xmlXPathNewContext(p->doc);
}

static void page_of(struct page *p, unsigned flags)
{
	struct err e = ERR_INIT;

	page_init(p);
	assert_int_equal(sample_report(&p->report, flags, &e), 0);
	page_render(p);
}

static int count(struct page *p, const char *xpath)
{
	xmlXPathObjectPtr o = xmlXPathEvalExpression(BAD_CAST xpath, p->xpath);
	int n;

	assert_non_null(o);
	n = o->nodesetval ? o->nodesetval->nodeNr : 0;
	xmlXPathFreeObject(o);
	return n;
}

/* The text of the first match, in a buffer that the next call takes. */
static const char *text_of(struct page *p, const char *xpath)
{
	static char text[4096];
	xmlXPathObjectPtr o = xmlXPathEvalExpression(BAD_CAST xpath, p->xpath);
	xmlChar *s = xmlXPathCastToString(o);

	strncpy(text, (const char *)s, sizeof(text) - 1);
	xmlFree(s);
	xmlXPathFreeObject(o);
	return text;
}

static const char *const known_elements =
	" html head meta link title style body a header p b h1 h2 h3 h4 div dl dt dd svg rect table caption thead "
	"tbody "
	"tfoot tr th td bdi span nav ul ol li main section details summary label input strong i small footer "
	"script figure figcaption text line circle g ";

static const char *const known_attributes =
	" lang charset http-equiv content name rel href class id title role tabindex scope aria-label aria-labelledby "
	"aria-hidden aria-sort type width height viewBox viewbox x y open data-numbers "
	"x1 x2 y1 y2 cx cy r dy ";

static int listed(const char *list, const xmlChar *name)
{
	char word[64];

	snprintf(word, sizeof(word), " %s ", (const char *)name);
	return strstr(list, word) != NULL;
}

static void check_known(xmlNodePtr first)
{
	for (xmlNodePtr n = first; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE) {
			assert_int_not_equal(n->type, XML_COMMENT_NODE);
			continue;
		}
		if (!listed(known_elements, n->name))
			fail_msg("an element arose: <%s>", (const char *)n->name);
		for (xmlAttrPtr a = n->properties; a; a = a->next)
			if (!listed(known_attributes, a->name))
				fail_msg("an attribute arose: %s on <%s>", (const char *)a->name,
					 (const char *)n->name);
		check_known(n->children);
	}
}

static int is_bad_byte(const char *s, size_t i, size_t n)
{
	unsigned char c = (unsigned char)s[i];

	if (c < 0x20)
		return c != '\n' && c != '\t';
	/* C1 controls; lone surrogates; U+202A to U+202E and U+2066 to U+2069 */
	if (c == 0xC2)
		return i + 1 < n && (unsigned char)s[i + 1] < 0xA0;
	if (c == 0xED)
		return i + 1 < n && (unsigned char)s[i + 1] >= 0xA0;
	if (c == 0xE2 && i + 2 < n) {
		unsigned char b = (unsigned char)s[i + 1], d = (unsigned char)s[i + 2];

		return (b == 0x80 && d >= 0xAA && d <= 0xAE) || (b == 0x81 && d >= 0xA6 && d <= 0xA9);
	}
	return c == 0xFF || c == 0x7F;
}

static void names_stay_text(void **state)
{
	struct page p;

	(void)state;
	page_of(&p, SAMPLE_HOSTILE | SAMPLE_SERIES);
	check_known(xmlDocGetRootElement(p.doc));
	for (size_t i = 0; i < p.text.len; i++)
		if (is_bad_byte(p.text.buf, i, p.text.len))
			fail_msg("a byte that must not leave the program at %zu: %02x", i,
				 (unsigned char)p.text.buf[i]);
	assert_true(count(&p, "//bdi[.='<img src=x onerror=alert(1)>']") > 0);
	assert_true(count(&p, "//bdi[.='</script><!--<script>']") > 0);
	assert_true(count(&p, "//bdi[contains(., '[click](javascript:alert(1))')]") > 0);
	assert_true(count(&p, "//bdi[contains(., 'rtl \\u202egpj.exe')]") > 0);
	assert_true(count(&p, "//bdi[contains(., 'red \\x1b[31m')]") > 0);
	assert_true(count(&p, "//bdi[contains(., 'nul \\x00 end')]") > 0);
	assert_true(count(&p, "//bdi[contains(., '&amp; \"quoted\"')]") > 0);
	assert_int_equal(count(&p, "//a[not(starts-with(@href, '#'))]"), 0);
	page_release(&p);
}

static void the_head_is_right(void **state)
{
	const char *policy;
	struct page p;

	(void)state;
	page_of(&p, 0);
	assert_int_equal(count(&p, "/html[@lang]/head/title"), 1);
	assert_non_null(strstr(text_of(&p, "//title"), "The heap grew by 12.4 MB; Map @48213"));
	assert_non_null(strstr(text_of(&p, "//h1"), "The heap grew by 12.4\xC2\xA0MB; Map @48213"));
	policy = text_of(&p, "//meta[@http-equiv='Content-Security-Policy']/@content");
	assert_non_null(strstr(policy, "default-src 'none'; script-src 'sha256-"));
	assert_non_null(strstr(policy, "; style-src 'sha256-"));
	assert_non_null(strstr(policy, asset_heap_js_hash));
	assert_non_null(strstr(policy, asset_heap_css_hash));
	assert_non_null(strstr(policy, "base-uri 'none'; form-action 'none'"));
	assert_null(strstr(policy, "unsafe"));
	assert_int_equal(count(&p, "//style"), 1);
	assert_non_null(strstr(p.text.buf, asset_heap_css));
	assert_int_equal(count(&p, "//script"), 2);
	assert_int_equal(count(&p, "//script[@type='application/json'][@id='data']"), 1);
	assert_non_null(strstr(p.text.buf, asset_heap_js));
	page_release(&p);
}

/* When and by what the snapshots were written stands in the head; what is the same for all is said once. */
static void the_head_tells_where_from(void **state)
{
	struct err e = ERR_INIT;
	struct page p;

	(void)state;
	page_of(&p, 0);
	assert_non_null(strstr(text_of(&p, "//header/p[@class='mode']"), "Both from Node.js 24.21.0 (V8 13.6.233.17"));
	assert_int_equal(count(&p, "//header//th[.='Taken']"), 1);
	assert_int_equal(count(&p, "//header//td[.='2026-11-21 11:18:21']"), 1);
	assert_int_equal(count(&p, "//header//th[.='Runtime']"), 0);
	page_release(&p);

	page_init(&p);
	assert_int_equal(sample_report(&p.report, SAMPLE_SERIES, &e), 0);
	assert_string_equal(p.report.tables[0].key, "snapshots");
	p.report.tables[0].note = NULL;
	page_render(&p);
	assert_null(strstr(text_of(&p, "//header/p[@class='mode']"), "Node.js"));
	assert_int_equal(count(&p, "//header//th[.='Runtime']"), 1);
	assert_int_equal(count(&p, "//header//td[starts-with(., 'Node.js 24.21.0')]"), 3);
	page_release(&p);
}

/* What is embedded in pages of either kind cannot end its element, loads nothing, and is no more than 90 kB. */
static void assets_are_harmless_and_small(void **state)
{
	static const char *const subjects[] = { NULL, "profile" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct report r = { .subject = subjects[i] };
		const struct page_assets *a = html_page_assets(&r);

		assert_null(strstr(a->css, "</"));
		assert_null(strstr(a->js, "</"));
		assert_null(strstr(a->js, "<!"));
		assert_null(strstr(a->js, "innerHTML"));
		assert_null(strstr(a->js, "eval("));
		assert_null(strstr(a->css, "url("));
		assert_null(strstr(a->css, "/*"));
		assert_null(strstr(a->js, "/**"));
		assert_true(strlen(a->js) + strlen(a->css) <= 90 * 1000);
	}
}

static void landmarks_and_headings_are_in_order(void **state)
{
	struct page p;

	(void)state;
	page_of(&p, SAMPLE_SERIES);
	assert_int_equal(count(&p, "//main"), 1);
	assert_int_equal(count(&p, "//header | //footer | //nav[@aria-label]"), 3);
	assert_int_equal(count(&p, "//h1"), 1);
	assert_int_equal(count(&p, "//table[not(caption)]"), 0);
	assert_int_equal(count(&p, "//th[not(@scope)]"), 0);
	assert_int_equal(
		count(&p, "//div[contains(@class, 'scroll')][not(@tabindex) or not(@aria-label) or not(@role)]"), 0);
	assert_int_equal(count(&p, "//nav//a"), count(&p, "//main/section[@id]"));
	assert_int_equal(count(&p, "//a[@class='skip'][@href='#main']"), 1);
	page_release(&p);
}

static int64_t number_in(const char *s)
{
	int64_t v = 0;

	for (; *s; s++)
		if (*s >= '0' && *s <= '9')
			v = v * 10 + (*s - '0');
	return v;
}

/* What a cell of a table says exactly: the title where there is one, else the text. */
static int64_t exact(xmlNodePtr cell)
{
	xmlChar *s = xmlGetProp(cell, BAD_CAST "title");
	int64_t v;

	if (!s)
		s = xmlNodeGetContent(cell);
	v = number_in((const char *)s);
	v = strstr((const char *)s, "\xE2\x88\x92") ? -v : v;
	xmlFree(s);
	return v;
}

static int64_t sum_of(struct page *p, const char *xpath, int *n)
{
	xmlXPathObjectPtr o = xmlXPathEvalExpression(BAD_CAST xpath, p->xpath);
	int64_t sum = 0;

	*n = o->nodesetval ? o->nodesetval->nodeNr : 0;
	for (int i = 0; i < *n; i++)
		sum += exact(o->nodesetval->nodeTab[i]);
	xmlXPathFreeObject(o);
	return sum;
}

/* Column by column: the shown rows and the rest row add up to the total, which is the model's. */
static void check_sums(struct page *p, const char *key)
{
	const struct table *t = report_table(&p->report, key);
	char path[256];
	int position = 0, n;

	assert_non_null(t->total);
	for (size_t c = 0; c < t->n_columns; c++) {
		if (t->columns[c].type == CELL_PLACE) /* stands below the name */
			continue;
		if (t->columns[c].type == CELL_SERIES && p->report.n_snapshots < 3)
			continue;
		position++;
		if (!(t->columns[c].flags & COLUMN_SUMS))
			continue;
		snprintf(path, sizeof(path), "//section[@id='%s']//tbody/tr/*[%d]", key, position);
		assert_int_equal(sum_of(p, path, &n), t->total[c].i);
		assert_true(n > 1);
		snprintf(path, sizeof(path), "//section[@id='%s']//tfoot/tr/*[%d]", key, position);
		assert_int_equal(sum_of(p, path, &n), t->total[c].i);
		assert_int_equal(n, 1);
	}
}

static void tables_add_up(void **state)
{
	struct page p;

	(void)state;
	page_of(&p, 0);
	check_sums(&p, "classes");
	assert_int_equal(count(&p, "//tr[@class='rest']"), 0);
	page_release(&p);
}

static void cut_tables_add_up(void **state)
{
	struct page p;

	(void)state;
	page_of(&p, SAMPLE_LARGE | SAMPLE_SERIES);
	assert_int_equal(count(&p, "//section[@id='classes']//tbody/tr"), 61);
	assert_int_equal(count(&p, "//section[@id='classes']//tr[@class='rest']"), 1);
	assert_non_null(strstr(text_of(&p, "//section[@id='classes']//tr[@class='rest']/th"), "19,954 more rows"));
	check_sums(&p, "classes");
	page_release(&p);
}

static void the_row_limit_holds_everywhere_but_in_trees(void **state)
{
	struct err e = ERR_INIT;
	struct page p;

	(void)state;
	page_init(&p);
	assert_int_equal(sample_report(&p.report, 0, &e), 0);
	p.options.rows = 1;
	page_render(&p);
	assert_int_equal(count(&p, "//li[@class='card']"), 2);
	assert_int_equal(count(&p, "//section[@id='classes']//tbody/tr"), 2);
	assert_int_equal(count(&p, "//section[@id='growth']//tbody/tr"), 2);
	assert_int_equal(count(&p, "//section[@id='dominators']//li"), 8);
	check_sums(&p, "classes");
	page_release(&p);
}

static void a_card_says_what_the_model_says(void **state)
{
	struct page p;

	(void)state;
	page_of(&p, 0);
	assert_string_equal(text_of(&p, "//li[@id='growth-1']//h3"), "1 Map @48213 src/cache.js:14");
	assert_string_equal(text_of(&p, "//li[@id='growth-1']//*[@class='where']"), "src/cache.js:14");
	assert_int_equal(count(&p, "//li[@id='growth-2']//h3[contains(., ' (1,200 alike) ')]"), 1);
	assert_int_equal(count(&p, "//li[@id='growth-1']//dt[. = 'Alike']"), 0);
	assert_string_equal(text_of(&p, "//li[@id='growth-1']//*[@class='amount']/strong"), "+10.5 MB");
	assert_string_equal(text_of(&p, "//li[@id='growth-1']//*[@class='amount']/strong/@title"), "+10,479,328 bytes");
	assert_string_equal(text_of(&p, "//li[@id='growth-1']//div[@class='share']//b"), "84.5 %");
	assert_int_equal(count(&p, "//li[@id='growth-1']//ol[@class='path']/li"), 6);
	assert_string_equal(text_of(&p, "//li[@id='growth-1']//ol[@class='path']/li[5]"),
			    ".sessionCache SessionCache @48201");
	assert_int_equal(count(&p, "//li[@id='growth-2']//details//li[@class='cut']"), 1);
	assert_int_equal(count(&p, "//li[@id='growth-1']//tbody/tr"), 4);
	page_release(&p);
}

static void the_tree_folds(void **state)
{
	struct page p;

	(void)state;
	page_of(&p, 0);
	assert_int_equal(count(&p, "//section[@id='dominators']//li"), 8);
	assert_int_equal(count(&p, "//section[@id='dominators']//li[@class='rest']"), 2);
	assert_int_equal(count(&p, "//section[@id='dominators']//details"), 4);
	/* the children of the root and what is left of them add up to the root */
	assert_int_equal(count(&p, "//section[@id='dominators']/div/div/ul/li/details/ul/li"), 3);
	page_release(&p);
}

static void nothing_grew(void **state)
{
	struct page p;

	(void)state;
	page_of(&p, SAMPLE_QUIET);
	assert_string_equal(text_of(&p, "//section[@id='growth']/p[@class='empty']"), "Nothing grew.");
	assert_int_equal(count(&p, "//section[@id='arrays']"), 0);
	page_release(&p);
}

static void a_snapshot_report_is_a_page_too(void **state)
{
	struct err e = ERR_INIT;
	struct page p;

	(void)state;
	page_init(&p);
	assert_int_equal(sample_stat_report(&p.report, 0, &e), 0);
	page_render(&p);
	check_known(xmlDocGetRootElement(p.doc));
	assert_int_equal(count(&p, "//section[@id='statistics']//*[name()='svg'][@class='stack']/*"), 7);
	assert_int_equal(count(&p, "//section[@id='statistics']//ol[@class='keys']/li"), 7);
	assert_int_equal(count(&p, "//section[@id='statistics']//span[@class='sum']"), 2);
	check_sums(&p, "classes");
	page_release(&p);
}

/* The script's tests read the same notation; here are its bytes. */
static void columns_are_packed_as_described(void **state)
{
	static const struct {
		int64_t numbers[4];
		size_t n;
		const char *text;
	} cases[] = {
		{ { 0 }, 0, "" },
		{ { 0 }, 1, "AA" },
		{ { 1, 0, -1 }, 3, "AgEB" },
		{ { 64 }, 1, "gAE" },
		{ { 300, 300, 300 }, 3, "2AQAAA" },
		{ { INT64_MAX, INT64_MIN }, 2, "/v//////////AQI" },
	};
	struct strbuf out;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	strbuf_init(&out, &m);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strbuf_reset(&out);
		html_pack(&out, cases[i].numbers, cases[i].n);
		assert_string_equal(strbuf_str(&out), cases[i].text);
	}
	strbuf_release(&out);
}

/* No name can end the element, and the data is there once for every table that the script works on. */
static void the_island_holds(void **state)
{
	const char *text, *end;
	struct page p;

	(void)state;
	page_of(&p, SAMPLE_HOSTILE | SAMPLE_SERIES);
	text = strstr(p.text.buf, "<script type=\"application/json\"");
	assert_non_null(text);
	end = strstr(text, "</script>");
	assert_non_null(end);
	assert_memory_equal(end - 3, "]}\n", 3);
	for (const char *s = text + 1; s < end; s++)
		assert_false(s[0] == '<' && (s[1] == '/' || s[1] == '!'));
	assert_non_null(strstr(text, "\"key\":\"classes\""));
	assert_non_null(strstr(text, "\"key\":\"dominators\""));
	assert_null(strstr(text, "\"key\":\"findings\""));
	page_release(&p);
}

/* A line for the heap and one for each finding, with as many dots as there are steps. */
static void growth_is_drawn(void **state)
{
	struct page p;

	(void)state;
	page_of(&p, SAMPLE_SERIES);
	assert_int_equal(count(&p, "//figure//*[@class='area']/*[contains(@class, 'line')]"), 3);
	assert_int_equal(count(&p, "//figure//*[contains(@class, 'line line1')]/*[name()='circle']"), 2);
	assert_string_equal(text_of(&p, "//figure//ol/li[1]/span"), "The heap");
	assert_string_equal(text_of(&p, "//figure//ol/li[2]//a/@href"), "#finding-1");
	page_release(&p);
}

static void the_same_report_gives_the_same_bytes(void **state)
{
	struct page a, b;

	(void)state;
	page_of(&a, SAMPLE_HOSTILE);
	page_of(&b, SAMPLE_HOSTILE);
	assert_int_equal(a.text.len, b.text.len);
	assert_memory_equal(a.text.buf, b.text.buf, a.text.len);
	page_release(&a);
	page_release(&b);
}

static const struct column tree_columns[] = {
	{ "parent", "Parent", CELL_ROW, 0, 0 },     { "node", "Object", CELL_NODE, 0, 0 },
	{ "edge", "Edge", CELL_TEXT, 0, 0 },        { "count", "Objects", CELL_COUNT, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 }, { "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
};

/* A report of one tree; row i hangs below parent_of(i). */
static void make_tree(struct page *p, int64_t n, int64_t (*parent_of)(int64_t), const struct node_ref *node)
{
	struct err e = ERR_INIT;
	int t;

	page_init(p);
	p->report.tool = p->report.command = "snapdiff";
	p->report.version = "0";
	p->report.n_snapshots = 2;
	assert_int_equal(report_add_table(&p->report,
					  &(struct table){ .key = "dominators",
							   .title = "Dominator tree",
							   .kind = TABLE_TREE,
							   .parent = -1,
							   .columns = tree_columns,
							   .n_columns = 7 },
					  &t, &e),
			 0);
	for (int64_t i = 0; i < n; i++) {
		union cell cells[] = { { .i = parent_of(i) },
				       { .node = node },
				       { .text = STR_LIT("sessionCache") },
				       { .i = 1 },
				       { .i = 32 + i % 200 },
				       { .i = i ? 1234567 : 1234567890 },
				       { .i = 1234 } };

		assert_int_equal(report_add_row(&p->report, t, cells, &e), 0);
	}
	assert_int_equal(report_seal(&p->report, &e), 0);
}

static int64_t chain(int64_t i)
{
	return i - 1;
}

/* Eight below each tenth row, which hangs below the row ten before. */
static int64_t comb(int64_t i)
{
	return i < 10 ? (i ? 0 : -1) : i % 10 ? i - i % 10 : 0;
}

static void a_chain_of_dominators_does_not_nest_without_end(void **state)
{
	static const struct node_ref node = { 77, { "Link", 4 }, { "", 0 } };
	struct page p;

	(void)state;
	make_tree(&p, 1000, chain, &node);
	page_render(&p);
	assert_int_equal(count(&p, "//li[p or details]") - count(&p, "//nav//li[p]"), 1000);
	assert_string_equal(text_of(&p, "//span[@class='kind'][last()]"), "level 50");
	page_release(&p);
}

/* The page without what all pages share. */
static size_t own_bytes(const struct page *p)
{
	return p->text.len - strlen(asset_heap_js) - strlen(asset_heap_css);
}

static void a_large_tree_stays_small(void **state)
{
	static const struct node_ref node = { 2250673, { "SessionCacheEntry", 17 }, { "", 0 } };
	struct page p;

	(void)state;
	make_tree(&p, 10000, comb, &node);
	page_render(&p);
	assert_int_equal(count(&p, "//section[@id='dominators']//li"), 10000);
	print_message("10,000 rows of a tree: %zu bytes\n", p.text.len);
	assert_true(own_bytes(&p) < 1900 * 1000);
	page_release(&p);
}

static void an_enormous_name_is_shortened(void **state)
{
	const size_t n = 1 << 20;
	struct node_ref node = { 5, { NULL, n }, { "", 0 } };
	char *name = malloc(n);
	struct page p;

	(void)state;
	assert_non_null(name);
	memset(name, 'a', n);
	memcpy(name + n - 4, "\xF0\x9F\x98\x80", 4);
	node.class.s = name;
	make_tree(&p, 1, chain, &node);
	page_render(&p);
	assert_true(own_bytes(&p) < 64 * 1024);
	assert_int_equal(count(&p, "//span[@class='len'][.='1,048,574 characters']"), 1);
	assert_int_equal(count(&p, "//bdi[contains(., 'aaa\xE2\x80\xA6"
				   "aaa')]"),
			 1);
	page_release(&p);
	free(name);
}

static void every_refused_allocation_of_ours_is_an_error(void **state)
{
	struct err e = ERR_INIT;
	int refused = 0;
	struct page p;

	(void)state;
	page_init(&p);
	assert_int_equal(sample_report(&p.report, SAMPLE_HOSTILE | SAMPLE_SERIES, &e), 0);
	for (int64_t n = 1;; n++) {
		p.mem.fail_after = n;
		e = (struct err)ERR_INIT;
		if (!render_html(&p.report, &p.options, &p.text, &e))
			break;
		assert_int_equal(e.kind, ERR_MEMORY);
		strbuf_release(&p.text);
		refused++;
	}
	p.mem.fail_after = 0;
	assert_true(refused > 5);
	page_release(&p);
}

/* libxml2's own allocations: refused on demand and kept in a list, so that what it loses can be found. */
struct block {
	_Alignas(16) struct block *previous, *next;
};

static struct block blocks = { &blocks, &blocks };
static long allocations_left = -1;

static void link_block(struct block *b)
{
	b->previous = &blocks;
	b->next = blocks.next;
	b->next->previous = b;
	blocks.next = b;
}

static void unlink_block(struct block *b)
{
	b->previous->next = b->next;
	b->next->previous = b->previous;
}

static void *listed_realloc(void *old, size_t n)
{
	struct block *b = old ? (struct block *)old - 1 : NULL, *fresh;

	if (!allocations_left)
		return NULL;
	allocations_left -= allocations_left > 0;
	if (b)
		unlink_block(b);
	fresh = realloc(b, sizeof(*b) + n);
	assert_non_null(fresh);
	link_block(fresh);
	return fresh + 1;
}

static void *listed_malloc(size_t n)
{
	return listed_realloc(NULL, n);
}

static char *listed_strdup(const char *s)
{
	char *p = listed_malloc(strlen(s) + 1);

	return p ? strcpy(p, s) : NULL;
}

static void listed_free(void *p)
{
	if (!p)
		return;
	unlink_block((struct block *)p - 1);
	free((struct block *)p - 1);
}

/* Free what was allocated after `rest`, the newest block of before; returns how many that were. */
static int free_lost(const struct block *rest)
{
	int n = 0;

	for (; blocks.next != rest; n++)
		listed_free(blocks.next + 1);
	return n;
}

static void every_refused_allocation_of_the_library_is_an_error(void **state)
{
	struct err e = ERR_INIT;
	const struct block *rest;
	struct strbuf whole;
	struct page p;
	long refused = 0;

	(void)state;
	page_init(&p);
	assert_int_equal(sample_stat_report(&p.report, 0, &e), 0);
	strbuf_init(&whole, &p.mem);
	assert_int_equal(render_html(&p.report, &p.options, &whole, &e), 0);
	rest = blocks.next;
	for (long n = 0;; n += n < 400 ? 1 : 37) {
		int rc;

		allocations_left = n;
		rc = render_html(&p.report, &p.options, &p.text, &e);
		allocations_left = -1;
		/* 2.9.14 loses an element and its name when its stack cannot grow; it may lose no more */
		assert_true(free_lost(rest) <= 2);
		if (!rc)
			break;
		assert_int_equal(rc, ERR_MEMORY);
		strbuf_release(&p.text);
		refused++;
	}
	assert_true(refused > 400);
	assert_int_equal(p.text.len, whole.len);
	assert_memory_equal(p.text.buf, whole.buf, whole.len);
	strbuf_release(&whole);
	page_release(&p);
}

static int use_listed_memory(void **state)
{
	(void)state;
	xmlMemSetup(listed_free, listed_malloc, listed_realloc, listed_strdup);
	xmlInitParser();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stay_text),
		cmocka_unit_test(the_head_is_right),
		cmocka_unit_test(the_head_tells_where_from),
		cmocka_unit_test(assets_are_harmless_and_small),
		cmocka_unit_test(landmarks_and_headings_are_in_order),
		cmocka_unit_test(tables_add_up),
		cmocka_unit_test(cut_tables_add_up),
		cmocka_unit_test(the_row_limit_holds_everywhere_but_in_trees),
		cmocka_unit_test(a_card_says_what_the_model_says),
		cmocka_unit_test(the_tree_folds),
		cmocka_unit_test(nothing_grew),
		cmocka_unit_test(a_snapshot_report_is_a_page_too),
		cmocka_unit_test(columns_are_packed_as_described),
		cmocka_unit_test(the_island_holds),
		cmocka_unit_test(growth_is_drawn),
		cmocka_unit_test(the_same_report_gives_the_same_bytes),
		cmocka_unit_test(a_chain_of_dominators_does_not_nest_without_end),
		cmocka_unit_test(a_large_tree_stays_small),
		cmocka_unit_test(an_enormous_name_is_shortened),
		cmocka_unit_test(every_refused_allocation_of_ours_is_an_error),
		cmocka_unit_test(every_refused_allocation_of_the_library_is_an_error),
	};

	return cmocka_run_group_tests(tests, use_listed_memory, NULL);
}
