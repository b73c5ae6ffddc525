/* perf.data: written here record by record, and recordings whose numbers `perf report` gave. */
#include "profile_tape.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "formats/formats.h"
#include "formats/perf_attr.h"
#include "formats/perf_order.h"
#include "formats/perf_space.h"

enum { MMAP = 1, COMM = 3, FORK = 7, SAMPLE = 9, MMAP2 = 10, ATTR = 64, ROUND = 68, COMPRESSED = 81, COMPRESSED2 = 83 };

#define KERNEL ((uint64_t)-128)
#define USER ((uint64_t)-512)
#define USUAL (PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_PERIOD)

/* A file that grows at its end. */
struct bin {
	unsigned char s[1 << 16];
	size_t n;
};

static void raw(struct bin *b, const void *p, size_t n)
{
	assert_true(b->n + n <= sizeof(b->s));
	memcpy(b->s + b->n, p, n);
	b->n += n;
}

static void u32(struct bin *b, uint32_t v)
{
	raw(b, &v, 4);
}

static void u64(struct bin *b, uint64_t v)
{
	raw(b, &v, 8);
}

/* Padded to eight bytes with at least one NUL. */
static void text(struct bin *b, const char *s)
{
	static const char nul[8];
	size_t n = strlen(s);

	raw(b, s, n);
	raw(b, nul, 8 - n % 8);
}

static size_t begin(struct bin *b, uint32_t type, uint16_t misc)
{
	uint16_t size = 0;

	u32(b, type);
	raw(b, &misc, 2);
	raw(b, &size, 2);
	return b->n - 8;
}

static void end(struct bin *b, size_t at)
{
	uint16_t size = (uint16_t)(b->n - at);

	memcpy(b->s + at + 6, &size, 2);
}

/* What identifies a record that is no sample: thread and time. */
static void id(struct bin *b, uint32_t pid, uint64_t time)
{
	u32(b, pid);
	u32(b, pid);
	u64(b, time);
}

static void mmap_at(struct bin *b, uint32_t pid, uint64_t time, uint64_t start, uint64_t bytes, uint64_t offset,
		    const char *name)
{
	size_t at = begin(b, MMAP, 2);

	u32(b, pid);
	u32(b, pid);
	u64(b, start);
	u64(b, bytes);
	u64(b, offset);
	text(b, name);
	id(b, pid, time);
	end(b, at);
}

static void comm(struct bin *b, uint32_t pid, uint64_t time, const char *name, uint16_t misc)
{
	size_t at = begin(b, COMM, misc);

	u32(b, pid);
	u32(b, pid);
	text(b, name);
	id(b, pid, time);
	end(b, at);
}

static void fork_of(struct bin *b, uint32_t parent, uint32_t child, uint64_t time)
{
	size_t at = begin(b, FORK, 0);

	u32(b, child);
	u32(b, parent);
	u32(b, child);
	u32(b, parent);
	u64(b, time);
	id(b, child, time);
	end(b, at);
}

static void sample(struct bin *b, uint32_t pid, uint64_t time, uint64_t period, size_t n, const uint64_t *chain)
{
	size_t at = begin(b, SAMPLE, 2);

	u64(b, n ? chain[n - 1] : 0x1234);
	u32(b, pid);
	u32(b, pid);
	u64(b, time);
	u64(b, period);
	u64(b, n);
	raw(b, chain, n * 8);
	end(b, at);
}

static void mark(struct bin *b)
{
	end(b, begin(b, ROUND, 0));
}

static void attr(struct bin *b, uint32_t type, uint64_t config, uint64_t sample_type)
{
	u32(b, type);
	u32(b, 64);
	u64(b, config);
	u64(b, 1000);
	u64(b, sample_type);
	u64(b, 0);
	u64(b, (uint64_t)1 << 18);
	u64(b, 0);
	u64(b, 0);
}

/* The file around records: one event. */
static struct bin file_of(const struct bin *records, uint64_t sample_type)
{
	struct bin b = { .n = 0 };
	static const uint64_t no_features[4];

