/* Which holders are alike: the lists of three hundred rooms, each of which grows a little. */
#include "analyzer/growth_parts.h"
#include "analyzer/refs.h"
#include "base/hash.h"

/* So many owners say where an object belongs; fingerprints of findings know no more of them. */
#define STEPS 3

/* Values of one class in one object, from where on their names are keys: of a class that says what they are, and of any. */
#define KEYS_OF_A_CLASS 4
#define KEYS 32

/* Objects with more edges are not looked through: nobody writes that many properties by hand. */
#define MANY_EDGES 256

/* What everything is made of: that two objects are of such a class says little. */
static int is_everyday(const struct heap *h, uint32_t node)
{
	static const char *const names[] = { "Array", "Map", "Set", "WeakMap", "WeakSet", "Object", "Function" };
	struct str class = h->classes[h->class_[node]].name;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(class, names[i]))
			return 1;
	return 0;
}

/* Another of the class as owner is a tree; of what everything is made of, two in a row. */
static int is_nested(const struct heap *h, uint32_t node, uint32_t owner)
{
	if (h->class_[owner] != h->class_[node])
		return 0;
	return !is_everyday(h, node) || h->class_[ref_object(h, h->idom[owner])] == h->class_[node];
}

static uint32_t values_of_class(const struct heap *h, uint32_t owner, uint32_t class)
{
	uint32_t n = 0;

	for (uint32_t i = h->first_edge[owner]; i < h->first_edge[owner + 1]; i++)
		n += heap_edge_type(h, i) == EDGE_PROPERTY && h->class_[h->edge_to[i]] == class;
	return n;
}

int growth_is_key(const struct heap *h, uint32_t owner, uint32_t node)
{
	uint32_t edge = h->parent_edge[node], n_edges = h->first_edge[owner + 1] - h->first_edge[owner];

	if (edge == NO_EDGE || heap_edge_type(h, edge) != EDGE_PROPERTY || heap_edge_source(h, edge) != owner)
		return 0;

	return n_edges > MANY_EDGES ||
	       values_of_class(h, owner, h->class_[node]) >= (is_everyday(h, node) ? KEYS : KEYS_OF_A_CLASS);
}

/* How the owner has it: by a name, as one of many, or in a way that the owner is not part of. */
static uint64_t hash_way(uint64_t x, const struct heap *h, uint32_t owner, uint32_t node)
{
	uint32_t edge = h->parent_edge[node], from = edge == NO_EDGE ? NO_NODE : heap_edge_source(h, edge);

	if (from == NO_NODE || ref_object(h, from) != owner)
		return hash_add(x, 1);
	if (from != owner || heap_edge_indexed(h, edge) || heap_edge_type(h, edge) == EDGE_INTERNAL)
		return hash_add(x, 2);
	if (growth_is_key(h, owner, node))
		return hash_add(x, 2);
	return hash_add(hash_add(x, 3), h->edge_name[edge]);
}

static uint32_t owner_of(const struct heap *h, uint32_t node)
{
	uint32_t up = ref_owner(h, node);

	return up == NO_NODE || h->type[up] == NODE_SYNTHETIC ? NO_NODE : up;
}

/* By tags: the columns of a board, each with a list in it. */
static uint64_t alike_in_document(const struct heap *h, uint32_t node)
{
	uint64_t x = 3;

	for (unsigned n = 0; n <= STEPS && node != NO_NODE; n++, node = dom_parent(h, node))
		x = hash_add(x, h->class_[node]);
	return x;
}

static uint64_t alike_by_way(const struct heap *h, uint32_t node)
{
	uint64_t x = hash_add(ref_nearest_place_number(h, node), h->class_[node]);
	uint32_t owner = owner_of(h, node);

	/* what hangs on nothing but the roots is known by nothing else */
	if (owner == NO_NODE)
		return 0;
	for (unsigned n = 0; n < STEPS && owner != NO_NODE; n++) {
		if (is_nested(h, node, owner))
			return 0;
		x = hash_add(hash_way(x, h, owner, node), h->class_[owner]);
		/* it is one of a function, and where that stands is the place already */
		if (ref_is_context(h, owner))
			break;
		node = owner;
		owner = owner_of(h, node);
	}
	return x ? x : 1;
}

/*
 * A group in which members lie below members is a tree. Groups are apart where objects have names that are keys: those whose samples
 * are alike belong together.
 */
static uint64_t alike_by_group(const struct growing *g, uint32_t node)
{
	uint32_t group = g->groups->of_node[node], owner = owner_of(g->h, node);
	uint64_t way;

	if (owner == NO_NODE || g->groups->of_node[owner] == group)
		return 0;
	way = alike_by_way(g->h, g->groups->all[group].sample);
	return way ? way : hash_add(2, group);
}

uint64_t growing_alike(const struct growing *g, uint32_t node)
{
	if (dom_parent(g->h, node) != NO_NODE)
		return alike_in_document(g->h, node);
	return g->groups ? alike_by_group(g, node) : alike_by_way(g->h, node);
}
