/*
 * torture KIND [STEP] - run every command and notation on small snapshots and profiles, again and again: the first request
 * for memory fails, then the second and so on until none is left to fail; the same for reads, writes and files. KIND is a
 * row of `kinds`. Each run is a process of its own. It may succeed (what failed was not needed), then its output must be the
 * usual one, or end with an exit code that says why and a sentence on standard error; then no half of an output may be
 * there, nor a temporary file. A death by signal is a failure; with the address sanitizer so is a leak. With a STEP each
 * next number is up to that much larger, by a seeded choice.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "faults.h"
#include "packing.h"

#define VECTORS SOURCE_DIR "/tests/fixtures/vectors/"
#define CORPUS SOURCE_DIR "/tests/fuzz/corpus/"
#define MAX_RUNS 100000

static const struct kind {
	const char *name;
	enum fault fault;
	int harmless;   /* the run must succeed all the same */
	long step;      /* unless given */
} kinds[] = {
	{ "memory", FAULT_MEMORY, 0, 1 },       { "memory-gone", FAULT_MEMORY_GONE, 0, 1 },
	{ "read", FAULT_READ, 0, 1 },           { "write", FAULT_WRITE, 0, 1 },
	{ "files", FAULT_FILES, 0, 1 },         { "short", FAULT_SHORT, 1, 1 },
	{ "signal", FAULT_SIGNAL, 0, 7 },       { "grows", FAULT_GROWS, 0, 97 },
};

#define TRIES 12 /* where the number is not that of a call: so many of them */

static const struct job {
	const char *tool;
	const char *words[12];
	const char *input; /* standard input; NULL: none */
} jobs[] = {
	{ "snapdiff", { "-j1", "a.heapsnapshot", "b.heapsnapshot", "-o", "r.json", "-o", "r.html", "-o", "r.md", "-o", "r.txt" }, NULL },
	{ "snapdiff", { "-j1", "a.heapsnapshot", "b.heapsnapshot", "--match=structure", "--filter=^[A-Z]" }, NULL },
	{ "snapdiff", { "-j2", "a.zst", "b.gz", "-o", "old.html" }, NULL },
	{ "snapstat", { "-j1", "a.zst", "-o", "r.html", "-v" }, NULL },
	{ "snapstat", { "-j1", "a.gz", "-f", "json" }, NULL },
	{ "snapstat", { "-j1", "-", "-f", "md", "--filter=e" }, "a.zst" },
	{ "snapstat", { "-j1", "--dump=nodes", "a.heapsnapshot" }, NULL },
	{ "snapstat", { "-j1", "--dump=classes", "a.heapsnapshot", "-o", "r.tsv" }, NULL },
	{ "snapstat", { "-j1", "--dump=stats", "a.heapsnapshot" }, NULL },
	{ "snapstat", { "--generate=man" }, NULL },
	{ "snapdiff", { "-j1", "hub1", "hub2" }, NULL },
	{ "snapdiff", { "-j1", "shapes1", "shapes2", "--match=structure", "-f", "html" }, NULL },
	{ "snapdiff", { "-j1", "hub1", "hub2", "hub3", "-f", "json", "--show-values" }, NULL },
	{ "snapdiff", { "-j1", "page1", "page2", "page3", "-f", "json" }, NULL },
	{ "snapscrub", { "a.zst", "-o", "r.zst" }, NULL },
	{ "snapscrub", { "a.heapsnapshot", "--audit", "-o", "r.json", "-o", "r.html" }, NULL },
	{ "profstat", { "cpuprofile", "-o", "r.json", "-o", "r.html", "-o", "r.md", "-o", "r.txt" }, NULL },
	{ "profstat", { "heapprofile", "--tree", "--callers", "--lines", "-f", "json" }, NULL },
	{ "profstat", { "speedscope", "--timeline", "--function=.", "-f", "json" }, NULL },
	{ "profstat", { "trace", "--by=package", "-f", "md" }, NULL },
	{ "profstat", { "-", "--input-format=folded", "-f", "html" }, "folded" },
	{ "profstat", { "pprof", "-f", "json" }, NULL },
	{ "profstat", { "perf-script", "-f", "json" }, NULL },
	{ "profstat", { "perf-data", "--top", "-f", "json" }, NULL },
	{ "profstat", { "v8-log", "-f", "json" }, NULL },
	{ "profstat", { "v8-log-json", "-f", "json" }, NULL },
	{ "profstat", { "cpuprofile", "--dump=pprof", "-o", "r.tsv" }, NULL },
	{ "profstat", { "cpuprofile", "--dump=speedscope" }, NULL },
	{ "profstat", { "cpuprofile", "--dump=cpuprofile" }, NULL },
	{ "profstat", { "cpuprofile", "folded", "--dump=folded" }, NULL },
	{ "profdiff", { "cpuprofile", "trace", "-o", "r.json", "-o", "r.html", "-o", "old.html" }, NULL },
};

