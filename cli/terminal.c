#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 80
#define MIN_WIDTH 40
#define MAX_WIDTH 1000

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static unsigned sane_width(long columns)
{
	if (columns <= 0)
		return 0;
	if (columns < MIN_WIDTH)
		return MIN_WIDTH;
	return columns > MAX_WIDTH ? MAX_WIDTH : (unsigned)columns;
}

unsigned terminal_width(int fd)
{
	unsigned width = sane_width(strtol(environment("COLUMNS"), NULL, 10));
	struct winsize size;

	if (!width && !ioctl(fd, TIOCGWINSZ, &size))
		width = sane_width(size.ws_col);
	return width ? width : DEFAULT_WIDTH;
}

int terminal_foreground(int fd)
{
	return isatty(fd) && tcgetpgrp(fd) == getpgrp();
}

/* https://no-color.org and https://bixense.com/clicolors */
static int wants_color(enum color_mode mode)
{
	const char *force = environment("CLICOLOR_FORCE"), *term = environment("TERM");

	if (mode != COLOR_AUTO)
		return mode == COLOR_ALWAYS;
	if (*environment("NO_COLOR"))
		return 0;
	if (*force && strcmp(force, "0"))
		return 1;
	return *term && strcmp(term, "dumb") && isatty(STDOUT_FILENO);
}

static int is_utf8_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = "", *dot;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !*value; i++)
		value = environment(names[i]);
	dot = strchr(value, '.');
	return dot && (!strncasecmp(dot, ".UTF-8", 6) || !strncasecmp(dot, ".utf8", 5));
}

struct terminal terminal_look(enum color_mode mode)
{
	return (struct terminal){
		.color = wants_color(mode),
		.ascii = !is_utf8_locale(),
		.width = terminal_width(STDOUT_FILENO),
	};
}
