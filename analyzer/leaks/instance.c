/* What is left: a class that grew, and who holds it. */
#include "analyzer/leaks/detector.h"

unsigned instance_recognise(const struct suspect *s)
{
	return s->point->spread && s->item != NO_NODE ? 53 : 1;
}

void instance_tell(const struct suspect *s, struct opinion *o)
{
	if (s->item == NO_NODE) {
		opinion_title(o, "%s %s", words_holder(o, s, s->node),
			      words_grew(o, s));
		return;
	}
	if (s->point->spread)
		opinion_for(o, s->c->n > 1 ? "it grew at many places below: a tree or graph that gets new nodes"
					   : "they hang on one another: a tree or graph");
	opinion_title(o, "%s keeps %s %s objects", words_holder(o, s, s->node), words_more(o, s),
		      words_class(o, s, s->item));
}
