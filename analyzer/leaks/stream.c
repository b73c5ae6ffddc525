/* Streams that are kept, and what waits in their buffers. */
#include "analyzer/leaks/detector.h"
#include "analyzer/refs.h"

static int is_stream(const struct heap *h, uint32_t node)
{
	return look_has(h, node, "_readableState") || look_has(h, node, "_writableState") ||
	       look_is_one_of(h, node, "ReadableStream WritableStream TransformStream");
}

/* The stream whose buffer grows; NO_NODE when the suspect is none. */
static uint32_t stream_of_buffer(const struct suspect *s)
{
	uint32_t state = ref_owner(s->h, s->node), stream;

	for (unsigned n = 0; n < 3 && state != NO_NODE; n++, state = ref_owner(s->h, state)) {
		if (!look_is_one_of(s->h, state, "ReadableState WritableState BufferList"))
			continue;
		stream = ref_owner(s->h, state);
		if (stream != NO_NODE && is_stream(s->h, stream))
			return stream;
	}
	return NO_NODE;
}

unsigned stream_recognise(const struct suspect *s)
{
	if (stream_of_buffer(s) != NO_NODE)
		return 83;
	if (s->item == NO_NODE)
		return 0;
	return is_stream(s->h, s->item) ? 75 : look_core(s->h, s->item, is_stream) != NO_NODE ? 60 : 0;
}

void stream_tell(const struct suspect *s, struct opinion *o)
{
	uint32_t stream = stream_of_buffer(s);

	if (stream != NO_NODE) {
		o->holder = stream;
		opinion_title(o, "%s buffers %s that nobody reads", words_holder(o, s, stream),
			      words_bytes(o, s->h->retained[s->node]));
		opinion_for(o, "data comes in faster than it goes out: the writer does not wait for drain, or nobody reads");
		o->advice = "Heed what write() returns and wait for \"drain\", or use stream.pipeline(); read or destroy() the "
			    "stream.";
		return;
	}
	opinion_title(o, "%s keeps %s %s streams", words_holder(o, s, s->node), words_more(o, s),
		      words_class(o, s, look_core(s->h, s->item, is_stream)));
	opinion_for(o, "each holds %s, with its buffers and listeners", words_bytes(o, s->h->retained[s->item]));
	opinion_against(o, "whether a stream has ended or is destroyed is not in the file");
}
