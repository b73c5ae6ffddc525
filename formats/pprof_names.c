#include "formats/pprof_names.h"

#include <stdio.h>
#include <string.h>

#include "formats/code_names.h"

/* What JavaScript profilers call what is no function. */
static int pseudo(struct str name, struct profile_frame *f)
{
	static const struct {
		const char *name;
		enum frame_kind kind;
	} known[] = {
		{ "Garbage Collection", FRAME_GC }, { "(garbage collector)", FRAME_GC },    { "(idle)", FRAME_IDLE },
		{ "(program)", FRAME_PROGRAM },     { "(root)", FRAME_ROOT },               { "(GC)", FRAME_GC },
		{ "Non JS threads activity", FRAME_NATIVE },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!str_is(name, known[i].name))
			continue;
		f->kind = known[i].kind;
		return 1;
	}
	return 0;
}

/* "(anonymous:L#12:C#3)": how pprof for Node writes a function without a name. */
static int anonymous(struct str name, struct profile_frame *f)
{
	char copy[64];
	unsigned line = 0, column = 0;

	if (!str_starts(name, "(anonymous") || name.n >= sizeof(copy))
		return 0;
	memcpy(copy, name.s, name.n);
	copy[name.n] = '\0';
	if (strcmp(copy, "(anonymous)") && sscanf(copy, "(anonymous:L#%9u:C#%9u)", &line, &column) < 1)
		return 0;
	f->name = STR_LIT("");
	if (strcmp(copy, "(anonymous)")) {
		f->line = line;
		f->column = column;
	}
	return 1;
}

static int is_machine_code(struct str file)
{
	static const char *const of_scripts[] = { "js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx" };
	size_t i = file.n;

	if (str_starts(file, "node:") || str_starts(file, "file:") || str_starts(file, "wasm:"))
		return 0;
	while (i && file.s[i - 1] != '.' && file.s[i - 1] != '/')
		i--;
	for (size_t k = 0; i && k < sizeof(of_scripts) / sizeof(of_scripts[0]); k++)
		if (str_is((struct str){ file.s + i, file.n - i }, of_scripts[k]))
			return 0;
	return 1;
}

void pprof_name_frame(struct profile_frame *f, struct str module)
{
	if (pseudo(f->name, f) || anonymous(f->name, f))
		return;
	if (!f->file.n && code_name_v8(f->name, f))
		return;
	if (!is_machine_code(f->file) || !module.n || str_is(module, "jit") || str_is(module, "[jit]"))
		return;
	f->module = module;
	if (code_name_is_kernel(module))
		f->kind = FRAME_KERNEL;
	else if (!f->file.n)
		f->kind = FRAME_NATIVE;
}