	raw(&b, "PERFILE2", 8);
	u64(&b, 104);
	u64(&b, 80);
	u64(&b, 104);
	u64(&b, 80);
	u64(&b, 184);
	u64(&b, records->n);
	u64(&b, 0);
	u64(&b, 0);
	raw(&b, no_features, sizeof(no_features));
	attr(&b, 1, 0, sample_type);
	u64(&b, 104);
	u64(&b, 0);
	raw(&b, records->s, records->n);
	return b;
}

/* The same, as perf writes it into a pipe. */
static struct bin pipe_of(const struct bin *records, uint64_t sample_type)
{
	struct bin b = { .n = 0 };
	size_t at;

	raw(&b, "PERFILE2", 8);
	u64(&b, 16);
	at = begin(&b, ATTR, 0);
	attr(&b, 1, 0, sample_type);
	u64(&b, 77);
	end(&b, at);
	raw(&b, records->s, records->n);
	return b;
}

/* Two processes, a fork, code over code, kernel and user, out of order within rounds. */
static struct bin story(void)
{
	const uint64_t user[] = { USER, 0x1010, 0x2020 }, both[] = { KERNEL, 0xffff800000000100, USER, 0x1010 };
	const uint64_t astray[] = { USER, 0x1010, 0x99999999 };
	struct bin b = { .n = 0 };

	mmap_at(&b, UINT32_MAX, 0, 0xffff800000000000, 0x1000, 0xffff800000000000, "[kernel.kallsyms]_text");
	comm(&b, 7, 10, "app one", 0);
	sample(&b, 7, 40, 1000, 3, user);
	mmap_at(&b, 7, 20, 0x1000, 0x2000, 0x500, "/no/such/app");
	mmap_at(&b, 7, 30, 0x2000, 0x100, 0, "/no/such/lib.so");
	mark(&b);
	fork_of(&b, 7, 8, 50);
	sample(&b, 8, 60, 1000, 4, both);
	sample(&b, 7, 25, 1000, 3, user);
	mark(&b);
	comm(&b, 8, 70, "child", 1 << 13);
	sample(&b, 8, 80, 500, 2, user);
	sample(&b, 7, 90, 500, 3, astray);
	mark(&b);
	return b;
}

static const char told[] =
	"values samples/count cpu-clock/ns\n"
	"[unknown] {thread 8/8 child}: 1 500\n"
	"app+0x1520;app+0x510 {thread 7/7 app one}: 1 1000\n"
	"app+0x510 {thread 7/7 app one}: 1 500\n"
	"app+0x510;[kernel.kallsyms]+0x100_[k] {thread 8/8 app one}: 1 1000\n"
	"lib.so+0x20;app+0x510 {thread 7/7 app one}: 1 1000\n";

static void reads(const struct bin *b, size_t read_bytes, const char *want)
{
	struct tape t;

	tape_init(&t);
	if (tape_read(&t, NULL, b->s, b->n, read_bytes))
		fail_msg("%s", t.err.text);
	assert_string_equal(tape_text(&t), want);
	tape_release(&t);
}

static void records_are_put_in_the_order_of_time(void **state)
{
	struct bin records = story(), file = file_of(&records, USUAL), piped = pipe_of(&records, USUAL);

	(void)state;
	for (size_t size = 0; size < 32; size++) {
		reads(&file, size, told);
		reads(&piped, size, told);
	}
}

/* A record lies across two compressed ones. */
static void compressed_records(void **state)
{
	struct bin records = story(), packed = { .n = 0 }, file;
	unsigned char *bytes = malloc(ZSTD_compressBound(records.n));
	size_t n = ZSTD_compress(bytes, ZSTD_compressBound(records.n), records.s, records.n, 1), half = n / 2, at;

	(void)state;
	for (int second = 0; second < 2; second++) {
		packed.n = 0;
		for (int part = 0; part < 2; part++) {
			size_t size = part ? n - half : half;

			at = begin(&packed, second ? COMPRESSED2 : COMPRESSED, 0);
			if (second)
				u64(&packed, size);
			raw(&packed, bytes + (part ? half : 0), size);
			if (second)
				raw(&packed, "\0\0\0", 3);
			end(&packed, at);
		}
		file = file_of(&packed, USUAL);
		reads(&file, 0, told);
	}
	free(bytes);
}

