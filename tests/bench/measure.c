#include "tests/bench/measure.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static guint missed;

void measure_stop(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fflush(stdout);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static double clock_seconds(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0)
		measure_stop("clock_gettime failed: %s", g_strerror(errno));
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double measure_cpu(void)
{
	return clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

double measure_median(double *samples, guint n)
{
	qsort(samples, n, sizeof(*samples), compare);
	return n % 2 ? samples[n / 2] : (samples[n / 2 - 1] + samples[n / 2]) / 2;
}

double measure_exponent(double size, double cost, double larger, double its_cost)
{
	return log(its_cost / cost) / log(larger / size);
}

const char *measure_target(double value, double limit)
{
	if (value < limit)
		return "met";
	missed++;
	return "MISSED";
}

guint measure_missed(void)
{
	return missed;
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* Standard error goes to `error_fd`, so that a failure can be told. */
static pid_t spawn(const char *const *argv, const char *input, int error_fd)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int problem;

	if (posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawn_file_actions_addopen(&actions, 0, input ? input : "/dev/null", O_RDONLY,
					     0) != 0 ||
	    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) != 0 ||
	    posix_spawn_file_actions_adddup2(&actions, error_fd, 2) != 0)
		measure_stop("out of memory");
	problem = posix_spawnp(&child, argv[0], &actions, NULL, (char *const *)argv, environ);
	if (problem)
		measure_stop("%s cannot be run: %s", argv[0], g_strerror(problem));
	posix_spawn_file_actions_destroy(&actions);
	return child;
}

static G_GNUC_NORETURN void tell_failure(const char *const *argv, int status, FILE *said)
{
	g_autofree char *command = g_strjoinv(" ", (char **)argv);
	char text[4096];
	size_t length;

	rewind(said);
	length = fread(text, 1, sizeof(text) - 1, said);
	text[length] = '\0';
	measure_stop("%s failed with status %d\n%s", command,
		     WIFEXITED(status) ? WEXITSTATUS(status) : status, text);
}

Cost measure_command(const char *const *argv, const char *input)
{
	FILE *said = tmpfile();
	struct rusage used;
	Cost cost;
	pid_t child;
	int status;

	if (!said)
		measure_stop("no temporary file: %s", g_strerror(errno));
	cost.wall = clock_seconds(CLOCK_MONOTONIC);
	child = spawn(argv, input, fileno(said));
	if (wait4(child, &status, 0, &used) != child)
		measure_stop("wait4 failed: %s", g_strerror(errno));
	cost.wall = clock_seconds(CLOCK_MONOTONIC) - cost.wall;
	cost.cpu = seconds(used.ru_utime) + seconds(used.ru_stime);
	cost.peak = (double)used.ru_maxrss / 1024;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		tell_failure(argv, status, said);
	if (fclose(said) != 0)
		measure_stop("the temporary file: %s", g_strerror(errno));
	return cost;
}

Cost measure_commands(const char *const *argv, const char *input, guint n,
		      void (*prepare)(gpointer), gpointer data)
{
	g_autofree double *wall = g_new(double, n), *cpu = g_new(double, n);
	g_autofree double *peak = g_new(double, n);

	for (guint i = 0; i < n; i++) {
		Cost cost;

		if (prepare)
			prepare(data);
		cost = measure_command(argv, input);
		wall[i] = cost.wall;
		cpu[i] = cost.cpu;
		peak[i] = cost.peak;
	}
	return (Cost){ measure_median(wall, n), measure_median(cpu, n),
		       measure_median(peak, n) };
}
