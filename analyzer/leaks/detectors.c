/* The kinds, the more telling ones first: of two that recognise a suspect equally well the first is believed. */
#include "analyzer/leaks/detector.h"

#define ROW(word, name, advice) { word, name##_recognise, name##_tell, advice, 0 }
#define ITEM(word, name, advice) { word, name##_recognise, name##_tell, advice, 1 }

const struct detector detectors[] = {
	ITEM("listener", listener,
	    "Remove the listener when its owner is done: emitter.off(event, fn), removeEventListener(), or { signal } and "
	    "{ once: true } when it is added."),
	ITEM("timer", timer,
	    "Keep what setInterval() or setTimeout() returns and call clearInterval() or clearTimeout() when the owner goes."),
	ROW("weakref", weakref,
	    "Remove the wrapper when its target is gone: a FinalizationRegistry callback, or a sweep over the collection."),
	ROW("realm", realm,
	    "Let go of the context: drop references to its global and to functions made in it; for frames, to their windows."),
	ITEM("detached-dom", detached_dom,
	    "Drop the JavaScript reference that enters the detached tree when its element is taken out of the document."),
	ROW("dom", dom,
	    "Take elements out of the document when they are done with, or keep only those of a list in it that can be seen."),
	ROW("module", module,
	    "Load the module once. Where a reload is wanted, also remove the old one from its parent's module.children and let "
	    "go of what it exported."),
	ROW("code", code,
	    "Compile once and keep the function, instead of calling new Function(), eval() or vm.Script for each use."),
	ITEM("async-context", async_context,
	    "Let the store hold little, and end or drop the timers, promises and sockets that were created inside run()."),
	ITEM("socket", socket,
	    "Consume or destroy() each response and socket, also on errors and timeouts; call res.resume() when the body is "
	    "not wanted."),
	ITEM("stream", stream,
	    "Call destroy() on streams that are done with, or use stream.pipeline(), and take them out of the collection."),
	ITEM("error", error,
	    "Keep the message instead of the Error (which holds its stack, and with it functions), and bound the history."),
	ITEM("promise", promise,
	    "Settle every promise: add a timeout or an AbortSignal to what may never answer, and forget resolvers once called."),
	ITEM("buffer", buffer,
	    "Release buffers when they are used up. Copy a small part with Buffer.from(slice) when it is to be kept longer than "
	    "the whole."),
	ROW("string", string,
	    "Copy the part that is needed, so that the long string can go; join pieces once; keep equal strings once."),
	ITEM("closure", closure,
	    "Take the functions out of the collection when they are done, and let them capture only what they need."),
	ROW("linked-list", linked_list, "Take elements off the list as they are used up, or bound its length."),
	ROW("global", global, "Declare the variable (\"use strict\" finds undeclared ones), and give the data an owner that ends."),
	ROW("map", map,
	    "Delete entries when they are used up, or bound the Map: an LRU with a maximum, a time to live, a WeakMap for object "
	    "keys."),
	ROW("set", set, "Delete values when they are used up, or bound the Set; a WeakSet where the values are objects."),
	ROW("array", array, "Remove elements when they are used up, or bound the array: a ring buffer, splice() from the front."),
	ROW("object", object,
	    "Delete properties when they are used up, or use a Map with a bound: an object used as a cache never shrinks by "
	    "itself."),
	ITEM("instance", instance, "See by the path who holds them, and let go there when they are done."),
};

const size_t n_detectors = sizeof(detectors) / sizeof(detectors[0]);

const struct detector *detector_for(const struct suspect *s, unsigned *score)
{
	const struct detector *best = &detectors[n_detectors - 1];

	*score = 0;
	for (size_t i = 0; i < n_detectors; i++) {
		unsigned mine = s->scattered && !detectors[i].by_item ? 0 : detectors[i].recognise(s);

		if (mine <= *score)
			continue;
		*score = mine;
		best = &detectors[i];
	}
	return best;
}
