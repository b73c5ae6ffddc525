#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/redact.h"
#include "analyzer/redact_rules.h"
#include "analyzer/report.h"
#include "base/strbuf.h"

static struct mem mem;
static struct redact *redact;
static const struct redact_options defaults;

static struct redact *fresh(const struct redact_options *o)
{
	struct err e = ERR_INIT;

	redact_free(redact);
	redact = NULL;
	if (redact_new(&redact, &mem, o, &e))
		fail_msg("%s", e.text);
	redact_key(redact, (struct hash_key){ 1, 2 });
	return redact;
}

static const char *hide(const char *text)
{
	static char out[8192];
	struct err e = ERR_INIT;
	struct str s;

	if (redact_text(redact, str_of(text), &s, &e))
		fail_msg("%s", e.text);
	assert_true(s.n < sizeof(out));
	memcpy(out, s.s, s.n);
	out[s.n] = '\0';
	return out;
}

/* Take the tags out of the marks: "[email:3f2a+]" becomes "[email+]". */
static const char *rules_of(const char *text)
{
	static char out[8192];
	const char *p = hide(text);
	size_t n = 0;

	while (*p) {
		if (*p == ':' && strspn(p + 1, "0123456789abcdef") >= 4 && strchr("]+", p[1 + strspn(p + 1, "0123456789abcdef")]))
			p += 1 + strspn(p + 1, "0123456789abcdef");
		out[n++] = *p++;
	}
	out[n] = '\0';
	return out;
}

static const struct {
	const char *text, *hidden;
} hidden_cases[] = {
	{ "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123", "[jwt+]" },
	{ "Authorization: Bearer abcdef123456.x", "Authorization: Bearer [authorization]" },
	{ "Basic dXNlcjpwYXNzd29yZA==", "Basic [authorization]" },
	{ "postgres://joe:hunter2@db.example.com/x", "postgres://[url-credentials]/x" },
	{ "https://a.example/cb?state=1&access_token=0123abcd", "https://a.example/cb?state=1&access_token=[url-token]" },
	{ "https://b.example/x?X-Amz-Signature=00ffaa&x=1", "https://b.example/x?X-Amz-Signature=[url-token]&x=1" },
	{ "Server=db;Password=hunter22;x=1", "Server=db;Password=[assignment];x=1" },
	{ "AKIAIOSFODNN7EXAMPLE", "[aws-key]" },
	{ "AIzaSyA1234567890abcdefghijklmnopqrstuv", "[gcp-key+]" },
	{ "ab18Q~abcdefghijklmnopqrstuvwxyz012345", "[azure-key+]" },
	{ "user ghp_0123456789abcdefghijABCDEFGHIJ012345 x", "user [github-token+] x" },
	{ "glpat-0123456789abcdefghij", "[gitlab-token]" },
	{ "xoxb-123456789012-abcdef", "[slack-token]" },
	{ "https://hooks.slack.com/services/T0/B0/abcDEF", "https://hooks.slack.com/services/[slack-token]" },
	{ "sk_live_0123456789abcdef", "[stripe-key]" },
	{ "npm_0123456789abcdefghijABCDEFGHIJ012345", "[npm-token+]" },
	{ "sk-proj-0123456789abcdefghij", "[service-key]" },
	{ "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY----- tail", "[private-key+] tail" },
	{ "-----BEGIN PRIVATE KEY-----\nMIIBVgIB", "[private-key+]" },
	{ "{\"a.b@example.com\", c}", "{\"[email]\", c}" },
	{ "DE89 3704 0044 0532 0130 00 is mine", "[iban] is mine" },
	{ "GB82WEST12345698765432", "[iban]" },
	{ "card 4111 1111 1111 1111.", "card [card]." },
	{ "user_5555555555554444", "user_[card]" },
	{ "3782 822463 10005", "[card]" },
	{ "+49 30 901820-123", "[phone]" },
	{ "call (555) 234-5678 now", "call [phone] now" },
	{ "123e4567-e89b-12d3-a456-426614174000", "[uuid+]" },
	{ "session-0123456789abcdef0123456789abcdef", "session-[hex-blob]" },
	{ "k/Zm9vYmFyMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5P", "[base64-blob+]" },
	{ "data:text/javascript,export%20default%201", "data:text/javascript,[data-url]" },
	{ "/home/alice/app/server.js", "/home/[home-path]/app/server.js" },
	{ "file:///Users/bob/x.js", "file:///Users/[home-path]/x.js" },
	{ "C:\\Users\\John Smith\\x.js", "C:\\Users\\[home-path]\\x.js" },
	/* cut off names: what cannot be checked any more is hidden */
	{ "4111 1111 11\xE2\x80\xA6", "[card]\xE2\x80\xA6" },
	{ "alice@exam\xE2\x80\xA6", "[email]\xE2\x80\xA6" },
	{ "k 0123456789abcdef\xE2\x80\xA6", "k [hex-blob]\xE2\x80\xA6" },
	{ "AKIAIOSFODNN\xE2\x80\xA6", "[aws-key]\xE2\x80\xA6" },
	/* what overlaps is one */
	{ "https://alice:pw@example.com/", "https://[url-credentials]/" },
};

