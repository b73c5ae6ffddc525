/*
 * scrub_parts.h - the inside of scrub.h: roles of texts, what becomes of names, replacements.
 */
#ifndef ANALYZER_SCRUB_PARTS_H
#define ANALYZER_SCRUB_PARTS_H

#include "analyzer/scrub.h"
#include "base/bits.h"
#include "base/keyed_hash.h"
#include "base/strbuf.h"
#include "base/strtab.h"
#include "formats/heapsnapshot.h"

/* What a text is used as; bits. */
enum scrub_role {
	ROLE_VALUE = 1,    /* of a string, regular expression, bigint, number */
	ROLE_CLASS = 2,    /* name of an object */
	ROLE_FUNCTION = 4, /* of a closure, or of a function in an allocation stack */
	ROLE_CODE = 8,     /* of code, scripts, V8's own objects */
	ROLE_EDGE = 16,    /* of a variable or of one of V8's own references */
	ROLE_PROPERTY = 32,
	ROLE_KEY = 64,     /* property of an object with so many that it is a table */
	ROLE_NATIVE = 128, /* name of an object of the embedder, which puts text of the page there */
};

#define ROLE_NAMES 0xFE

/* What becomes of a name. */
enum scrub_fate {
	FATE_NO_NAME,
	FATE_STAYS,
	FATE_RULE,      /* a rule found something in it: that part goes */
	FATE_FAMILY,    /* one of many names with digits that are built alike */
	FATE_TABLE,     /* only a key of tables */
	FATE_EMBEDDER,  /* what follows the tag or the scheme goes */
	FATE_EPHEMERON, /* quotes names of two objects: those go, their ids stay */
	N_FATES,
};

/* Hashes of the short texts and names that are in the output already. */
struct scrub_taken {
	uint64_t *slots;
	size_t n, size;
};

struct scrub {
	struct run *run;
	struct redact *redact;
	struct source *source;
	struct strtab strings;
	uint8_t *roles; /* per string */
	size_t roles_capacity;
	uint8_t is_value[HEAP_MAX_TYPES]; /* types of nodes whose names are values */
	uint64_t numbers; /* sum over the numbers of the first reading, scrub_sum() */
	uint64_t n_used;  /* one more than the highest string number that something refers to */
	uint8_t *fates;   /* per string */
	struct ranked_bits split; /* strings that are both: their value gets a string of its own at the end */
	struct hash_key key;
	struct scrub_taken taken;
	struct strbuf mask, text; /* scratch */
};

/* To know the numbers again when they are read a second time: what was judged must be what is written. */
static inline uint64_t scrub_sum(uint64_t sum, const uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum = (sum ^ v[i]) * 0x9E3779B97F4A7C15u;
	return sum;
}

/* First reading: fill `strings` and `roles`. */
int scrub_read(struct scrub *s, struct err *e);

/* V8's order of the sections: a later one must not come before. -1: not one of them. */
int scrub_section_rank(const char *key);
const char *scrub_section_key(enum heap_section section);
int scrub_in_order(int *rank, const char *key, struct err *e);

/* Decide what becomes of every name. */
int scrub_judge(struct scrub *s, struct err *e);

/* Has a name the looks of data: digits enough to number things. */
int scrub_looks_like_data(struct str name);

/* The name with runs of letters and digits as "a" and "0", at most SCRUB_SHAPE bytes. Returns its length. */
#define SCRUB_SHAPE 40
size_t scrub_shape(struct str name, char out[SCRUB_SHAPE + 4]);

/* Texts that V8 gives to nodes instead of a value, and words that are values of no one. */
int scrub_is_constant(struct str text);

/* The string as it is written; valid until the next call of either. Both add it to the taken ones. */
int scrub_name(struct scrub *s, size_t i, struct str *out, struct err *e);
int scrub_value(struct scrub *s, struct str text, struct str *out, struct err *e);

/* Note that a text is in the output. */
int scrub_take(struct scrub *s, struct str text, struct err *e);

/* Second reading: copy the input with the judged strings. */
int scrub_copy(struct scrub *s, const struct byte_sink *sink, struct err *e);

/* Where the parts of an ephemeron's name are: [0,1) and [2,3) are names. 0 when it is none. */
int scrub_ephemeron(struct str text, size_t at[4]);

/* Where the embedder's own text begins in a node's name, or text.n. */
size_t scrub_embedder_text(struct str name);

/* What the audit and --fail-on-secrets ask: groups of names that stay. */
struct scrub_family {
	const char *kind;
	struct str shape;
	uint64_t count;
	size_t sample; /* a string number */
	int looks_like_data;
};

struct scrub_families {
	struct scrub_family *all; /* largest first */
	size_t n, capacity;
	uint32_t *slots; /* by kind and shape: number + 1 */
	size_t n_slots;
	uint64_t fates[8][N_FATES]; /* by kind */
	uint64_t suspicious;        /* names in families that look like data */
};

extern const char *const scrub_kinds[8];

int scrub_group(struct scrub *s, struct scrub_families *f, struct err *e);
/* The audit as a sealed report. */
int scrub_report(struct scrub *s, const struct scrub_families *f, const char *file, struct report *r, struct err *e);

void scrub_families_release(struct scrub_families *f, struct mem *m);

#endif
