/*
 * settings.h - what a command line asked for, and the option rows that the snapshot commands share.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/analysis.h"
#include "analyzer/profile_analysis.h"
#include "cli/option.h"

enum color_mode {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

/* Zero is "not given" for every field. */
struct settings {
	struct text_list outputs;
	const char *format; /* name of a renderer */
	size_t rows;        /* SIZE_MAX: all */
	enum color_mode color;
	const char *source_url; /* HTML: what places link to */
	struct analysis_options analysis;
	struct text_list fail_on; /* conditions: analyzer/gate.h, or limits of profile_analysis.h */
	const char *baseline;     /* report that the conditions compare with */
	struct profile_options profile;
	struct text_list redact_files; /* more rules for what is hidden */
	struct text_list redact_off;   /* rules that are not wanted */
	int audit;             /* snapscrub: say what would stay instead of writing */
	int fail_on_secrets;   /* snapscrub: exit 1 when something that looks private would stay */
	const char *dump; /* raw numbers instead of a report */
	size_t jobs;
	uint64_t memory_limit; /* bytes; UINT64_MAX: none */
	int sandbox;           /* 1 or nothing, -1 not wanted */
	int progress;          /* 1 wanted, -1 not wanted */
	int quiet;
	int verbose;
	int help, version;
	const char *generate; /* hidden: man page or completion */
	const char *const *files;
	size_t n_files;
};

extern const struct option settings_report_options[]; /* what is written where */
extern const struct option settings_input_options[];  /* what is read how */
extern const struct option settings_profile_input_options[];
extern const struct option settings_profile_filter_options[];
extern const struct option settings_privacy_options[]; /* what is hidden */
extern const struct option settings_run_options[];    /* threads, memory, messages */
extern const struct option settings_other_options[];  /* --help and the like */

#endif
