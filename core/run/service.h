/*
 * service - services as hosts have them.
 *
 * Private to run.
 */
#pragma once
#include "core/run/door.h"

/* What a host may say of its services: whole files, in base64. */
#define SERVICE_SAID ((gsize)128 << 20)

/* The service of that name, or NULL and an error. */
const Service *service_named(const Run *run, const char *name, GError **error);
/* As the host has it; NULL: it was not asked, or did not say (see run_find). */
const Service *service_at(Run *run, const Service *service, const char *host);
/* A Service that was found. */
void service_free(gpointer service);
