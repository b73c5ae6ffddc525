/* A Set that only ever gets more values. */
#include "analyzer/leaks/keys.h"

unsigned set_recognise(const struct suspect *s)
{
	return look_extends(s->h, s->node, "Set") ? 40 : 0;
}

void set_tell(const struct suspect *s, struct opinion *o)
{
	if (s->item == NO_NODE) {
		opinion_title(o, "%s %s: its values are numbers", words_holder(o, s, s->node),
			      words_grew(o, s));
		opinion_against(o, "how many values it has is not in the file; its table doubles when it is full");
		return;
	}
	opinion_title(o, "%s %s %s values: %s", words_holder(o, s, s->node), words_got(s), words_more(o, s),
		      words_class(o, s, s->item));
	keys_argue(s, o);
}
