/*
 * kill - a program that ends itself as if somebody had killed it, at a point that is numbered:
 * before each commit of the journal and of the tables, and before and after each script that a
 * host runs.  What it had done by then is done.
 */
#pragma once
#include <glib.h>

/* At point `number`, from 1 on, it is gone (SIGKILL); the words for the point are in the file
 * `told` then.  0: never, and the file has the number of points when the program ends. */
void kill_at(guint number, const char *told);
/* A point is reached; `what` and `where` are words for it. */
void kill_point(const char *what, const char *where);
