#include "formats/probes.h"

#include <string.h>

#define KEY_BYTES 64

/* A JSON text as far as finding its keys needs: strings are told from structure, nothing is checked. */
struct walk {
	const char *p, *end;
	unsigned depth;
	int after_comma_or_open; /* a string here is a key when the container is an object */
	unsigned char in_object[64]; /* by depth, as deep as anybody asks */
};

size_t probe_skip_space(const char *bytes, size_t n)
{
	size_t i = n >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3) ? 3 : 0;

	while (i < n && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\r'))
		i++;
	return i;
}

/* Take the string at the opening quote; its first bytes go to `out`. 0: it does not end here. */
static int take_string(struct walk *w, char out[KEY_BYTES])
{
	size_t n = 0;

	for (w->p++; w->p < w->end && *w->p != '"'; w->p++) {
		if (n < KEY_BYTES - 1)
			out[n++] = *w->p;
		if (*w->p == '\\')
			w->p++;
	}
	out[n] = '\0';
	if (w->p >= w->end)
		return 0;
	w->p++;
	return 1;
}

static int is_key(const struct walk *w)
{
	return w->depth >= 1 && w->depth < sizeof(w->in_object) && w->in_object[w->depth] && w->after_comma_or_open;
}

static void structure(struct walk *w, char c)
{
	w->after_comma_or_open = c == ',' || c == '{' || c == '[';
	if (c == '{' || c == '[') {
		w->depth++;
		if (w->depth < sizeof(w->in_object))
			w->in_object[w->depth] = c == '{';
	} else if ((c == '}' || c == ']') && w->depth) {
		w->depth--;
	}
}

int probe_json_keys(const char *bytes, size_t n, int (*fn)(void *ctx, unsigned depth, const char *key), void *ctx)
{
	struct walk w = { .p = bytes + probe_skip_space(bytes, n), .end = bytes + n };
	char key[KEY_BYTES];
	int rc;

	if (w.p == w.end || (*w.p != '{' && *w.p != '['))
		return -1;
	while (w.p < w.end) {
		if (*w.p != '"') {
			if (strchr("{}[],", *w.p) && *w.p)
				structure(&w, *w.p);
			w.p++;
			continue;
		}
		rc = is_key(&w);
		if (!take_string(&w, key))
			return 0;
		if (rc && (rc = fn(ctx, w.depth, key)))
			return rc;
		w.after_comma_or_open = 0;
	}
	return 0;
}

struct by_keys {
	const struct probe_key *keys;
	size_t n;
	const struct probe_key *found;
};

static int match_key(void *ctx, unsigned depth, const char *key)
{
	struct by_keys *b = ctx;

	for (size_t i = 0; i < b->n && !b->found; i++)
		if (b->keys[i].depth == depth && !strcmp(b->keys[i].key, key))
			b->found = &b->keys[i];
	return b->found != NULL;
}

enum probe probe_by_keys(const char *bytes, size_t n, int complete, const struct probe_key *keys, size_t n_keys)
{
	struct by_keys b = { keys, n_keys, NULL };

	if (probe_json_keys(bytes, n, match_key, &b) < 0)
		return PROBE_NO;
	if (b.found)
		return b.found->answer;
	return complete ? PROBE_NO : PROBE_MORE;
}

enum probe probe_heapsnapshot(const char *bytes, size_t n, int complete)
{
	static const struct probe_key keys[] = {
		{ 1, "snapshot", PROBE_YES },
		{ 1, "head", PROBE_NO },
		{ 1, "startTime", PROBE_NO },
	};

	return probe_by_keys(bytes, n, complete, keys, sizeof(keys) / sizeof(keys[0]));
}
