/*
 * Elements that are no longer in the document but are held by JavaScript. Blink writes an element and its wrapper as one
 * native node; heap_analyze() has spread the mark over the whole detached tree.
 */
#include "analyzer/leaks/detector.h"

#define DETACHED 2

/* The column is not there when no node is embedder's and marked. */
static int is_detached(const struct heap *h, uint32_t node)
{
	return h->detachedness && h->detachedness[node] == DETACHED;
}

static uint32_t detached_in(const struct heap *h, uint32_t node)
{
	if (is_detached(h, node) || str_starts(look_class(h, node), "Detached "))
		return node;
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (heap_edge_type(h, i) == EDGE_PROPERTY && h->type[h->edge_to[i]] == NODE_NATIVE &&
		    is_detached(h, h->edge_to[i]))
			return h->edge_to[i];
	return NO_NODE;
}

unsigned detached_dom_recognise(const struct suspect *s)
{
	return s->item != NO_NODE && detached_in(s->h, s->item) != NO_NODE ? 93 : 0;
}

void detached_dom_tell(const struct suspect *s, struct opinion *o)
{
	uint32_t element = detached_in(s->h, s->item);

	opinion_title(o, "%s keeps %s %s elements that are in no document", words_holder(o, s, s->node),
		      words_more(o, s), words_class(o, s, element));
	opinion_for(o, "an element that is out of the document is alive only through this reference");
	if (s->h->retained[element] > 1024)
		opinion_for(o, "each holds a detached tree of %s", words_bytes(o, s->h->retained[element]));
}
