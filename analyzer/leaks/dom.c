/*
 * Elements that pile up in a document that is shown: a feed, a log, a list whose rows are never taken out. What is in the document
 * lives as long as the document, whoever else lets go.
 */
#include "analyzer/leaks/detector.h"

static int is_child(const struct suspect *s, uint32_t node)
{
	for (size_t i = 0; i < growth_n_spots(s->point); i++)
		if (dom_parent(s->h, node) == growth_spot(s->point, i)->node)
			return 1;
	return 0;
}

unsigned dom_recognise(const struct suspect *s)
{
	return s->item != NO_NODE && dom_parent(s->h, s->item) != NO_NODE && is_child(s, s->item) ? 90 : 0;
}

void dom_tell(const struct suspect *s, struct opinion *o)
{
	uint64_t more = suspect_more(s);

	opinion_title(o, "%s has %s %s %s", words_holder(o, s, s->node), words_more(o, s), words_class(o, s, s->item),
		      look_is_one_of(s->h, s->item, "Text Comment") ? "nodes" : "elements");
	if (s->c->n > 1 && more && s->delta_bytes > 0)
		opinion_for(o, "each costs %s with what is in it, its style and its layout",
			    words_bytes(o, (uint64_t)s->delta_bytes / more));
	opinion_for(o, "they are in the document, which keeps them whoever else lets go");
}
