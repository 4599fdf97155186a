/* What a node boots next, by its boot entry. */
#include "core/services/boot/text.h"
#include <string.h>

/* The first word of chain.currstate ("install rocky9-x86_64-compute", "runcmd=..."), which xCAT
 * writes into the files, too. */
static const struct {
	const char *state, *kind, *why;
} kinds[] = {
	{ "boot", BOOT_KIND_DISK,
	  "the state is boot: from its disk, whatever else the network offers" },
	{ "iscsiboot", BOOT_KIND_DISK, "the state is iscsiboot: from its disk over iSCSI" },
	{ "netboot", BOOT_KIND_NETWORK,
	  "the state is netboot: an image is loaded, into memory" },
	{ "statelite", BOOT_KIND_NETWORK,
	  "the state is statelite: an image is loaded, over NFS" },
	{ "install", BOOT_KIND_INSTALL, "the state is install: its disk is written anew" },
	{ "sysclone", BOOT_KIND_INSTALL, "the state is sysclone: its disk is written anew" },
	{ "winshell", BOOT_KIND_SHELL, "the state is winshell: a shell of Windows PE" },
	{ "shell", BOOT_KIND_SHELL, "the state is shell: xCAT's genesis, with a shell" },
	{ "offline", BOOT_KIND_OFFLINE, "the state is offline: it has no boot files" },
};

const char *boot_state_known(const char *state, const char **why)
{
	gsize length = strcspn(state, " \t=");

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strlen(kinds[i].state) == length &&
		    strncmp(kinds[i].state, state, length) == 0) {
			if (why)
				*why = kinds[i].why;
			return kinds[i].kind;
		}
	return NULL;
}

char *boot_state_kind(const char *state)
{
	const char *kind = boot_state_known(state, NULL);

	return kind ? g_strdup(kind) : g_strndup(state, strcspn(state, " \t="));
}

/* The state that stands behind `#` in one of the first lines; or NULL. */
static char *headed(const BootFile *file)
{
	g_autofree char *start = g_strndup(file->content, MIN(file->length, 400));
	g_auto(GStrv) lines = g_strsplit(start, "\n", 4);

	for (guint i = 0; i < 3 && lines[i]; i++)
		if (lines[i][0] == '#' && g_ascii_isalpha(lines[i][1])) {
			const char *state = g_strchomp(lines[i]) + 1;

			return boot_state_kind(state);
		}
	return NULL;
}

static gboolean has_any(const char *content, const char *const *words)
{
	for (guint i = 0; words[i]; i++)
		if (strstr(content, words[i]))
			return TRUE;
	return FALSE;
}

/* Of files that xCAT did not write: by what they load. */
static const char *guessed(const char *content)
{
	static const char *const kernels[] = { "kernel",    "KERNEL", "linux ", "linux16 ",
					       "linuxefi ", "image=", NULL };
	static const char *const shells[] = { "destiny=shell", NULL };
	static const char *const installs[] = { "inst.ks=",    "inst.repo=", " ks=",
						"autoyast=",   "AutoYaST=",  "preseed/",
						"autoinstall", NULL };

	if (!has_any(content, kernels))
		return BOOT_KIND_DISK;
	if (has_any(content, shells))
		return BOOT_KIND_SHELL;
	return has_any(content, installs) ? BOOT_KIND_INSTALL : BOOT_KIND_NETWORK;
}

char *boot_kind(const char *text)
{
	g_autoptr(GPtrArray) files = text ? boot_files(text, NULL) : NULL;
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; files && i < files->len; i++) {
		const BootFile *file = files->pdata[i];
		char *kind = file->content ? headed(file) : NULL;

		if (kind)
			return kind;
		if (file->content)
			g_string_append_len(all, file->content, (gssize)file->length);
	}
	if (!text)
		return g_strdup(BOOT_KIND_OFFLINE);
	return g_strdup(all->len > 0 ? guessed(all->str) : BOOT_KIND_OFFLINE);
}

/* ---- Taken over ---- */

/* What stands behind these is the name of something in the file. */
static const char *const keys[] = { "label",  "default",   "destiny", "image",
				    "initrd", "menuentry", "title",   NULL };

char *boot_take_over(const HostsWords *words, const HostsPlace *place, const char *text)
{
	g_autoptr(GPtrArray) files = boot_files(text, NULL);

	for (guint i = 0; files && i < files->len; i++) {
		BootFile *file = files->pdata[i];
		GString *now = file->content ? hosts_words_replace(words, file->content,
								   file->length, place, keys)
					     : NULL;

		if (!now)
			continue;
		g_free(file->content);
		file->length = now->len;
		file->content = g_string_free(now, FALSE);
	}
	return files ? boot_text(files) : NULL;
}
