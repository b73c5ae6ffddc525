/*
 * interrupt.h - signals and standard streams of the process.
 *
 * The first SIGINT or SIGTERM sets a flag that the run's progress call hands on as ERR_CANCELLED; a second one kills.
 * The flag is the one thing in this program that is not passed down: a signal handler cannot be given a context.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/*
 * Take the signals (unless the parent had them ignored), ignore SIGPIPE, and occupy closed standard streams so that no
 * file opened later gets their number; using such a stream then fails.
 */
void interrupt_init(void);

/* Has the user asked to stop? */
int interrupt_seen(void);

/* End as a program does that ignores nothing when its reader goes away; returns only if the signal is blocked. */
void interrupt_die_of_closed_pipe(void);

#endif
