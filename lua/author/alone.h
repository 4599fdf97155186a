/* alone - this program on a network of its own, where nothing leaves and nobody else is, and
 * with a /run of its own. */
#pragma once
#include <glib.h>

/* FALSE and an error: there can be none here, as without root where users may have no
 * namespaces.  To be called while the program has one thread. */
G_GNUC_WARN_UNUSED_RESULT
gboolean alone_begin(GError **error);
/* A process that alone_begin's has started: it is where that is. */
void alone_go_on(void);
