/* One executable per command, from the same objects: the build sets COMMAND to a name of command_table. */
#include "cli/command.h"

int main(int argc, char **argv)
{
	return command_main(COMMAND, argc, argv);
}
