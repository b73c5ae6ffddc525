/*
 * Code that is compiled again and again from text: new Function(), eval(), vm.Script. And its harmless brother: V8 compiling,
 * optimising and collecting feedback as a program warms up, which grows in every snapshot of every program.
 */
#include "analyzer/leaks/detector.h"

static uint32_t script_of(const struct heap *h, uint32_t closure)
{
	const struct heap_place *p = heap_place_of(h, closure);

	return p ? p->script_id : 0;
}

/* Functions that are called the same and stand at the same place, in scripts of the same name that are not the same. */
struct copies {
	uint32_t script, name, line;
	uint64_t n, all;
};

static int count_copy(const struct heap *h, uint32_t item, void *ctx)
{
	struct copies *c = ctx;
	uint32_t script;

	if (!look_is_closure(h, item))
		return 0;
	script = script_of(h, item);
	c->all++;
	if (script && c->script && script != c->script && heap_script_name(h, script) == heap_script_name(h, c->script))
		c->n++;
	c->script = script;
	return 0;
}

static int made_of_text(const struct suspect *s)
{
	struct copies c = { 0 };

	if (s->item == NO_NODE || !look_is_closure(s->h, s->item))
		return 0;
	suspect_each_item(s, count_copy, &c);
	return c.all > 2 && c.n * 2 > c.all;
}

static int is_script(const struct heap *h, uint32_t node)
{
	return look_is_one_of(h, node, "ContextifyScript Script") ||
	       str_starts(heap_name(h, node), "Node / ContextifyScript");
}

static int is_engine(const struct heap *h, uint32_t node)
{
	uint8_t type = h->type[node];

	return type == NODE_CODE || type == NODE_SHAPE || type == NODE_HIDDEN ||
	       (type == NODE_ARRAY && !look_is_closure(h, node));
}

unsigned code_recognise(const struct suspect *s)
{
	if (made_of_text(s))
		return 80;
	if (s->item != NO_NODE && is_script(s->h, s->item))
		return 81;
	if (is_engine(s->h, s->node) || (s->item != NO_NODE && is_engine(s->h, s->item)))
		return 70;
	return 0;
}

void code_tell(const struct suspect *s, struct opinion *o)
{
	if (made_of_text(s)) {
		o->function = s->item;
		opinion_title(o, "%s keeps %s functions that were compiled from text", words_holder(o, s, s->node),
			      words_more(o, s));
		opinion_for(o, "the same function stands in a script of its own each time");
	} else if (s->item != NO_NODE && is_script(s->h, s->item)) {
		opinion_title(o, "%s keeps %s compiled scripts", words_holder(o, s, s->node), words_more(o, s));
	} else {
		opinion_title(o, "V8 compiled code and collected feedback for %s", words_holder(o, s, s->node));
		opinion_against(o, "every program does this while it warms up; it comes to an end, and V8 flushes old code");
		o->of_the_engine = 1;
		o->advice = "Nothing. Warm the program up before the first snapshot to have it out of the way.";
	}
}
