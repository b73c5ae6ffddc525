/* Connections and what belongs to one: sockets, requests, responses, sessions, and the queues of an http.Agent. */
#include "analyzer/leaks/detector.h"

#define NET_CLASSES                                                                                                   \
	"Socket TLSSocket IncomingMessage ServerResponse ClientRequest OutgoingMessage Http2Session ClientHttp2Session " \
	"ServerHttp2Session Http2Stream ClientHttp2Stream ServerHttp2Stream WebSocket HTTPParser TCP Pipe Server"

static int is_connection(const struct heap *h, uint32_t node)
{
	if (str_starts(heap_name(h, node), "Node / TCP") || str_starts(heap_name(h, node), "Node / TLS") ||
	    str_starts(heap_name(h, node), "Node / Pipe") || str_starts(heap_name(h, node), "Node / HTTPParser"))
		return 1;
	if (look_has(h, node, "_readableState") && look_has(h, node, "<symbol kHandle>"))
		return 1;
	return look_is_one_of(h, node, NET_CLASSES) && (look_has(h, node, "_events") || look_has(h, node, "socket") ||
							 look_has(h, node, "<symbol owner_symbol>"));
}

unsigned socket_recognise(const struct suspect *s)
{
	if (s->item == NO_NODE)
		return 0;
	return is_connection(s->h, s->item) ? 82 : look_core(s->h, s->item, is_connection) != NO_NODE ? 61 : 0;
}

static int is_open(const struct heap *h, uint32_t node)
{
	uint32_t socket = look_has(h, node, "<symbol kHandle>") ? node : look_property(h, node, "socket");
	uint32_t handle = socket == NO_NODE ? NO_NODE : look_property(h, socket, "<symbol kHandle>");

	return handle != NO_NODE && h->type[handle] == NODE_OBJECT;
}

void socket_tell(const struct suspect *s, struct opinion *o)
{
	struct tally open = suspect_tally(s, is_open);

	opinion_title(o, "%s keeps %s %s objects", words_holder(o, s, s->node), words_more(o, s),
		      words_class(o, s, look_core(s->h, s->item, is_connection)));
	if (open.passed)
		opinion_for(o, "%s of %s still have an open handle", words_count(o, open.passed), words_count(o, open.n));
	else
		opinion_for(o, "their handles are closed, the objects stayed");
	opinion_for(o, "each holds %s", words_bytes(o, s->h->retained[s->item]));
	opinion_against(o, "whether a stream has ended is not in the file");
}