static void damaged_compression(void **state)
{
	struct bin packed = { .n = 0 }, file;
	struct tape t;
	size_t at = begin(&packed, COMPRESSED, 0);

	(void)state;
	raw(&packed, "this is no zstd data", 20);
	end(&packed, at);
	file = file_of(&packed, USUAL);
	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, file.s, file.n, 0), ERR_FORMAT);
	assert_has(t.err.text, "zstd");
	tape_release(&t);
}

/* Two gigabytes of one mark after the other, in less than one record. */
static void a_bomb_of_records_is_refused(void **state)
{
	enum { MARKS = 1 << 17, TIMES = 2048 };
	struct bin marks = { .n = 0 }, packed = { .n = 0 }, file;
	unsigned char *bytes = malloc(65000);
	ZSTD_CCtx *c = ZSTD_createCCtx();
	ZSTD_outBuffer out = { bytes, 65000, 0 };
	struct tape t;
	size_t at;

	(void)state;
	assert_true(bytes && c);
	for (int i = 0; i < 64; i++)
		mark(&marks);
	for (int i = 0; i < MARKS * TIMES / 64 / 8 && out.pos < 60000; i++) {
		ZSTD_inBuffer in = { marks.s, marks.n, 0 };

		assert_false(ZSTD_isError(ZSTD_compressStream2(c, &out, &in, ZSTD_e_continue)));
	}
	ZSTD_compressStream2(c, &out, &(ZSTD_inBuffer){ NULL, 0, 0 }, ZSTD_e_end);
	ZSTD_freeCCtx(c);
	at = begin(&packed, COMPRESSED, 0);
	raw(&packed, bytes, out.pos);
	end(&packed, at);
	file = file_of(&packed, USUAL);
	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, file.s, file.n, 0), ERR_UNSUPPORTED);
	assert_has(t.err.text, "1000 times");
	tape_release(&t);
	free(bytes);
}

static void every_field_before_the_chain_is_stepped_over(void **state)
{
	const uint64_t chain[] = { USER, 0x1010 };
	struct perf_attr a = { .sample_type = 0x3ff | PERF_SAMPLE_IDENTIFIER, .read_format = 1 | 2 | 4 | 8 };
	struct bin b = { .n = 0 };
	struct perf_sample s;

	(void)state;
	u64(&b, 77); /* identifier */
	u64(&b, 0x1010);
	u32(&b, 5);
	u32(&b, 6);
	u64(&b, 1234);
	u64(&b, 0xdead); /* address */
	u64(&b, 78);	 /* id */
	u64(&b, 79);	 /* stream */
	u64(&b, 3);	 /* cpu */
	u64(&b, 4000);
	u64(&b, 2); /* a group of two: times enabled and running, value and id of each */
	for (int i = 0; i < 6; i++)
		u64(&b, 1);
	u64(&b, 2);
	raw(&b, chain, sizeof(chain));
	assert_true(perf_sample_parse(&a, b.s, b.n, &s));
	assert_int_equal(s.id, 77);
	assert_int_equal(s.ip, 0x1010);
	assert_int_equal(s.pid, 5);
	assert_int_equal(s.tid, 6);
	assert_int_equal(s.time, 1234);
	assert_int_equal(s.period, 4000);
	assert_int_equal(s.n_chain, 2);
	assert_int_equal(perf_u64(s.chain + 8), 0x1010);
	for (size_t n = 0; n < b.n; n++)
		assert_false(perf_sample_parse(&a, b.s, n, &s));
}

/* Events of different layouts are told by the identifier, which stands where it does for all. */
static void several_events(void **state)
{
	struct bin b = { .n = 0 };
	struct tape t;
	size_t at;

	(void)state;
	raw(&b, "PERFILE2", 8);
	u64(&b, 16);
	for (uint64_t i = 0; i < 2; i++) {
		at = begin(&b, ATTR, 0);
		attr(&b, i ? 0 : 1, 0, PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID |
					       (i ? PERF_SAMPLE_PERIOD : 0));
		u64(&b, 100 + i);
		end(&b, at);
	}
	for (uint64_t i = 0; i < 3; i++) {
		at = begin(&b, SAMPLE, 2);
		u64(&b, 100 + i);
		u64(&b, 0x10);
		u32(&b, 5);
		u32(&b, 5);
		if (i)
			u64(&b, 30);
		end(&b, at);
	}
	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, b.s, b.n, 0), 0);
	assert_string_equal(tape_text(&t), "values samples/count cpu-clock/ns cycles/count\n"
					   "[unknown] {thread 5/5}: 2 1000 30\n");
	assert_int_equal(tape_diag(&t, "unknown-event"), 1);
	tape_release(&t);
}

