/*
 * console - entries of nodes in conserver.cf: the block between the marks that xCAT sets.
 *
 *     #xCAT BEGIN NODE CONS
 *     console NODE {
 *       type exec;
 *       exec XCATROOT/share/xcat/cons/METHOD NODE;
 *     }
 *     #xCAT END NODE CONS
 *
 * Private to services/.
 */
#pragma once
#include "core/services.h"

/* The error domain of files that cannot be read or written. */
#define CONSOLE_ERROR console_error_quark()
GQuark console_error_quark(void);

/* A host, as far as its entries tell. */
typedef struct {
	const char *name;    /* NULL: none in particular; then only problems are looked for */
	const char *root;    /* XCATROOT there */
	GHashTable *methods; /* console programs that it has, by name; NULL: nobody knows */
	gboolean go;	     /* goconserver: entries in JSON, of what it holds itself alone */
} ConsoleHost;

/* The entries that these nodes shall have there, see Service.make. */
gboolean console_make(Cluster *cluster, Hosts *hosts, const ConsoleHost *host,
		      const char *const *nodes, guint n, char **texts, GPtrArray *problems,
		      GError **error);

/* The entries of these nodes in the file, see Service.read and Service.write.  `written` gets
 * the new content (g_string_free), or NULL: it stays as it is. */
gboolean console_read(const ServiceFile *file, const char *const *nodes, guint n, char **texts,
		      GError **error);
gboolean console_write(const ServiceFile *file, const char *const *nodes, guint n,
		       const char *const *texts, GString **written, GError **error);
