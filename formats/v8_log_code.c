#include "formats/v8_log_code.h"

#include <stdlib.h>

#include "formats/code_names.h"

void v8_log_code_init(struct v8_log_code *c, struct run *run, const struct profile_sink *sink)
{
	memset(c, 0, sizeof(*c));
	c->run = run;
	c->sink = sink;
	code_map_init(&c->map, &run->mem);
	strtab_init(&c->names, &run->mem);
	wtf8_init(&c->text, &run->mem);
	for (size_t i = 0; i < V8_N_STATES; i++)
		c->state_frames[i] = V8_NO_FRAME;
	c->program = c->unknown = V8_NO_FRAME;
}

void v8_log_code_release(struct v8_log_code *c)
{
	code_map_release(&c->map);
	strtab_release(&c->names);
	wtf8_release(&c->text);
	mem_free(&c->run->mem, c->codes);
	mem_free(&c->run->mem, c->libraries);
}

static enum frame_kind kind_of(struct str type)
{
	static const struct {
		const char *type;
		enum frame_kind kind;
	} kinds[] = {
		{ "JS", FRAME_JS },
		{ "Function", FRAME_JS },
		{ "LazyCompile", FRAME_JS },
		{ "Script", FRAME_JS },
		{ "Eval", FRAME_JS },
		{ "RegExp", FRAME_REGEXP },
		{ "WASM", FRAME_WASM },
		{ "WASM_FUNCTION", FRAME_WASM },
		{ "CPP", FRAME_NATIVE },
		{ "SHARED_LIB", FRAME_NATIVE },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(type, kinds[i].type))
			return kinds[i].kind;
	return FRAME_BUILTIN;
}

int v8_log_code_name(struct v8_log_code *c, struct str type, struct str name, struct str state, uint32_t *number,
		     struct err *e)
{
	if (wtf8_clean(&c->text, &name, e) || mem_reserve(&c->run->mem, (void **)&c->codes, &c->codes_capacity,
							   c->n_codes + 1, sizeof(*c->codes), e))
		return e->kind;
	c->codes[c->n_codes] = (struct v8_code){ V8_NO_FRAME, (uint32_t)c->names.n, (uint8_t)kind_of(type),
						 (uint8_t)code_name_tier(&state) };
	*number = (uint32_t)c->n_codes++;
	return strtab_add(&c->names, name, e);
}

/* Delivered again, a frame adds what is new to the one that is there. */
static int deliver(struct v8_log_code *c, struct v8_code *code, struct str deopt, struct err *e)
{
	struct profile_frame f = { .kind = (enum frame_kind)code->kind, .tier = (enum frame_tier)code->tier, .deopt = deopt };
	struct str name = strtab_get(&c->names, code->name);

	if (f.kind == FRAME_JS) {
		code_name_place(name, &f);
	} else if (f.kind == FRAME_NATIVE && str_starts(name, "/")) {
		f.module = name;
		f.name = code_name_base(name);
	} else {
		f.name = name;
	}
	return c->sink->frame(c->sink->ctx, &f, &code->frame, e);
}

int v8_log_code_frame(struct v8_log_code *c, uint32_t number, uint32_t *frame, struct err *e)
{
	struct v8_code *code = &c->codes[number];

	if (code->frame == V8_NO_FRAME && deliver(c, code, (struct str){ "", 0 }, e))
		return e->kind;
	*frame = code->frame;
	return 0;
}

int v8_log_code_add(struct v8_log_code *c, struct str type, struct str name, struct str state, uint64_t start,
		    uint64_t bytes, struct err *e)
{
	uint32_t number = 0;

	if (v8_log_code_name(c, type, name, state, &number, e))
		return e->kind;
	return code_map_add(&c->map, start, bytes, number, e);
}

int v8_log_code_library(struct v8_log_code *c, struct str path, uint64_t start, uint64_t end, struct err *e)
{
	struct profile_frame f = { .kind = FRAME_NATIVE };
	struct v8_library *l;

	if (end <= start)
		return 0;
	/* each mapped piece of a file is logged from the file's beginning on */
	if (c->n_libraries && c->libraries[c->n_libraries - 1].start == start) {
		l = &c->libraries[c->n_libraries - 1];
		l->end = end > l->end ? end : l->end;
		return 0;
	}
	if (wtf8_clean(&c->text, &path, e) || mem_reserve(&c->run->mem, (void **)&c->libraries, &c->libraries_capacity,
							   c->n_libraries + 1, sizeof(*c->libraries), e))
		return e->kind;
	l = &c->libraries[c->n_libraries++];
	*l = (struct v8_library){ start, end, V8_NO_FRAME };
	c->sorted = 0;
	f.name = code_name_base(path);
	f.module = path;
	return c->sink->frame(c->sink->ctx, &f, &l->frame, e);
}