static void private_texts_are_hidden(void **state)
{
	(void)state;
	fresh(&defaults);
	for (size_t i = 0; i < sizeof(hidden_cases) / sizeof(hidden_cases[0]); i++)
		if (strcmp(rules_of(hidden_cases[i].text), hidden_cases[i].hidden))
			print_error("%s\n", hidden_cases[i].text);
	for (size_t i = 0; i < sizeof(hidden_cases) / sizeof(hidden_cases[0]); i++)
		assert_string_equal(rules_of(hidden_cases[i].text), hidden_cases[i].hidden);
}

static const char *const ordinary[] = {
	"Map", "Object", "getElementById", "__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED",
	"{id, name, createdAt}", "system / Context", "(object properties)", "Basic functionality of it",
	"node:internal/process/task_queues", "https://example.com/a/b?x=1&page=2", "vue@3.2.1.js", "pkg@1.2.3",
	"unstable_scheduleCallbackWithExpirationTime", "ERR_HTTP2_HEADERS_AFTER_RESPOND", "1.2.3.4",
	"4111111111111112", "1700000000000", "DE00370400440532013000", "part of key (a @123) -> value (b @45) pair",
	"+1,234,567 more", "12.5 MB in 1,234,567 objects", "sha512-short", "@babel/core", "x.Bearer", "0x1f",
	"/usr/lib/node_modules/npm/lib/utils/read-user-info.js", "/app/home/settings", "SHA256withRSAEncryptionOfDigest",
	"BigInt64ArrayPrototypeConstructor", "(V8BreakIteratorInternalAdoptText builtin handle)",
	"JSX_element_type_0_does_not_have_any_construct_or_call_signatures",
	"{file:, node:, http:, data:, https:}",
	"HTTP2_HEADER_ACCESS_CONTROL_ALLOW_CREDENTIALS", "@@__IMMUTABLE_ITERABLE__@@",
};

static void ordinary_texts_stay(void **state)
{
	(void)state;
	fresh(&defaults);
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(ordinary[0]); i++)
		assert_string_equal(hide(ordinary[i]), ordinary[i]);
}

