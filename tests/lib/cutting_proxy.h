/*
 * cutting_proxy - stands between us and a database server, on a socket of its own, and cuts the
 * connection at one message: before it reaches the server, or when it has been answered there
 * and the answer is on its way.
 */
#pragma once
#include <glib.h>

typedef struct cutting_proxy CuttingProxy;

/* Listens at `path`, and goes on to `target`.  Gives a proxy (cutting_proxy_stop). */
CuttingProxy *cutting_proxy_start(const char *path, const char *target);
/* From now on: cut at the message of number `at`, counted from 1. */
void cutting_proxy_cut(CuttingProxy *proxy, guint at, gboolean answered);
/* Has it been cut since? */
gboolean cutting_proxy_has_cut(CuttingProxy *proxy);
void cutting_proxy_stop(CuttingProxy *proxy);
