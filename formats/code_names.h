/*
 * code_names.h - what the symbols of compiled code say: those that V8 gives its code in perf maps, jitdump files and its
 * log, and those of executables and the kernel.
 */
#ifndef FORMATS_CODE_NAMES_H
#define FORMATS_CODE_NAMES_H

#include "base/str.h"
#include "formats/profile_sink.h"

/*
 * Fill name, file, line, column, kind and tier from a symbol such as "JS:*f /p/a.js:2:13", "LazyCompile:~f a.js:1",
 * "Builtin:ArrayMap", "Builtins_ArrayMap", "RegExp:a+". Non-zero when it is one.
 */
int code_name_v8(struct str symbol, struct profile_frame *f);

/* The same for what stands after the kind: "f /p/a.js:2:13"; a space at the beginning: no name. */
void code_name_place(struct str text, struct profile_frame *f);

/* Take the marks of a tier ("*", "o*'", "~") from the front of `text`. */
enum frame_tier code_name_tier(struct str *text);

/*
 * A symbol of the executable, library or kernel part `dso`, without offset; "" or "[unknown]": none is known. V8's
 * symbols are told by code_name_v8() and lose the dso. Points into both texts.
 */
void code_name_native(struct str symbol, struct str dso, struct profile_frame *f);

/* Is the dso a part of the kernel? */
int code_name_is_kernel(struct str dso);

/* What stands after the last slash. */
struct str code_name_base(struct str path);

#endif
