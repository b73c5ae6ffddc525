/*
 * faults.h - what the operating system is made to refuse.
 *
 * The program under test is linked so that its calls of read(), write(), posix_memalign() and so on come here first
 * (ld --wrap; nothing in the product knows of it). In builds without sanitizers malloc() is taken over for all libraries
 * as well.
 */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

enum fault {
	FAULT_NONE,
	FAULT_MEMORY,       /* one request is refused */
	FAULT_MEMORY_GONE,  /* it and all after it */
	FAULT_READ,         /* EIO */
	FAULT_WRITE,        /* ENOSPC */
	FAULT_FILES,        /* open, close, link, rename: EMFILE or EIO */
	FAULT_SHORT,        /* reads and writes of at most `at` bytes: no fault at all */
	FAULT_SIGNAL,       /* SIGINT comes with the n-th call of any of them */
	FAULT_GROWS,        /* the first file ends `at` bytes early, and then goes on: it is being written to */
};

/* Let the `at`-th call of its kind, counted from 1, fail. */
void faults_arm(enum fault fault, long at);

/* Whether it came to that. */
int faults_hit(void);

#endif
