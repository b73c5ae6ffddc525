#include "formats/elf_symbols.h"

#include <gelf.h>
#include <libelf.h>
#include <libiberty/demangle.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/companion.h"

/* A symbol with what decides between several at one address. */
struct candidate {
	uint64_t start, bytes;
	const char *name; /* in the mapped file */
	unsigned char weak, local;
};

struct candidates {
	struct candidate *rows;
	size_t n, capacity;
};

/* One open file. */
struct image {
	int fd;
	Elf *elf;
};

void elf_symbols_init(struct elf_symbols *s, struct run *run)
{
	memset(s, 0, sizeof(*s));
	s->run = run;
	s->mem = &run->mem;
	strtab_init(&s->names, s->mem);
}

void elf_symbols_release(struct elf_symbols *s)
{
	strtab_release(&s->names);
	mem_free(s->mem, s->rows);
	mem_free(s->mem, s->segments);
	elf_symbols_init(s, s->run);
}

static void image_close(struct image *im)
{
	if (im->elf)
		elf_end(im->elf);
	if (im->fd >= 0)
		close(im->fd);
}

/* `*is_there` 0: it is not, or no ELF file; then there is nothing to close. */
static int image_open(struct image *im, const struct run *run, const char *path, int *is_there, struct err *e)
{
	*im = (struct image){ -1, NULL };
	*is_there = 0;
	if (companion_open(run, path, &im->fd, e))
		return e->kind;
	if (im->fd >= 0 && elf_version(EV_CURRENT) != EV_NONE)
		im->elf = elf_begin(im->fd, ELF_C_READ_MMAP, NULL);
	*is_there = im->elf && elf_kind(im->elf) == ELF_K_ELF;
	if (!*is_there)
		image_close(im);
	return 0;
}

/* The GNU build-id among the notes in `data`. */
static int note_build_id(Elf_Data *data, struct build_id *id)
{
	size_t at = 0, name, desc, next;
	GElf_Nhdr note;

	while ((next = gelf_getnote(data, at, &note, &name, &desc)) > 0) {
		const char *bytes = data->d_buf;

		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && !memcmp(bytes + name, "GNU", 4) &&
		    note.n_descsz <= sizeof(id->bytes)) {
			memcpy(id->bytes, bytes + desc, note.n_descsz);
			id->n = note.n_descsz;
			return 1;
		}
		at = next;
	}
	return 0;
}

