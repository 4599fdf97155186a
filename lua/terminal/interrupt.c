#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked;

static void take(int number)
{
	static const char again[] =
		"snmove: finishing what has begun; a second signal aborts at once\n";
	const char *before = talk_line_is_taken() ? TALK_ERASE : "\n";
	gboolean heard = write(STDERR_FILENO, before, strlen(before)) >= 0;

	if (asked)
		_exit(128 + number);
	asked = number;
	if (!heard || write(STDERR_FILENO, again, sizeof(again) - 1) < 0)
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
