#include "lua/terminal/interrupt.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked;

static void take(int number)
{
	static const char again[] =
		"\nsnmove: finishing what has begun; a second signal aborts at once\n";

	if (asked)
		_exit(128 + number);
	asked = number;
	if (write(STDERR_FILENO, again, sizeof(again) - 1) < 0)
		return; /* nobody is there to read it */
}

void interrupt_setup(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_handler = take;
	action.sa_flags = SA_RESTART;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGPIPE, &action, NULL);
}

int interrupt_asked(void)
{
	return asked;
}
