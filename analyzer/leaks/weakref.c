/*
 * What weak references leave behind: WeakRef objects whose target is gone, cells of a FinalizationRegistry, entries of a
 * WeakMap whose values keep their keys reachable.
 */
#include "analyzer/leaks/detector.h"

static int is_husk(const struct heap *h, uint32_t node)
{
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (heap_edge_type(h, i) == EDGE_WEAK && str_is(heap_string(h, h->edge_name[i]), "target"))
			return 0;
	return 1;
}

/* The WeakRef itself, or the one that is a property of the item. */
static uint32_t weakref_in(const struct heap *h, uint32_t node)
{
	if (look_is(h, node, "WeakRef"))
		return node;
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (heap_edge_type(h, i) == EDGE_PROPERTY && h->type[h->edge_to[i]] == NODE_OBJECT &&
		    look_is(h, h->edge_to[i], "WeakRef") && !str_is(heap_string(h, h->edge_name[i]), "__proto__"))
			return h->edge_to[i];
	return NO_NODE;
}

static int has_husk(const struct heap *h, uint32_t node)
{
	uint32_t ref = weakref_in(h, node);

	return ref != NO_NODE && is_husk(h, ref);
}

unsigned weakref_recognise(const struct suspect *s)
{
	if (s->item != NO_NODE && look_is(s->h, s->item, "WeakRef"))
		return 92;
	if (suspect_holder_is(s, "FinalizationRegistry"))
		return 91;
	if (suspect_holder_is(s, "WeakMap WeakSet"))
		return 56;
	return s->item != NO_NODE && weakref_in(s->h, s->item) != NO_NODE && suspect_mostly(s, has_husk) ? 78 : 0;
}

static void tell_of_table(const struct suspect *s, struct opinion *o)
{
	if (suspect_holder_is(s, "FinalizationRegistry")) {
		opinion_title(o, "%s holds %s registrations", words_holder(o, s, s->node), words_more(o, s));
		opinion_for(o, "a registration and its held value stay until the target is collected");
		o->advice = "Unregister what is released by hand, and look for what keeps the targets alive.";
		return;
	}
	if (s->c->n > 1 && !suspect_more(s)) {
		opinion_title(o, "%s %s without more entries", words_holder(o, s, s->node), words_grew(o, s));
		opinion_against(o, "V8 makes room in its table ahead, and takes it back when many entries are gone");
		o->of_the_engine = 1;
		return;
	}
	opinion_title(o, "%s %s %s entries: %s", words_holder(o, s, s->node), words_got(s), words_more(o, s),
		      words_class(o, s, s->item));
	opinion_for(o, "an entry stays as long as its key is reachable: something keeps the keys");
	opinion_against(o, "the entries go by themselves when their keys do");
	o->advice = "Find what keeps the keys alive; a value that refers to its own key and is reachable otherwise keeps both.";
}

void weakref_tell(const struct suspect *s, struct opinion *o)
{
	struct tally husks;

	if (!suspect_item_is(s, "WeakRef") && (s->item == NO_NODE || weakref_in(s->h, s->item) == NO_NODE)) {
		tell_of_table(s, o);
		return;
	}
	husks = suspect_tally(s, has_husk);
	opinion_title(o, "%s keeps %s weak references, %s of %s empty", words_holder(o, s, s->node), words_more(o, s),
		      words_count(o, husks.passed), words_count(o, husks.n));
	if (husks.passed)
		opinion_for(o, "%s targets are gone, their wrappers stayed", words_count(o, husks.passed));
	if (husks.passed < husks.n)
		opinion_against(o, "%s targets are still alive", words_count(o, husks.n - husks.passed));
}
