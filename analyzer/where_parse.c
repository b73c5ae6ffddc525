/*
 * The reader of where.h's language: a lexer of a few tokens and an operator stack (Dijkstra's shunting yard), so that the
 * nesting of the input costs no stack of ours.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/where_parts.h"
#include "base/sizes.h"

const struct where_field_row where_fields[N_WHERE_FIELDS] = {
	[FIELD_CLASS] = { "class", WHERE_TEXT },	 [FIELD_NAME] = { "name", WHERE_TEXT },
	[FIELD_FUNCTION] = { "function", WHERE_TEXT },	 [FIELD_EDGE] = { "edge", WHERE_TEXT },
	[FIELD_FILE] = { "file", WHERE_TEXT },		 [FIELD_TYPE] = { "type", WHERE_TEXT },
	[FIELD_SELF] = { "self", WHERE_SIZE },		 [FIELD_RETAINED] = { "retained", WHERE_SIZE },
	[FIELD_DISTANCE] = { "distance", WHERE_COUNT },	 [FIELD_EDGES] = { "edges", WHERE_COUNT },
	[FIELD_RETAINERS] = { "retainers", WHERE_COUNT }, [FIELD_ID] = { "id", WHERE_COUNT },
	[FIELD_DETACHED] = { "detached", WHERE_FLAG },	 [FIELD_UNREACHABLE] = { "unreachable", WHERE_FLAG },
};

enum token { TOKEN_END, TOKEN_WORD, TOKEN_QUOTED, TOKEN_REGEX, TOKEN_OPERATOR, TOKEN_OPEN, TOKEN_CLOSE };

struct reader {
	struct where *w;
	size_t at; /* behind the current token */
	enum token token;
	size_t start;
	struct str value; /* the token; of a text in quotes or a pattern what stands inside */
	int ignore_case;  /* of a pattern */
	/* each level may have an `and` and an `or` that wait, and there are so many `not` at most */
	struct where_op stack[4 * WHERE_MAX_DEPTH + WHERE_MAX_TERMS];
	size_t n_stack, depth, n_nots;
};

int where_error(struct err *e, size_t at, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_at(e, ERR_USAGE, at, "%s", text);
	return err_in(e, "--where");
}

static int is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) ||
	       (c && strchr("_$.#@-", c));
}

static char char_at(const struct reader *r, size_t at)
{
	return at < r->w->n_text ? r->w->text[at] : '\0';
}

static struct str slice(const struct reader *r, size_t from, size_t to)
{
	return (struct str){ r->w->text + from, to - from };
}

static int read_quoted(struct reader *r, struct err *e)
{
	char quote = char_at(r, r->start);
	const char *end = memchr(r->w->text + r->at, quote, r->w->n_text - r->at);

	if (!end)
		return where_error(e, r->start, "the text that begins here has no end");
	r->token = TOKEN_QUOTED;
	r->value = slice(r, r->start + 1, (size_t)(end - r->w->text));
	r->at = (size_t)(end - r->w->text) + 1;
	return 0;
}

static int read_regex(struct reader *r, struct err *e)
{
	while (r->at < r->w->n_text && char_at(r, r->at) != '/')
		r->at += char_at(r, r->at) == '\\' ? 2 : 1;
	if (r->at >= r->w->n_text)
		return where_error(e, r->start, "the pattern that begins here has no closing '/'");
	r->token = TOKEN_REGEX;
	r->value = slice(r, r->start + 1, r->at++);
	r->ignore_case = char_at(r, r->at) == 'i';
	r->at += (size_t)r->ignore_case;
	if (is_word_char(char_at(r, r->at)))
		return where_error(e, r->at, "the only letter that may follow a pattern is i");
	return 0;
}

static int read_operator(struct reader *r, struct err *e)
{
	static const char *const operators[] = { "!~", "!=", "<=", ">=", "==", "&&", "||", "~", "=", "<", ">", "!" };

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		size_t n = strlen(operators[i]);

		if (r->w->n_text - r->start < n || memcmp(r->w->text + r->start, operators[i], n) != 0)
			continue;
		r->token = TOKEN_OPERATOR;
		r->at = r->start + n;
		r->value = slice(r, r->start, r->at);
		return 0;
	}
	return where_error(e, r->start, "this character has no meaning here");
}

