/*
 * Promises that never settle, and async functions that wait for them. Pending with somebody waiting shows as a reaction; a
 * resolver that is kept shows as a built-in function with the promise in its context; a suspended async function is a
 * generator with its registers.
 */
#include "analyzer/leaks/detector.h"

#define MAX_LOOK 256
#define MAX_SLOTS 8 /* of a resolver's context */

static int is_resolver(const struct heap *h, uint32_t node)
{
	return look_is_builtin(h, node, "PromiseCapabilityDefaultRe");
}

static int is_suspended(const struct heap *h, uint32_t node)
{
	return look_internal(h, node, "parameters_and_registers") != NO_NODE;
}

static int holds_resolver(const struct heap *h, uint32_t node)
{
	if (is_resolver(h, node))
		return 1;
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (heap_edge_type(h, i) == EDGE_PROPERTY && is_resolver(h, h->edge_to[i]))
			return 1;
	return 0;
}

static int is_waited_for(const struct heap *h, uint32_t node)
{
	uint32_t r = look_internal(h, node, "reactions_or_result");

	return r != NO_NODE && look_is_reaction(h, r);
}

/* A suspended async function has the promise of its result in a slot without a name. */
static int is_result_of(const struct heap *h, uint32_t promise, uint32_t generator)
{
	if (!is_suspended(h, generator))
		return 0;
	for (uint32_t i = h->first_edge[generator]; i < h->first_edge[generator + 1]; i++)
		if (heap_edge_type(h, i) == EDGE_HIDDEN && h->edge_to[i] == promise)
			return 1;
	return 0;
}

/* The async function that waits: the item itself, one that only the item keeps, or one whose result the item is. */
static uint32_t waiting(const struct heap *h, uint32_t item)
{
	uint32_t pos = h->tree_pos[item], end = pos + h->tree_size[pos];
	uint32_t context = look_is_closure(h, item) ? look_internal(h, item, "context") : NO_NODE;
	uint32_t resumed = context == NO_NODE ? NO_NODE : look_internal(h, context, "extension");

	/* one function resumes it and one throws into it: neither keeps it alone */
	if (resumed != NO_NODE && is_suspended(h, resumed))
		return resumed;
	for (uint32_t p = pos; p < end && p - pos < MAX_LOOK; p++)
		if (h->type[h->tree_order[p]] == NODE_OBJECT && is_suspended(h, h->tree_order[p]))
			return h->tree_order[p];
	return is_result_of(h, item, h->idom[item]) ? h->idom[item] : NO_NODE;
}

/* The built-in function that goes on with an async function; it has no place in any script. */
static int resumes(const struct heap *h, uint32_t node)
{
	return look_is_closure(h, node) && !heap_place_of(h, node) && waiting(h, node) != NO_NODE;
}

static int has_value(const struct heap *h, uint32_t promise)
{
	return look_internal(h, promise, "reactions_or_result") != NO_NODE && !is_waited_for(h, promise);
}

/* A resolver whose promise has been settled by another one: it has a value, or (seen in V8 14.6) is forgotten. */
static int is_late(const struct heap *h, uint32_t node)
{
	uint32_t context = is_resolver(h, node) ? look_internal(h, node, "context") : NO_NODE;

	if (context == NO_NODE || h->first_edge[context + 1] - h->first_edge[context] > MAX_SLOTS)
		return 0;
	for (uint32_t i = h->first_edge[context]; i < h->first_edge[context + 1]; i++)
		if (look_is(h, h->edge_to[i], "Promise"))
			return has_value(h, h->edge_to[i]);
	return 1;
}

/* The first of those that wait for it; NO_NODE when nobody does, or it is no promise. */
static uint32_t first_reaction(const struct heap *h, uint32_t promise)
{
	uint32_t r = look_is(h, promise, "Promise") ? look_internal(h, promise, "reactions_or_result") : NO_NODE;

	return r != NO_NODE && look_is_reaction(h, r) ? r : NO_NODE;
}

static uint32_t next_reaction(const struct heap *h, uint32_t reaction)
{
	for (uint32_t i = h->first_edge[reaction]; i < h->first_edge[reaction + 1]; i++)
		if (look_is_reaction(h, h->edge_to[i]))
			return h->edge_to[i];
	return NO_NODE;
}

