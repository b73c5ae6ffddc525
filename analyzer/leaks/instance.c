/* What is left: a class that grew, and who holds it. */
#include "analyzer/leaks/detector.h"

unsigned instance_recognise(const struct suspect *s)
{
	return s->point->spread && s->item != NO_NODE ? 53 : 1;
}

/* What the browser notes about a page by itself, and not without end; marks and measures are the page's own. */
#define TIMELINE "LayoutShift LargestContentfulPaint PerformanceEventTiming PerformanceResourceTiming PerformancePaintTiming"

static int is_timeline(const struct suspect *s)
{
	uint32_t page = s->scattered ? NO_NODE : look_page_object(s->h, s->node);

	return page != NO_NODE && look_is(s->h, page, "Performance") && suspect_item_is(s, TIMELINE);
}

/* An object of the browser's: which part of the page has it, and the page's function that it calls, if it does. */
static void tell_native(const struct suspect *s, struct opinion *o)
{
	const struct heap *h = s->h;
	uint32_t page = s->scattered ? NO_NODE : look_page_object(h, s->node), function;

	if (page != NO_NODE)
		o->holder = page;
	function = look_native_function(h, s->item);
	/* an element leads to its document, and that to functions which it does not call */
	if (function == NO_NODE || h->tree_pos[function] - h->tree_pos[s->item] >= h->tree_size[h->tree_pos[s->item]])
		return;
	o->function = function;
	opinion_for(o, "each calls %s", words_function(o, s, o->function));
	opinion_captured(s, o, o->function);
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
	if (s->h->type[s->item] == NODE_NATIVE)
		tell_native(s, o);
	if (is_timeline(s)) {
		o->of_the_engine = 1;
		opinion_against(o, "the browser's own timeline, which has a bound");
	}
	opinion_title(o, "%s keeps %s %s objects", words_holder(o, s, o->holder), words_more(o, s),
		      words_class(o, s, s->item));
}
