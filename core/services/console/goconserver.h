/*
 * goconserver - entries of nodes in goconserver, by its REST interface.
 *
 * The text of an entry is the node as goconserver keeps it: JSON in one line, with its keys
 * sorted.  Private to services/.
 */
#pragma once
#include "core/services/console/inside.h"

/* How it is reached from its own host.  Texts are borrowed. */
typedef struct {
	const char *url;	/* "https://127.0.0.1:12429" */
	const char *cert, *key; /* files; NULL: it asks for none */
} GoconserverPlace;

/* The entry of a node whose console is a command.  Gives the text. */
char *goconserver_text(const char *node, const char *command, gboolean ondemand);

/* See Service.look, heard, place and judge. */
GString *goconserver_look(const GoconserverPlace *place, const char *const *nodes, guint n);
G_GNUC_WARN_UNUSED_RESULT
gboolean goconserver_heard(const char *said, const char *const *nodes, guint n, char **texts,
			   GError **error);
GString *goconserver_place(const GoconserverPlace *place, const char *const *nodes,
			   const char *const *now, const char *const *texts, guint n);
ServiceOutcome goconserver_judge(const char *const *nodes, guint n, const char *const *texts,
				 const char *said, GError **error);
