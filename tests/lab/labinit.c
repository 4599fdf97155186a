/*
 * labinit - process 1 of the lab and of each of its nodes.
 *
 * Starts the command it is given, if any, then does nothing but take in the processes that end:
 * daemons leave their children to process 1, and a shell that sleeps would keep them as
 * zombies.
 */
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	sigset_t child_ended;

	sigemptyset(&child_ended);
	sigaddset(&child_ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child_ended, NULL);
	if (argc > 1 && fork() == 0) {
		sigprocmask(SIG_UNBLOCK, &child_ended, NULL);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	for (;;) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			continue;
		sigwaitinfo(&child_ended, NULL);
	}
}
