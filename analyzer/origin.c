#include "analyzer/origin.h"

#include <stdio.h>
#include <string.h>

static size_t digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* Length of "1.2.3" with `parts` numbers at the beginning of a text, 0 if it does not begin so. */
static size_t dotted(const char *s, size_t n, unsigned parts)
{
	size_t at = 0;

	for (unsigned k = 0; k < parts; k++) {
		size_t len = digits(s + at, n - at);

		if (!len || len > 6 || (k + 1 < parts && (at + len == n || s[at + len] != '.')))
			return 0;
		at += len + (k + 1 < parts);
	}
	return at;
}

/* "v24.21.0", which may go on like "v25.0.0-nightly2026": only what a version can hold is taken over into a report. */
static int is_node_version(struct str s)
{
	return s.n > 1 && s.n < 24 && s.s[0] == 'v' && dotted(s.s + 1, s.n - 1, 3) == s.n - 1;
}

/* "13.6.233.17-node.53": Node marks its own V8, so nothing else looks like that. */
static int is_v8_version(struct str s)
{
	static const char mark[] = "-node.";
	size_t n = s.n < 32 ? dotted(s.s, s.n, 4) : 0, m = sizeof(mark) - 1;

	return n && s.n > n + m && !memcmp(s.s + n, mark, m) && digits(s.s + n + m, s.n - n - m) == s.n - n - m;
}

static struct str node_version(const struct heap *h)
{
	uint32_t process = heap_find_string(h, "process");
	struct str none = STR_LIT("");

	for (uint32_t v = 0; process != NO_STRING && v < h->n_nodes; v++) {
		uint32_t version;

		if (h->name[v] != process || h->type[v] != NODE_OBJECT)
			continue;
		version = heap_follow(h, v, EDGE_PROPERTY, "version");
		if (version != NO_NODE && h->type[version] == NODE_STRING && is_node_version(heap_name(h, version)))
			return heap_name(h, version);
	}
	return none;
}

/* The only text of that form; with two nobody knows which is meant. */
static struct str v8_version(const struct heap *h)
{
	struct str found = STR_LIT("");

	for (size_t i = 0; i < h->strings.n; i++) {
		struct str s = strtab_get(&h->strings, i);

		if (!is_v8_version(s))
			continue;
		if (found.n)
			return (struct str)STR_LIT("");
		found = s;
	}
	return found;
}

void origin_runtime(const struct heap *h, char out[ORIGIN_RUNTIME_BYTES])
{
	struct str node = node_version(h), v8 = node.n ? v8_version(h) : node;

	*out = '\0';
	/* what process.version says there is whose interface it has */
	if (node.n && heap_find_string(h, "<symbol Deno.internal>") != NO_STRING)
		snprintf(out, ORIGIN_RUNTIME_BYTES, "Deno (Node.js interface %.*s)", (int)node.n - 1, node.s + 1);
	else if (v8.n)
		snprintf(out, ORIGIN_RUNTIME_BYTES, "Node.js %.*s (V8 %.*s)", (int)node.n - 1, node.s + 1, (int)v8.n, v8.s);
	else if (node.n)
		snprintf(out, ORIGIN_RUNTIME_BYTES, "Node.js %.*s", (int)node.n - 1, node.s + 1);
}

/* Two numbers of eight and six digits with one of `between` in between: a day and a time of it. */
static int is_time(const char *s, const char *between)
{
	if (digits(s, 8) < 8 || !s[8] || !strchr(between, s[8]) || digits(s + 9, 6) < 6)
		return 0;
	return memcmp(s, "1970", 4) > 0 && memcmp(s + 4, "13", 2) < 0 && memcmp(s + 6, "32", 2) < 0 &&
	       memcmp(s + 9, "24", 2) < 0 && s[11] < '6' && s[13] < '6';
}

void origin_time(const char *path, char out[ORIGIN_TIME_BYTES])
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *s = name;

	*out = '\0';
	while (*s && !(is_time(s, ".T") && (s == name || s[-1] == '.' || s[-1] == '-')))
		s++;
	if (*s)
		snprintf(out, ORIGIN_TIME_BYTES, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", s, s + 4, s + 6, s + 9, s + 11, s + 13);
}
