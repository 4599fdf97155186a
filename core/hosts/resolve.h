/*
 * resolve - questions to the system's resolver, many at once, in a limited time.
 *
 * Private to hosts/.  The resolver cannot be interrupted, so it is called in threads that
 * nobody waits for longer than allowed: one that hangs keeps what it needs, and ends alone.
 */
#pragma once
#include "core/hosts/address.h"

#define RESOLVE_THREADS 16 /* questions under way at the same time */

typedef struct resolver Resolver;

/* `time`: milliseconds that all questions together may be waited for.  Gives a resolver
 * (resolver_free, which waits for nothing). */
Resolver *resolver_new(guint time);
void resolver_free(Resolver *resolver);

/* Ask for those of the names that were not asked for yet, and wait while there is time. */
void resolver_ask(Resolver *resolver, const char *const *names, guint n);

typedef enum {
	RESOLVER_FOUND,
	RESOLVER_UNKNOWN, /* and *reason is the resolver's (give it to g_free) */
	RESOLVER_LATE,	  /* no answer yet, or no time was left to ask */
} ResolverAnswer;

/* What is known of a name, without waiting.  Adds to `addresses`. */
ResolverAnswer resolver_answer(Resolver *resolver, const char *name, GArray *addresses,
			       char **reason);
