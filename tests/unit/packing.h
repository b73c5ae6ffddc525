/*
 * packing.h - bytes for tests: files read whole, and zstd and gzip made on the spot.
 */
#ifndef TESTS_PACKING_H
#define TESTS_PACKING_H

#include <stddef.h>

/* The holder frees `s`. A NUL follows the n bytes of what comes from a file. */
struct bytes {
	char *s;
	size_t n;
};

/* All of these fail the test when they cannot. */
struct bytes file_bytes(const char *path);

/* A file of one zstd frame, unpacked. */
struct bytes file_unzstd(const char *path);

/* One gzip member, or one zstd frame with a checksum. */
struct bytes pack_gzip(const void *s, size_t n);
struct bytes pack_zstd(const void *s, size_t n);

/* Both in one block; frees them. */
struct bytes bytes_join(struct bytes a, struct bytes b);

/* The two halves packed one by one: what `cat a.zst b.zst` makes. */
struct bytes pack_halves(const struct bytes *b, struct bytes (*pack)(const void *s, size_t n));

#endif
