#include "cli/outputs.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/strbuf.h"
#include "cli/terminal.h"
#include "web/html_source.h"
#include "web/render_html.h"

static const struct renderer html_renderer = { "html", "html,htm", 1, render_html };

/* How much of the end of the name is one of the renderer's suffixes: "x.speedscope.json" ends in two. */
static size_t suffix_length(const struct renderer *r, const char *file)
{
	size_t len = strlen(file), best = 0, n;

	for (const char *p = r->suffixes;; p += n + 1) {
		n = strcspn(p, ",");
		if (n > best && len > n && file[len - n - 1] == '.' && !strncasecmp(file + len - n, p, n))
			best = n;
		if (!p[n])
			return best;
	}
}

static const struct renderer *renderer_at(size_t i)
{
	size_t n;
	const struct renderer *plain = plain_renderers(&n);

	return i < n ? &plain[i] : i == n ? &html_renderer : NULL;
}

static const struct renderer *renderer_named(const char *name)
{
	const struct renderer *r;

	for (size_t i = 0; (r = renderer_at(i)); i++)
		if (!strcmp(r->name, name))
			return r;
	return NULL;
}

/* The one with the longest suffix that fits, NULL when none does. */
static const struct renderer *renderer_of_path(const char *path)
{
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	const struct renderer *r, *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; (r = renderer_at(i)); i++)
		if (suffix_length(r, file) > longest) {
			longest = suffix_length(r, file);
			best = r;
		}
	return best;
}

/* The suffix decides, else --format; of a single output --format decides first. */
static int choose_renderer(struct output *out, const struct settings *s, struct err *e)
{
	const struct renderer *by_suffix = renderer_of_path(out->path);
	const struct renderer *by_format = s->format ? renderer_named(s->format) : NULL;

	if (s->format && !by_format)
		return err_set(e, ERR_INTERNAL, "no renderer is called '%s'", s->format);
	if (by_format && (s->outputs.n <= 1 || !by_suffix))
		out->renderer = by_format;
	else if (by_suffix)
		out->renderer = by_suffix;
	else if (!strcmp(out->path, "-"))
		out->renderer = renderer_named("text");
	if (out->renderer)
		return 0;
	err_set(e, ERR_USAGE, "the suffix says no notation; expected .html, .json, .md, .txt, .xml, .sarif, .folded, .speedscope.json or .pb.gz, or --format");
	return err_in(e, out->path);
}

static int is_same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	if (!strcmp(a, "-") || !strcmp(b, "-"))
		return !strcmp(a, b);
	if (stat(a, &sa) || stat(b, &sb))
		return !strcmp(a, b);
	return S_ISREG(sa.st_mode) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

static int refuse(const char *path, const char *why, struct err *e)
{
	err_set(e, ERR_USAGE, "%s", why);
	return err_in(e, strcmp(path, "-") ? path : "standard output");
}

static int check_conflicts(const struct outputs *o, size_t i, const struct settings *s, struct err *e)
{
	const char *path = o->items[i].path;

	for (size_t j = 0; j < i; j++)
		if (is_same_file(path, o->items[j].path))
			return refuse(path, "this output was given twice", e);
	for (size_t j = 0; j < s->n_files; j++)
		if (strcmp(path, "-") && is_same_file(path, s->files[j]))
			return refuse(path, "this output is one of the snapshots to be read", e);
	return 0;
}

int outputs_plan(struct outputs *o, const struct settings *s, struct err *e)
{
	*o = (struct outputs){ .n = s->outputs.n ? s->outputs.n : 1 };
	if (s->dump && (s->outputs.n > 1 || s->format))
		return err_set(e, ERR_USAGE, "'--dump' takes one --output and no --format");
	if (s->source_url && html_source_check(s->source_url, e))
		return e->kind;
	for (size_t i = 0; i < o->n; i++) {
		struct output *out = &o->items[i];

		out->path = s->outputs.n ? s->outputs.items[i] : "-";
		if (!*out->path)
			return err_set(e, ERR_USAGE, "the name of an output is empty");
		if (!s->dump && choose_renderer(out, s, e))
			return e->kind;
		if (check_conflicts(o, i, s, e) || outfile_check(out->path, e))
			return e->kind;
	}
	return 0;
}

int outputs_draw(const struct outputs *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->items[i].renderer && o->items[i].renderer->page_tables)
			return 1;
	return 0;
}

int outputs_use_stdout(const struct outputs *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (!strcmp(o->items[i].path, "-"))
			return 1;
	return 0;
}

static int write_bytes(const char *path, const char *bytes, size_t n, int *closed_pipe, struct err *e)
{
	struct outfile f;
	int rc = outfile_open(&f, path, e);

	if (rc)
		return rc;
	rc = outfile_write(&f, bytes, n, e);
	if (rc)
		outfile_abandon(&f);
	else
		rc = outfile_commit(&f, e);
	*closed_pipe = rc && f.broken_pipe && !strcmp(path, "-");
	return rc;
}

int outputs_print(const char *text, size_t n, int *closed_pipe, struct err *e)
{
	return write_bytes("-", text, n, closed_pipe, e);
}

/* A file is no terminal: 80 columns, UTF-8, colours only when they are always wanted. */
static struct render_options options_for(const struct output *out, const struct settings *s)
{
	struct terminal t = terminal_look(s->color);

	if (!strcmp(out->path, "-"))
		return (struct render_options){ .rows = s->rows, .width = t.width, .color = t.color, .ascii = t.ascii,
						.source_url = s->source_url };
	return (struct render_options){ .rows = s->rows, .color = s->color == COLOR_ALWAYS, .source_url = s->source_url };
}

static int write_one(const struct output *out, const struct report *r, const struct settings *s, int *closed_pipe,
		     struct err *e)
{
	struct render_options options = options_for(out, s);
	struct strbuf text;
	int rc;

	strbuf_init(&text, r->mem);
	rc = out->renderer->render(r, &options, &text, e);
	if (!rc)
		rc = strbuf_check(&text, e);
	if (!rc)
		rc = write_bytes(out->path, strbuf_str(&text), text.len, closed_pipe, e);
	strbuf_release(&text);
	return rc;
}

int outputs_write(const struct outputs *o, const struct report *r, const struct settings *s, int *closed_pipe,
		  struct err *e)
{
	struct err first = ERR_INIT;

	*closed_pipe = 0;
	for (size_t i = 0; i < o->n; i++) {
		int closed = 0;

		if (!write_one(&o->items[i], r, s, &closed, e))
			continue;
		if (!closed)
			return e->kind;
		/* that nobody reads standard output is no reason to leave out the files */
		*closed_pipe = 1;
		first = *e;
	}
	if (*closed_pipe)
		*e = first;
	return first.kind;
}
