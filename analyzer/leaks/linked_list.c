/*
 * A chain of objects of one kind: each is held by the one before it, so it grows without any collection. One that is linked
 * both ways and held at both ends has no head in the dominator tree; its elements are a group there.
 */
#include "analyzer/leaks/detector.h"

unsigned linked_list_recognise(const struct suspect *s)
{
	return (s->point->listed || s->linked) && s->item != NO_NODE && s->h->type[s->item] == NODE_OBJECT ? 58 : 0;
}

void linked_list_tell(const struct suspect *s, struct opinion *o)
{
	opinion_title(o, "The linked list %s %s %s elements: %s", words_holder(o, s, s->node), words_got(s), words_more(o, s),
		      words_class(o, s, s->item));
	opinion_for(o, "%s objects of one kind hang on one another", words_count(o, s->n_items));
}
