/*
 * target.h - what the fuzzing targets share.
 *
 * Each target_NAME.c defines LLVMFuzzerTestOneInput(); a row in CMakeLists.txt makes it a program. Built with the preset
 * "fuzz" libFuzzer drives it, built any other way replay.c feeds it the files of corpus/NAME. A target ends the process
 * (fuzz_bug) when something holds that must never hold; what the sanitizers find ends it as well.
 */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/analysis.h"
#include "base/run.h"

/* More than any input of a few kilobytes may need; a larger request is a number of the file that was believed. */
#define FUZZ_MEMORY_BYTES ((uint64_t)512 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Say what is wrong and abort. */
void fuzz_bug(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/* A refused input is fine, one refused as a bug of ours or without a word is not. */
void fuzz_check_err(int rc, const struct err *e);

/* A file of these bytes without a name in any folder; its path is stored in `path`. The descriptor is to be closed. */
int fuzz_file(const void *bytes, size_t n, char path[64]);

/* A sealed report in every notation: none may be refused, the JSON must be JSON, the page hold nothing of the input's own. */
void fuzz_render(struct run *run, const struct report *r);

/* Both commands on these files, their reports in every notation. */
void fuzz_reports(const char *const *files, size_t n_files, const struct analysis_options *o);

#endif
