/*
 * v8_tree.h - call trees whose nodes hold their children: the `head` of older CPU profiles and of sampling heap profiles.
 *
 * Children may stand before or after the other keys of a node. Open nodes are kept in an array, not on the stack.
 */
#ifndef FORMATS_V8_TREE_H
#define FORMATS_V8_TREE_H

#include "formats/json_pull.h"
#include "formats/v8_nodes.h"

struct v8_tree_options {
	int first_line;    /* what the file calls the first line: 0 or 1 */
	uint64_t *weights; /* out: sum of all hits or sizes */
};

/*
 * Read the node at the next byte and all below it. A node's weight ("hitCount" or "selfSize") becomes its `hits`.
 * ERR_UNSUPPORTED for trees deeper than a million nodes.
 */
int v8_tree_read(struct json_pull *j, struct v8_nodes *nodes, const struct v8_tree_options *o, struct err *e);

#endif