static int image_build_id(const struct image *im, struct build_id *id)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	Elf_Data *data;

	while ((scn = elf_nextscn(im->elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == SHT_NOTE && (data = elf_getdata(scn, NULL)) &&
		    note_build_id(data, id))
			return 1;
	return 0;
}

/* Is it the file that is meant? Recorded build-ids are padded to 20 bytes with zeros. `own` becomes its build-id. */
static int is_meant(const struct image *im, const struct elf_identity *id, struct build_id *own)
{
	struct stat st;

	*own = (struct build_id){ { 0 }, 0 };
	image_build_id(im, own);
	if (id->build.n)
		return own->n && id->build.n >= own->n && !memcmp(own->bytes, id->build.bytes, id->build.n);
	return id->inode && !fstat(im->fd, &st) && st.st_ino == id->inode && major(st.st_dev) == id->major &&
	       minor(st.st_dev) == id->minor;
}

static int add_segments(struct elf_symbols *s, const struct image *im, struct err *e)
{
	size_t n = 0;

	if (elf_getphdrnum(im->elf, &n))
		return 0;
	for (size_t i = 0; i < n && i < 4096; i++) {
		GElf_Phdr ph;

		if (!gelf_getphdr(im->elf, (int)i, &ph) || ph.p_type != PT_LOAD)
			continue;
		if (mem_reserve(s->mem, (void **)&s->segments, &s->segments_capacity, s->n_segments + 1,
				sizeof(*s->segments), e))
			return e->kind;
		s->segments[s->n_segments++] = (struct elf_segment){ ph.p_offset, ph.p_filesz, ph.p_vaddr };
	}
	return 0;
}

static int is_function(const GElf_Sym *sym)
{
	unsigned type = GELF_ST_TYPE(sym->st_info);

	/* V8's embedded builtins carry no type */
	return (type == STT_FUNC || type == STT_GNU_IFUNC || (type == STT_NOTYPE && sym->st_size)) &&
	       sym->st_shndx != SHN_UNDEF && sym->st_value;
}

static int add_candidate(struct elf_symbols *s, struct candidates *c, const GElf_Sym *sym, const char *name, struct err *e)
{
	if (mem_reserve(s->mem, (void **)&c->rows, &c->capacity, c->n + 1, sizeof(*c->rows), e))
		return e->kind;
	c->rows[c->n++] = (struct candidate){ sym->st_value, sym->st_size, name, GELF_ST_BIND(sym->st_info) == STB_WEAK,
					      GELF_ST_BIND(sym->st_info) == STB_LOCAL };
	return 0;
}

static int add_section(struct elf_symbols *s, struct candidates *c, const struct image *im, Elf_Scn *scn,
		       const GElf_Shdr *sh, struct err *e)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t n = data && sh->sh_entsize ? data->d_size / sh->sh_entsize : 0;

	for (size_t i = 0; i < n && i < INT32_MAX; i++) {
		GElf_Sym sym;
		const char *name;

		if (!gelf_getsym(data, (int)i, &sym) || !is_function(&sym))
			continue;
		name = elf_strptr(im->elf, sh->sh_link, sym.st_name);
		if (name && *name && add_candidate(s, c, &sym, name, e))
			return e->kind;
	}
	return 0;
}

/* The full table, or when that was stripped, the one for dynamic linking. */
static int add_symbols(struct elf_symbols *s, struct candidates *c, const struct image *im, struct err *e)
{
	static const GElf_Word kinds[] = { SHT_SYMTAB, SHT_DYNSYM };

	for (size_t k = 0; k < 2 && !c->n; k++) {
		Elf_Scn *scn = NULL;
		GElf_Shdr sh;

		while ((scn = elf_nextscn(im->elf, scn)))
			if (gelf_getshdr(scn, &sh) && sh.sh_type == kinds[k] && add_section(s, c, im, scn, &sh, e))
				return e->kind;
	}
	return 0;
}

static size_t underscores(const char *name)
{
	return strspn(name, "_");
}

/* Which of two names at one address perf shows (symbol.c of its sources): smaller is better. */
static int by_preference(const struct candidate *a, const struct candidate *b)
{
	size_t la, lb;

	if (!a->bytes != !b->bytes)
		return a->bytes ? -1 : 1;
	if (a->weak != b->weak)
		return a->weak ? 1 : -1;
	if (a->local != b->local)
		return a->local ? 1 : -1;
	la = underscores(a->name);
	lb = underscores(b->name);
	if (la != lb)
		return la < lb ? -1 : 1;
	la = strlen(a->name);
	lb = strlen(b->name);
	return la != lb ? (la > lb ? -1 : 1) : strcmp(a->name, b->name);
}

static int by_address(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return by_preference(a, b);
}

static int add_row(struct elf_symbols *s, const struct candidate *c, uint64_t next, struct err *e)
{
	uint64_t end = c->start + c->bytes;

	if (mem_reserve(s->mem, (void **)&s->rows, &s->capacity, s->n_rows + 1, sizeof(*s->rows), e))
		return e->kind;
	if (!c->bytes || end < c->start)
		end = next;
	s->rows[s->n_rows] = (struct elf_symbol){ c->start, end, (uint32_t)s->n_rows };
	s->n_rows++;
	return strtab_add(&s->names, str_of(c->name), e);
}

