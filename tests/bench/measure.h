/*
 * measure - what a thing costs: clocks, medians, growth, and commands run from outside.
 */
#pragma once
#include <glib.h>

/* Seconds of this process' CPU time. */
double measure_cpu(void);

/* The middle one of `n` samples, which get sorted. */
double measure_median(double *samples, guint n);

/* The e of cost = c * size^e, from two sizes: 1 is linear. */
double measure_exponent(double size, double cost, double larger, double its_cost);

/* "met" or "MISSED", which is counted. */
const char *measure_target(double value, double limit);
guint measure_missed(void);

typedef struct {
	double wall, cpu; /* seconds; user and system together */
	double peak;	  /* MiB of memory at once */
} Cost;

/*
 * Run a command (argv[0] as execvp finds it) with `input` (NULL: nothing) as its standard
 * input, and its output thrown away.  One that does not exit with 0 ends the program, with
 * what it said.
 *
 * A new process' peak begins with that of the one that started it: whoever measures memory
 * keeps itself small.
 */
Cost measure_command(const char *const *argv, const char *input);

/* Each field's median of `n` runs.  `prepare` (may be NULL) goes before each, unmeasured. */
Cost measure_commands(const char *const *argv, const char *input, guint n,
		      void (*prepare)(gpointer), gpointer data);

/* A mistake, or something that is not there: says it and ends the program. */
G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN void measure_stop(const char *format, ...);
