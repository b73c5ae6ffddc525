#include "analyzer/leaks/tell_group.h"

#include "analyzer/human.h"
#include "analyzer/leaks/suspect_groups.h"

#define MOST_HOLDERS 3

static void tell_title(const struct suspect *s, struct opinion *o)
{
	const char *bytes = words_bytes(o, s->group->bytes), *n = words_count(o, s->group->n);

	if (look_is_closure(s->h, s->item))
		opinion_title(o, "%s functions retain %s together: %s", n, bytes,
			      words_function(o, s, o->function == NO_NODE ? s->item : o->function));
	else if (o->function != NO_NODE)
		opinion_title(o, "%s %s objects retain %s together: %s", n, words_class(o, s, s->item), bytes,
			      words_function(o, s, o->function));
	else
		opinion_title(o, "%s %s objects retain %s together", n, words_class(o, s, s->item), bytes);
}

static void add_holder(struct opinion *o, const struct suspect *s, const struct common_holder *c, struct strbuf *out)
{
	const char *what = c->several ? words_class(o, s, c->node) : words_holder(o, s, c->node);

	strbuf_addstr(out, out->len ? ", " : "");
	strbuf_addstr(out, c->several ? "objects of class " : "");
	strbuf_addstr(out, what);
	strbuf_addstr(out, " (");
	human_count(out, (int64_t)c->references, 0);
	strbuf_addch(out, ')');
}

/* Those that refer to at least half of the members. */
static void tell_holders(const struct suspect *s, const struct common_holders *holders, struct opinion *o)
{
	struct strbuf sb;
	size_t n = 0;

	strbuf_init(&sb, o->scratch.mem);
	while (n < holders->n && n < MOST_HOLDERS && holders->all[n].references * 2 >= s->group->n)
		add_holder(o, s, &holders->all[n++], &sb);
	o->failed |= strbuf_check(&sb, o->e) != 0;
	if (n)
		opinion_for(o, "they hang on %s%s", strbuf_str(&sb), n > 1 ? ": all of these must let go" : "");
	else
		opinion_for(o, "they hang on objects of many classes");
	strbuf_release(&sb);
}

void tell_group(const struct suspect *s, const struct common_holders *holders, struct opinion *o)
{
	if (s->scattered)
		tell_title(s, o);
	tell_holders(s, holders, o);
	if (!s->scattered)
		return;
	if (s->node == s->h->root || s->h->type[s->node] == NODE_SYNTHETIC)
		opinion_for(o, "no object keeps four fifths of them alive alone");
	else
		opinion_for(o, "no object below %s keeps four fifths of them alive alone", words_holder(o, s, s->node));
}

void tell_bulk(const struct suspect *s, struct opinion *o)
{
	const struct suspect_bulk *b = s->bulk;
	const char *n = words_count(o, b->n), *bytes = words_bytes(o, b->bytes);

	if (look_is_closure(s->h, b->sample))
		opinion_for(o, "most of it are %s functions below them, %s: %s", n, bytes, words_function(o, s, b->sample));
	else
		opinion_for(o, "most of it are %s %s objects below them, %s", n, words_class(o, s, b->sample), bytes);
}
