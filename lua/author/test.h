/*
 * test - snmove-lua --test: files that test hooks and procedures.
 *
 * What they say is test.lua beside this file, on what is here: a module `world` that makes
 * clusters (world.h), and runs snmove in them as a process of its own, which can be killed.
 */
#pragma once
#include <glib.h>

/* Run the files (NULL-terminated), and print what they have shown as TAP; `quick`: t:kills
 * takes a few points alone.  Gives the exit status: 0 all passed, 1 some have not, or a file
 * cannot be run. */
int test_files(char **files, gboolean quick);

/* snmove, or rnetboot, with these arguments (argv[0] too: its name) in a world, killed at the
 * point `kill` (0: never).  Gives its exit status. */
int test_run(const char *world, guint kill, int argc, char **argv);