static void refused(const struct bin *b, enum err_kind kind, const char *why)
{
	struct tape t;

	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, b->s, b->n, 0), kind);
	assert_has(t.err.text, why);
	tape_release(&t);
}

static void what_is_not_read(void **state)
{
	struct bin records = story(), b = file_of(&records, USUAL | PERF_SAMPLE_STACK_USER);

	(void)state;
	refused(&b, ERR_UNSUPPORTED, "--call-graph dwarf");
	memcpy(b.s, "PERFFILE", 8);
	refused(&b, ERR_UNSUPPORTED, "version 1");
	memcpy(b.s, "2ELIFREP", 8);
	refused(&b, ERR_UNSUPPORTED, "big-endian");
	b = file_of(&records, USUAL);
	b.n = 50;
	refused(&b, ERR_TRUNCATED, "ends in its header");
	b = file_of(&records, USUAL);
	b.s[184 + 6] = 3;
	b.s[184 + 7] = 0;
	refused(&b, ERR_FORMAT, "a record of 3 bytes");
}

static void a_cut_recording_says_so(void **state)
{
	struct bin records = story(), b = file_of(&records, USUAL);
	struct tape t;

	(void)state;
	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, b.s, b.n - 20, 0), 0);
	assert_int_equal(tape_diag(&t, "cut-file"), 1);
	tape_release(&t);
}

/* Names of compiled code in files beside the recording. */
struct beside {
	char dir[64], data[128], other[160];
};

static void write_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	fclose(f);
}

