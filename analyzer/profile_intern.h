/*
 * profile_intern.h - how rows of a profile come to be unique. For the loader and for views that add rows of their own.
 */
#ifndef ANALYZER_PROFILE_INTERN_H
#define ANALYZER_PROFILE_INTERN_H

#include "analyzer/profile.h"

/* An empty profile of that many inputs; to be released also after a failure. */
int profile_init(struct profile *p, struct run *run, size_t n_inputs, struct err *e);

void profile_texts_init(struct profile_texts *t, struct mem *m);
void profile_texts_release(struct profile_texts *t);

/* The number of the text; equal texts have equal numbers, "" has 0. ERR_MEMORY. */
int profile_texts_add(struct profile_texts *t, struct str s, uint32_t *number, struct err *e);

int profile_frame_add(struct profile *p, const struct profile_frame *f, uint32_t *id, struct err *e);

/* A root frame adds no row: `*id` is then the parent. ERR_FORMAT for numbers that do not exist. */
int profile_stack_add(struct profile *p, uint32_t parent, uint32_t frame, uint32_t line, uint32_t *id, struct err *e);

/* The sum of that key, made when it is new, its values zero. */
int profile_sum_at(struct profile *p, const struct profile_sum *key, uint32_t *i, struct err *e);

/* Number of the value type, made when it is new. */
int profile_value_add(struct profile *p, const struct profile_value_type *t, size_t *i, struct err *e);

/* Grow several columns of one table together, so that `need` rows fit. */
struct profile_column {
	void **array;
	size_t size;
};
int profile_grow(struct mem *m, const struct profile_column *columns, size_t n, size_t *capacity, size_t need,
		 struct err *e);

#endif
