/* A Map that is used as a cache or a registry and only ever gets more entries. */
#include "analyzer/leaks/keys.h"

unsigned map_recognise(const struct suspect *s)
{
	return look_extends(s->h, s->node, "Map") ? 40 : 0;
}

void map_tell(const struct suspect *s, struct opinion *o)
{
	if (s->item == NO_NODE) {
		keys_unseen(s, o, "entries", "keys and values are numbers");
		return;
	}
	opinion_title(o, "%s %s %s entries: %s", words_holder(o, s, s->node), words_got(s), words_more(o, s),
		      words_class(o, s, s->item));
	keys_argue(s, o);
}
