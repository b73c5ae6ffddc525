#include "formats/perf_modules.h"

#include <stdio.h>

#include "formats/code_names.h"
#include "formats/kernel_symbols.h"

void perf_modules_init(struct perf_modules *m, struct run *run, const struct profile_sink *sink, const char *path)
{
	memset(m, 0, sizeof(*m));
	m->run = run;
	m->sink = sink;
	m->path = path;
	memo_init(&m->keys, &run->mem);
	memo_init(&m->builds, &run->mem);
	memo_init(&m->frames, &run->mem);
	strbuf_init(&m->name, &run->mem);
	wtf8_init(&m->text[0], &run->mem);
	wtf8_init(&m->text[1], &run->mem);
}

static void release_row(struct perf_modules *m, struct perf_module *row)
{
	if (row->elf)
		elf_symbols_release(row->elf);
	if (row->jit)
		jit_symbols_release(row->jit);
	mem_free(&m->run->mem, row->elf);
	mem_free(&m->run->mem, row->jit);
}

void perf_modules_release(struct perf_modules *m)
{
	for (uint32_t i = 0; i < memo_n(&m->keys) && m->rows; i++)
		release_row(m, &m->rows[i]);
	memo_release(&m->keys);
	memo_release(&m->builds);
	memo_release(&m->frames);
	strbuf_release(&m->name);
	wtf8_release(&m->text[0]);
	wtf8_release(&m->text[1]);
	mem_free(&m->run->mem, m->rows);
	mem_free(&m->run->mem, m->build_ids);
	mem_free(&m->run->mem, m->frame_ids);
}

int perf_modules_build(struct perf_modules *m, struct str path, const unsigned char *bytes, size_t n, struct err *e)
{
	struct build_id id = { { 0 }, n < sizeof(id.bytes) ? n : sizeof(id.bytes) };
	uint32_t i;

	memcpy(id.bytes, bytes, id.n);
	if (memo_add(&m->builds, path, &i, e) || mem_reserve(&m->run->mem, (void **)&m->build_ids, &m->build_ids_capacity,
							      (size_t)i + 1, sizeof(*m->build_ids), e))
		return e->kind;
	m->build_ids[i] = id;
	return 0;
}

/* A mapping's own build-id counts more than the header's. */
static int build_of(struct perf_modules *m, struct str name, struct elf_identity *id, struct err *e)
{
	uint32_t i, n = memo_n(&m->builds);

	if (id->build.n || !n)
		return 0;
	if (memo_add(&m->builds, name, &i, e))
		return e->kind;
	if (i < n)
		id->build = m->build_ids[i];
	/* what was added by asking has no build-id */
	return i < n ? 0 : perf_modules_build(m, name, (const unsigned char *)"", 0, e);
}

static int is_jit(struct str name)
{
	static const char *const names[] = { "//anon", "/anon_hugepage", "[anon", "[heap]", "[stack", "/dev/zero", "/SYSV",
					     "/memfd:" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_starts(name, names[i]))
			return 1;
	return !name.n;
}

static enum module_kind kind_of(struct str name)
{
	if (is_jit(name))
		return MODULE_JIT;
	return name.s[0] == '/' ? MODULE_FILE : MODULE_OTHER;
}

/* "[kernel.kallsyms]_text" is "[kernel.kallsyms]" from the symbol _text on. */
static struct str kernel_name(struct str name)
{
	const char *end = str_starts(name, "[") ? memchr(name.s, ']', name.n) : NULL;

	return end ? (struct str){ name.s, (size_t)(end - name.s) + 1 } : name;
}

static int key_of(struct perf_modules *m, struct str name, uint32_t pid, enum module_kind kind, struct err *e)
{
	strbuf_reset(&m->name);
	strbuf_addch(&m->name, (char)kind);
	if (kind == MODULE_JIT)
		strbuf_add(&m->name, &pid, sizeof(pid));
	else
		strbuf_add(&m->name, name.s, name.n);
	return strbuf_check(&m->name, e);
}

static int find_module(struct perf_modules *m, enum module_kind kind, uint32_t *module, int *fresh, struct err *e)
{
	uint32_t n = memo_n(&m->keys);

	/* room first, so that every key has a row */
	if (mem_reserve(&m->run->mem, (void **)&m->rows, &m->rows_capacity, (size_t)n + 1, sizeof(*m->rows), e) ||
	    memo_add(&m->keys, (struct str){ strbuf_str(&m->name), m->name.len }, module, e))
		return e->kind;
	*fresh = *module == n;
	if (*fresh)
		m->rows[*module] = (struct perf_module){ .kind = kind };
	return 0;
}

