#include "analyzer/where.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/refs.h"
#include "analyzer/where_parts.h"
#include "base/bits.h"

int where_new(struct where **out, const char *text, struct err *e)
{
	struct where *w;
	size_t n = strlen(text);

	*out = NULL;
	if (n > WHERE_MAX_BYTES)
		return where_error(e, WHERE_MAX_BYTES, "the expression is longer than %d bytes", WHERE_MAX_BYTES);
	w = calloc(1, sizeof(*w));
	if (!w)
		return err_set(e, ERR_MEMORY, "out of memory for an expression");
	w->text = text;
	w->n_text = n;
	if (where_parse(w, e)) {
		where_free(w);
		return e->kind;
	}
	*out = w;
	return 0;
}

void where_unbind(struct where *w)
{
	struct mem *m = w && w->h ? &w->h->run->mem : NULL;

	for (size_t i = 0; m && i < w->n_terms; i++) {
		mem_free(m, w->terms[i].known);
		mem_free(m, w->terms[i].reached);
		w->terms[i].known = NULL;
		w->terms[i].reached = NULL;
	}
	if (!m)
		return;
	mem_free(m, w->retainers);
	w->retainers = NULL;
	w->h = NULL;
}

void where_free(struct where *w)
{
	if (!w)
		return;
	where_unbind(w);
	for (size_t i = 0; i < w->n_terms; i++)
		regex_free(w->terms[i].regex);
	free(w);
}

/* How many distinct names a field has, and which of them a node has; the names' numbers begin at 0. */
static size_t count_names(const struct heap *h, enum where_field f)
{
	switch (f) {
	case FIELD_CLASS:
		return h->n_classes;
	case FIELD_FILE:
		return h->n_places + 1;
	case FIELD_TYPE:
		return 256;
	default:
		return h->strings.n + 1; /* the last for names that a cut file does not have */
	}
}

static struct str name_at(const struct heap *h, enum where_field f, uint32_t i)
{
	struct str script;

	switch (f) {
	case FIELD_CLASS:
		return h->classes[i].name;
	case FIELD_TYPE:
		return str_of(h->type_names[i]);
	case FIELD_FILE:
		if (!i)
			return STR_LIT("");
		script = heap_string(h, heap_script_name(h, h->places[i - 1].script_id));
		return ref_bare_script(script);
	default:
		return heap_string(h, i);
	}
}

static int compare_name(struct where_term *t, const struct heap *h, uint32_t i)
{
	struct str name;

	if (!t->known[i]) {
		name = name_at(h, t->field, i);
		t->known[i] = (t->regex ? regex_matches(t->regex, name) : str_eq(t->text, name)) ? 2 : 1;
	}
	return t->known[i] == 2;
}

static int compare_string(struct where_term *t, const struct heap *h, uint32_t string)
{
	return compare_name(t, h, string < h->strings.n ? string : (uint32_t)h->strings.n);
}

static int mark_reached(struct where_term *t, struct heap *h, struct err *e)
{
	t->reached = mem_alloc(&h->run->mem, (size_t)h->n_nodes / 64 + 1, sizeof(uint64_t), e);
	if (!t->reached)
		return e->kind;
	for (uint32_t i = 0; i < h->n_edges; i++)
		if (!heap_edge_indexed(h, i) && compare_string(t, h, h->edge_name[i]))
			bit_set(t->reached, h->edge_to[i]);
	return 0;
}

/* A word with '_' may stand for a type's name with blanks. */
static int same_type(struct str word, struct str type)
{
	if (word.n != type.n)
		return 0;
	for (size_t i = 0; i < word.n; i++)
		if (word.s[i] != type.s[i] && !(word.s[i] == '_' && type.s[i] == ' '))
			return 0;
	return 1;
}

/* A misspelt type would select nothing without a word. */
static int find_type(struct where_term *t, const struct heap *h, struct err *e)
{
	for (size_t i = 0; i < 256; i++) {
		if (!h->type_names[i] || !same_type(t->text, str_of(h->type_names[i])))
			continue;
		t->text = str_of(h->type_names[i]);
		return 0;
	}
	return where_error(e, t->at, "the snapshot has no node type of that name");
}

