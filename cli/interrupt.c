#include "cli/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t seen;

static void note(int signal_number)
{
	(void)signal_number;
	seen = 1;
}

/* No SA_RESTART: a blocked open or write has to return. */
static void take(int signal_number)
{
	struct sigaction old, mine = { .sa_handler = note, .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&mine.sa_mask);
	if (!sigaction(signal_number, NULL, &old) && old.sa_handler == SIG_IGN)
		return;
	sigaction(signal_number, &mine, NULL);
}

void interrupt_init(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
			break;
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGPIPE, &ignore, NULL);
	take(SIGINT);
	take(SIGTERM);
}

int interrupt_seen(void)
{
	return seen != 0;
}

void interrupt_die_of_closed_pipe(void)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigemptyset(&usual.sa_mask);
	sigaction(SIGPIPE, &usual, NULL);
	raise(SIGPIPE);
}