static int add_module(struct perf_modules *m, struct str name, enum module_kind kind, const struct perf_module *fresh,
		      uint32_t *module, struct err *e)
{
	int is_fresh = 0;

	if (key_of(m, name, fresh->pid, kind, e) || find_module(m, kind, module, &is_fresh, e))
		return e->kind;
	if (!is_fresh)
		return 0;
	m->rows[*module] = *fresh;
	m->rows[*module].kind = kind;
	return build_of(m, name, &m->rows[*module].id, e);
}

int perf_modules_add(struct perf_modules *m, struct str name, uint32_t pid, const struct elf_identity *id,
		     uint32_t *module, struct err *e)
{
	struct perf_module fresh = { .pid = pid };

	if (id)
		fresh.id = *id;
	return add_module(m, name, kind_of(name), &fresh, module, e);
}

int perf_modules_add_kernel(struct perf_modules *m, struct str name, uint64_t start, uint32_t *module, struct err *e)
{
	struct perf_module fresh = { .base = start };

	return add_module(m, kernel_name(name), MODULE_KERNEL, &fresh, module, e);
}

static struct str module_name(const struct perf_modules *m, uint32_t module)
{
	struct str key = memo_key(&m->keys, module);

	if (m->rows[module].kind == MODULE_JIT)
		return STR_LIT("[anon]");
	return (struct str){ key.s + 1, key.n - 1 };
}

static struct jit_symbols *jit_of(struct perf_modules *m, struct perf_module *row, struct err *e)
{
	if (row->jit)
		return row->jit;
	row->jit = MEM_NEW(&m->run->mem, struct jit_symbols, 1, e);
	if (row->jit)
		jit_symbols_init(row->jit, m->run);
	return row->jit;
}

/* Where the file `name` may lie: beside the profile, and where the program wrote it. */
static int read_beside(struct perf_modules *m, struct jit_symbols *j, const char *dir, const char *name,
		       int (*fn)(struct jit_symbols *j, const char *path, int *found, struct err *e), int *found,
		       struct err *e)
{
	static const char *const suffixes[] = { "", ".zst", ".gz" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]) && !*found; i++) {
		const char *slash = strrchr(m->path, '/');
		char path[4096];
		int n;

		if (dir)
			n = snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffixes[i]);
		else
			n = snprintf(path, sizeof(path), "%.*s%s%s", slash ? (int)(slash - m->path) + 1 : 0,
				     m->path, name, suffixes[i]);
		if (n > 0 && (size_t)n < sizeof(path) && fn(j, path, found, e))
			return e->kind;
	}
	return 0;
}

/* A damaged companion is no damage of the profile: it is said and done without. Not so when nobody can open any. */
static int forgive(struct perf_modules *m, int rc, int found, struct err *e)
{
	if (rc != ERR_FORMAT && rc != ERR_TRUNCATED && (rc != ERR_IO || !found))
		return rc;
	m->n_damaged_maps++;
	*e = (struct err)ERR_INIT;
	return 0;
}

static int look_for_map(struct perf_modules *m, struct perf_module *row, struct err *e)
{
	struct jit_symbols *j = jit_of(m, row, e);
	int found = 0, rc;
	char name[64];

	if (!j)
		return e->kind;
	/* a dump says more */
	if (j->n_loads || !m->path)
		return 0;
	snprintf(name, sizeof(name), "perf-%u.map", row->pid);
	rc = strcmp(m->path, "-") ? read_beside(m, j, NULL, name, jit_symbols_read_map, &found, e) : 0;
	if (!rc && !found)
		rc = read_beside(m, j, "/tmp", name, jit_symbols_read_map, &found, e);
	m->n_without_symbols += !found;
	return forgive(m, rc, found, e);
}

int perf_modules_dump(struct perf_modules *m, struct str name, uint32_t pid, struct err *e)
{
	struct str base = code_name_base(name);
	char file[256], path[4096];
	struct jit_symbols *j;
	uint32_t module = 0;
	int found = 0, rc;

	if (!m->path || !str_starts(base, "jit-") || base.n < 10 || base.n >= sizeof(file) || name.n >= sizeof(path) ||
	    memcmp(base.s + base.n - 5, ".dump", 5))
		return 0;
	memcpy(file, base.s, base.n);
	file[base.n] = '\0';
	memcpy(path, name.s, name.n);
	path[name.n] = '\0';
	if (perf_modules_add(m, STR_LIT("//anon"), pid, NULL, &module, e) || !(j = jit_of(m, &m->rows[module], e)))
		return e->kind;
	if (j->n_loads)
		return 0;
	rc = strcmp(m->path, "-") ? read_beside(m, j, NULL, file, jit_symbols_read_dump, &found, e) : 0;
	if (!rc && !found)
		rc = jit_symbols_read_dump(j, path, &found, e);
	return forgive(m, rc, found, e);
}

