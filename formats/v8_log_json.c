/* What `node --prof-process --preprocess` makes of a log: the code, the functions that it belongs to, the ticks. */
#include "formats/json_pull.h"
#include "formats/probes.h"
#include "formats/v8_log.h"
#include "formats/v8_log_code.h"

#define NO_FUNCTION UINT32_MAX

struct json_code {
	uint32_t type, kind, name; /* texts */
	uint32_t function;
	uint32_t number;           /* of v8_log_code, plus 1; 0: not asked for yet */
};

struct json_log {
	struct run *run;
	const struct profile_sink *sink;
	struct json_pull in;
	struct v8_log_code code;
	struct strtab texts;
	struct json_code *codes;
	size_t n_codes, codes_capacity;
	uint32_t *functions;      /* names, as texts */
	size_t n_functions, functions_capacity;
	struct json_code new_code; /* what is being read */
	uint32_t new_name;
	int64_t us, state;
	uint32_t *chain;          /* of the tick at hand, innermost first */
	size_t n_chain, chain_capacity;
	enum frame_tier tier;
	int64_t first_ns, last_ns; /* of ticks; first PROFILE_NO_TIME: none yet */
	uint64_t n_unknown;
	int has_ticks;
};

static int take_text(struct json_log *g, uint32_t *text, struct err *e)
{
	struct str s;

	*text = (uint32_t)g->texts.n;
	return json_pull_string(&g->in, &s, e) ? e->kind : strtab_add(&g->texts, s, e);
}

static int take_index(struct json_log *g, uint32_t *index, struct err *e)
{
	int64_t v;

	if (json_pull_number(&g->in, 1, &v, e))
		return e->kind;
	*index = v >= 0 && v < UINT32_MAX ? (uint32_t)v : NO_FUNCTION;
	return 0;
}

static int code_key(void *ctx, const char *key, struct err *e)
{
	struct json_log *g = ctx;
	struct json_code *c = &g->new_code;

	if (!strcmp(key, "name"))
		return take_text(g, &c->name, e);
	if (!strcmp(key, "type"))
		return take_text(g, &c->type, e);
	if (!strcmp(key, "kind"))
		return take_text(g, &c->kind, e);
	if (!strcmp(key, "func"))
		return take_index(g, &c->function, e);
	return json_pull_skip(&g->in, e);
}

static int take_code(void *ctx, struct err *e)
{
	struct json_log *g = ctx;

	g->new_code = (struct json_code){ .function = NO_FUNCTION };
	if (json_pull_keys(&g->in, code_key, g, e) ||
	    mem_reserve(&g->run->mem, (void **)&g->codes, &g->codes_capacity, g->n_codes + 1, sizeof(*g->codes), e))
		return e->kind;
	g->codes[g->n_codes++] = g->new_code;
	return 0;
}

static int function_key(void *ctx, const char *key, struct err *e)
{
	struct json_log *g = ctx;

	return strcmp(key, "name") ? json_pull_skip(&g->in, e) : take_text(g, &g->new_name, e);
}

static int take_function(void *ctx, struct err *e)
{
	struct json_log *g = ctx;

	g->new_name = 0;
	if (json_pull_keys(&g->in, function_key, g, e) ||
	    mem_reserve(&g->run->mem, (void **)&g->functions, &g->functions_capacity, g->n_functions + 1, 4, e))
		return e->kind;
	g->functions[g->n_functions++] = g->new_name;
	return 0;
}