/* Functions of JavaScript alone are optimised. */
int v8_log_code_deopt(struct v8_log_code *c, uint64_t start, struct str reason, struct err *e)
{
	uint32_t at = code_map_at(&c->map, start);
	struct v8_code *code = at == CODE_NONE ? NULL : &c->codes[c->map.codes[at].value];

	if (!code || code->kind != FRAME_JS)
		return 0;
	return wtf8_clean(&c->text, &reason, e) ? e->kind : deliver(c, code, reason, e);
}

static int by_start(const void *x, const void *y)
{
	const struct v8_library *a = x, *b = y;

	return a->start < b->start ? -1 : a->start > b->start;
}

static uint32_t find_library(struct v8_log_code *c, uint64_t address)
{
	size_t low = 0, high = c->n_libraries;

	if (!c->sorted && c->n_libraries)
		qsort(c->libraries, c->n_libraries, sizeof(*c->libraries), by_start);
	c->sorted = 1;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c->libraries[mid].start <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low && address < c->libraries[low - 1].end ? c->libraries[low - 1].frame : V8_NO_FRAME;
}

/* Code of V8's lies in libraries, too: its builtins are part of the executable. The smaller thing is meant. */
int v8_log_code_find(struct v8_log_code *c, uint64_t address, uint32_t *frame, enum frame_tier *tier, struct err *e)
{
	uint32_t at = code_map_find(&c->map, address);

	*tier = TIER_UNKNOWN;
	if (at == CODE_NONE) {
		*frame = find_library(c, address);
		return 0;
	}
	*tier = (enum frame_tier)c->codes[c->map.codes[at].value].tier;
	return v8_log_code_frame(c, c->map.codes[at].value, frame, e);
}

int v8_log_code_is_js(const struct v8_log_code *c, uint64_t address)
{
	uint32_t at = code_map_find(&c->map, address);

	return at != CODE_NONE && c->codes[c->map.codes[at].value].kind == FRAME_JS;
}

int v8_log_code_state(struct v8_log_code *c, enum v8_state state, uint32_t *frame, struct err *e)
{
	static const struct {
		const char *name;
		enum frame_kind kind;
	} pseudo[V8_N_STATES] = {
		[V8_STATE_GC] = { "(garbage collector)", FRAME_GC },
		[V8_STATE_PARSER] = { "(parser)", FRAME_VM },
		[V8_STATE_BYTECODE_COMPILER] = { "(bytecode compiler)", FRAME_VM },
		[V8_STATE_COMPILER] = { "(compiler)", FRAME_VM },
		[V8_STATE_ATOMICS_WAIT] = { "(atomics wait)", FRAME_VM },
		[V8_STATE_IDLE] = { "(idle)", FRAME_IDLE },
		[V8_STATE_LOGGING] = { "(logging)", FRAME_VM },
	};
	struct profile_frame f = { 0 };

	if (pseudo[state].name && c->state_frames[state] == V8_NO_FRAME) {
		f.name = str_of(pseudo[state].name);
		f.kind = pseudo[state].kind;
		if (c->sink->frame(c->sink->ctx, &f, &c->state_frames[state], e))
			return e->kind;
	}
	*frame = c->state_frames[state];
	return 0;
}

int v8_log_code_unknown(struct v8_log_code *c, uint32_t *frame, struct err *e)
{
	struct profile_frame f = { .name = STR_LIT("[unknown]"), .kind = FRAME_NATIVE };

	if (c->unknown == V8_NO_FRAME && c->sink->frame(c->sink->ctx, &f, &c->unknown, e))
		return e->kind;
	*frame = c->unknown;
	return 0;
}

int v8_log_code_program(struct v8_log_code *c, uint32_t *frame, struct err *e)
{
	struct profile_frame f = { .name = STR_LIT("(program)"), .kind = FRAME_PROGRAM };

	if (c->program == V8_NO_FRAME && c->sink->frame(c->sink->ctx, &f, &c->program, e))
		return e->kind;
	*frame = c->program;
	return 0;
}
