/* An Array that only ever gets longer, in place or by being replaced with a longer one. */
#include "analyzer/leaks/detector.h"

unsigned array_recognise(const struct suspect *s)
{
	return look_extends(s->h, s->node, "Array") ? 40 : 0;
}

void array_tell(const struct suspect *s, struct opinion *o)
{
	if (s->item == NO_NODE)
		opinion_title(o, "%s %s: its elements are numbers", words_holder(o, s, s->node),
			      words_grew(o, s));
	else
		opinion_title(o, "%s %s %s elements: %s", words_holder(o, s, s->node), words_got(s), words_more(o, s),
			      words_class(o, s, s->item));
	if (s->point->at.node != s->point->at.holder)
		opinion_for(o, "it took the place of a shorter one: concat(), spread or filter() make a new array");
}