static int count_retainers(struct where *w, struct err *e)
{
	const struct heap *h = w->h;

	if (w->retainers)
		return 0;
	w->retainers = mem_alloc(&h->run->mem, h->n_nodes, sizeof(uint32_t), e);
	if (!w->retainers)
		return e->kind;
	for (uint32_t i = 0; i < h->n_edges; i++)
		w->retainers[h->edge_to[i]] += heap_edge_type(h, i) != EDGE_WEAK;
	return 0;
}

static int bind_term(struct where *w, struct where_term *t, struct err *e)
{
	struct heap *h = w->h;

	if (t->field == FIELD_RETAINERS)
		return count_retainers(w, e);
	if (where_fields[t->field].kind != WHERE_TEXT)
		return 0;
	if (t->field == FIELD_TYPE && !t->regex && find_type(t, h, e))
		return e->kind;
	t->known = mem_alloc(&h->run->mem, count_names(h, t->field), 1, e);
	if (!t->known)
		return e->kind;
	return t->field == FIELD_EDGE ? mark_reached(t, h, e) : 0;
}

int where_bind(struct where *w, struct heap *h, struct err *e)
{
	w->h = h;
	for (size_t i = 0; i < w->n_terms; i++)
		if (bind_term(w, &w->terms[i], e))
			return e->kind;
	return 0;
}

static int text_holds(struct where_term *t, const struct heap *h, uint32_t node)
{
	switch (t->field) {
	case FIELD_CLASS:
		return compare_name(t, h, h->class_[node]);
	case FIELD_NAME:
		return compare_string(t, h, h->name[node]);
	case FIELD_FUNCTION:
		return h->type[node] == NODE_CLOSURE && compare_string(t, h, h->name[node]);
	case FIELD_FILE:
		return h->place && h->place[node] && compare_name(t, h, h->place[node]);
	case FIELD_TYPE:
		return compare_name(t, h, h->type[node]);
	default:
		return bit_get(t->reached, node);
	}
}

static uint64_t number_of(const struct where *w, enum where_field f, uint32_t node)
{
	const struct heap *h = w->h;

	switch (f) {
	case FIELD_SELF:
		return heap_self(h, node);
	case FIELD_RETAINED:
		return h->retained[node];
	case FIELD_DISTANCE:
		return (uint64_t)h->distance[node];
	case FIELD_EDGES:
		return h->first_edge[node + 1] - h->first_edge[node];
	case FIELD_RETAINERS:
		return w->retainers[node];
	default:
		return heap_id(h, node);
	}
}

static int term_holds(const struct where *w, struct where_term *t, uint32_t node)
{
	uint64_t v;

	switch (where_fields[t->field].kind) {
	case WHERE_TEXT:
		return text_holds(t, w->h, node) != t->negated;
	case WHERE_FLAG:
		if (t->field == FIELD_DETACHED)
			return w->h->detachedness && w->h->detachedness[node] == 2;
		return w->h->distance[node] == DISTANCE_NONE;
	default:
		/* what no way leads to has no distance to compare */
		if (t->field == FIELD_DISTANCE && w->h->distance[node] < 0)
			return 0;
		v = number_of(w, t->field, node);
		if (t->compare == COMPARE_EQUAL)
			return (v == t->number) != t->negated;
		return (t->compare == COMPARE_LESS ? v < t->number : v > t->number) != t->negated;
	}
}

int where_holds(struct where *w, uint32_t node)
{
	int stack[WHERE_MAX_TERMS + 1] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < w->n_ops; i++) {
		switch (w->ops[i].kind) {
		case OP_TERM:
			stack[n++] = term_holds(w, &w->terms[w->ops[i].term], node);
			break;
		case OP_NOT:
			stack[n - 1] = !stack[n - 1];
			break;
		default:
			n--;
			stack[n - 1] = w->ops[i].kind == OP_AND ? stack[n - 1] & stack[n] : stack[n - 1] | stack[n];
		}
	}
	return stack[0];
}

int where_check(const struct where *w, struct err *e)
{
	for (size_t i = 0; i < w->n_terms; i++)
		if (w->terms[i].regex && regex_hit_limit(w->terms[i].regex))
			return where_error(e, w->terms[i].at, "this pattern needs too many steps; make it simpler");
	return 0;
}
