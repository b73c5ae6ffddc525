#include "analyzer/profile_classify.h"

#include <string.h>

#include "analyzer/profile_intern.h"

static const char *const category_names[CATEGORY_N] = {
	[CATEGORY_APPLICATION] = "application",
	[CATEGORY_DEPENDENCY] = "dependency",
	[CATEGORY_NODE] = "node",
	[CATEGORY_BUILTIN] = "v8 builtin",
	[CATEGORY_REGEXP] = "regexp",
	[CATEGORY_WASM] = "wasm",
	[CATEGORY_NATIVE] = "native",
	[CATEGORY_KERNEL] = "kernel",
	[CATEGORY_VM] = "v8",
	[CATEGORY_GC] = "gc",
	[CATEGORY_PROGRAM] = "program",
	[CATEGORY_IDLE] = "idle",
};

const char *profile_category_name(enum profile_category c)
{
	return category_names[c];
}

/* Names that several producers use for what is no function, where the format has no word for it. */
static const struct {
	const char *name;
	enum frame_kind kind;
} pseudo_frames[] = {
	{ "(root)", FRAME_ROOT },
	{ "(idle)", FRAME_IDLE },
	{ "[idle]", FRAME_IDLE },
	{ "(program)", FRAME_PROGRAM },
	{ "(garbage collector)", FRAME_GC },
	{ "Garbage Collection", FRAME_GC },
	{ "Non JS threads activity", FRAME_NATIVE },
};

/* Modules of Node before it wrote "node:" before their names. */
static const char *const old_node_files[] = {
	"assert.js", "async_hooks.js", "buffer.js", "child_process.js", "cluster.js", "console.js", "crypto.js",
	"dgram.js", "dns.js", "domain.js", "events.js", "fs.js", "http.js", "http2.js", "https.js", "inspector.js",
	"module.js", "net.js", "os.js", "path.js", "perf_hooks.js", "process.js", "querystring.js", "readline.js",
	"repl.js", "stream.js", "string_decoder.js", "timers.js", "tls.js", "trace_events.js", "tty.js", "url.js",
	"util.js", "v8.js", "vm.js", "worker_threads.js", "zlib.js", "bootstrap_node.js", "_http_agent.js",
	"_http_client.js", "_http_common.js", "_http_incoming.js", "_http_outgoing.js", "_http_server.js",
	"_stream_duplex.js", "_stream_readable.js", "_stream_transform.js", "_stream_writable.js", "_tls_wrap.js",
};

static int is_node_file(struct str file)
{
	if (str_starts(file, "node:") || str_starts(file, "internal/"))
		return 1;
	for (size_t i = 0; i < sizeof(old_node_files) / sizeof(old_node_files[0]); i++)
		if (str_is(file, old_node_files[i]))
			return 1;
	return 0;
}

/* Addresses after which the name of a package stands. */
static const char *const package_servers[] = {
	"https://cdn.jsdelivr.net/npm/", "https://unpkg.com/",	     "https://esm.sh/",
	"https://esm.run/",		 "https://ga.jspm.io/npm:",  "https://cdn.skypack.dev/",
	"https://jspm.dev/npm:",	 "https://esm.unpkg.com/",
};

static int is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* The name that `s` begins with: one path part, two when it has a scope; versions ("@1.2.3") are cut off. */
static struct str leading_name(struct str s)
{
	size_t i = 0, parts = s.n && s.s[0] == '@' ? 2 : 1, name_start = 0;

	for (; i < s.n; i++) {
		if (is_slash(s.s[i]) && !--parts)
			break;
		if (is_slash(s.s[i]))
			name_start = i + 1;
		if ((s.s[i] == '@' && i > name_start) || s.s[i] == '?')
			break;
	}
	return (struct str){ s.s, i };
}

static struct str after(struct str s, size_t n)
{
	return (struct str){ s.s + n, s.n - n };
}

struct str profile_package_of(struct str file)
{
	static const char folder[] = "node_modules";
	size_t n = sizeof(folder) - 1;

	for (size_t i = file.n; i-- > n;)
		if (is_slash(file.s[i]) && !memcmp(file.s + i - n, folder, n) &&
		    (i == n || is_slash(file.s[i - n - 1])))
			return leading_name(after(file, i + 1));
	for (size_t i = 0; i < sizeof(package_servers) / sizeof(package_servers[0]); i++)
		if (str_starts(file, package_servers[i]))
			return leading_name(after(file, strlen(package_servers[i])));
	return (struct str){ NULL, 0 };
}

static struct str base_name(struct str path)
{
	for (size_t i = path.n; i-- > 0;)
		if (is_slash(path.s[i]))
			return after(path, i + 1);
	return path;
}