/* Of chance text of the shortest length that a rule looks at, one in a thousand may pass; names like these must. */
static void base64_of_chance_is_hidden(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static const char *const names[] = {
		"forEachChildInJSDocLinkCodeOrPlain", "isEmptyArrayOrArrayOfNonEmptyString", "kRegExpMatchIsTrueishOnNonJSRegExp",
		"watchPresentFileSystemEntryWithFsWatchFile", "actuallyJustTellMeHowLongItWouldBe",
		"LoadICOutOfObjectNonDoubleField3Baseline", "Uint8ClampedArrayConstructByTypedArray",
		"/app/node_modules/webpack/lib/util/compileBooleanMatcher", "X509_VERIFY_PARAM_set_inh_flags_X509V3",
	};
	uint64_t x = 88172645463325252u;
	unsigned missed = 0;
	char text[33] = "";

	(void)state;
	fresh(&defaults);
	for (unsigned i = 0; i < 20000; i++) {
		for (unsigned k = 0; k < 32; k++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			text[k] = digits[x >> 40 & 63];
		}
		missed += strchr(hide(text), '[') == NULL;
	}
	assert_in_range(missed, 0, 40);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(hide(names[i]), names[i]);
}

static void equal_values_get_equal_tags_others_do_not(void **state)
{
	char first[64], again[64], other[64], keyed[64];

	(void)state;
	fresh(&defaults);
	snprintf(first, sizeof(first), "%s", hide("a@example.com"));
	snprintf(again, sizeof(again), "%s", hide("x a@example.com"));
	snprintf(other, sizeof(other), "%s", hide("b@example.com"));
	assert_string_equal(first, again + 2);
	assert_string_not_equal(first, other);
	fresh(&defaults);
	redact_key(redact, (struct hash_key){ 1, 3 });
	snprintf(keyed, sizeof(keyed), "%s", hide("a@example.com"));
	assert_string_not_equal(first, keyed);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void tags_of_many_values_stay_different(void **state)
{
	static char marks[5000][40];
	char text[64];

	(void)state;
	fresh(&defaults);
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "user%u@example.com", i);
		snprintf(marks[i], sizeof(marks[i]), "%s", hide(text));
	}
	qsort(marks, 5000, sizeof(marks[0]), by_text);
	for (unsigned i = 1; i < 5000; i++)
		assert_string_not_equal(marks[i - 1], marks[i]);
}

static void marks_and_values_are_counted(void **state)
{
	struct redact_count n;
	unsigned rule = 0;

	(void)state;
	fresh(&defaults);
	hide("a@example.com b@example.com");
	hide("a@example.com b@example.com");
	hide("a@example.com");
	while (strcmp(redact_rule_name(redact, rule), "email"))
		rule++;
	n = redact_counted(redact, rule);
	assert_int_equal(n.marks, 5);
	assert_int_equal(n.values, 2);
}

static void a_text_of_nothing_but_secrets_is_hidden_to_its_end(void **state)
{
	struct strbuf sb;
	const char *out;

	(void)state;
	fresh(&defaults);
	strbuf_init(&sb, &mem);
	for (unsigned i = 0; i < 200; i++)
		strbuf_addf(&sb, "u%u@example.com ", i);
	out = hide(strbuf_str(&sb));
	assert_null(strchr(out, '@'));
	assert_null(strstr(out, "example"));
	strbuf_release(&sb);
}

static char rules_path[64];

