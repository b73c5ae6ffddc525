/* The same module loaded again and again: require.cache was cleared, but parents and importers keep the old ones. */
#include "analyzer/leaks/detector.h"

static int is_module(const struct heap *h, uint32_t node)
{
	return look_has(h, node, "exports") && look_has(h, node, "children") && look_has(h, node, "filename");
}

unsigned module_recognise(const struct suspect *s)
{
	if (s->item == NO_NODE)
		return 0;
	return is_module(s->h, s->item) || suspect_item_is(s, "ModuleWrap ModuleJob SourceTextModule") ? 85 : 0;
}

struct names {
	uint32_t newest; /* string number of the newest one's file name */
	uint64_t same;
};

static int count_same(const struct heap *h, uint32_t item, void *ctx)
{
	struct names *n = ctx;
	uint32_t file = look_property(h, item, "filename");

	n->same += file != NO_NODE && h->name[file] == n->newest;
	return 0;
}

#define MAX_LOOK 4096

/* A function that only this module has: it tells the file. */
static uint32_t function_in(const struct heap *h, uint32_t module)
{
	uint32_t pos = h->tree_pos[module], end = pos + h->tree_size[pos];

	for (uint32_t p = pos; p < end && p - pos < MAX_LOOK; p++)
		if (look_is_closure(h, h->tree_order[p]) && look_in_user_code(h, h->tree_order[p]))
			return h->tree_order[p];
	return NO_NODE;
}

static const char *file_of(struct opinion *o, const struct suspect *s, uint32_t function)
{
	const struct heap_place *p = function == NO_NODE ? NULL : heap_place_of(s->h, function);
	struct str name = p ? heap_string(s->h, heap_script_name(s->h, p->script_id)) : STR_LIT("one module");

	for (size_t i = name.n; i > 0; i--)
		if (name.s[i - 1] == '/' || name.s[i - 1] == '\\')
			return words_text(o, (struct str){ name.s + i, name.n - i });
	return words_text(o, name);
}

void module_tell(const struct suspect *s, struct opinion *o)
{
	uint32_t file = look_property(s->h, s->item, "filename");
	struct names n = { .newest = file == NO_NODE ? NO_STRING : s->h->name[file] };

	suspect_each_item(s, count_same, &n);
	if (n.same > 1) {
		o->place_of = function_in(s->h, s->item);
		opinion_title(o, "%s keeps %s copies of %s", words_holder(o, s, s->node), words_more(o, s),
			      file_of(o, s, o->place_of));
		opinion_for(o, "%s modules have the same file name", words_count(o, n.same));
		return;
	}
	opinion_title(o, "%s modules were loaded", words_more(o, s));
	opinion_against(o, "each is another file: modules are loaded once and stay by design");
	o->of_the_engine = 1;
}