/* Folded stacks and speedscope keep no modules: machine code is known by how compilers and V8 name it. */
static enum frame_kind guess_by_name(struct str name)
{
	if (str_starts(name, "Builtins_"))
		return FRAME_BUILTIN;
	if (str_starts(name, "_ZN"))
		return FRAME_NATIVE;
	for (size_t i = 1; i + 2 < name.n; i++)
		if (name.s[i] == ':' && name.s[i + 1] == ':')
			return FRAME_NATIVE;
	return FRAME_JS;
}

static enum frame_kind guess(struct str name, struct str file, struct str module)
{
	for (size_t i = 0; i < sizeof(pseudo_frames) / sizeof(pseudo_frames[0]); i++)
		if (str_is(name, pseudo_frames[i].name))
			return pseudo_frames[i].kind;
	if (str_starts(name, "RegExp: "))
		return FRAME_REGEXP;
	if (str_starts(file, "wasm://"))
		return FRAME_WASM;
	if (module.n)
		return FRAME_NATIVE;
	return file.n ? FRAME_JS : guess_by_name(name);
}

static const enum profile_category plain_category[FRAME_N_KINDS] = {
	[FRAME_REGEXP] = CATEGORY_REGEXP, [FRAME_WASM] = CATEGORY_WASM,	      [FRAME_BUILTIN] = CATEGORY_BUILTIN,
	[FRAME_NATIVE] = CATEGORY_NATIVE, [FRAME_KERNEL] = CATEGORY_KERNEL,   [FRAME_GC] = CATEGORY_GC,
	[FRAME_VM] = CATEGORY_VM,	  [FRAME_PROGRAM] = CATEGORY_PROGRAM, [FRAME_IDLE] = CATEGORY_IDLE,
	[FRAME_ROOT] = CATEGORY_PROGRAM,
};

static enum profile_category js_category(struct str file, struct str package)
{
	if (is_node_file(file))
		return CATEGORY_NODE;
	return package.n ? CATEGORY_DEPENDENCY : CATEGORY_APPLICATION;
}

/* What the rules say of texts so far: most are the file of many frames. */
enum { NOT_ASKED, PUBLIC, PRIVATE };

struct asked {
	struct redact *redact; /* NULL: nothing is private */
	uint8_t *of_text;
};

/* Becomes "(hidden)" when a part of the text that is to be hidden begins before `piece`, or ends behind it. */
static int hide_piece(const struct asked *a, uint32_t number, struct str text, struct str *piece, struct err *e)
{
	struct redact_span spans[REDACT_MAX_SPANS];
	size_t n = 0, from = piece->n ? (size_t)(piece->s - text.s) : 0, to = from + piece->n;

	if (!a->redact || !piece->n || a->of_text[number] == PUBLIC)
		return 0;
	if (redact_find(a->redact, text, spans, &n, e))
		return e->kind;
	a->of_text[number] = n ? PRIVATE : PUBLIC;
	for (size_t i = 0; i < n; i++)
		if (spans[i].from < to && spans[i].to > from && (spans[i].from < from || spans[i].to > to))
			*piece = STR_LIT("(hidden)");
	return 0;
}

static int classify(struct profile *p, const struct asked *asked, struct err *e)
{
	struct profile_frames *f = &p->frames;

	for (size_t i = 0; i < f->n; i++) {
		struct str file = profile_text(p, f->file[i]), module = profile_text(p, f->module[i]);
		uint32_t whole = file.n ? f->file[i] : f->module[i];
		struct str package = profile_package_of(profile_text(p, whole));

		if (f->kind[i] == FRAME_GUESS)
			f->kind[i] = (uint8_t)guess(profile_text(p, f->name[i]), file, module);
		f->category[i] = (uint8_t)(f->kind[i] == FRAME_JS ? js_category(file, package)
								   : plain_category[f->kind[i]]);
		if (!package.n && f->kind[i] == FRAME_NATIVE) {
			whole = f->module[i];
			package = base_name(module);
		}
		if (hide_piece(asked, whole, profile_text(p, whole), &package, e))
			return e->kind;
		if (package.n) {
			/* The name may lie in the table's own block, which can move. */
			char *copy = arena_copy(&p->arena, package.s, package.n, e);

			if (!copy || profile_texts_add(&p->texts, (struct str){ copy, package.n }, &f->package[i], e))
				return e->kind;
		}
	}
	return 0;
}

int profile_classify(struct profile *p, struct redact *r, struct err *e)
{
	struct asked asked = { r, MEM_NEW(&p->run->mem, uint8_t, p->texts.tab.n + 1, e) };
	int rc = asked.of_text ? classify(p, &asked, e) : (int)e->kind;

	mem_free(&p->run->mem, asked.of_text);
	return rc;
}