static int read_elf(struct perf_modules *m, struct perf_module *row, struct str name, int *found, struct err *e)
{
	char path[4096];

	if (!m->path)
		return 0;
	if (row->kind == MODULE_KERNEL)
		return str_is(name, "[kernel.kallsyms]") ? kernel_symbols_read(row->elf, m->run, &row->id.build, found, e) : 0;
	if (name.n >= sizeof(path) || memchr(name.s, '\0', name.n))
		return 0;
	memcpy(path, name.s, name.n);
	path[name.n] = '\0';
	return elf_symbols_read(row->elf, path, &row->id, found, e);
}

static int look_for_elf(struct perf_modules *m, struct perf_module *row, struct str name, struct err *e)
{
	int found = 0, rc;

	row->elf = MEM_NEW(&m->run->mem, struct elf_symbols, 1, e);
	if (!row->elf)
		return e->kind;
	elf_symbols_init(row->elf, m->run);
	rc = read_elf(m, row, name, &found, e);
	m->n_without_symbols += !found;
	return rc;
}

static int look(struct perf_modules *m, uint32_t module, struct err *e)
{
	struct perf_module *row = &m->rows[module];

	if (row->looked)
		return 0;
	row->looked = 1;
	if (row->kind == MODULE_JIT)
		return look_for_map(m, row, e);
	if (row->kind == MODULE_FILE || row->kind == MODULE_KERNEL)
		return look_for_elf(m, row, module_name(m, module), e);
	return 0;
}

/* The number under which the frame is remembered: code at run time moves, so there it is the code, not the place. */
static int place_of(struct perf_modules *m, uint32_t module, uint64_t offset, uint64_t address, uint64_t time,
		    uint64_t *place, struct err *e)
{
	uint32_t code;

	*place = offset;
	if (m->rows[module].kind != MODULE_JIT)
		return 0;
	if (jit_symbols_find(m->rows[module].jit, address, time, &code, e))
		return e->kind;
	*place = code;
	return 0;
}

static int make_frame(struct perf_modules *m, uint32_t module, uint64_t place, uint32_t *id, struct err *e)
{
	struct str dso = module_name(m, module), base = code_name_base(dso), symbol = { "", 0 };
	const struct perf_module *row = &m->rows[module];
	struct profile_frame f = { 0 };

	strbuf_reset(&m->name);
	if (row->elf)
		elf_symbols_find(row->elf, place, &m->name);
	else if (row->jit && place != CODE_NONE)
		symbol = jit_symbols_name(row->jit, (uint32_t)place);
	if (!m->name.len && row->kind != MODULE_JIT) {
		strbuf_add(&m->name, base.s, base.n);
		strbuf_addf(&m->name, "+0x%llx", (unsigned long long)(place - row->base));
	}
	if (m->name.len)
		symbol = (struct str){ strbuf_str(&m->name), m->name.len };
	if (strbuf_check(&m->name, e) || wtf8_clean(&m->text[0], &symbol, e) || wtf8_clean(&m->text[1], &dso, e))
		return e->kind;
	code_name_native(symbol, dso, &f);
	if (row->kind == MODULE_KERNEL)
		f.kind = FRAME_KERNEL;
	return m->sink->frame(m->sink->ctx, &f, id, e);
}

int perf_modules_frame(struct perf_modules *m, uint32_t module, uint64_t offset, uint64_t address, uint64_t time,
		       uint32_t *frame, struct err *e)
{
	uint32_t number, n = memo_n(&m->frames);
	uint64_t key[2] = { module, 0 };

	if (look(m, module, e) || place_of(m, module, offset, address, time, &key[1], e) ||
	    mem_reserve(&m->run->mem, (void **)&m->frame_ids, &m->frame_ids_capacity, (size_t)n + 1, 4, e) ||
	    memo_add(&m->frames, (struct str){ (const char *)key, sizeof(key) }, &number, e))
		return e->kind;
	if (number == n && make_frame(m, module, key[1], &m->frame_ids[number], e))
		return e->kind;
	*frame = m->frame_ids[number];
	return 0;
}

int perf_modules_unknown(struct perf_modules *m, uint32_t *frame, struct err *e)
{
	struct profile_frame f = { 0 };

	code_name_native(STR_LIT(""), STR_LIT("[unknown]"), &f);
	return m->sink->frame(m->sink->ctx, &f, frame, e);
}
