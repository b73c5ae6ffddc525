/*
 * Stores of AsyncLocalStorage. Node 24 keeps them in an AsyncContextFrame that promises' reactions and timers refer to; before,
 * each async resource had them under <symbol kResourceStore>.
 */
#include "analyzer/leaks/detector.h"

#define MAX_LOOK 64

static int is_frame(const struct heap *h, uint32_t node)
{
	return look_is_one_of(h, node, "AsyncContextFrame ActiveAsyncContextFrame") && h->type[node] == NODE_OBJECT;
}

/* Something that carries a store: a frame, a resource, or a promise with a reaction that has one. */
static int carries_store(const struct heap *h, uint32_t node)
{
	uint32_t pos = h->tree_pos[node], end = pos + h->tree_size[pos], reaction;

	if (is_frame(h, node) || look_has(h, node, "<symbol kResourceStore>"))
		return 1;
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (heap_edge_type(h, i) == EDGE_PROPERTY && is_frame(h, h->edge_to[i]))
			return 1;
	reaction = look_internal(h, node, "reactions_or_result");
	for (uint32_t i = reaction == NO_NODE ? 0 : h->first_edge[reaction];
	     reaction != NO_NODE && i < h->first_edge[reaction + 1]; i++)
		if (is_frame(h, h->edge_to[i]))
			return 1;
	for (uint32_t p = pos + 1; p < end && p - pos < MAX_LOOK; p++)
		if (is_frame(h, h->tree_order[p]))
			return 1;
	return 0;
}

unsigned async_context_recognise(const struct suspect *s)
{
	const struct heap *h = s->h;

	if (s->item == NO_NODE)
		return 0;
	if (is_frame(h, s->item) || look_is(h, s->item, "AsyncResource"))
		return 88;
	if (look_is_closure(h, s->item) || look_has(h, s->item, "_onTimeout") || look_has(h, s->item, "_events"))
		return 0;
	return carries_store(h, s->item) && suspect_mostly(s, carries_store) ? 80 : 0;
}

void async_context_tell(const struct suspect *s, struct opinion *o)
{
	struct tally t = suspect_tally(s, carries_store);

	opinion_title(o, "%s keeps %s async contexts alive, through %s", words_holder(o, s, s->node), words_more(o, s),
		      words_class(o, s, s->item));
	opinion_for(o, "%s of %s carry a store of AsyncLocalStorage", words_count(o, t.passed), words_count(o, t.n));
	opinion_against(o, "whether a promise is pending or settled without a value is not in the file");
}
