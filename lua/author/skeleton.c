#include "lua/author/skeleton.h"
#include "core/base.h"
#include "lua/runtime/runtime.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

G_DEFINE_QUARK(snmove_skeleton_error, skeleton_error)

/* A file of lua/author/new/, and the folder that it goes to.  NAME stands for the name in it.
 */
typedef struct {
	const char *from, *folder;
} Part;

static const struct {
	const char *kind;
	Part parts[2];
} kinds[] = {
	{ "hook", { { "hook.lua", "hooks" }, { "hook_test.lua", "tests" } } },
	{ "procedure", { { "procedure.lua", "scripts" }, { "procedure_test.lua", "tests" } } },
};

#define NAME "NAME"

/* What tells an editor and luacheck of our names; installed beside lua/api. */
static const struct {
	const char *from, *place;
} settings[] = {
	{ "luarc.json", ".luarc.json" },
	{ "luacheckrc", ".luacheckrc" },
};

#define SHARE "@SHARE@"

/* It becomes the name of a file, and a word of a shell. */
static gboolean is_name(const char *name)
{
	return g_ascii_isalpha(*name) &&
	       strspn(name,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
		       strlen(name);
}

static char *read_part(const Part *part, const char *name, GError **error)
{
	const char *data = runtime_data_directory();
	g_autofree char *path =
		g_build_filename(data ? data : "", "lua", "author", "new", part->from, NULL);
	g_autofree char *text = NULL;
	GString *made;

	if (!g_file_get_contents(path, &text, NULL, error))
		return NULL;
	made = g_string_new(text);
	g_string_replace(made, NAME, name, 0);
	return g_string_free(made, FALSE);
}

static char *place_of(const Part *part, const char *name)
{
	g_autofree char *file = g_strconcat(name, ".lua", NULL);

	return g_build_filename(part->folder, file, NULL);
}

static gboolean write_text(const char *place, const char *text, GError **error)
{
	if (!g_file_set_contents_full(place, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644,
				      error))
		return FALSE;
	printf("%s\n", place);
	return TRUE;
}

static gboolean write_part(const Part *part, const char *name, GError **error)
{
	g_autofree char *text = read_part(part, name, error);
	g_autofree char *place = place_of(part, name);

	if (!text)
		return FALSE;
	if (g_mkdir_with_parents(part->folder, 0755) != 0) {
		g_set_error(error, SKELETON_ERROR, SKELETON_ERROR_FAILED, "%s: %s",
			    part->folder, g_strerror(errno));
		return FALSE;
	}
	return write_text(place, text, error);
}

/* What the site has written itself stays: a second hook shares it with the first. */
static gboolean write_settings(GError **error)
{
	const char *data = runtime_data_directory();

	for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
		g_autofree char *path =
			g_build_filename(data ? data : "", "lua", settings[i].from, NULL);
		g_autofree char *text = NULL;
		g_autoptr(GString) made = NULL;

		if (g_file_test(settings[i].place, G_FILE_TEST_EXISTS))
			continue;
		if (!g_file_get_contents(path, &text, NULL, error))
			return FALSE;
		made = g_string_new(text);
		g_string_replace(made, SHARE, data, 0);
		if (!write_text(settings[i].place, made->str, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_free(const Part *parts, const char *name, GError **error)
{
	for (gsize i = 0; i < 2; i++) {
		g_autofree char *place = place_of(&parts[i], name);

		if (!g_file_test(place, G_FILE_TEST_EXISTS))
			continue;
		g_set_error(error, SKELETON_ERROR, SKELETON_ERROR_FAILED,
			    "%s is there already: nothing was written", place);
		return FALSE;
	}
	return TRUE;
}

gboolean skeleton_write(const char *kind, const char *name, GError **error)
{
	g_autofree char *quoted = text_quote(name);

	if (!is_name(name)) {
		g_set_error(error, SKELETON_ERROR, SKELETON_ERROR_USAGE,
			    "%s is no name: a letter, and then letters, digits and _", quoted);
		return FALSE;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		const Part *parts = kinds[i].parts;

		if (!g_str_equal(kinds[i].kind, kind))
			continue;
		if (!check_free(parts, name, error) || !write_part(&parts[0], name, error) ||
		    !write_part(&parts[1], name, error) || !write_settings(error))
			return FALSE;
		printf("try it: snmove-lua --test tests/%s.lua\n", name);
		return TRUE;
	}
	g_set_error(error, SKELETON_ERROR, SKELETON_ERROR_USAGE,
		    "--new hook NAME, or --new procedure NAME");
	return FALSE;
}
