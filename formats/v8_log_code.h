/*
 * v8_log_code.h - which code V8's log says lies where, and the frames that it becomes. Also the pseudo frames of the
 * states that the engine can be in.
 */
#ifndef FORMATS_V8_LOG_CODE_H
#define FORMATS_V8_LOG_CODE_H

#include "base/run.h"
#include "base/strtab.h"
#include "formats/code_map.h"
#include "formats/profile_sink.h"
#include "formats/wtf8.h"

/* States in the numbers of V8 from 7.3 on; older ones are brought to these. */
enum v8_state {
	V8_STATE_JS,
	V8_STATE_GC,
	V8_STATE_PARSER,
	V8_STATE_BYTECODE_COMPILER,
	V8_STATE_COMPILER,
	V8_STATE_OTHER,
	V8_STATE_EXTERNAL,
	V8_STATE_ATOMICS_WAIT,
	V8_STATE_IDLE,
	V8_STATE_LOGGING,
	V8_N_STATES,
};

#define V8_NO_FRAME UINT32_MAX

/* A name that code carries; most is never seen running and becomes no frame. */
struct v8_code {
	uint32_t frame; /* of the sink; V8_NO_FRAME: not asked for yet */
	uint32_t name;  /* as logged */
	uint8_t kind;   /* enum frame_kind */
	uint8_t tier;   /* enum frame_tier */
};

struct v8_library {
	uint64_t start, end;
	uint32_t frame;
};

struct v8_log_code {
	struct run *run;
	const struct profile_sink *sink;
	struct code_map map;       /* values are numbers of `codes` */
	struct v8_code *codes;
	size_t n_codes, codes_capacity;
	struct v8_library *libraries; /* by start once sorted */
	size_t n_libraries, libraries_capacity;
	int sorted;
	uint32_t state_frames[V8_N_STATES], program, unknown;
	struct strtab names;
	struct wtf8 text;
};

void v8_log_code_init(struct v8_log_code *c, struct run *run, const struct profile_sink *sink);
void v8_log_code_release(struct v8_log_code *c);

/* Code of a type ("JS", "Builtin", "LazyCompile", ...) under `name`, decoded; `state`: "~", "*'", "" none. */
int v8_log_code_add(struct v8_log_code *c, struct str type, struct str name, struct str state, uint64_t start,
		    uint64_t bytes, struct err *e);

/* The same without a place; its number in `codes`. */
int v8_log_code_name(struct v8_log_code *c, struct str type, struct str name, struct str state, uint32_t *number,
		     struct err *e);

int v8_log_code_library(struct v8_log_code *c, struct str path, uint64_t start, uint64_t end, struct err *e);

/* The code at `start` lost its optimised form. */
int v8_log_code_deopt(struct v8_log_code *c, uint64_t start, struct str reason, struct err *e);

/* The frame of a number in `codes`, made when it is new. */
int v8_log_code_frame(struct v8_log_code *c, uint32_t number, uint32_t *frame, struct err *e);

/* The frame at the address, V8_NO_FRAME: nothing is known to be there. */
int v8_log_code_find(struct v8_log_code *c, uint64_t address, uint32_t *frame, enum frame_tier *tier, struct err *e);

/* Is it code of a JavaScript function? */
int v8_log_code_is_js(const struct v8_log_code *c, uint64_t address);

/* The pseudo frame that a state adds below a stack; V8_NO_FRAME: none. */
int v8_log_code_state(struct v8_log_code *c, enum v8_state state, uint32_t *frame, struct err *e);

/* Code that nothing is known about. */
int v8_log_code_unknown(struct v8_log_code *c, uint32_t *frame, struct err *e);

/* What runs where no stack is known. */
int v8_log_code_program(struct v8_log_code *c, uint32_t *frame, struct err *e);

#endif