static int calls_late(const struct heap *h, uint32_t reaction)
{
	for (uint32_t i = h->first_edge[reaction]; i < h->first_edge[reaction + 1]; i++)
		if (is_late(h, h->edge_to[i]))
			return 1;
	return 0;
}

/* Whether most that wait for it are promises whose value has come from elsewhere: that is what Promise.race() leaves. */
static int is_raced_with(const struct heap *h, uint32_t node)
{
	unsigned n = 0, late = 0;

	for (uint32_t r = first_reaction(h, node); n < MAX_LOOK && r != NO_NODE; r = next_reaction(h, r), n++)
		late += calls_late(h, r) != 0;
	return late * 2 > n;
}

/* The call that the item is, or one that waits for the node. */
static uint32_t suspended_call(const struct suspect *s)
{
	const struct heap *h = s->h;
	uint32_t call = s->item == NO_NODE ? NO_NODE : waiting(h, s->item);
	unsigned n = 0;

	for (uint32_t r = first_reaction(h, s->node); call == NO_NODE && n < MAX_LOOK && r != NO_NODE; r = next_reaction(h, r), n++)
		for (uint32_t i = h->first_edge[r]; call == NO_NODE && i < h->first_edge[r + 1]; i++)
			if (resumes(h, h->edge_to[i]))
				call = waiting(h, h->edge_to[i]);
	return call;
}

unsigned promise_recognise(const struct suspect *s)
{
	const struct heap *h = s->h;

	if (s->item == NO_NODE)
		return 0;
	if (resumes(h, s->item) || (look_is(h, s->node, "Promise") && h->type[s->node] == NODE_OBJECT))
		return 79;
	if (is_resolver(h, s->item) || is_suspended(h, s->item))
		return 78;
	if (look_is(h, s->item, "Promise") && h->type[s->item] == NODE_OBJECT)
		return 72;
	return holds_resolver(h, s->item) && suspect_mostly(s, holds_resolver) ? 62 : 0;
}

static void argue(const struct suspect *s, struct opinion *o)
{
	struct tally waited = suspect_tally(s, is_waited_for), resolvers = suspect_tally(s, holds_resolver);

	if (resolvers.passed)
		opinion_for(o, "%s of %s still have their resolver: nobody has called it, or nobody has forgotten it",
			    words_count(o, resolvers.passed), words_count(o, resolvers.n));
	if (waited.passed)
		opinion_for(o, "%s of %s are pending and somebody waits for them", words_count(o, waited.passed),
			    words_count(o, waited.n));
	if (!waited.passed && !resolvers.passed && o->function == NO_NODE)
		opinion_against(o, "pending, or settled without a value: the file does not tell these apart");
}

static void tell_races(const struct suspect *s, struct opinion *o)
{
	opinion_title(o, "%s keeps what %s calls of Promise.race() left", words_holder(o, s, s->node), words_more(o, s));
	opinion_for(o, "%s does not settle: each race with it leaves a reaction, which may keep the result, too",
		    words_holder(o, s, s->node));
	o->advice = "Race with a promise made for that one call, or listen to an AbortSignal and stop listening when the call is "
		    "done: a promise forgets nobody who waits for it before it settles.";
}

void promise_tell(const struct suspect *s, struct opinion *o)
{
	uint32_t call = suspended_call(s);
	uint32_t function = call == NO_NODE ? NO_NODE : look_internal(s->h, call, "function");

	if (function != NO_NODE && look_is_closure(s->h, function)) {
		o->function = function;
		opinion_title(o, "%s calls of async function %s are suspended, kept by %s", words_more(o, s),
			      words_function(o, s, function), words_holder(o, s, s->node));
		opinion_for(o, "each keeps its local variables: %s", words_bytes(o, s->h->retained[call]));
	} else if (is_raced_with(s->h, s->node)) {
		tell_races(s, o);
		return;
	} else {
		opinion_title(o, "%s keeps %s promises that do not settle", words_holder(o, s, s->node),
			      words_more(o, s));
	}
	argue(s, o);
}
