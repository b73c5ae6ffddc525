/*
 * pprof_names.h - what the functions of a pprof profile are: JavaScript, V8's own code, machine code, pseudo frames.
 */
#ifndef FORMATS_PPROF_NAMES_H
#define FORMATS_PPROF_NAMES_H

#include "formats/profile_sink.h"

/*
 * Judge by name, file and module (file of the mapping, may be ""): sets kind and module of `f`, takes marks of V8's compilers
 * and the position in "(anonymous:L#12:C#3)" off its name.
 */
void pprof_name_frame(struct profile_frame *f, struct str module);

#endif
