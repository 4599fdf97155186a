/*
 * bounds - the most that is taken from a script.
 *
 * Chosen once, far above what a site needs: they keep a slip, or malice, from becoming a size
 * that no program can have.  What is above one is an error of the script.  The manual has them
 * (snmove-hooks(5), LIMITS).
 */
#pragma once
#include <glib.h>

#define BOUND_TEXT    ((gsize)64 << 20) /* bytes of one text */
#define BOUND_ENTRIES 1000000		/* of one list or table */
#define BOUND_VALUES  10000000		/* nodes times columns of one cluster.get */
#define BOUND_SOURCE  ((gsize)16 << 20) /* of a Lua file, bytes */
#define BOUND_MESSAGE ((gsize)1 << 16)	/* bytes of an error; what is more is not told */

/* What `limits` of a hook may say. */
#define BOUND_TIME	   604800.0 /* seconds: a week */
#define BOUND_INSTRUCTIONS 1e15
#define BOUND_BYTES	   1099511627776.0 /* of memory and output: 1 TiB */