static int next_token(struct reader *r, struct err *e)
{
	char c;

	while ((c = char_at(r, r->at)) == ' ' || c == '\t' || c == '\n')
		r->at++;
	r->start = r->at;
	r->token = TOKEN_END;
	if (r->at >= r->w->n_text)
		return 0;
	r->at++;
	if (c == '(' || c == ')') {
		r->token = c == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
		return 0;
	}
	if (c == '"' || c == '\'')
		return read_quoted(r, e);
	if (c == '/')
		return read_regex(r, e);
	if (!is_word_char(c))
		return read_operator(r, e);
	while (is_word_char(char_at(r, r->at)))
		r->at++;
	r->token = TOKEN_WORD;
	r->value = slice(r, r->start, r->at);
	return 0;
}

static int is_word(const struct reader *r, const char *lower, const char *upper, const char *sign)
{
	if (r->token == TOKEN_OPERATOR)
		return str_is(r->value, sign);
	return r->token == TOKEN_WORD && (str_is(r->value, lower) || str_is(r->value, upper));
}

static int find_field(const struct reader *r, struct where_term *t, struct err *e)
{
	if (r->token == TOKEN_END)
		return where_error(e, r->start, "a condition is missing here");
	for (size_t i = 0; r->token == TOKEN_WORD && i < N_WHERE_FIELDS; i++) {
		t->field = (enum where_field)i;
		if (str_is(r->value, where_fields[i].word))
			return 0;
	}
	return where_error(e, r->start,
			   "expected class, name, function, edge, file, type, self, retained, distance, edges, "
			   "retainers, id, detached, unreachable, not or '('");
}

static int read_compare(struct reader *r, struct where_term *t, int *by_pattern, struct err *e)
{
	static const struct {
		const char *sign;
		enum where_compare compare;
		int negated, pattern;
	} rows[] = {
		{ "~", COMPARE_EQUAL, 0, 1 },  { "!~", COMPARE_EQUAL, 1, 1 }, { "=", COMPARE_EQUAL, 0, 0 },
		{ "==", COMPARE_EQUAL, 0, 0 }, { "!=", COMPARE_EQUAL, 1, 0 }, { "<", COMPARE_LESS, 0, 0 },
		{ ">=", COMPARE_LESS, 1, 0 },  { ">", COMPARE_GREATER, 0, 0 }, { "<=", COMPARE_GREATER, 1, 0 },
	};
	int text = where_fields[t->field].kind == WHERE_TEXT;

	for (size_t i = 0; r->token == TOKEN_OPERATOR && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!str_is(r->value, rows[i].sign) || (text ? rows[i].compare != COMPARE_EQUAL : rows[i].pattern))
			continue;
		t->compare = rows[i].compare;
		t->negated = rows[i].negated;
		*by_pattern = rows[i].pattern;
		return 0;
	}
	return where_error(e, r->start, text ? "expected ~, !~, = or != after %s" : "expected =, !=, <, <=, > or >= after %s",
			   where_fields[t->field].word);
}

static int read_pattern(const struct reader *r, struct where_term *t, struct err *e)
{
	struct err why = ERR_INIT;
	size_t at;

	if (r->token != TOKEN_REGEX)
		return where_error(e, r->start, "expected a pattern such as /Socket/i");
	if (!regex_new(&t->regex, r->value, r->ignore_case, &at, &why))
		return 0;
	if (why.kind != ERR_USAGE)
		return err_set(e, why.kind, "%s", why.text);
	return where_error(e, r->start + 1 + at, "%s", why.text);
}

static int read_text(const struct reader *r, struct where_term *t, struct err *e)
{
	if (r->token != TOKEN_WORD && r->token != TOKEN_QUOTED)
		return where_error(e, r->start, "expected a name, in quotes unless it is a single word");
	t->text = r->value;
	return 0;
}