static void write_rules(const char *text)
{
	int fd;

	snprintf(rules_path, sizeof(rules_path), "/tmp/test_redact.XXXXXX");
	fd = mkstemp(rules_path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void with_rules(const char *text)
{
	const char *const files[] = { rules_path };
	struct redact_options o = { .files = files, .n_files = 1 };

	write_rules(text);
	fresh(&o);
	unlink(rules_path);
}

static void rules_of_a_file_are_added(void **state)
{
	(void)state;
	with_rules("# tickets\n\n  ticket  TICKET-\\d+ \nip-address\r\ncustomer customer=(?<hide>\\w+)\n");
	assert_string_equal(rules_of("see TICKET-12 of customer=smith at 10.0.0.1"),
			    "see [ticket] of customer=[customer] at [ip-address]");
	assert_string_equal(rules_of("fe80:0:0:0:1:2:3:4 ::"), "[ip-address] ::");
}

static void refused(const char *text, const char *line, const char *why)
{
	const char *const files[] = { rules_path };
	struct redact_options o = { .files = files, .n_files = 1 };
	struct redact *r = NULL;
	struct err e = ERR_INIT;

	write_rules(text);
	assert_int_equal(redact_new(&r, &mem, &o, &e), ERR_USAGE);
	unlink(rules_path);
	assert_non_null(strstr(e.text, line));
	assert_non_null(strstr(e.text, why));
	assert_string_equal(e.file, rules_path);
	assert_null(r);
}

static void wrong_rules_are_refused_with_their_line(void **state)
{
	(void)state;
	refused("ok a+\nbad a(\n", "line 2", "position");
	refused("\nnosuchrule\n", "line 2", "default rule");
	refused("email x\n", "line 1", "already");
	refused("Upper x\n", "line 1", "name");
	refused("a.b x\n", "line 1", "name");
	refused("one x\none y\n", "line 2", "already");
}

static void a_rule_that_explodes_is_refused(void **state)
{
	char text[64];
	struct err e = ERR_INIT;
	struct str out;

	(void)state;
	with_rules("bomb (x+x+)+[yz]\n");
	memset(text, 'x', sizeof(text));
	assert_int_equal(redact_text(redact, (struct str){ text, sizeof(text) }, &out, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "bomb"));
	assert_non_null(strstr(e.text, ":1"));
}

static void rules_can_be_left_out(void **state)
{
	const char *const off[] = { "email" }, *const unknown[] = { "e-mail" };
	struct redact_options o = { .off = off, .n_off = 1 };
	struct redact *r = NULL;
	struct err e = ERR_INIT;

	(void)state;
	fresh(&o);
	assert_string_equal(hide("a@example.com"), "a@example.com");
	o.off = (const char *const[]){ "all" };
	fresh(&o);
	assert_string_equal(hide("+49 30 901820-123"), "+49 30 901820-123");
	o.off = unknown;
	assert_int_equal(redact_new(&r, &mem, &o, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "e-mail"));
}

/* docs/redaction.md has a row "| `name` | on |" per rule, in the order of the table. */
static void the_documentation_lists_every_rule(void **state)
{
	FILE *f = fopen(SOURCE_DIR "/docs/redaction.md", "r");
	char line[1024], want[64];
	size_t next = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, "| `", 3))
			continue;
		assert_true(next < n_redact_rules);
		snprintf(want, sizeof(want), "| `%s` | %s |", redact_rules[next].name, redact_rules[next].off ? "off" : "on");
		line[strlen(want)] = '\0';
		assert_string_equal(line, want);
		next++;
	}
	fclose(f);
	assert_int_equal(next, n_redact_rules);
}

static void sealing_hides_whatever_the_cell(void **state)
{
	static const struct column columns[] = { { "t", "T", CELL_TEXT, 0, 0 },   { "n", "N", CELL_NODE, 0, 0 },
						 { "p", "P", CELL_PATH, 0, 0 },   { "l", "L", CELL_PLACE, 0, 0 },
						 { "ts", "Ts", CELL_TEXTS, 0, 0 }, { "i", "I", CELL_ITEM, 0, 0 } };
	static const struct table table = { .key = "x", .title = "X", .parent = -1, .columns = columns, .n_columns = 6 };
	struct str s = STR_LIT("a@example.com");
	struct node_ref n = { 1, s, s };
	struct path_step step = { s, "property", 1, s };
	struct path p = { 1, &step, 0, 0 };
	struct place l = { s, 1, 1, 1 };
	struct str_list ts = { &s, 1 };
	struct item_ref i = { s, s, s };
	union cell row[] = { { .text = s }, { .node = &n }, { .path = &p }, { .place = &l }, { .texts = &ts }, { .item = &i } };
	struct err e = ERR_INIT;
	struct report r;
	struct strbuf out;
	int t;

	(void)state;
	report_init(&r, &mem);
	r.tool = r.version = r.command = "x";
	assert_int_equal(report_headline(&r, &e, "%s grew", "a@example.com"), 0);
	assert_int_equal(report_warn(&r, &e, "%s", "a@example.com"), 0);
	assert_int_equal(report_add_table(&r, &table, &t, &e), 0);
	assert_int_equal(report_add_row(&r, t, row, &e), 0);
	assert_int_equal(report_seal(&r, &e), 0);
	strbuf_init(&out, &mem);
	assert_int_equal(render_json(&r, &(struct render_options){ 0 }, &out, &e), 0);
	assert_null(strstr(strbuf_str(&out), "example"));
	assert_non_null(strstr(strbuf_str(&out), "\"warnings\""));
	assert_non_null(strstr(strbuf_str(&out), "are hidden: email 12\""));
	assert_non_null(strstr(strbuf_str(&out), "\"marks\":12"));
	strbuf_release(&out);
	report_release(&r);
	assert_string_equal(n.name.s, "a@example.com");
}

