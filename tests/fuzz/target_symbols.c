/*
 * Files with symbols that a perf.data names: by the first byte an ELF file, perf's map of code made at run time or a
 * jitdump. They are as hostile as the recording: who made that can have made them. All addresses that are asked for come
 * from the end of the input.
 */
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "formats/elf_symbols.h"
#include "formats/jit_symbols.h"
#include "target.h"

#define N_ASKED 16

static uint64_t asked(const uint8_t *bytes, size_t n, size_t i)
{
	uint64_t address = 0;

	for (size_t k = 0; k < 4; k++)
		address = address << 8 | (i + k < n ? bytes[n - 1 - i - k] : 0);
	return i & 1 ? address : address & 0xffff;
}

static void check_name(struct str name, size_t most)
{
	if (name.n && (name.n > most || !name.s))
		fuzz_bug("a name of %zu bytes from a file of %zu", name.n, most);
}

static void use_elf(struct run *run, const char *path, int fd, const uint8_t *bytes, size_t n)
{
	struct elf_symbols s;
	struct elf_identity id = { .build.n = 0 };
	struct err e = ERR_INIT;
	struct strbuf name;
	struct stat st;
	int found = 0;

	fstat(fd, &st);
	id.inode = st.st_ino;
	id.major = major(st.st_dev);
	id.minor = minor(st.st_dev);
	elf_symbols_init(&s, run);
	strbuf_init(&name, &run->mem);
	fuzz_check_err(elf_symbols_read(&s, path, &id, &found, &e), &e);
	for (size_t i = 0; i < N_ASKED && found; i++) {
		strbuf_reset(&name);
		elf_symbols_find(&s, asked(bytes, n, i), &name);
		fuzz_check_err(strbuf_check(&name, &e), &e);
	}
	strbuf_release(&name);
	elf_symbols_release(&s);
}

static void use_jit(struct run *run, const char *path, int is_dump, const uint8_t *bytes, size_t n)
{
	struct jit_symbols j;
	struct err e = ERR_INIT;
	int found = 0, rc;

	jit_symbols_init(&j, run);
	rc = is_dump ? jit_symbols_read_dump(&j, path, &found, &e) : jit_symbols_read_map(&j, path, &found, &e);
	fuzz_check_err(rc, &e);
	for (size_t i = 0; i < N_ASKED && !rc; i++) {
		uint32_t code = CODE_NONE;

		fuzz_check_err(jit_symbols_find(&j, asked(bytes, n, i), i, &code, &e), &e);
		if (code != CODE_NONE)
			check_name(jit_symbols_name(&j, code), n);
	}
	jit_symbols_release(&j);
}

/* The file has no name that says what it is. */
static int open_any(void *ctx, const char *path, int *fd, struct err *e)
{
	(void)path;
	(void)e;
	*fd = dup(*(const int *)ctx);
	lseek(*fd, 0, SEEK_SET);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char path[64];
	struct run run;
	int fd;

	if (n < 2)
		return 0;
	fd = fuzz_file(bytes + 1, n - 1, path);
	run_init(&run, 1, FUZZ_MEMORY_BYTES);
	run.open_symbols = open_any;
	run.open_ctx = &fd;
	if (bytes[0] % 3 == 0)
		use_elf(&run, path, fd, bytes, n);
	else
		use_jit(&run, path, bytes[0] % 3 == 2, bytes, n);
	run_release(&run);
	close(fd);
	if (run.mem.used_bytes)
		fuzz_bug("%llu bytes were not given back", (unsigned long long)run.mem.used_bytes);
	return 0;
}
