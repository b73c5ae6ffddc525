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

#define ALIKE .least_percent = LEAST_PERCENT, .least_ns = LEAST_NS

static const struct insight_calls kinds[] = {
	{ .rule = "sync-files", .what = "Synchronous file calls took", .wants = is_file_call, ALIKE,
	  .advice = "Use the promises of node:fs, or read once and keep the content." },
	{ .rule = "sync-processes", .what = "Synchronous child processes took", .wants = is_process_call, ALIKE,
	  .advice = "Use spawn or execFile with a callback." },
	{ .rule = "sync-crypto", .what = "Cryptography on the main thread took", .wants = is_crypto_call, ALIKE,
	  .advice = "The asynchronous forms (pbkdf2, scrypt, randomBytes with a callback) run on libuv's threads." },
	{ .rule = "sync-zlib", .what = "Synchronous compression took", .wants = is_zlib_call, ALIKE,
	  .advice = "The asynchronous forms of node:zlib run on libuv's threads." },
};

int insight_sync_calls(struct insights *in, struct err *e)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (insight_look_for_calls(in, &kinds[i], e))
			return e->kind;
	return 0;
}
