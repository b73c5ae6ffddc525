#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/outfile.h"
#include "base/sizes.h"
#include "cli/limits.h"
#include "cli/option.h"

#define GIB ((uint64_t)1 << 30)

static void sizes_are_read_with_their_units(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} rows[] = {
		{ "0", 0 },
		{ "65536", 65536 },
		{ "7b", 7 },
		{ "512M", 512u << 20 },
		{ "2GiB", 2 * GIB },
		{ "2g", 2 * GIB },
		{ "20 MB", 20000000 },
		{ "1kb", 1000 },
		{ "1.5GiB", 3 * GIB / 2 },
		{ "0.25K", 256 },
		{ "1T", 1024 * GIB },
		{ "18446744073709551615", UINT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = ERR_INIT;
		uint64_t bytes = 1;

		assert_int_equal(size_parse(rows[i].text, &bytes, &e), 0);
		assert_true(bytes == rows[i].bytes);
	}
}

static void what_is_no_size_is_refused(void **state)
{
	static const char *const texts[] = { "",
					     " 1",
					     "-1",
					     "+1",
					     "1.5",
					     "1.",
					     ".5G",
					     "1Q",
					     "1MM",
					     "1 0",
					     "1.0000001G",
					     "16777216T",
					     "18446744073709551616" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct err e = ERR_INIT;
		uint64_t bytes;

		assert_int_equal(size_parse(texts[i], &bytes, &e), ERR_USAGE);
		assert_non_null(strstr(e.text, "is not a size"));
	}
}

static unsigned distance(const char *a, const char *b)
{
	return name_distance(a, strlen(a), b, strlen(b));
}

static void name_distance_counts_slips(void **state)
{
	(void)state;
	assert_int_equal(distance("", ""), 0);
	assert_int_equal(distance("match", "match"), 0);
	assert_int_equal(distance("", "rows"), 4);
	assert_int_equal(distance("mtach", "match"), 1);
	assert_int_equal(distance("filtre", "filter"), 1);
	assert_int_equal(distance("jbs", "jobs"), 1);
	assert_int_equal(distance("kitten", "sitting"), 3);
}

/* A folder that stands in for "/" in the memory limit's look-up. */
static void put_file(const char *root, const char *folder, const char *name, const char *text)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s/", root, folder);
	for (char *p = path + strlen(root) + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
	snprintf(path, sizeof(path), "%s%s/%s", root, folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void empty_root(char root[64])
{
	snprintf(root, 64, "/tmp/test_cli.XXXXXX");
	assert_non_null(mkdtemp(root));
}

static void remove_root(const char *root)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	assert_int_equal(system(command), 0);
}

static void the_least_limit_of_the_groups_counts(void **state)
{
	char root[64];

	(void)state;
	empty_root(root);
	put_file(root, "/proc/self", "cgroup", "0::/user/app\n");
	put_file(root, "/sys/fs/cgroup/user/app", "memory.max", "max\n");
	put_file(root, "/sys/fs/cgroup/user", "memory.max", "1000000\n");
	put_file(root, "/sys/fs/cgroup", "memory.max", "2000000\n");
	assert_true(limits_memory(root) == 800000);
	remove_root(root);
}

static void the_first_version_of_groups_is_read_too(void **state)
{
	char root[64];

	(void)state;
	empty_root(root);
	put_file(root, "/proc/self", "cgroup", "9:cpu,memory:/docker/abc\n8:cpuset:/\n0::/\n");
	put_file(root, "/sys/fs/cgroup/memory", "memory.limit_in_bytes", "500000\n");
	assert_true(limits_memory(root) == 400000);
	remove_root(root);
}

static void without_groups_the_machine_counts(void **state)
{
	uint64_t machine = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);

	(void)state;
	assert_true(limits_memory("/nowhere") > 0);
	assert_true(limits_memory("/nowhere") <= machine / 5 * 4);
}

static int exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void a_file_appears_at_commit_only(void **state)
{
	char root[64], path[80];
	struct err e = ERR_INIT;
	struct outfile *f = malloc(sizeof(*f));

	(void)state;
	empty_root(root);
	snprintf(path, sizeof(path), "%s/out", root);
	assert_int_equal(outfile_open(f, path, &e), 0);
	assert_int_equal(outfile_write(f, "text", 4, &e), 0);
	assert_false(exists(path));
	assert_int_equal(outfile_commit(f, &e), 0);
	assert_true(exists(path));
	assert_int_equal(rmdir(root), -1);
	unlink(path);
	assert_int_equal(rmdir(root), 0);
	free(f);
}

static void an_abandoned_file_leaves_nothing(void **state)
{
	static char large[3 * OUTFILE_BUFFER_BYTES];
	char root[64], path[80];
	struct err e = ERR_INIT;
	struct outfile *f = malloc(sizeof(*f));

	(void)state;
	empty_root(root);
	snprintf(path, sizeof(path), "%s/out", root);
	assert_int_equal(outfile_open(f, path, &e), 0);
	assert_int_equal(outfile_write(f, large, sizeof(large), &e), 0);
	outfile_abandon(f);
	assert_int_equal(rmdir(root), 0);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_read_with_their_units),
		cmocka_unit_test(what_is_no_size_is_refused),
		cmocka_unit_test(name_distance_counts_slips),
		cmocka_unit_test(the_least_limit_of_the_groups_counts),
		cmocka_unit_test(the_first_version_of_groups_is_read_too),
		cmocka_unit_test(without_groups_the_machine_counts),
		cmocka_unit_test(a_file_appears_at_commit_only),
		cmocka_unit_test(an_abandoned_file_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
