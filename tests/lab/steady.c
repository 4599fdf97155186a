/*
 * steady - preloaded into daemons that would steer the clock, which is this machine's: they see
 * it, and believe that they have set it.
 */
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static int look(struct timex *state)
{
	struct timex seen = { .modes = 0 };
	int result = (int)syscall(SYS_adjtimex, &seen);

	*state = seen;
	return result;
}

int adjtimex(struct timex *state)
{
	return look(state);
}

int ntp_adjtime(struct timex *state)
{
	return look(state);
}

int clock_adjtime(clockid_t clock, struct timex *state)
{
	(void)clock;
	return look(state);
}

int clock_settime(clockid_t clock, const struct timespec *when)
{
	(void)clock;
	(void)when;
	return 0;
}

int settimeofday(const struct timeval *when, const struct timezone *zone)
{
	(void)when;
	(void)zone;
	return 0;
}

int adjtime(const struct timeval *by, struct timeval *left)
{
	(void)by;
	if (left)
		*left = (struct timeval){ 0 };
	return 0;
}