static int read_number(struct reader *r, struct where_term *t, struct err *e)
{
	struct err ignored = ERR_INIT;
	struct str s = r->value;
	char text[40];
	int is_id = t->field == FIELD_ID && r->token == TOKEN_WORD && s.n > 1 && s.s[0] == '@';

	if (r->token != TOKEN_WORD || s.n >= sizeof(text))
		return where_error(e, r->start, "expected a number");
	memcpy(text, s.s + is_id, s.n - (size_t)is_id);
	text[s.n - (size_t)is_id] = '\0';
	if (where_fields[t->field].kind == WHERE_COUNT && strspn(text, "0123456789") != strlen(text))
		return where_error(e, r->start, "expected a whole number without a unit");
	if (size_parse(text, &t->number, &ignored))
		return where_error(e, r->start, where_fields[t->field].kind == WHERE_COUNT ?
				   "expected a whole number of at most 64 bits" :
				   "expected a size such as 500, 10kB or 1.5MiB");
	return 0;
}

/* "field", or "field compare value"; leaves the reader behind it. */
static int read_term(struct reader *r, struct err *e)
{
	struct where *w = r->w;
	struct where_term *t = &w->terms[w->n_terms];
	int by_pattern = 0, rc;

	if (w->n_terms == WHERE_MAX_TERMS)
		return where_error(e, r->start, "more than %d conditions", WHERE_MAX_TERMS);
	if (find_field(r, t, e))
		return e->kind;
	w->ops[w->n_ops++] = (struct where_op){ OP_TERM, (uint32_t)w->n_terms++, r->start };
	if (next_token(r, e))
		return e->kind;
	if (where_fields[t->field].kind == WHERE_FLAG)
		return 0;
	if (read_compare(r, t, &by_pattern, e) || next_token(r, e))
		return e->kind;
	t->at = r->start;
	if (where_fields[t->field].kind != WHERE_TEXT)
		rc = read_number(r, t, e);
	else
		rc = by_pattern ? read_pattern(r, t, e) : read_text(r, t, e);
	return rc ? rc : next_token(r, e);
}

static int push(struct reader *r, enum where_op_kind kind, struct err *e)
{
	if (r->depth == WHERE_MAX_DEPTH || r->n_stack == sizeof(r->stack) / sizeof(r->stack[0]))
		return where_error(e, r->start, "nested deeper than %d levels", WHERE_MAX_DEPTH);
	if (kind == OP_NOT && r->n_nots++ == WHERE_MAX_TERMS)
		return where_error(e, r->start, "more than %d times not", WHERE_MAX_TERMS);
	r->depth += kind == OP_OPEN;
	r->stack[r->n_stack++] = (struct where_op){ .kind = kind, .at = r->start };
	return 0;
}

/* Operators that bind as tightly as `kind`, or tighter, have both their sides. */
static void emit(struct reader *r, enum where_op_kind kind)
{
	while (r->n_stack && r->stack[r->n_stack - 1].kind <= kind)
		r->w->ops[r->w->n_ops++] = r->stack[--r->n_stack];
}

static int read_prefixes(struct reader *r, struct err *e)
{
	for (;;) {
		enum where_op_kind kind = r->token == TOKEN_OPEN ? OP_OPEN : OP_NOT;

		if (kind == OP_NOT && !is_word(r, "not", "NOT", "!"))
			return 0;
		if (push(r, kind, e) || next_token(r, e))
			return e->kind;
	}
}

static int read_closing(struct reader *r, struct err *e)
{
	while (r->token == TOKEN_CLOSE) {
		emit(r, OP_OR);
		if (!r->n_stack)
			return where_error(e, r->start, "this ')' closes nothing");
		r->n_stack--;
		r->depth--;
		if (next_token(r, e))
			return e->kind;
	}
	return 0;
}

int where_parse(struct where *w, struct err *e)
{
	struct reader r = { .w = w };

	if (next_token(&r, e))
		return e->kind;
	for (;;) {
		enum where_op_kind kind;

		if (read_prefixes(&r, e) || read_term(&r, e) || read_closing(&r, e))
			return e->kind;
		if (r.token == TOKEN_END)
			break;
		kind = is_word(&r, "and", "AND", "&&") ? OP_AND : OP_OR;
		if (kind == OP_OR && !is_word(&r, "or", "OR", "||"))
			return where_error(e, r.start, "expected and, or, ')' or the end");
		emit(&r, kind);
		if (push(&r, kind, e) || next_token(&r, e))
			return e->kind;
	}
	emit(&r, OP_OR);
	return r.n_stack ? where_error(e, r.stack[r.n_stack - 1].at, "this '(' is not closed") : 0;
}
