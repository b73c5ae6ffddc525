#include "cli/limits.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Where a version of control groups keeps its memory limits. */
struct hierarchy {
	const char *folder;
	const char *file;
};

static void lower(uint64_t *limit, uint64_t candidate)
{
	if (candidate && (!*limit || candidate < *limit))
		*limit = candidate;
}

/* A number in a file; 0 when there is none ("max", or no such file). */
static uint64_t number_in(const char *path)
{
	FILE *f = fopen(path, "re");
	uint64_t value = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%" SCNu64, &value) != 1)
		value = 0;
	fclose(f);
	return value;
}

/* Lower `limit` by the group's and all its parents' limits. In a container the group's own path may not be visible. */
static void ask_groups(uint64_t *limit, const char *root, const struct hierarchy *h, char *group)
{
	char path[PATH_MAX];
	char *slash;

	do {
		snprintf(path, sizeof(path), "%s%s%s/%s", root, h->folder, group, h->file);
		lower(limit, number_in(path));
		slash = strrchr(group, '/');
		if (slash)
			*slash = '\0';
	} while (slash);
}

/* A line is "ID:CONTROLLERS:PATH"; version 2 has no controllers. */
static const struct hierarchy *hierarchy_of(const char *controllers, size_t n)
{
	static const struct hierarchy unified = { "/sys/fs/cgroup", "memory.max" };
	static const struct hierarchy memory = { "/sys/fs/cgroup/memory", "memory.limit_in_bytes" };
	size_t word;

	if (n == 0)
		return &unified;
	for (size_t i = 0; i < n; i += word + 1) {
		word = strcspn(controllers + i, ",:");
		if (word == strlen("memory") && !strncmp(controllers + i, "memory", word))
			return &memory;
	}
	return NULL;
}

static void ask_line(uint64_t *limit, const char *root, char *line)
{
	char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
	const struct hierarchy *h;

	if (!path)
		return;
	h = hierarchy_of(controllers + 1, (size_t)(path - controllers - 1));
	path++;
	path[strcspn(path, "\n")] = '\0';
	if (!strcmp(path, "/"))
		*path = '\0';
	if (h)
		ask_groups(limit, root, h, path);
}

uint64_t limits_memory(const char *root)
{
	long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
	uint64_t limit = pages > 0 && page_bytes > 0 ? (uint64_t)pages * (uint64_t)page_bytes : 0;
	char line[PATH_MAX];
	struct rlimit space;
	FILE *f;

	if (!getrlimit(RLIMIT_AS, &space) && space.rlim_cur != RLIM_INFINITY)
		lower(&limit, space.rlim_cur);
	snprintf(line, sizeof(line), "%s/proc/self/cgroup", root);
	f = fopen(line, "re");
	while (f && fgets(line, sizeof(line), f))
		ask_line(&limit, root, line);
	if (f)
		fclose(f);
	return limit / 5 * 4;
}
