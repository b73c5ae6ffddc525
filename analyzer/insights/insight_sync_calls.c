/*
 * Calls that keep the loop waiting for what could be waited for aside: 5 % of the busy time together, or 20 ms at once.
 * Start-up is left out: reading configuration synchronously harms nobody.
 */
#include <string.h>

#include "analyzer/insights/insight_match.h"

#define LEAST_PERCENT 5
#define LEAST_NS 20000000

static int ends_in(struct str s, const char *tail)
{
	size_t n = strlen(tail);

	return s.n >= n && !memcmp(s.s + s.n - n, tail, n);
}

/* "node:fs", or "fs.js" before Node 16. */
static int is_module(struct str file, const char *module)
{
	size_t n = strlen(module);

	if (str_starts(file, "node:"))
		file = (struct str){ file.s + 5, file.n - 5 };
	if (str_starts(file, "internal/"))
		file = (struct str){ file.s + 9, file.n - 9 };
	return file.n >= n && !memcmp(file.s, module, n) && (file.n == n || file.s[n] == '/' || file.s[n] == '.');
}

static int is_file_call(const struct profile *p, uint32_t f)
{
	struct str file = profile_text(p, p->frames.file[f]);

	return is_module(file, "fs") && ends_in(profile_text(p, p->frames.name[f]), "Sync");
}

static int is_process_call(const struct profile *p, uint32_t f)
{
	struct str file = profile_text(p, p->frames.file[f]);

	return is_module(file, "child_process") && ends_in(profile_text(p, p->frames.name[f]), "Sync");
}

static int is_crypto_call(const struct profile *p, uint32_t f)
{
	static const char *const names[] = { "pbkdf2Sync", "scryptSync", "hkdfSync", "randomBytes", "randomFillSync", "update",
					     "digest", "sign", "verify", "generateKeyPairSync", "generateKeySync", "generatePrimeSync",
					     "checkPrimeSync", "hash", "publicEncrypt", "privateDecrypt", "diffieHellman" };
	struct str name = profile_text(p, p->frames.name[f]);

	if (!is_module(profile_text(p, p->frames.file[f]), "crypto"))
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (ends_in(name, names[i]))
			return 1;
	return 0;
}

static int is_zlib_call(const struct profile *p, uint32_t f)
{
	struct str name = profile_text(p, p->frames.name[f]);

	return is_module(profile_text(p, p->frames.file[f]), "zlib") &&
	       (ends_in(name, "Sync") || str_starts(name, "processChunkSync") || str_starts(name, "zlibBufferSync"));
}

static const struct {
	const char *rule, *what, *advice;
	insight_wants_fn *wants;
} kinds[] = {
	{ "sync-files", "Synchronous file calls", "Use the promises of node:fs, or read once and keep the content.",
	  is_file_call },
	{ "sync-processes", "Synchronous child processes", "Use spawn or execFile with a callback.", is_process_call },
	{ "sync-crypto", "Cryptography on the main thread",
	  "The asynchronous forms (pbkdf2, scrypt, randomBytes with a callback) run on libuv's threads.", is_crypto_call },
	{ "sync-zlib", "Synchronous compression", "The asynchronous forms of node:zlib run on libuv's threads.",
	  is_zlib_call },
};

static int look(struct insights *in, size_t kind, struct err *e)
{
	struct insight what = { .severity = SEVERITY_WARN, .rule = kinds[kind].rule, .advice = kinds[kind].advice };
	struct insight_match m;
	struct strbuf text;
	int rc;

	if (insight_match(in, kinds[kind].wants, 0, &m, e))
		return e->kind;
	if (m.frame == UINT32_MAX || (m.total < in->v->sum / 100 * LEAST_PERCENT && m.longest_ns < LEAST_NS))
		return 0;
	what.amount = m.total;
	what.frame = m.frame;
	strbuf_init(&text, &in->p->run->mem);
	strbuf_addf(&text, "%s took ", kinds[kind].what);
	insight_share(in, &text, m.total);
	strbuf_addstr(&text, " of the busy time (");
	insight_amount(in, &text, m.total);
	if (m.longest_ns) {
		strbuf_addstr(&text, ", up to ");
		insight_amount(in, &text, m.longest_ns);
		strbuf_addstr(&text, " at once");
	}
	strbuf_addstr(&text, "), most of it in ");
	insight_frame(in, &text, m.frame);
	if (m.user_frame != UINT32_MAX) {
		strbuf_addstr(&text, ", called by ");
		insight_frame(in, &text, m.user_frame);
	}
	strbuf_addch(&text, '.');
	rc = insight_add(in, &what, &text, e);
	strbuf_release(&text);
	return rc;
}

int insight_sync_calls(struct insights *in, struct err *e)
{
	for (size_t i = 0; insight_is_time(in) && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (look(in, i, e))
			return e->kind;
	return 0;
}