static void beside_init(struct beside *s, const struct bin *b, const char *other, const void *bytes, size_t n)
{
	snprintf(s->dir, sizeof(s->dir), "/tmp/test-perf-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->data, sizeof(s->data), "%s/perf.data", s->dir);
	snprintf(s->other, sizeof(s->other), "%s/%s", s->dir, other);
	write_file(s->data, b->s, b->n);
	write_file(s->other, bytes, n);
}

static void beside_release(struct beside *s)
{
	unlink(s->data);
	unlink(s->other);
	rmdir(s->dir);
}

static void reads_file(const char *path, const char *want)
{
	struct tape t;

	tape_init(&t);
	if (tape_read_file(&t, NULL, path))
		fail_msg("%s", t.err.text);
	assert_string_equal(strchr(tape_text(&t), '\n') + 1, want);
	tape_release(&t);
}

static struct bin jit_story(const char *dump)
{
	const uint64_t first[] = { USER, 0x5010 }, second[] = { USER, 0x5110 };
	struct bin b = { .n = 0 };

	mmap_at(&b, 4000007, 5, 0x5000, 0x1000, 0, "//anon");
	if (dump)
		mmap_at(&b, 4000007, 6, 0x90000, 0x1000, 0, dump);
	sample(&b, 4000007, 20, 1, 2, first);
	sample(&b, 4000007, 40, 1, 2, first);
	sample(&b, 4000007, 50, 1, 2, second);
	return b;
}

static void maps_of_compiled_code(void **state)
{
	static const char map[] = "5000 100 JS:~old /a.js:1:1\n5000 40 JS:*new name /a b.js:2:3\nnonsense\n"
				  "5100 100 Builtin:ArrayMap\n51";
	struct bin records = jit_story(NULL), b = file_of(&records, USUAL);
	struct beside s;

	(void)state;
	beside_init(&s, &b, "perf-4000007.map", map, strlen(map));
	reads_file(s.data, "ArrayMap(builtin) {thread 4000007/4000007}: 1 1\n"
			   "new name /a b.js:2:3 {thread 4000007/4000007}: 2 2\n");
	beside_release(&s);
}

static void load(struct bin *b, uint64_t time, uint64_t start, uint64_t bytes, const char *name)
{
	u32(b, 0);
	u32(b, (uint32_t)(56 + strlen(name) + 1 + 4));
	u64(b, time);
	u32(b, 4000007);
	u32(b, 4000007);
	u64(b, start);
	u64(b, start);
	u64(b, bytes);
	u64(b, 1);
	raw(b, name, strlen(name) + 1);
	raw(b, "code", 4);
}

/* The same address is one function, then another. */
static void dumps_of_compiled_code(void **state)
{
	struct bin records = jit_story("/no/where/jit-4000007.dump"), b = file_of(&records, USUAL), dump = { .n = 0 };
	struct beside s;

	(void)state;
	u32(&dump, 0x4A695444);
	u32(&dump, 1);
	u32(&dump, 40);
	u32(&dump, 62);
	u32(&dump, 0);
	u32(&dump, 4000007);
	u64(&dump, 1);
	u64(&dump, 0);
	load(&dump, 10, 0x5000, 0x100, "JS:~f /a.js:1:1");
	load(&dump, 30, 0x5000, 0x100, "JS:*g /a.js:2:1");
	u32(&dump, 1); /* g moves on */
	u32(&dump, 64);
	u64(&dump, 45);
	u64(&dump, 0);
	u64(&dump, 0);
	u64(&dump, 0x5000);
	u64(&dump, 0x5100);
	u64(&dump, 0x100);
	u64(&dump, 2);
	beside_init(&s, &b, "jit-4000007.dump", dump.s, dump.n);
	reads_file(s.data, "f /a.js:1:1 {thread 4000007/4000007}: 1 1\n"
			   "g /a.js:2:1 {thread 4000007/4000007}: 2 2\n");
	beside_release(&s);
}

/* Against plain arrays of owners, one for each byte; enough small ones for many blocks of rows. */
#define SPACE 4096
#define PROCESSES 3

static uint64_t random_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x >> 11;
}

static void compare_spaces(struct perf_spaces *s, uint32_t (*owner)[SPACE])
{
	struct err e = ERR_INIT;

	for (uint32_t pid = 0; pid < PROCESSES; pid++)
		for (uint64_t k = 0; k < SPACE; k++) {
			const struct perf_map *found = perf_spaces_find(s, pid + 1, k, &e);

			assert_int_equal(found ? found->module : 0, owner[pid][k]);
			if (found)
				assert_int_equal(k - found->start + found->offset, 1000 + k);
		}
}

static void mappings_replace_what_they_cover(void **state)
{
	static uint32_t owner[PROCESSES][SPACE];
	struct err e = ERR_INIT;
	struct perf_spaces s;
	struct mem m;
	uint64_t x = 88172645463325252u;

	(void)state;
	mem_init(&m, 0);
	perf_spaces_init(&s, &m);
	for (uint32_t i = 1; i < 20000; i++) {
		uint32_t pid = (uint32_t)(random_next(&x) % PROCESSES), other = (uint32_t)(random_next(&x) % PROCESSES);
		uint64_t most = random_next(&x) % 500 ? 8 : random_next(&x) % 5 ? 600 : SPACE;
		struct perf_map map = { .module = i, .start = random_next(&x) % SPACE };

		map.end = map.start + random_next(&x) % most;
		map.end = map.end > SPACE ? SPACE : map.end;
		map.offset = 1000 + map.start;
		if (!(random_next(&x) % 700)) {
			assert_int_equal(perf_spaces_fork(&s, pid + 1, other + 1, &e), 0);
			memmove(owner[other], owner[pid], sizeof(owner[pid]));
		} else if (!(random_next(&x) % 3000)) {
			assert_int_equal(perf_spaces_exec(&s, pid + 1, &e), 0);
			memset(owner[pid], 0, sizeof(owner[pid]));
		}
		assert_int_equal(perf_spaces_map(&s, pid + 1, &map, &e), 0);
		for (uint64_t k = map.start; k < map.end; k++)
			owner[pid][k] = i;
		if (!(i % 100))
			compare_spaces(&s, owner);
	}
	perf_spaces_release(&s);
	assert_int_equal(m.used_bytes, 0);
}

