/* A plain object used as a table: its properties are data. */
#include "analyzer/leaks/keys.h"
#include "analyzer/refs.h"

#define TABLE 32 /* properties that no declared object has */

static int is_table(const struct heap *h, uint32_t node)
{
	uint32_t n = 0;

	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		n += heap_edge_type(h, i) == EDGE_PROPERTY || heap_edge_type(h, i) == EDGE_ELEMENT;
	return n >= TABLE;
}

unsigned object_recognise(const struct suspect *s)
{
	return s->h->type[s->node] == NODE_OBJECT && !ref_is_context(s->h, s->node) && is_table(s->h, s->node) ? 38 : 0;
}

void object_tell(const struct suspect *s, struct opinion *o)
{
	if (s->item == NO_NODE)
		opinion_title(o, "%s is used as a table and %s", words_holder(o, s, s->node),
			      words_grew(o, s));
	else
		opinion_title(o, "%s %s %s properties: %s", words_holder(o, s, s->node), words_got(s), words_more(o, s),
			      words_class(o, s, s->item));
	keys_argue(s, o);
}
