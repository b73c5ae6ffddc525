/*
 * terminal.h - what standard output can show: colours, width, characters beyond ASCII.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "cli/settings.h"

struct terminal {
	int color;      /* ANSI colours are wanted */
	int ascii;      /* the locale is not UTF-8 */
	unsigned width; /* columns */
};

/*
 * Look at standard output and the environment: NO_COLOR, CLICOLOR_FORCE, TERM, COLUMNS, and LC_ALL, LC_CTYPE, LANG for
 * the character set. `mode` goes before the environment.
 */
struct terminal terminal_look(enum color_mode mode);

/* Columns of the terminal `fd`; COLUMNS goes before; 80 when neither says. */
unsigned terminal_width(int fd);

/* Is `fd` a terminal that this process may write to now, that is, not from the background? */
int terminal_foreground(int fd);

#endif
