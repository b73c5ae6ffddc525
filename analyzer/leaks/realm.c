/* Whole JavaScript worlds that are kept: vm contexts, frames and windows. Each has a NativeContext with all built-ins. */
#include "analyzer/leaks/detector.h"

#define MAX_LOOK 20000

static int is_realm(const struct heap *h, uint32_t node)
{
	uint32_t pos = h->tree_pos[node], end = pos + h->tree_size[pos];

	for (uint32_t p = pos; p < end && p - pos < MAX_LOOK; p++)
		if (str_is(heap_name(h, h->tree_order[p]), "system / NativeContext"))
			return 1;
	return look_has(h, node, "<symbol node:contextify:context>") || look_has(h, node, "<symbol contextify_context_private_symbol>");
}

unsigned realm_recognise(const struct suspect *s)
{
	return s->item != NO_NODE && is_realm(s->h, s->item) ? 90 : 0;
}

void realm_tell(const struct suspect *s, struct opinion *o)
{
	opinion_title(o, "%s keeps %s JavaScript contexts", words_holder(o, s, s->node), words_more(o, s));
	opinion_for(o, "each has a full set of built-in objects: %s", words_bytes(o, s->h->retained[s->item]));
}