/* The kinds of compiled functions, as the marks that the log has. */
static struct str state_of(struct str kind)
{
	static const struct {
		const char *kind, *state;
	} kinds[] = { { "Unopt", "~" }, { "Ignition", "~" }, { "Sparkplug", "^" }, { "Baseline", "^" },
		      { "Maglev", "+" }, { "Opt", "*" },      { "Turbofan", "*" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(kind, kinds[i].kind))
			return str_of(kinds[i].state);
	return STR_LIT("");
}

static int make_code(struct json_log *g, struct json_code *c, struct err *e)
{
	uint32_t name = c->function < g->n_functions ? g->functions[c->function] : c->name;
	struct str type = strtab_get(&g->texts, c->type), kind = strtab_get(&g->texts, c->kind);

	if (str_is(type, "CODE"))
		type = kind;
	if (v8_log_code_name(&g->code, type, strtab_get(&g->texts, name), state_of(kind), &c->number, e))
		return e->kind;
	c->number++;
	return 0;
}

static int push(struct json_log *g, int64_t index, int innermost, struct err *e)
{
	struct json_code *c = index >= 0 && (uint64_t)index < g->n_codes ? &g->codes[index] : NULL;
	uint32_t frame;

	if (mem_reserve(&g->run->mem, (void **)&g->chain, &g->chain_capacity, g->n_chain + 1, 4, e))
		return e->kind;
	if (!c) {
		g->n_unknown++;
		if (!innermost)
			return 0;
		if (v8_log_code_unknown(&g->code, &frame, e))
			return e->kind;
		g->chain[g->n_chain++] = frame;
		return 0;
	}
	if (!c->number && make_code(g, c, e))
		return e->kind;
	if (innermost)
		g->tier = (enum frame_tier)g->code.codes[c->number - 1].tier;
	return v8_log_code_frame(&g->code, c->number - 1, &g->chain[g->n_chain++], e);
}

/* Pairs of a code and an offset in it; -1 and an address where no code is known. */
static int take_stack(struct json_log *g, struct err *e)
{
	int more, innermost = 1;

	if (json_pull_open(&g->in, '[', e))
		return e->kind;
	for (;; innermost = 0) {
		int64_t index, offset;

		if (json_pull_item(&g->in, &more, e))
			return e->kind;
		if (!more)
			return 0;
		if (json_pull_number(&g->in, 1, &index, e) || json_pull_item(&g->in, &more, e))
			return e->kind;
		if (!more)
			return err_at(e, ERR_FORMAT, json_in_offset(&g->in.in), "a stack with half a pair");
		if (json_pull_number(&g->in, 1, &offset, e) || push(g, index, innermost, e))
			return e->kind;
	}
}

static int observe(struct json_log *g, int64_t us, int64_t state, struct err *e)
{
	struct profile_observation o = { .stack = STACK_NONE, .tier = g->tier };
	enum v8_state s = state >= 0 && state < V8_N_STATES ? (enum v8_state)state : V8_STATE_OTHER;
	uint32_t frame;

	if (us < 0 || __builtin_mul_overflow(us, 1000, &o.time_ns))
		return err_at(e, ERR_FORMAT, json_in_offset(&g->in.in), "a tick at a time beyond all times");
	g->first_ns = g->first_ns == PROFILE_NO_TIME ? o.time_ns : g->first_ns;
	g->last_ns = o.time_ns > g->last_ns ? o.time_ns : g->last_ns;
	if (v8_log_code_state(&g->code, s, &frame, e))
		return e->kind;
	if (s == V8_STATE_IDLE)
		g->n_chain = 0;
	if (!g->n_chain && frame == V8_NO_FRAME && v8_log_code_program(&g->code, &frame, e))
		return e->kind;
	if (profile_sink_chain(g->sink, g->chain, NULL, g->n_chain, &o.stack, e))
		return e->kind;
	if (frame != V8_NO_FRAME) {
		o.tier = TIER_UNKNOWN;
		if (g->sink->stack(g->sink->ctx, o.stack, frame, 0, &o.stack, e))
			return e->kind;
	}
	return g->sink->observe(g->sink->ctx, &o, e);
}

static int tick_key(void *ctx, const char *key, struct err *e)
{
	struct json_log *g = ctx;

	if (!strcmp(key, "tm"))
		return json_pull_number(&g->in, 1, &g->us, e);
	if (!strcmp(key, "vm"))
		return json_pull_number(&g->in, 1, &g->state, e);
	return strcmp(key, "s") ? json_pull_skip(&g->in, e) : take_stack(g, e);
}

static int take_tick(void *ctx, struct err *e)
{
	struct json_log *g = ctx;

	g->n_chain = 0;
	g->tier = TIER_UNKNOWN;
	g->us = 0;
	g->state = V8_STATE_OTHER;
	return json_pull_keys(&g->in, tick_key, g, e) ? e->kind : observe(g, g->us, g->state, e);
}

static int section_key(void *ctx, const char *key, struct err *e)
{
	struct json_log *g = ctx;
	int is_ticks = !strcmp(key, "ticks");

	if (!strcmp(key, "code"))
		return json_pull_items(&g->in, take_code, g, e);
	if (!strcmp(key, "functions"))
		return json_pull_items(&g->in, take_function, g, e);
	g->has_ticks |= is_ticks;
	return is_ticks ? json_pull_items(&g->in, take_tick, g, e) : json_pull_skip(&g->in, e);
}

static int read_sections(struct json_log *g, struct err *e)
{
	struct profile_meta meta = PROFILE_META_INIT;

	if (strtab_add(&g->texts, STR_LIT(""), e) || json_pull_keys(&g->in, section_key, g, e))
		return e->kind;
	if (!g->has_ticks)
		return err_set(e, ERR_FORMAT, "a preprocessed log of V8 without ticks");
	meta.no_hits = 1;
	meta.producer = STR_LIT("V8 --prof");
	meta.duration_ns = g->first_ns == PROFILE_NO_TIME ? 0 : g->last_ns - g->first_ns;
	if (g->sink->meta(g->sink->ctx, &meta, e))
		return e->kind;
	return run_diag_n(g->run, e, g->n_unknown, "unknown-code",
			  "addresses in ticks at which the log knows no code; callers among them are left out");
}

int v8_log_json_read(struct run *run, struct source *src, const struct profile_read_options *o,
		     const struct profile_sink *sink, struct err *e)
{
	struct json_log g = { .run = run, .sink = sink, .first_ns = PROFILE_NO_TIME };
	int rc;

	if (json_pull_init(&g.in, run, src, o->read_bytes, "preprocessed log of V8", e))
		return e->kind;
	v8_log_code_init(&g.code, run, sink);
	strtab_init(&g.texts, &run->mem);
	rc = read_sections(&g, e);
	json_pull_release(&g.in);
	v8_log_code_release(&g.code);
	strtab_release(&g.texts);
	mem_free(&run->mem, g.codes);
	mem_free(&run->mem, g.functions);
	mem_free(&run->mem, g.chain);
	return rc;
}

enum probe probe_v8_log_json(const char *bytes, size_t n, int complete)
{
	static const struct probe_key keys[] = {
		{ 1, "code", PROBE_YES },
		{ 1, "nodes", PROBE_NO },
		{ 1, "head", PROBE_NO },
		{ 1, "traceEvents", PROBE_NO },
		{ 1, "snapshot", PROBE_NO },
		{ 1, "$schema", PROBE_NO },
		{ 1, "shared", PROBE_NO },
	};

	return probe_by_keys(bytes, n, complete, keys, sizeof(keys) / sizeof(keys[0]));
}