/* Whatever allocation fails while a report is sealed: an error, and nothing is left. */
static void every_failed_allocation_is_survived(void **state)
{
	static const struct column columns[] = { { "t", "T", CELL_TEXT, 0, 0 } };
	static const struct table table = { .key = "x", .title = "X", .parent = -1, .columns = columns, .n_columns = 1 };
	union cell row = { .text = STR_LIT("a@example.com b@example.com") };
	int rc = ERR_MEMORY;

	(void)state;
	for (int64_t n = 1; rc; n++) {
		struct err e = ERR_INIT;
		struct report r;
		struct mem own;
		int t;

		assert_true(n < 200);
		mem_init(&own, 0);
		report_init(&r, &own);
		r.tool = r.version = r.command = "x";
		assert_int_equal(report_add_table(&r, &table, &t, &e), 0);
		assert_int_equal(report_add_row(&r, t, &row, &e), 0);
		own.fail_after = n;
		rc = report_seal(&r, &e);
		assert_true(rc == 0 || rc == ERR_MEMORY);
		assert_true(rc || r.n_warnings == 1);
		own.fail_after = 0;
		report_release(&r);
		assert_int_equal(own.used_bytes, 0);
	}
}

static void a_text_of_absurd_length_is_hidden_whole(void **state)
{
	const size_t n = 5 << 20;
	char *text = malloc(n);
	struct err e = ERR_INIT;
	struct str out;

	(void)state;
	fresh(&defaults);
	assert_non_null(text);
	memset(text, 'a', n);
	assert_int_equal(redact_text(redact, (struct str){ text, n }, &out, &e), 0);
	assert_true(out.n < 40);
	free(text);
}

static int start(void **state)
{
	(void)state;
	mem_init(&mem, 0);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	redact_free(redact);
	return mem.used_bytes != 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_texts_are_hidden),
		cmocka_unit_test(ordinary_texts_stay),
		cmocka_unit_test(base64_of_chance_is_hidden),
		cmocka_unit_test(equal_values_get_equal_tags_others_do_not),
		cmocka_unit_test(tags_of_many_values_stay_different),
		cmocka_unit_test(marks_and_values_are_counted),
		cmocka_unit_test(a_text_of_nothing_but_secrets_is_hidden_to_its_end),
		cmocka_unit_test(rules_of_a_file_are_added),
		cmocka_unit_test(wrong_rules_are_refused_with_their_line),
		cmocka_unit_test(a_rule_that_explodes_is_refused),
		cmocka_unit_test(rules_can_be_left_out),
		cmocka_unit_test(the_documentation_lists_every_rule),
		cmocka_unit_test(every_failed_allocation_is_survived),
		cmocka_unit_test(a_text_of_absurd_length_is_hidden_whole),
		cmocka_unit_test(sealing_hides_whatever_the_cell),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
