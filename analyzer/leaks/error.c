/* Errors that are kept: each has its captured stack, which refers to the functions on it. */
#include "analyzer/leaks/detector.h"

static int is_error(const struct heap *h, uint32_t node)
{
	struct str class = look_class(h, node);

	if (h->type[node] != NODE_OBJECT || (!str_ends(class, "Error") && !str_ends(class, "Exception")))
		return 0;
	return look_has(h, node, "stack") || look_has(h, node, "message") || look_has(h, node, "<symbol error_stack_symbol>") ||
	       look_has(h, node, "<symbol>");
}

unsigned error_recognise(const struct suspect *s)
{
	return s->item != NO_NODE && is_error(s->h, s->item) ? 77 : 0;
}

void error_tell(const struct suspect *s, struct opinion *o)
{
	opinion_title(o, "%s keeps %s %s objects", words_holder(o, s, s->node), words_more(o, s),
		      words_class(o, s, s->item));
	opinion_for(o, "each keeps its captured stack: %s", words_bytes(o, s->h->retained[s->item]));
}
