/* replay FILE|FOLDER... - feed files to a fuzzing target once each, without libFuzzer. Prints how many there were. */
#define _DEFAULT_SOURCE /* DT_REG */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "target.h"

static unsigned long n_files;

static int feed(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *bytes;
	size_t n;

	if (!f || fstat(fileno(f), &st)) {
		perror(path);
		return -1;
	}
	bytes = malloc((size_t)st.st_size + 1);
	n = bytes ? fread(bytes, 1, (size_t)st.st_size, f) : 0;
	fclose(f);
	fprintf(stderr, "%s\n", path);
	if (bytes)
		LLVMFuzzerTestOneInput(bytes, n);
	n_files += bytes != NULL;
	free(bytes);
	return 0;
}

static int feed_all(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char file[4096];
	int rc = 0;

	if (!dir)
		return feed(path);
	while (!rc && (entry = readdir(dir)) != NULL) {
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.')
			rc = feed(file);
	}
	closedir(dir);
	return rc;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (feed_all(argv[i]))
			return 1;
	printf("%lu inputs\n", n_files);
	return n_files ? 0 : 1;
}
