#include "analyzer/views.h"

#include "analyzer/report_parts.h"
#include "analyzer/ways.h"

#define TREE_ROWS 50000
#define TREE_DEPTH 12

int view_parse_id(const char *text, const char *option, uint64_t *id, struct err *e)
{
	const char *p = text + (*text == '@'), *digits = p;

	for (*id = 0; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(*id, 10u, id) || __builtin_add_overflow(*id, (uint64_t)(*p - '0'), id))
			break;
	if (!*p && p > digits)
		return 0;
	return err_set(e, ERR_USAGE, "'%s' takes the id of an object, such as 48213 or @48213, not '%.100s'", option, text);
}

int views_check(const struct stat_views *v, struct err *e)
{
	uint64_t id;

	if ((v->object && view_parse_id(v->object, "--object", &id, e)) ||
	    (v->path && view_parse_id(v->path, "--path", &id, e)))
		return e->kind;
	if (v->object && v->path)
		return err_set(e, ERR_USAGE, "'--object' shows paths already; give it or '--path'");
	if ((v->depth || v->min_bytes) && !v->dominators)
		return err_set(e, ERR_USAGE, "'%s' belongs to '--dominators'", v->depth ? "--depth" : "--min");
	return 0;
}

int view_find_node(struct report *r, const struct heap *h, const char *text, const char *option, uint32_t *node,
		   struct err *e)
{
	uint64_t id;
	size_t n = 0;

	*node = NO_NODE;
	if (view_parse_id(text, option, &id, e))
		return e->kind;
	for (uint32_t v = h->n_nodes; v--;) {
		if (heap_id(h, v) != id)
			continue;
		*node = v;
		n++;
	}
	if (!n)
		return err_set(e, ERR_USAGE, "'%s': no object of this snapshot has the id %llu", option,
			       (unsigned long long)id);
	return n == 1 ? 0 : report_warn(r, e, "%zu objects have the id %llu; this is the first", n, (unsigned long long)id);
}

int view_paths_of(struct report *r, struct heap *h, const struct analysis_options *o, struct err *e)
{
	uint32_t node;

	if (view_find_node(r, h, o->views.path, "--path", &node, e))
		return e->kind;
	return view_paths(r, h, node, WAYS_MAX, o->show_values, e);
}

int view_dominators(struct report *r, const struct heap *h, const struct analysis_options *o, struct err *e)
{
	struct tree_limits limits = { .depth = TREE_DEPTH, .min_bytes = h->retained[h->root] / 100, .children = TREE_ROWS,
				      .rows = TREE_ROWS };

	if (o->views.depth)
		limits.depth = (unsigned)o->views.depth;
	if (o->views.min_bytes)
		limits.min_bytes = o->views.min_bytes;
	return report_add_dominator_tree(r, h, &limits, o->show_values, e);
}
