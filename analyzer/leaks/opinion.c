#include <stdarg.h>
#include <stdio.h>

#include "analyzer/human.h"
#include "analyzer/leaks/detector.h"
#include "analyzer/refs.h"

struct str opinion_keep(struct opinion *o)
{
	const char *copy = NULL;

	if (!o->failed && !strbuf_check(&o->scratch, o->e))
		copy = arena_copy(o->arena, strbuf_str(&o->scratch), o->scratch.len, o->e);
	o->failed |= !copy;
	return copy ? (struct str){ copy, o->scratch.len } : STR_LIT("");
}

static struct str format(struct opinion *o, const char *fmt, va_list args)
{
	char text[2048];

	vsnprintf(text, sizeof(text), fmt, args);
	strbuf_reset(&o->scratch);
	strbuf_addstr(&o->scratch, text);
	return opinion_keep(o);
}

void opinion_title(struct opinion *o, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	o->title = format(o, fmt, args);
	va_end(args);
}

void opinion_for(struct opinion *o, const char *fmt, ...)
{
	va_list args;

	if (o->n_for == OPINION_MAX_REASONS)
		return;
	va_start(args, fmt);
	o->reasons_for[o->n_for++] = format(o, fmt, args);
	va_end(args);
}

void opinion_against(struct opinion *o, const char *fmt, ...)
{
	va_list args;

	if (o->n_against == OPINION_MAX_REASONS)
		return;
	va_start(args, fmt);
	o->reasons_against[o->n_against++] = format(o, fmt, args);
	va_end(args);
}

const char *words_text(struct opinion *o, struct str text)
{
	struct str out;

	if (o->failed || ref_text(o->arena, text, &out, o->e)) {
		o->failed = 1;
		return "";
	}
	return out.s;
}

const char *words_count(struct opinion *o, uint64_t n)
{
	strbuf_reset(&o->scratch);
	human_count(&o->scratch, (int64_t)n, 0);
	return opinion_keep(o).s;
}

const char *words_more(struct opinion *o, const struct suspect *s)
{
	strbuf_reset(&o->scratch);
	human_count(&o->scratch, (int64_t)suspect_more(s), 0);
	if (s->c->n > 1)
		strbuf_addstr(&o->scratch, " more");
	return opinion_keep(o).s;
}

const char *words_grew(struct opinion *o, const struct suspect *s)
{
	strbuf_reset(&o->scratch);
	strbuf_addstr(&o->scratch, s->c->n > 1 ? "grew by " : "retains ");
	human_bytes(&o->scratch, s->delta_bytes > 0 ? s->delta_bytes : 0, 0);
	return opinion_keep(o).s;
}

const char *words_got(const struct suspect *s)
{
	return s->c->n > 1 ? "got" : "has";
}

const char *words_bytes(struct opinion *o, uint64_t bytes)
{
	strbuf_reset(&o->scratch);
	human_bytes(&o->scratch, (int64_t)bytes, 0);
	return opinion_keep(o).s;
}

const char *words_percent(struct opinion *o, int64_t hundredths)
{
	strbuf_reset(&o->scratch);
	human_percent(&o->scratch, hundredths, 0);
	return opinion_keep(o).s;
}

const char *words_function(struct opinion *o, const struct suspect *s, uint32_t closure)
{
	struct str name = closure == NO_NODE ? STR_LIT("") : heap_name(s->h, closure);

	return name.n ? words_text(o, name) : "an anonymous function";
}

const char *words_class(struct opinion *o, const struct suspect *s, uint32_t node)
{
	return node == NO_NODE ? "something without references" : words_text(o, look_class(s->h, node));
}

#define WORTH_A_WORD 256 /* bytes */

void opinion_captured(const struct suspect *s, struct opinion *o, uint32_t closure)
{
	struct str name = STR_LIT("");
	uint32_t kept = look_biggest_captured(s->h, closure, &name);

	if (kept != NO_NODE && s->h->retained[kept] >= WORTH_A_WORD)
		opinion_for(o, "each keeps its variable %s alive: %s, %s", words_text(o, name), words_class(o, s, kept),
			    words_bytes(o, s->h->retained[kept]));
}

uint64_t suspect_more(const struct suspect *s)
{
	size_t last = s->c->n - 1;

	if (!last)
		return s->n_items;
	if (s->counts && s->counts[last] > s->counts[0])
		return s->counts[last] - s->counts[0];
	return s->main ? s->main->count : 0;
}

int suspect_item_is(const struct suspect *s, const char *class_names)
{
	return s->item != NO_NODE && look_is_one_of(s->h, s->item, class_names);
}

int suspect_holder_is(const struct suspect *s, const char *class_names)
{
	return s->h->type[s->node] == NODE_OBJECT && look_is_one_of(s->h, s->node, class_names);
}