#define N_JOBS (sizeof(jobs) / sizeof(jobs[0]))

static const char *const outputs[] = { "out", "r.json", "r.html", "r.md", "r.txt", "r.tsv", "r.zst", "old.html" };

#define N_OUTPUTS (sizeof(outputs) / sizeof(outputs[0]))

struct state {
	int *hit; /* shared with the runs */
	struct bytes usual[N_OUTPUTS];
	const struct job *job;
	const struct kind *kind;
	long at, step;
	unsigned long n_runs, n_hit, n_refused;
	int failed;
};

static void complain_of(struct state *s, const char *what)
{
	struct bytes text = file_bytes("err");

	printf("%s (job %d), %s %ld: %s; it said: %.300s\n", s->job->tool, (int)(s->job - jobs), s->kind->name, s->at, what, text.s);
	free(text.s);
	s->failed++;
}

static void write_file(const char *name, struct bytes b)
{
	FILE *f = fopen(name, "wb");

	if (!f || fwrite(b.s, 1, b.n, f) != b.n || fclose(f)) {
		perror(name);
		exit(2);
	}
	free(b.s);
}

/* A small profile of each format, as the fuzzing begins with. */
static const struct {
	const char *name, *from;
} profiles[] = {
	{ "cpuprofile", "cpuprofile/node20" },	 { "heapprofile", "heapprofile/node20" }, { "speedscope", "speedscope/cpu" },
	{ "trace", "trace/two-chunks" },	 { "folded", "folded/cpu" },		  { "pprof", "pprof/cpu" },
	{ "perf-script", "perf-script/node20-0" }, { "perf-data", "perf-data/packed" },	  { "v8-log", "v8-log/node20" },
	{ "v8-log-json", "v8-log-json/node20-b" },
};

#define N_PROFILES (sizeof(profiles) / sizeof(profiles[0]))

/* Snapshots with something to find in them. */
static void make_grown(const char *shape, int nodes, const char *name)
{
	char command[2000];

	snprintf(command, sizeof(command), "'%s' %s %d >%s", SHAPE, shape, nodes, name);
	if (system(command))
		exit(2);
}

static void make_inputs(void)
{
	struct bytes a = file_bytes(VECTORS "a.heapsnapshot"), b = file_bytes(VECTORS "b.heapsnapshot");

	write_file("a.zst", pack_zstd(a.s, a.n));
	write_file("b.zst", pack_zstd(b.s, b.n));
	write_file("a.gz", pack_gzip(a.s, a.n));
	write_file("b.gz", pack_gzip(b.s, b.n));
	write_file("a.heapsnapshot", a);
	write_file("b.heapsnapshot", b);
	for (size_t i = 0; i < N_PROFILES; i++) {
		char path[512];

		snprintf(path, sizeof(path), CORPUS "%s", profiles[i].from);
		write_file(profiles[i].name, file_bytes(path));
	}
	make_grown("hub-closures", 60, "hub1");
	make_grown("hub-closures", 120, "hub2");
	make_grown("hub-closures", 180, "hub3");
	make_grown("document", 30, "page1");
	make_grown("document", 60, "page2");
	make_grown("document", 90, "page3");
	make_grown("shapes", 50, "shapes1");
	make_grown("shapes", 100, "shapes2");
}