static int take_best(struct elf_symbols *s, struct candidates *c, struct err *e)
{
	qsort(c->rows, c->n, sizeof(*c->rows), by_address);
	for (size_t i = 0, k; i < c->n; i = k) {
		for (k = i + 1; k < c->n && c->rows[k].start == c->rows[i].start;)
			k++;
		if (add_row(s, &c->rows[i], k < c->n ? c->rows[k].start : UINT64_MAX, e))
			return e->kind;
	}
	return 0;
}

static int read_images(struct elf_symbols *s, const struct image *im, const struct image *debug, struct err *e)
{
	struct candidates c = { 0 };
	int rc = add_segments(s, im, e);

	if (!rc && debug)
		rc = add_symbols(s, &c, debug, e);
	if (!rc && !c.n)
		rc = add_symbols(s, &c, im, e);
	if (!rc && c.n)
		rc = take_best(s, &c, e);
	mem_free(s->mem, c.rows);
	return rc;
}

/* /usr/lib/debug/.build-id/ab/cdef....debug */
static int open_debug(struct image *im, const struct run *run, const struct build_id *id, int *is_there, struct err *e)
{
	char path[128];
	size_t n = (size_t)snprintf(path, sizeof(path), "/usr/lib/debug/.build-id/%02x/", id->bytes[0]);

	for (size_t i = 1; i < id->n; i++)
		n += (size_t)snprintf(path + n, sizeof(path) - n, "%02x", id->bytes[i]);
	snprintf(path + n, sizeof(path) - n, ".debug");
	*is_there = 0;
	return id->n ? image_open(im, run, path, is_there, e) : 0;
}

static int read_meant(struct elf_symbols *s, const struct image *im, const struct build_id *own, struct err *e)
{
	struct image debug;
	int rc, has_debug;

	if (open_debug(&debug, s->run, own, &has_debug, e))
		return e->kind;
	rc = read_images(s, im, has_debug ? &debug : NULL, e);
	if (has_debug)
		image_close(&debug);
	return rc;
}

int elf_symbols_read(struct elf_symbols *s, const char *path, const struct elf_identity *id, int *found, struct err *e)
{
	struct build_id own;
	struct image im;
	int rc = 0, is_there;

	*found = 0;
	if (!id->build.n && !id->inode)
		return 0;
	if (image_open(&im, s->run, path, &is_there, e))
		return e->kind;
	if (!is_there)
		return 0;
	if (is_meant(&im, id, &own)) {
		rc = read_meant(s, &im, &own, e);
		*found = !rc;
	}
	image_close(&im);
	return rc;
}

static int to_address(const struct elf_symbols *s, uint64_t offset, uint64_t *address)
{
	for (size_t i = 0; i < s->n_segments; i++) {
		const struct elf_segment *g = &s->segments[i];

		if (offset - g->offset >= g->bytes)
			continue;
		*address = offset - g->offset + g->address;
		return 1;
	}
	return 0;
}

/* The last symbol that begins at or before the address; NULL: before all. */
static const struct elf_symbol *last_before(const struct elf_symbols *s, uint64_t address)
{
	size_t low = 0, high = s->n_rows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->rows[mid].start <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &s->rows[low - 1] : NULL;
}

void elf_symbols_find(const struct elf_symbols *s, uint64_t file_offset, struct strbuf *name)
{
	const struct elf_symbol *row;
	struct str mangled;
	uint64_t address;
	char *plain = NULL;

	strbuf_reset(name);
	if (!to_address(s, file_offset, &address))
		return;
	row = last_before(s, address);
	if (!row || address >= row->end)
		return;
	mangled = strtab_get(&s->names, row->name);
	strbuf_add(name, mangled.s, mangled.n);
	if (str_starts(mangled, "_Z"))
		plain = cplus_demangle(strbuf_str(name), DMGL_NO_OPTS);
	if (!plain)
		return;
	strbuf_reset(name);
	strbuf_addstr(name, plain);
	free(plain);
}
