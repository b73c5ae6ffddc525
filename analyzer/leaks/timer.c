/*
 * Timers that are never cleared. Active ones hang in rings of one duration, so the dominators lead to the ring; what tells
 * them apart is the function in `_onTimeout`. `_repeat` is null for setTimeout and a number, without an edge, for setInterval.
 *
 * Chromium: DOMTimer > ScheduledAction > V8Function > function, in a table of the window's. Nothing tells the two apart there.
 */
#include "analyzer/leaks/detector.h"

#define MANY 50

static int is_page_timer(const struct heap *h, uint32_t node)
{
	return look_is_one_of(h, node, "DOMTimer blink::DOMTimer");
}

static int is_timer(const struct heap *h, uint32_t node)
{
	return is_page_timer(h, node) || look_has(h, node, "_onTimeout") || look_has(h, node, "_onImmediate");
}

static int is_interval(const struct heap *h, uint32_t node)
{
	uint32_t repeat = look_property(h, node, "_repeat");

	return look_has(h, node, "_onTimeout") &&
	       (repeat == NO_NODE || !look_is_oddball(h, repeat, "null") || h->type[repeat] == NODE_NUMBER);
}

static uint32_t callback_of(const struct heap *h, uint32_t node)
{
	uint32_t f = is_page_timer(h, node) ? look_native_function(h, node) : look_property(h, node, "_onTimeout");

	if (f == NO_NODE)
		f = look_property(h, node, "_onImmediate");
	return f == NO_NODE || !look_is_closure(h, f) ? NO_NODE : look_unwrap(h, f);
}

unsigned timer_recognise(const struct suspect *s)
{
	return s->item != NO_NODE && is_timer(s->h, s->item) ? 96 : 0;
}

static void argue(const struct suspect *s, struct opinion *o, int interval)
{
	uint32_t frame = look_property(s->h, s->item, "<symbol kAsyncContextFrame>");

	if (interval)
		opinion_for(o, "an interval never ends by itself");
	else if (is_page_timer(s->h, s->item))
		opinion_against(o, "whether they are intervals or timeouts, which end by themselves, is not in the file");
	else
		opinion_against(o, "a timeout ends by itself; a long one is a leak only while more are set than fire");
	if (s->counts && s->counts[0] && s->kept >= s->counts[0])
		opinion_for(o, "none of the %s of the first snapshot has ended", words_count(o, s->counts[0]));
	o->proven = interval && s->counts && s->counts[0] >= 10 && s->kept >= s->counts[0] && s->n_items >= MANY;
	if (frame != NO_NODE && !look_is_oddball(s->h, frame, "undefined"))
		opinion_for(o, "each also keeps the async context it was set in");
	if (o->function != NO_NODE)
		opinion_captured(s, o, o->function);
}

static const char *words_timers(const struct suspect *s, int interval)
{
	if (is_page_timer(s->h, s->item))
		return "timers";
	return look_has(s->h, s->item, "_onImmediate") ? "immediates" : interval ? "intervals" : "timeouts";
}

void timer_tell(const struct suspect *s, struct opinion *o)
{
	int interval = suspect_mostly(s, is_interval);
	uint32_t page = is_page_timer(s->h, s->item) && !s->scattered ? look_page_object(s->h, s->node) : NO_NODE;

	if (page != NO_NODE)
		o->holder = page;
	o->function = callback_of(s->h, s->item);
	opinion_title(o, "%s %s that call %s are active", words_more(o, s), words_timers(s, interval),
		      words_function(o, s, o->function));
	argue(s, o, interval);
}
