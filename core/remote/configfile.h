/*
 * configfile - which Host lines of ssh's configuration files are about a host.
 *
 * Private to config.  Reads Host, Match, Include and Hostname by the rules of ssh_config(5),
 * and nothing else: what the lines say is for ssh(1) to tell.  Calls hostpattern and GLib only.
 */
#pragma once
#include <glib.h>

typedef struct config_files ConfigFiles;

/*
 * `file` alone, or if it is NULL ssh's own: .ssh/config under `home`, then /etc/ssh/ssh_config.
 * What cannot be read says nothing: ssh will complain about it where that is an error.  Gives
 * the files (config_files_free).
 */
ConfigFiles *config_files_read(const char *file, const char *home);
void config_files_free(ConfigFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ConfigFiles, config_files_free)

typedef struct {
	GBytes *set; /* equal for hosts that the same Host lines are about (g_bytes_unref) */
	const char *hostname; /* the Hostname that counts, %h in it; NULL: there is none */
	gboolean alone;	      /* another host of this set may get another answer from ssh */
} ConfigMatch;

void config_files_match(const ConfigFiles *files, const char *host, ConfigMatch *match);
