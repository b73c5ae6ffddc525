#include "analyzer/sections.h"

#include <string.h>

#include "analyzer/refs.h"
#include "analyzer/section_parts.h"
#include "base/pool.h"

void section_names_find(const struct heap *h, struct section_names *out)
{
	static const char *const texts[N_KNOWN_NAMES] = {
		[NAME_EVENTS] = "_events",	     [NAME_CONSTRUCTOR] = "constructor",
		[NAME_LISTENER] = "listener",	     [NAME_CALLBACK] = "callback",
		[NAME_NEXT] = "next",		     [NAME_KEVENTS] = "<symbol kEvents>",
		[NAME_TABLE] = "table",		     [NAME_PROPERTIES] = "properties",
		[NAME_PROTO] = "__proto__",	     [NAME_BOUND_FUNCTION] = "bound_function",
		[NAME_DICTIONARY] = "(object properties)",
	};
	size_t found = 0;

	for (size_t k = 0; k < N_KNOWN_NAMES; k++)
		out->string[k] = NO_STRING;
	for (size_t i = 0; i < h->strings.n && found < N_KNOWN_NAMES; i++) {
		struct str s = strtab_get(&h->strings, i);

		for (size_t k = 0; k < N_KNOWN_NAMES; k++) {
			if (out->string[k] == NO_STRING && str_is(s, texts[k])) {
				out->string[k] = (uint32_t)i;
				found++;
			}
		}
	}
}

uint32_t section_follow(const struct heap *h, uint32_t node, enum edge_type type, uint32_t string)
{
	uint32_t edge;

	if (string != NO_STRING && hubs_find(h, node, type, heap_string(h, string), &edge))
		return edge == NO_EDGE ? NO_NODE : h->edge_to[edge];
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (h->edge_name[i] == string && heap_edge_type(h, i) == type)
			return h->edge_to[i];
	return NO_NODE;
}

int group_place_of(struct sections *s, const struct heap *h, uint32_t node, struct group_place *out, struct err *e)
{
	const struct heap_place *p = heap_place_of(h, node);

	memset(out, 0, sizeof(*out));
	out->script = STR_LIT("");
	if (!p)
		return 0;
	out->located = 1;
	out->script_id = p->script_id;
	out->line = p->line;
	out->column = p->column;
	return ref_script(&s->arena, heap_string(h, heap_script_name(h, p->script_id)), &out->script, e);
}

int group_place_ref(struct report *r, struct str script, uint32_t script_id, uint32_t line, uint32_t column, int located,
		    const struct place **out, struct err *e)
{
	struct place *p;

	*out = NULL;
	if (!located)
		return 0;
	p = arena_alloc(&r->arena, sizeof(*p), e);
	if (!p || ref_text(&r->arena, script, &p->script, e))
		return e->kind;
	p->script_id = script_id;
	p->line = line + 1;
	p->column = column + 1;
	*out = p;
	return 0;
}

/* Collections keep no texts, so they and the other two, which share the arena, can be collected at the same time. */
static int collect(void *ctx, unsigned part, struct err *e)
{
	struct sections_work *w = ctx;

	if (part)
		return collections_collect(w->h, &w->names, w->out, e);
	return closures_collect(w->h, w->out, e) ? e->kind : listeners_collect(w->h, &w->names, w->out, e);
}

struct heap_task sections_prepare(struct sections_work *w, struct heap *h, struct sections *out)
{
	*w = (struct sections_work){ .h = h, .out = out };
	memset(out, 0, sizeof(*out));
	out->mem = &h->run->mem;
	arena_init(&out->arena, out->mem);
	section_names_find(h, &w->names);
	return (struct heap_task){ collect, w, 2 };
}

int sections_collect(struct heap *h, struct sections *out, struct err *e)
{
	struct sections_work w;
	struct heap_task t = sections_prepare(&w, h, out);

	if (!pool_run(h->run, t.n_parts, t.run, t.ctx, e))
		return 0;
	sections_release(out);
	return e->kind;
}

void sections_release(struct sections *s)
{
	if (!s->mem)
		return;
	mem_free(s->mem, s->collections);
	mem_free(s->mem, s->closures);
	mem_free(s->mem, s->listeners);
	arena_release(&s->arena);
	memset(s, 0, sizeof(*s));
}

int sections_report(struct report *r, const struct sections_view *v, struct err *e)
{
	if (collections_report(r, v, e) || closures_report(r, v, e))
		return e->kind;
	return listeners_report(r, v, e);
}
