/* A Set that only ever gets more values. */
#include "analyzer/leaks/keys.h"

unsigned set_recognise(const struct suspect *s)
{
	return look_extends(s->h, s->node, "Set") ? 40 : 0;
}

void set_tell(const struct suspect *s, struct opinion *o)
{
	if (s->item == NO_NODE) {
		keys_unseen(s, o, "values", "its values are numbers");
		return;
	}
	opinion_title(o, "%s %s %s values: %s", words_holder(o, s, s->node), words_got(s), words_more(o, s),
		      words_class(o, s, s->item));
	keys_argue(s, o);
}
