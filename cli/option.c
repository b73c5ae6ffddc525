#include "cli/option.h"

#include <stdio.h>
#include <string.h>

#include "base/sizes.h"

#define NAME_MAX_LEN 64
#define FAR 1000u

/* Where in the command line the parser stands. */
struct cursor {
	int argc;
	char **argv;
	int at;
	int ended; /* "--" or an option with `last` was seen */
};

/* What an option is called in messages, and its argument. */
struct given {
	const struct option *option;
	const char *value; /* NULL: none */
	int negated;
	char shown[NAME_MAX_LEN + 8];
};

int option_takes_argument(const struct option *o)
{
	return o->type != OPTION_FLAG && o->type != OPTION_SWITCH;
}

int words_each(const char *words, int (*fn)(void *ctx, const char *word, size_t n), void *ctx)
{
	size_t n;
	int rc = 0;

	for (; !rc; words += n + 1) {
		n = strcspn(words, "|");
		rc = fn(ctx, words, n);
		if (!words[n])
			break;
	}
	return rc;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

unsigned name_distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	unsigned rows[3][NAME_MAX_LEN + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2], *spare;

	if (n_a > NAME_MAX_LEN || n_b > NAME_MAX_LEN)
		return FAR;
	memset(rows, 0, sizeof(rows));
	for (unsigned j = 0; j <= n_b; j++)
		row[j] = j;
	for (size_t i = 1; i <= n_a; i++) {
		spare = before;
		before = last;
		last = row;
		row = spare;
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n_b; j++) {
			row[j] = min3(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
	}
	return row[n_b];
}

static const struct option *find_letter(const struct option_group *groups, char letter)
{
	for (const struct option_group *g = groups; g->title; g++)
		for (const struct option *o = g->options; o->name; o++)
			if (o->letter == letter)
				return o;
	return NULL;
}

static const struct option *find_name(const struct option_group *groups, const char *name, size_t n)
{
	for (const struct option_group *g = groups; g->title; g++)
		for (const struct option *o = g->options; o->name; o++)
			if (strlen(o->name) == n && !memcmp(o->name, name, n))
				return o;
	return NULL;
}

/* The name that was probably meant: a beginning of it, or it with few slips; NULL when none is near. */
static const char *nearest_name(const struct option_group *groups, const char *name, size_t n)
{
	unsigned best = 1 + (unsigned)n / 3;
	const char *found = NULL;

	for (const struct option_group *g = groups; g->title; g++) {
		for (const struct option *o = g->options; o->name; o++) {
			unsigned d = name_distance(name, n, o->name, strlen(o->name));

			if (n >= 3 && !strncmp(o->name, name, n))
				d = 0;
			if (!o->hidden && d <= best && !(found && d == best)) {
				best = d;
				found = o->name;
			}
		}
	}
	return found;
}

static int unknown_name(const struct option_group *groups, const char *name, size_t n, struct err *e)
{
	const char *near = nearest_name(groups, name, n);

	if (near)
		return err_set(e, ERR_USAGE, "unknown option '--%.*s'; did you mean '--%s'?", (int)n, name, near);
	return err_set(e, ERR_USAGE, "unknown option '--%.*s'", (int)n, name);
}

static int store_number(const struct given *g, size_t *at, struct err *e)
{
	const struct option *o = g->option;
	size_t value = 0;
	const char *p = g->value;

	if (o->words && !strcmp(p, o->words)) {
		*at = SIZE_MAX;
		return 0;
	}
	for (; *p >= '0' && *p <= '9' && value <= o->max; p++)
		value = value * 10 + (size_t)(*p - '0');
	if (*p || p == g->value || value == 0 || value > o->max)
		return err_set(e, ERR_USAGE, "%s takes a number from 1 to %zu%s%s, not '%.100s'", g->shown, o->max,
			       o->words ? " or " : "", o->words ? o->words : "", g->value);
	*at = value;
	return 0;
}

static int store_time(const struct given *g, uint64_t *at, struct err *e)
{
	struct err why = ERR_INIT;

	if (!time_parse(g->value, at, &why))
		return 0;
	return err_set(e, ERR_USAGE, "%s: %s", g->shown, why.text);
}

static int store_size(const struct given *g, uint64_t *at, struct err *e)
{
	if (g->option->words && !strcmp(g->value, g->option->words)) {
		*at = UINT64_MAX;
		return 0;
	}
	if (size_parse(g->value, at, e))
		return e->kind;
	return *at ? 0 : err_set(e, ERR_USAGE, "%s takes a size above zero", g->shown);
}

struct word_search {
	const char *wanted;
	int index;
};

static int same_word(void *ctx, const char *word, size_t n)
{
	struct word_search *s = ctx;

	s->index++;
	return strlen(s->wanted) == n && !memcmp(s->wanted, word, n);
}

static int find_word(const struct given *g, int *index, struct err *e)
{
	struct word_search s = { g->value, -1 };

	if (!words_each(g->option->words, same_word, &s))
		return err_set(e, ERR_USAGE, "%s takes one of %s, not '%.100s'", g->shown, g->option->words, g->value);
	*index = s.index;
	return 0;
}

static int store_list(const struct given *g, struct text_list *list, struct err *e)
{
	if (list->n == TEXT_LIST_MAX)
		return err_set(e, ERR_USAGE, "%s may be given at most %d times", g->shown, TEXT_LIST_MAX);
	list->items[list->n++] = g->value;
	return 0;
}

static int store(const struct given *g, void *settings, struct err *e)
{
	void *at = (char *)settings + g->option->offset;
	int index;

	switch (g->option->type) {
	case OPTION_FLAG:
		++*(int *)at;
		return 0;
	case OPTION_SWITCH:
		*(int *)at = g->negated ? -1 : 1;
		return 0;
	case OPTION_TEXT:
		*(const char **)at = g->value;
		return 0;
	case OPTION_LIST:
		return store_list(g, at, e);
	case OPTION_NUMBER:
		return store_number(g, at, e);
	case OPTION_SIZE:
		return store_size(g, at, e);
	case OPTION_TIME:
		return store_time(g, at, e);
	case OPTION_CHOICE:
		return find_word(g, at, e);
	case OPTION_WORD:
		*(const char **)at = g->value;
		return find_word(g, &index, e);
	}
	return err_set(e, ERR_INTERNAL, "option %s has no type", g->shown);
}

/* The argument of an option that needs one: given with it, or the next word of the command line. */
static int complete(struct cursor *c, struct given *g, const char *attached, struct err *e)
{
	if (!option_takes_argument(g->option))
		return attached ? err_set(e, ERR_USAGE, "%s takes no argument", g->shown) : 0;
	if (!attached && c->at < c->argc)
		attached = c->argv[c->at++];
	g->value = attached;
	return attached ? 0 : err_set(e, ERR_USAGE, "%s needs an argument", g->shown);
}

static int finish(struct cursor *c, const struct given *g, void *settings, struct err *e)
{
	if (g->option->last)
		c->ended = 1;
	return store(g, settings, e);
}

static int parse_long(struct cursor *c, const struct option_group *groups, void *settings, const char *text,
		      struct err *e)
{
	size_t n = strcspn(text, "=");
	struct given g = { .option = find_name(groups, text, n) };

	if (!g.option && n > 3 && !memcmp(text, "no-", 3)) {
		g.option = find_name(groups, text + 3, n - 3);
		g.negated = 1;
	}
	if (!g.option || (g.negated && g.option->type != OPTION_SWITCH))
		return unknown_name(groups, text, n, e);
	snprintf(g.shown, sizeof(g.shown), "'--%.*s'", (int)n, text);
	if (complete(c, &g, text[n] ? text + n + 1 : NULL, e))
		return e->kind;
	return finish(c, &g, settings, e);
}

/* One word of letters: "-qv", "-n5", "-o" and the next word. */
static int parse_letters(struct cursor *c, const struct option_group *groups, void *settings, const char *text,
			 struct err *e)
{
	while (*text && !c->ended) {
		struct given g = { .option = find_letter(groups, *text) };
		const char *attached = NULL;

		if (!g.option)
			return err_set(e, ERR_USAGE, "unknown option '-%.*s'", *text & 0x80 ? 4 : 1, text);
		snprintf(g.shown, sizeof(g.shown), "'-%c'", *text++);
		if (option_takes_argument(g.option) && *text) {
			attached = text;
			text += strlen(text);
		}
		if (complete(c, &g, attached, e) || finish(c, &g, settings, e))
			return e->kind;
	}
	return 0;
}

int options_parse(const struct option_group *groups, void *settings, int argc, char **argv, size_t *n_rest,
		  struct err *e)
{
	struct cursor c = { .argc = argc, .argv = argv };
	int rc = 0;

	*n_rest = 0;
	while (c.at < argc && !rc && !c.ended) {
		char *word = argv[c.at++];

		if (word[0] != '-' || !word[1])
			argv[(*n_rest)++] = word;
		else if (!strcmp(word, "--"))
			c.ended = 1;
		else if (word[1] == '-')
			rc = parse_long(&c, groups, settings, word + 2, e);
		else
			rc = parse_letters(&c, groups, settings, word + 1, e);
	}
	while (c.at < argc && !rc)
		argv[(*n_rest)++] = argv[c.at++];
	return rc;
}
