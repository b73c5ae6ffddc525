#include "formats/code_names.h"

#include <string.h>

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct str from(struct str s, size_t at)
{
	return (struct str){ s.s + at, s.n - at };
}

static int ends(struct str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && !memcmp(s.s + s.n - n, suffix, n);
}

/* Take ":123" from the end of `s`. */
static int take_number(struct str *s, uint32_t *value)
{
	size_t i = s->n;
	uint64_t v = 0;

	while (i && is_digit(s->s[i - 1]))
		i--;
	if (i == s->n || !i || s->s[i - 1] != ':' || s->n - i > 10)
		return 0;
	for (size_t k = i; k < s->n; k++)
		v = v * 10 + (uint64_t)(s->s[k] - '0');
	if (v > UINT32_MAX)
		return 0;
	*value = (uint32_t)v;
	s->n = i - 1;
	return 1;
}

/* "/p/a.js", "node:fs", "file:///a", "C:\\a.js", "native array.js": what a file begins with, unlike a function. */
static int file_begins(struct str s)
{
	size_t i = 0;

	if (str_starts(s, "/") || str_starts(s, "native "))
		return 1;
	while (i < s.n && (is_letter(s.s[i]) || (i && s.s[i] == '-')))
		i++;
	return i && i + 1 < s.n && s.s[i] == ':' && !is_digit(s.s[i + 1]) && s.s[i + 1] != ' ';
}

/* Both names and paths may hold spaces. Where the file begins, after the space; `n` when there is none. */
static size_t split_at(struct str s)
{
	size_t last = s.n;

	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] != ' ')
			continue;
		last = i + 1;
		if (file_begins(from(s, last)))
			break;
	}
	return last;
}

void code_name_place(struct str text, struct profile_frame *f)
{
	struct str rest = text;
	uint32_t first = 0, second = 0;
	size_t at;

	if (take_number(&rest, &first)) {
		if (take_number(&rest, &second)) {
			f->line = second;
			f->column = first;
		} else {
			f->line = first;
		}
	}
	at = split_at(rest);
	if (at == rest.n) {
		/* nothing that is a file: the whole is a name, colons and all */
		f->line = f->column = 0;
		f->name = text;
		while (f->name.n && f->name.s[0] == ' ')
			f->name = from(f->name, 1);
		return;
	}
	f->name = (struct str){ rest.s, at - 1 };
	f->file = from(rest, at);
}

enum frame_tier code_name_tier(struct str *text)
{
	static const struct {
		char mark;
		enum frame_tier tier;
	} marks[] = { { '~', TIER_INTERPRETED }, { '^', TIER_BASELINE }, { '+', TIER_MAGLEV }, { '*', TIER_OPTIMIZED } };
	/* "o": compiled while it ran */
	size_t i = text->n > 1 && text->s[0] == 'o' && (text->s[1] == '*' || text->s[1] == '+' || text->s[1] == '^');

	for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]); k++) {
		if (i >= text->n || text->s[i] != marks[k].mark)
			continue;
		*text = from(*text, i + 1);
		/* "'": compiled for one context */
		if (text->n && text->s[0] == '\'')
			*text = from(*text, 1);
		return marks[k].tier;
	}
	return TIER_UNKNOWN;
}

static void wasm_name(struct str text, struct profile_frame *f)
{
	f->kind = FRAME_WASM;
	f->tier = ends(text, "-liftoff") ? TIER_BASELINE : TIER_OPTIMIZED;
	f->name = (struct str){ text.s, text.n - (size_t)(ends(text, "-liftoff") ? 8 : 9) };
}

static void js_name(struct str text, struct profile_frame *f)
{
	f->kind = FRAME_JS;
	f->tier = code_name_tier(&text);
	if (f->tier == TIER_UNKNOWN && (ends(text, "-liftoff") || ends(text, "-turbofan")))
		wasm_name(text, f);
	else
		code_name_place(text, f);
}

static void whole_name(struct profile_frame *f, struct str name, enum frame_kind kind)
{
	f->name = name;
	f->kind = kind;
}

int code_name_v8(struct str symbol, struct profile_frame *f)
{
	static const struct {
		const char *prefix;
		enum frame_kind kind;
	} kinds[] = {
		{ "LazyCompile:", FRAME_JS },   { "Function:", FRAME_JS },      { "JS:", FRAME_JS },
		{ "Script:", FRAME_JS },        { "Eval:", FRAME_JS },          { "RegExp:", FRAME_REGEXP },
		{ "Builtin:", FRAME_BUILTIN },  { "Builtins_", FRAME_BUILTIN }, { "BytecodeHandler:", FRAME_BUILTIN },
		{ "Stub:", FRAME_BUILTIN },     { "Handler:", FRAME_BUILTIN },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = strlen(kinds[i].prefix);

		/* "JS::Call" is C++ */
		if (!str_starts(symbol, kinds[i].prefix) || (symbol.n > n && symbol.s[n] == ':'))
			continue;
		if (kinds[i].kind == FRAME_JS)
			js_name(from(symbol, n), f);
		else if (kinds[i].kind == FRAME_REGEXP)
			whole_name(f, symbol, FRAME_REGEXP);
		else
			whole_name(f, from(symbol, n), FRAME_BUILTIN);
		return 1;
	}
	return 0;
}

int code_name_is_kernel(struct str dso)
{
	static const char *const user[] = { "[unknown]", "[vdso]", "[vsyscall]", "[heap]", "[stack]", "[anon", "[jit",
					    "[uprobes]" };

	if (ends(dso, ".ko") || ends(dso, ".ko.xz") || ends(dso, ".ko.zst") || ends(dso, "/vmlinux"))
		return 1;
	if (!str_starts(dso, "["))
		return 0;
	for (size_t i = 0; i < sizeof(user) / sizeof(user[0]); i++)
		if (str_starts(dso, user[i]))
			return 0;
	return 1;
}

struct str code_name_base(struct str path)
{
	size_t i = path.n;

	while (i && path.s[i - 1] != '/')
		i--;
	return from(path, i);
}

/* "malloc@@GLIBC_2.2.5" is malloc; "malloc@plt" is another piece of code. */
static struct str without_version(struct str s)
{
	for (size_t i = 1; i + 1 < s.n; i++)
		if (s.s[i] == '@' && (s.s[i + 1] == '@' || (s.s[i + 1] >= 'A' && s.s[i + 1] <= 'Z')))
			s.n = i;
	return s;
}

void code_name_native(struct str symbol, struct str dso, struct profile_frame *f)
{
	int known = symbol.n && !str_is(symbol, "[unknown]");
	const struct str none = { 0 };

	if (known && code_name_v8(symbol, f))
		return;
	f->kind = code_name_is_kernel(dso) ? FRAME_KERNEL : FRAME_NATIVE;
	f->module = str_is(dso, "[unknown]") ? none : dso;
	f->name = known ? without_version(symbol) : STR_LIT("[unknown]");
}
