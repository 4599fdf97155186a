/*
 * hostsfile - the hosts file, read once into a hash.
 *
 * Private to hosts/.
 */
#pragma once
#include "core/hosts/address.h"

typedef struct hostsfile HostsFile;

/* A missing file names nothing.  Gives a file (hostsfile_free), or NULL and an error. */
HostsFile *hostsfile_read(const char *path, GError **error);
void hostsfile_free(HostsFile *file);

/* Adds the addresses of `name` (lower case, no dot at the end) in the order of the lines. */
void hostsfile_find(const HostsFile *file, const char *name, GArray *addresses);

/* Adds the names that have one of `addresses`, and no address that is not one of them: a name
 * for several hosts is nobody's.  They live as long as the file. */
void hostsfile_names(const HostsFile *file, const GArray *addresses, GPtrArray *names);