/* Forks that map and end at once, and rows that are cut and mended, in a process with thousands of mappings. */
static void many_mappings_cost_no_more_than_few(void **state)
{
	struct err e = ERR_INIT;
	struct perf_spaces s;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	perf_spaces_init(&s, &m);
	for (uint64_t i = 0; i < 8000; i++) {
		struct perf_map map = { .start = i * 16, .end = i * 16 + 8, .module = 1 };

		assert_int_equal(perf_spaces_map(&s, 7, &map, &e), 0);
	}
	for (uint32_t i = 0; i < 100000; i++) {
		struct perf_map cut = { .start = 2, .end = 3, .module = 2 }, whole = { .start = 0, .end = 8, .module = 3 };

		assert_int_equal(perf_spaces_fork(&s, 7, 8, &e), 0);
		assert_int_equal(perf_spaces_map(&s, 8, &cut, &e), 0);
		assert_int_equal(perf_spaces_map(&s, 8, &whole, &e), 0);
		assert_int_equal(perf_spaces_exec(&s, 8, &e), 0);
	}
	assert_true(m.peak_bytes < 2 << 20);
	assert_int_equal(perf_spaces_find(&s, 7, 7999 * 16, &e)->module, 1);
	perf_spaces_release(&s);
	assert_int_equal(m.used_bytes, 0);
}

static void damage(void **state)
{
	struct bin records = story(), b = file_of(&records, USUAL), p = pipe_of(&records, USUAL);

	(void)state;
	tape_torture("perf-data", NULL, b.s, b.n, 20000);
	tape_torture("perf-data", NULL, p.s, p.n, 20000);
}

static void damaged_recordings(void **state)
{
	size_t n;
	unsigned char *bytes = tape_slurp("samples/profiles/node20-z.data.zst", &n);
	uint64_t x = 88172645463325252u;

	(void)state;
	for (int i = 0; i < 300; i++) {
		unsigned char *copy = malloc(n);
		struct tape t;

		memcpy(copy, bytes, n);
		for (int k = 0; k < 8; k++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			copy[x % n] = (unsigned char)(x >> 32);
		}
		tape_init(&t);
		(void)tape_read(&t, "perf-data", copy, n - (i % 3 ? 0 : x % n), 0);
		tape_release(&t);
		free(copy);
	}
	free(bytes);
}

/* The tables that `perf report` made of the same recordings. */
static void recordings_agree_with_perf(void **state)
{
	static const char *const names[] = { "node20", "node20-z", "node20-pipe" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[512], golden[128];
		struct tape t;
		char *want;
		size_t n;

		snprintf(path, sizeof(path), "%s/samples/profiles/%s.data.zst", SOURCE_DIR, names[i]);
		snprintf(golden, sizeof(golden), "tests/fixtures/profiles/%s.modules", names[i]);
		want = tape_slurp(golden, &n);
		want[n] = '\0';
		tape_init(&t);
		t.bare_names = t.bare_modules = 1;
		if (tape_read_file(&t, NULL, path))
			fail_msg("%s: %s", path, t.err.text);
		assert_string_equal(tape_own(&t, 0), want);
		tape_release(&t);
		free(want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_put_in_the_order_of_time),
		cmocka_unit_test(compressed_records),
		cmocka_unit_test(damaged_compression),
		cmocka_unit_test(a_bomb_of_records_is_refused),
		cmocka_unit_test(every_field_before_the_chain_is_stepped_over),
		cmocka_unit_test(several_events),
		cmocka_unit_test(what_is_not_read),
		cmocka_unit_test(a_cut_recording_says_so),
		cmocka_unit_test(maps_of_compiled_code),
		cmocka_unit_test(dumps_of_compiled_code),
		cmocka_unit_test(mappings_replace_what_they_cover),
		cmocka_unit_test(many_mappings_cost_no_more_than_few),
		cmocka_unit_test(damage),
		cmocka_unit_test(damaged_recordings),
		cmocka_unit_test(recordings_agree_with_perf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
