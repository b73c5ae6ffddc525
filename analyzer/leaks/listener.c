/*
 * Event listeners that are added and not removed.
 *
 * EventEmitter: `_events` has a property per event, a function or an Array of them. EventTarget (AbortSignal): a Map under
 * <symbol kEvents> leads from the event's name to a chain of Listener objects. Chromium's DOM: native
 * RegisteredEventListener > EventListener > V8EventListener > function; the event's name is not in the file.
 */
#include "analyzer/leaks/detector.h"
#include "analyzer/refs.h"

#define MAX_UP 2 /* an Array in `_events`, the chain of an event */
#define MANY 100 /* of one function on one event: nobody means that */

struct listening {
	uint32_t emitter;  /* NO_NODE: none found */
	struct str event;  /* "" when not known */
	int by_event;      /* the events themselves grow in number */
};

static struct str property_to(const struct heap *h, uint32_t from, uint32_t to)
{
	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++)
		if (h->edge_to[i] == to && heap_edge_type(h, i) == EDGE_PROPERTY)
			return heap_string(h, h->edge_name[i]);
	return STR_LIT("");
}

/* In a Map's table a value stands behind its key. */
static struct str key_of(const struct heap *h, uint32_t map, uint32_t value)
{
	uint32_t table = look_internal(h, map, "table");
	struct str key = STR_LIT("");

	for (uint32_t i = table == NO_NODE ? 0 : h->first_edge[table]; table != NO_NODE && i < h->first_edge[table + 1]; i++) {
		if (h->edge_to[i] == value)
			return key;
		if (look_is_string(h, h->edge_to[i]))
			key = heap_name(h, h->edge_to[i]);
	}
	return STR_LIT("");
}

static struct listening find_emitter(const struct suspect *s)
{
	const struct heap *h = s->h;
	struct listening l = { .emitter = NO_NODE };
	uint32_t below = NO_NODE, node = s->node;

	for (unsigned n = 0; n < MAX_UP && !s->scattered && node != NO_NODE; n++) {
		uint32_t up = ref_owner(h, node);

		if (up == NO_NODE)
			break;
		if (look_property(h, up, "_events") == node) {
			l.emitter = up;
			l.by_event = below == NO_NODE;
			l.event = below == NO_NODE ? STR_LIT("") : property_to(h, node, below);
			break;
		}
		if (look_property(h, up, "<symbol kEvents>") == node) {
			l.emitter = up;
			l.by_event = below == NO_NODE;
			l.event = below == NO_NODE ? STR_LIT("") : key_of(h, node, below);
			break;
		}
		below = node;
		node = up;
	}
	return l;
}

static uint32_t function_of(const struct heap *h, uint32_t item)
{
	for (unsigned depth = 0; depth < 4 && item != NO_NODE && !look_is_closure(h, item); depth++) {
		uint32_t next = look_property(h, item, "listener");

		if (next == NO_NODE || !look_is_closure(h, next))
			next = look_property(h, item, "callback");
		item = next == NO_NODE ? look_native_function(h, item) : next;
	}
	return item == NO_NODE || !look_is_closure(h, item) ? NO_NODE : look_unwrap(h, item);
}

#define DOM_LISTENERS "blink::RegisteredEventListener RegisteredEventListener EventListener V8EventListener"

unsigned listener_recognise(const struct suspect *s)
{
	if (s->item == NO_NODE)
		return 0;
	if (suspect_item_is(s, DOM_LISTENERS))
		return 90;
	return find_emitter(s).emitter != NO_NODE && function_of(s->h, s->item) != NO_NODE ? 95 : 0;
}

struct same {
	const struct heap *h;
	uint32_t function;
	uint64_t n, all;
};

static int count_same(const struct heap *h, uint32_t item, void *ctx)
{
	struct same *c = ctx;
	uint32_t f = function_of(h, item);

	c->all++;
	c->n += f != NO_NODE && h->name[f] == h->name[c->function] && (!h->place || h->place[f] == h->place[c->function]);
	return 0;
}

static void argue(const struct suspect *s, struct opinion *o)
{
	struct same same = { .h = s->h, .function = o->function };

	if (o->function == NO_NODE)
		return;
	suspect_each_item(s, count_same, &same);
	if (same.n == same.all && same.n > 1)
		opinion_for(o, s->h->place ? "all %s are the same function, made again each time" : "all %s have the same name",
			    words_count(o, same.n));
	else
		opinion_against(o, "%s of %s are this function, the others are different ones", words_count(o, same.n),
				words_count(o, same.all));
	if (s->counts && s->counts[0] >= 10 && s->kept >= s->counts[0])
		opinion_for(o, "none of the %s listeners of the first snapshot was removed", words_count(o, s->counts[0]));
	o->proven = same.n >= MANY && s->counts && s->counts[0] >= 10 && s->kept >= s->counts[0];
	opinion_captured(s, o, o->function);
}

void listener_tell(const struct suspect *s, struct opinion *o)
{
	struct listening l = find_emitter(s);
	const char *function;

	o->function = function_of(s->h, s->item);
	function = words_function(o, s, o->function);
	if (l.emitter == NO_NODE && !s->scattered)
		l.emitter = look_page_object(s->h, s->node);
	if (l.emitter != NO_NODE)
		o->holder = l.emitter;
	if (l.emitter == NO_NODE)
		opinion_title(o, "%s event listeners that call %s are kept", words_more(o, s), function);
	else if (l.event.n)
		opinion_title(o, "%s has %s \"%s\" listeners: %s", words_holder(o, s, l.emitter), words_more(o, s),
			      words_text(o, l.event), function);
	else
		opinion_title(o, "%s has %s listeners%s: %s", words_holder(o, s, l.emitter), words_more(o, s),
			      l.by_event ? " on ever new events" : "", function);
	argue(s, o);
}
