#include "mkheap_text.h"

#include <ctype.h>
#include <stdlib.h>

#include "unit.h"

#define NO_MKNODE UINT32_MAX

static const char *const type_words[] = { "hidden", "array",  "string",	   "object",	"code",
					  "closure", "regexp", "number",    "native",	"synthetic",
					  "concatenated_string", "sliced_string", "symbol", "bigint", "object_shape" };
static const char *const edge_words[] = { "context", "element", "property", "internal", "hidden", "shortcut", "weak" };

/* Position in the text. */
struct cursor {
	const char *p;
};

static void skip_blanks(struct cursor *c)
{
	while (*c->p == ' ' || *c->p == '\n' || *c->p == '\t')
		c->p++;
}

static const char *keep(struct mkheap_text *t, const char *s, size_t n)
{
	char *copy = t->texts + t->n_texts;

	assert_true(t->n_texts + n + 1 <= sizeof(t->texts));
	memcpy(copy, s, n);
	copy[n] = '\0';
	t->n_texts += n + 1;
	return copy;
}

static int is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '#';
}

/* A word, a number, or a text in quotes. */
static const char *take_text(struct mkheap_text *t, struct cursor *c)
{
	const char *start = c->p, *end;

	if (*start == '"') {
		end = strchr(start + 1, '"');
		if (!end)
			fail_msg("no end of: %s", start);
		c->p = end + 1;
		return keep(t, start + 1, (size_t)(end - start - 1));
	}
	while (is_word(*c->p))
		c->p++;
	if (c->p == start)
		fail_msg("a word is expected at: %s", start);
	return keep(t, start, (size_t)(c->p - start));
}

static unsigned word_index(const char *word, const char *const *words, size_t n)
{
	size_t i = 0;

	while (i < n && strcmp(word, words[i]))
		i++;
	return (unsigned)i;
}

static unsigned find(const struct mkheap_text *t, const char *word)
{
	for (unsigned v = 0; v < t->heap.n_nodes; v++)
		if (!strcmp(t->word[v], word))
			return v;
	return NO_MKNODE;
}

unsigned mkheap_word(const struct mkheap_text *t, const char *word)
{
	unsigned v = find(t, word);

	if (v == NO_MKNODE)
		fail_msg("no node is called %s", word);
	return v;
}

static unsigned take_node(struct mkheap_text *t, struct cursor *c)
{
	const char *word;
	unsigned v;

	skip_blanks(c);
	word = take_text(t, c);
	v = find(t, word);
	if (v != NO_MKNODE)
		return v;
	v = mkheap_node(&t->heap, NODE_OBJECT, word, 0);
	t->word[v] = word;
	return v;
}

static void expect(struct cursor *c, const char *what)
{
	if (strncmp(c->p, what, strlen(what)))
		fail_msg("%s is expected at: %s", what, c->p);
	c->p += strlen(what);
}

static unsigned take_edge_type(struct mkheap_text *t, struct cursor *c)
{
	const char *start = c->p;
	unsigned type = word_index(take_text(t, c), edge_words, EDGE_OTHER);

	if (type == EDGE_OTHER)
		fail_msg("no edge type: %s", start);
	return type;
}

/* What stands between '-' and "->"; NULL: nothing. */
static const char *take_label(struct mkheap_text *t, struct cursor *c, enum edge_type *type)
{
	const char *colon = c->p + strcspn(c->p, ":\">-;"), *name = NULL;

	*type = EDGE_PROPERTY;
	if (*c->p != '>') {
		if (*colon == ':') {
			*type = (enum edge_type)take_edge_type(t, c);
			expect(c, ":");
		}
		name = take_text(t, c);
		expect(c, "-");
	}
	expect(c, ">");
	return name;
}

static void add_edge(struct mkheap_text *t, unsigned from, enum edge_type type, const char *name, unsigned to)
{
	int indexed = type == EDGE_ELEMENT || type == EDGE_HIDDEN;
	unsigned e = mkheap_edge(&t->heap, from, type, indexed ? NULL : name ? name : t->word[to], to);

	if (indexed && name)
		t->heap.edges[e].index = (unsigned)strtoul(name, NULL, 10);
}

/* Edges that go on from `from`, as long as there are any. */
static void take_edges(struct mkheap_text *t, struct cursor *c, unsigned from)
{
	for (skip_blanks(c); *c->p == '-' || *c->p == '~'; skip_blanks(c)) {
		const char *name = NULL;
		enum edge_type type;
		unsigned to;

		if (*c->p++ == '~') {
			type = (enum edge_type)take_edge_type(t, c);
			expect(c, "~>");
		} else {
			name = take_label(t, c, &type);
			if (!name && from == 0)
				type = EDGE_SHORTCUT;
		}
		to = take_node(t, c);
		add_edge(t, from, type, name, to);
		from = to;
	}
}

static unsigned take_number(struct cursor *c)
{
	char *end;
	unsigned long v = strtoul(c->p, &end, 10);

	c->p = end;
	return (unsigned)v;
}

static void take_place(struct cursor *c, struct mknode *x)
{
	expect(c, "@");
	x->script = take_number(c);
	expect(c, ":");
	x->line = take_number(c);
	expect(c, ":");
	x->column = take_number(c);
}

/* A type's word, attached or detached. */
static void take_trait(struct mkheap_text *t, struct cursor *c, struct mknode *x)
{
	const char *word = take_text(t, c);
	unsigned type = word_index(word, type_words, sizeof(type_words) / sizeof(type_words[0]));

	if (type < sizeof(type_words) / sizeof(type_words[0]))
		x->type = (enum node_type)type;
	else if (!strcmp(word, "attached"))
		x->detachedness = 1;
	else if (!strcmp(word, "detached"))
		x->detachedness = 2;
	else
		fail_msg("neither a node type nor a state: %s", word);
}

static void take_traits(struct mkheap_text *t, struct cursor *c, struct mknode *x)
{
	for (skip_blanks(c); *c->p && *c->p != ';'; skip_blanks(c)) {
		if (isdigit((unsigned char)*c->p)) {
			char *end;

			x->self_size = strtoull(c->p, &end, 10);
			c->p = end;
		} else if (*c->p == '"') {
			x->name = take_text(t, c);
		} else if (*c->p == '@') {
			take_place(c, x);
		} else {
			take_trait(t, c, x);
		}
	}
}

void mkheap_parse(struct mkheap_text *t, const char *text)
{
	struct cursor c = { text };

	memset(t, 0, sizeof(*t));
	mkheap_node(&t->heap, NODE_SYNTHETIC, "", 0);
	t->word[0] = "root";
	for (skip_blanks(&c); *c.p; skip_blanks(&c)) {
		unsigned v = take_node(t, &c);

		skip_blanks(&c);
		if (*c.p == '-' || *c.p == '~')
			take_edges(t, &c, v);
		else
			take_traits(t, &c, &t->heap.nodes[v]);
		skip_blanks(&c);
		if (*c.p)
			expect(&c, ";");
	}
}
