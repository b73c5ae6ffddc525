/*
 * Binary data. The bytes of an ArrayBuffer are outside of V8's heap; the file has their number. How much of it a Buffer
 * shows is not in the file: a small slice looks like the whole. Of Buffers that are cut out of Node's pool it is known that
 * they are small, since larger ones than half a block get memory of their own.
 */
#include "analyzer/leaks/detector.h"
#include "analyzer/refs.h"

#define BUFFER_CLASSES                                                                                                \
	"Buffer FastBuffer ArrayBuffer SharedArrayBuffer DataView Blob Uint8Array Uint8ClampedArray Int8Array Uint16Array " \
	"Int16Array Uint32Array Int32Array Float32Array Float64Array BigInt64Array BigUint64Array"

#define DATA "system / JSArrayBufferData"
#define POOL 8192 /* Node gives out small buffers from blocks of 8 kB and more */

unsigned buffer_recognise(const struct suspect *s)
{
	if (s->item == NO_NODE)
		return suspect_holder_is(s, "ArrayBuffer SharedArrayBuffer") ? 65 : 0;
	if (suspect_item_is(s, BUFFER_CLASSES) || str_is(heap_name(s->h, s->item), DATA))
		return 65;
	return 0;
}

static uint32_t store_of(const struct heap *h, uint32_t item)
{
	return look_is(h, item, "ArrayBuffer") ? item : look_internal(h, item, "buffer");
}

/* Alone on its store: nobody else shares the bytes. */
static int keeps_store(const struct heap *h, uint32_t item)
{
	uint32_t store = store_of(h, item);

	return store != NO_NODE && h->idom[store] == item && h->retained[store] >= POOL;
}

static int is_piece_of_pool(const struct heap *h, uint32_t item)
{
	uint32_t store = store_of(h, item);

	return store != NO_NODE && look_is_pool_block(h, store);
}

/* Returns whether that is what they are. */
static int argue_pool(const struct suspect *s, struct opinion *o)
{
	struct tally pieces = suspect_tally(s, is_piece_of_pool);

	if (pieces.passed * 2 <= pieces.n || !is_piece_of_pool(s->h, s->item))
		return 0;
	opinion_for(o, "%s of %s are small pieces of blocks of Node's pool: a whole block of %s stays as long as one piece of it",
		    words_count(o, pieces.passed), words_count(o, pieces.n),
		    words_bytes(o, look_store_bytes(s->h, store_of(s->h, s->item))));
	o->advice = "Release buffers when they are used up. What is to be kept for long gets memory of its own by "
		    "Buffer.allocUnsafeSlow() and copy(), so that the block that it was cut from can go.";
	return 1;
}

/* One ArrayBuffer, by the name of the only view that shows it. */
static void tell_one(const struct suspect *s, struct opinion *o)
{
	uint32_t view = ref_owner(s->h, s->node);

	if (view != NO_NODE && look_internal(s->h, view, "buffer") == s->node)
		o->holder = view;
	if (s->c->n > 1)
		opinion_title(o, "%s %s, outside of V8's heap", words_holder(o, s, o->holder), words_grew(o, s));
	else
		opinion_title(o, "%s has %s outside of V8's heap", words_holder(o, s, o->holder),
			      words_bytes(o, s->h->retained[s->node]));
	opinion_against(o, "how many bytes of its store a view shows is not in the file");
}

void buffer_tell(const struct suspect *s, struct opinion *o)
{
	struct tally alone;

	if (s->item == NO_NODE || (s->c->n == 1 && s->n_items == 1 && str_is(heap_name(s->h, s->item), DATA))) {
		tell_one(s, o);
		return;
	}
	alone = suspect_tally(s, keeps_store);
	opinion_title(o, "%s keeps %s %s objects with %s", words_holder(o, s, s->node), words_more(o, s),
		      words_class(o, s, s->item), words_bytes(o, s->h->retained[s->node]));
	opinion_for(o, "most of it is outside of V8's heap: --max-old-space-size does not limit it");
	if (argue_pool(s, o))
		return;
	if (alone.passed * 2 > alone.n)
		opinion_for(o, "%s of %s keep a whole store of their own, %s each; small slices do that, too",
			    words_count(o, alone.passed), words_count(o, alone.n), words_bytes(o, s->h->retained[s->item]));
	opinion_against(o, "how many bytes of its store a view shows is not in the file");
}
