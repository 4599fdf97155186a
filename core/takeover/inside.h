/*
 * inside - what the files of takeover share: who moves, who does not, and the servers; what is
 * kept.
 *
 * Private to takeover/.
 */
#pragma once
#include "core/takeover.h"

struct move {
	GArray *nodes;	   /* MoveNode */
	GHashTable *index; /* name -> number + 1 */
	GPtrArray *names;
	GPtrArray *sources, *destinations;
	GPtrArray *left; /* lines: who was left out, and why */
};

/* Names for a message.  Gives the text. */
char *move_folded(const GPtrArray *names);

/* Has the node, or a group of it, a row in servicenode? */
gboolean move_is_service_node(Cluster *cluster, const char *node);

/* What was typed with -s and -d are service nodes, as nodelist spells them, and not one and the
 * same.  FALSE: the message says what to type. */
gboolean move_check_servers(Cluster *cluster, Hosts *hosts, const MoveRequest *request,
			    GError **error);

/* Leaves out `there`, nodes (names) that are on the new service node already, of `total`; and
 * service nodes and the management node, if they are among the nodes themselves. */
gboolean move_leave_those(Move *move, Cluster *cluster, Hosts *hosts,
			  const MoveRequest *request, GPtrArray *there, GError **error);

/* --- What is kept of a takeover ---------------------------------------------------------- */

#define TAKEOVER_ENTRY 32 /* bytes, about, that a text needs beside itself */
/* Bytes of a text, and of a vector with its texts; NULL: none. */
gsize takeover_text_size(const char *text);
gsize takeover_vector_size(const char *const *texts);

/* debts.c: of Takeover.failures. */
void takeover_failure_free(gpointer data);
