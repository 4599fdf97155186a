/* rnetboot. */
#include "lua/command/command.h"

int main(int argc, char **argv)
{
	return rnetboot_main(argc, argv);
}
