/*
 * detector.h - how a kind of leak is known: one file and one row in detectors.c each.
 *
 * A detector says how much a suspect looks like its kind (0: not at all, 100: nothing else looks like that), and, if it is
 * the one that is believed, tells the story: title, reasons, whose place in the code it is. Whether it is a leak at all is
 * not its business but verdict.c's; it only says when two snapshots suffice, or when it is V8's own doing.
 */
#ifndef ANALYZER_LEAKS_DETECTOR_H
#define ANALYZER_LEAKS_DETECTOR_H

#include "analyzer/leaks/look.h"
#include "analyzer/leaks/suspect.h"

#define OPINION_MAX_REASONS 8

/* What a detector has to say. Sentences go through the functions below; errors are kept and reported at the end. */
struct opinion {
	struct arena *arena;
	struct strbuf scratch;
	struct err *e;
	int failed;
	int show_values;
	struct str title;
	struct str reasons_for[OPINION_MAX_REASONS], reasons_against[OPINION_MAX_REASONS];
	size_t n_for, n_against;
	uint32_t holder;   /* what to name as the holder; the suspect's node unless changed */
	uint32_t function; /* closure whose name and place belong to the item; NO_NODE: none */
	uint32_t place_of; /* object whose place is the finding's; NO_NODE: the function's, the item's, or the holder's */
	const char *advice; /* instead of the detector's own; NULL: that */
	int proven;        /* the structure alone shows that nobody will let go: two snapshots suffice for "leak" */
	int of_the_engine; /* V8's or Node's own doing */
};

struct detector {
	const char *kind;
	unsigned (*recognise)(const struct suspect *s);
	void (*tell)(const struct suspect *s, struct opinion *o);
	const char *advice; /* the usual fix, one or two sentences */
	int by_item;        /* it knows its kind by the objects, whoever holds them: asked about what is scattered, too */
};

extern const struct detector detectors[];
extern const size_t n_detectors;

/* The first in the table among those that recognise it best; of what is scattered only those `by_item`; never NULL: "instance" takes what is left. */
const struct detector *detector_for(const struct suspect *s, unsigned *score);

void opinion_title(struct opinion *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void opinion_for(struct opinion *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void opinion_against(struct opinion *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A copy of the scratch buffer, valid as long as the report. */
struct str opinion_keep(struct opinion *o);

/*
 * Words for the sentences, valid as long as the report: "Map sessions", "1,200 more", "1.2 MB", "onData" or "(anonymous
 * function)", "{user, at}"; of objects that are alike "Array history (300 alike)". "" when memory ran out, which opinion_end() reports.
 */
const char *words_holder(struct opinion *o, const struct suspect *s, uint32_t node);
const char *words_more(struct opinion *o, const struct suspect *s);
const char *words_grew(struct opinion *o, const struct suspect *s); /* "grew by 1.2 MB"; of one snapshot "retains 1.2 MB" */
const char *words_got(const struct suspect *s);                     /* "got"; of one snapshot "has" */
const char *words_count(struct opinion *o, uint64_t n);
const char *words_bytes(struct opinion *o, uint64_t bytes);
const char *words_percent(struct opinion *o, int64_t hundredths);
const char *words_function(struct opinion *o, const struct suspect *s, uint32_t closure);
const char *words_class(struct opinion *o, const struct suspect *s, uint32_t node);
const char *words_text(struct opinion *o, struct str text);

/* Say what a function keeps alive besides itself, when that is worth a word. */
void opinion_captured(const struct suspect *s, struct opinion *o, uint32_t closure);

/* How many there are more now than in the first snapshot; the new ones when counts are not known. */
uint64_t suspect_more(const struct suspect *s);

/* Whether the item is of the class, and for detectors of collections: whether the holder is. */
int suspect_item_is(const struct suspect *s, const char *class_names);
int suspect_holder_is(const struct suspect *s, const char *class_names);

#define DETECTOR(name)                                            \
	unsigned name##_recognise(const struct suspect *s);        \
	void name##_tell(const struct suspect *s, struct opinion *o)

DETECTOR(listener);
DETECTOR(timer);
DETECTOR(weakref);
DETECTOR(realm);
DETECTOR(detached_dom);
DETECTOR(dom);
DETECTOR(module);
DETECTOR(code);
DETECTOR(async_context);
DETECTOR(socket);
DETECTOR(stream);
DETECTOR(error);
DETECTOR(promise);
DETECTOR(buffer);
DETECTOR(string);
DETECTOR(closure);
DETECTOR(linked_list);
DETECTOR(global);
DETECTOR(map);
DETECTOR(set);
DETECTOR(array);
DETECTOR(object);
DETECTOR(instance);

#endif
