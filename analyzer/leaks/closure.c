/* The same function made again and again, and kept with everything that it captured. */
#include "analyzer/leaks/detector.h"
#include "analyzer/refs.h"

unsigned closure_recognise(const struct suspect *s)
{
	return s->item != NO_NODE && look_is_closure(s->h, s->item) ? 55 : 0;
}

void closure_tell(const struct suspect *s, struct opinion *o)
{
	uint32_t function = look_unwrap(s->h, s->item), context = look_internal(s->h, function, "context");

	o->function = function;
	opinion_title(o, "%s keeps %s functions: %s", words_holder(o, s, s->node), words_more(o, s),
		      words_function(o, s, function));
	opinion_captured(s, o, function);
	if (context != NO_NODE && s->h->idom[context] != function && ref_is_context(s->h, context) &&
	    ref_owner(s->h, context) != NO_NODE && s->h->retained[context] > 1024)
		opinion_against(o, "its variables are shared with other functions, which may keep them as well");
}
