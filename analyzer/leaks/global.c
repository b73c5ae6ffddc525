/* Data on the global object: an undeclared variable, or a property that was put there. */
#include "analyzer/leaks/detector.h"

static int is_global(const struct heap *h, uint32_t node)
{
	return str_starts(look_class(h, node), "global") || str_starts(look_class(h, node), "Window") ||
	       str_starts(heap_name(h, node), "Object (global");
}

/* The edge by which the global object has it; NO_EDGE when it has not. */
static uint32_t global_edge(const struct suspect *s)
{
	const struct heap *h = s->h;
	uint32_t edge = h->parent_edge[s->node];

	if (edge == NO_EDGE || heap_edge_type(h, edge) != EDGE_PROPERTY || !is_global(h, heap_edge_source(h, edge)))
		return NO_EDGE;
	return edge;
}

/* V8's own have no place; without places nothing is known. */
static int is_of_node(const struct heap *h, uint32_t node)
{
	return look_is_closure(h, node) && h->place && !look_in_user_code(h, node);
}

unsigned global_recognise(const struct suspect *s)
{
	if (is_global(s->h, s->node))
		return 57;
	return global_edge(s) != NO_EDGE ? 54 : 0;
}

void global_tell(const struct suspect *s, struct opinion *o)
{
	uint32_t edge = global_edge(s);

	if (edge == NO_EDGE)
		opinion_title(o, "The global object got %s properties", words_more(o, s));
	else
		opinion_title(o, "The global variable %s %s%s%s",
			      words_text(o, heap_string(s->h, s->h->edge_name[edge])),
			      words_grew(o, s),
			      s->item == NO_NODE ? "" : ", mostly ", s->item == NO_NODE ? "" : words_class(o, s, s->item));
	if (s->item != NO_NODE && suspect_mostly(s, is_of_node)) {
		opinion_against(o, "they are Node's own functions: a global that is loaded when it is first touched");
		o->of_the_engine = 1;
		return;
	}
	opinion_for(o, "what hangs on the global object lives as long as the process");
}