static void put_old(void)
{
	write_file("old.html", (struct bytes){ strdup("what was there\n"), 15 });
}

static void redirect(const char *name, int to, int flags)
{
	int fd = open(name, flags, 0666);

	if (fd < 0 || dup2(fd, to) < 0)
		exit(99);
	close(fd);
}

static void run_child(const struct state *s, enum fault fault)
{
	char *argv[16] = { (char *)(uintptr_t)s->job->tool }, *copies[16];
	int argc = 1, code;

	while (s->job->words[argc - 1]) {
		argv[argc] = copies[argc] = strdup(s->job->words[argc - 1]); /* the parser moves what argv holds */
		argc++;
	}
	redirect(s->job->input ? s->job->input : "/dev/null", 0, O_RDONLY);
	redirect("out", 1, O_WRONLY | O_CREAT | O_TRUNC);
	redirect("err", 2, O_WRONLY | O_CREAT | O_TRUNC);
	faults_arm(fault, s->at);
	code = command_main(s->job->tool, argc, argv);
	*s->hit = faults_hit();
	faults_arm(FAULT_NONE, 0);
	for (int i = 1; i < argc; i++)
		free(copies[i]);
	exit(code);
}

static int run(const struct state *s, enum fault fault)
{
	int status;
	pid_t child;

	*s->hit = 0;
	fflush(stdout);
	child = fork();
	if (child == 0) {
		alarm(60);
		/* what a shell puts in the background ignores it, and the commands leave it at that */
		signal(SIGINT, SIG_DFL);
		run_child(s, fault);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		exit(2);
	return status;
}

static int exists(const char *name)
{
	return access(name, F_OK) == 0;
}

/* 1: as usual, 0: not there, -1: something else. What stood there before is as good as nothing. */
static int look_at(const struct state *s, size_t i)
{
	struct bytes now;
	int same;

	if (!exists(outputs[i]))
		return 0;
	now = file_bytes(outputs[i]);
	same = now.n == s->usual[i].n && !memcmp(now.s, s->usual[i].s, now.n) ? 1 : -1;
	if (!strcmp(outputs[i], "old.html") && now.n == 15)
		same = s->usual[i].n == 15;
	free(now.s);
	return same;
}

static void forget_outputs(void)
{
	for (size_t i = 0; i < N_OUTPUTS; i++)
		unlink(outputs[i]);
	put_old();
}

/* Files that are neither inputs nor outputs. */
static void look_for_strangers(struct state *s)
{
	static const char *const known[] = { ".", "..", "err", "a.zst", "b.zst", "a.gz", "b.gz", "a.heapsnapshot", "b.heapsnapshot",
					     "hub1", "hub2", "hub3", "page1", "page2", "page3", "shapes1", "shapes2" };
	DIR *dir = opendir(".");
	struct dirent *x;

	while (dir && (x = readdir(dir)) != NULL) {
		int found = 0;

		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			found |= !strcmp(x->d_name, known[i]);
		for (size_t i = 0; i < N_OUTPUTS; i++)
			found |= !strcmp(x->d_name, outputs[i]);
		for (size_t i = 0; i < N_PROFILES; i++)
			found |= !strcmp(x->d_name, profiles[i].name);
		if (found)
			continue;
		complain_of(s, x->d_name);
		unlink(x->d_name);
	}
	closedir(dir);
}

static void check_success(struct state *s)
{
	for (size_t i = 0; i < N_OUTPUTS; i++)
		if (s->usual[i].s ? look_at(s, i) != 1 : i && look_at(s, i) != 0)
			complain_of(s, "success, but an output is missing or differs");
}

static void check_refusal(struct state *s, int code)
{
	struct stat st;

	s->n_refused++;
	if (code != EXIT_SYSTEM && code != EXIT_INTERRUPTED && !(code == EXIT_INPUT && s->kind->fault == FAULT_GROWS))
		complain_of(s, "a strange exit code");
	if (code != EXIT_INTERRUPTED && (stat("err", &st) || st.st_size < 20) && s->kind->fault != FAULT_WRITE)
		complain_of(s, "failed without a word");
	for (size_t i = 1; i < N_OUTPUTS; i++)
		if (look_at(s, i) < 0)
			complain_of(s, "half an output is there");
}

static void judge(struct state *s, int status)
{
	s->n_runs++;
	s->n_hit += *s->hit != 0;
	if (!WIFEXITED(status))
		complain_of(s, "killed by a signal");
	else if (WEXITSTATUS(status) == EXIT_DONE)
		check_success(s);
	else if (s->kind->harmless)
		complain_of(s, "failed, though nothing did");
	else
		check_refusal(s, WEXITSTATUS(status));
	look_for_strangers(s);
}

/* What the job writes when nothing fails. */
static void remember_usual(struct state *s)
{
	for (size_t i = 0; i < N_OUTPUTS; i++) {
		free(s->usual[i].s);
		s->usual[i] = (struct bytes){ NULL, 0 };
	}
	forget_outputs();
	s->at = 0;
	if (run(s, FAULT_NONE) != 0) {
		complain_of(s, "fails without a fault");
		exit(1);
	}
	for (size_t i = 0; i < N_OUTPUTS; i++)
		if (exists(outputs[i]))
			s->usual[i] = file_bytes(outputs[i]);
}

/* Whether the number of a fault is that of a call. */
static int is_counted(const struct kind *kind)
{
	return kind->fault != FAULT_SHORT && kind->fault != FAULT_GROWS;
}

static void torture(struct state *s)
{
	remember_usual(s);
	for (s->at = 1; s->at < MAX_RUNS; s->at += 1 + rand() % s->step) {
		forget_outputs();
		judge(s, run(s, s->kind->fault));
		if (s->failed > 20 || (is_counted(s->kind) ? !*s->hit : s->n_runs % TRIES == 0))
			break;
	}
}

int main(int argc, char **argv)
{
	const struct kind *end = kinds + sizeof(kinds) / sizeof(kinds[0]);
	struct state s = { .kind = kinds };
	long step = argc > 2 ? atol(argv[2]) : 0;
	char dir[] = "/tmp/torture-XXXXXX", remove[64];

	while (s.kind < end && (argc < 2 || strcmp(s.kind->name, argv[1])))
		s.kind++;
	s.hit = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s.kind == end || s.hit == MAP_FAILED || !mkdtemp(dir) || chdir(dir)) {
		fprintf(stderr, "usage: torture KIND [STEP]\n");
		return 2;
	}
	srand(1);
	s.step = step > 0 ? step : s.kind->step;
	make_inputs();
	for (size_t i = 0; i < N_JOBS && s.failed <= 20; i++) {
		s.job = &jobs[i];
		torture(&s);
	}
	if (is_counted(s.kind) && !s.kind->harmless && !s.n_refused) {
		printf("no fault was refused: they did not arrive\n");
		s.failed++;
	}
	printf("%s: %lu runs, %lu faults, %lu refusals, %d failures\n", s.kind->name, s.n_runs, s.n_hit, s.n_refused, s.failed);
	for (size_t i = 0; i < N_OUTPUTS; i++)
		free(s.usual[i].s);
	snprintf(remove, sizeof(remove), "rm -rf %s", dir);
	return chdir("/") || system(remove) || s.failed ? 1 : 0;
}
