/*
 * The script that puts files on a host, all or none: the functions of put.sh, and the steps for
 * the files of one call.
 *
 * It is one compound command, so a shell runs nothing of it before it has all of it; from then
 * on it needs nobody any more, and comes to its end or to its beginning whatever becomes of
 * the connection.  What its commands say goes into a file first: a lost connection would
 * break their pipe.
 */
#include "core/base.h"
#include "core/remote/files.h"
#include "core/remote/put.sh.h"
#include "core/remote/shell.h"
#include "core/remote/state.sh.h"
#include "core/remote/tools.sh.h"
#include <string.h>

/* Is it written into?  Then nothing takes its place. */
static gboolean is_in_place(const RemotePutFile *file)
{
	return remote_state_is_mount(file->before) && g_str_has_prefix(file->after, "file ");
}

/* The folder of a mount may be one where nothing can be written. */
static char *beside(const RemotePutFile *file)
{
	g_autofree char *folder = g_path_get_dirname(file->file->path);
	g_autofree char *name = g_path_get_basename(file->file->path);
	g_autofree char *token = g_path_get_basename(file->kept);
	g_autofree char *hidden = g_strdup_printf(".%s.snmove-%s", name, token);

	if (is_in_place(file))
		return g_strconcat(file->kept, ".put", NULL);
	return g_build_filename(folder, hidden, NULL);
}

static gboolean is_absent(const char *state)
{
	return g_str_equal(state, REMOTE_ABSENT);
}

static void set_variable(GString *script, const char *name, guint number, const char *value)
{
	g_autofree char *quoted = g_shell_quote(value);

	g_string_append_printf(script, "%s%u=%s ", name, number, quoted);
}

/* path1, new1, kept1, before1, after1, and in at1 where it is. */
static void add_variables(GString *script, const RemotePutFile *file, guint i)
{
	g_autofree char *new = beside(file);

	set_variable(script, "path", i, file->file->path);
	set_variable(script, "new", i, new);
	set_variable(script, "kept", i, is_absent(file->before) ? "" : file->kept);
	set_variable(script, "before", i, file->before);
	set_variable(script, "after", i, file->after);
	g_string_append_printf(script,
			       "\nat%u=$(at \"$path%u\" \"$before%u\" \"$after%u\" \"$new%u\" "
			       "\"$kept%u\")\n",
			       i, i, i, i, i, i);
}

static void add_back_one(GString *script, const RemotePutFile *file, guint i)
{
	if (is_in_place(file))
		g_string_append_printf(
			script,
			"\tcase $at%u in after | half) acted=1; write_into "
			"\"$path%u\" \"$kept%u\" \"$before%u\" || bad=1 ;; esac\n",
			i, i, i, i);
	else
		g_string_append_printf(script,
				       "\tcase $at%u in after) acted=1; put_back \"$path%u\" "
				       "\"$new%u\" \"$kept%u\" || bad=1 ;; esac\n",
				       i, i, i, i);
}

/* Of one that was written into by an earlier try, and then by somebody else, all is left: what
 * it was is nowhere else. */
static void add_clean(GString *script, const RemotePutFile *file, guint i)
{
	if (is_in_place(file))
		g_string_append_printf(script, "\t[ \"$again$at%u\" = 1other ] ||", i);
	g_string_append_printf(script,
			       "\trm -f \"$new%u\" ${kept%u:+\"$kept%u\" \"$kept%u.new\"}\n", i,
			       i, i, i);
}

/* Everything as it was: also what an earlier try has swapped in. */
static void add_back(GString *script, const RemotePutFile *files, guint n, const char *activate)
{
	g_string_append(script, "back() {\n\tbad= acted=\n");
	for (guint i = n; i > 0; i--)
		add_back_one(script, &files[i - 1], i);
	if (activate)
		g_string_append(script, "\t[ -z \"$acted\" ] || activate\n");
	g_string_append(script, "\t[ -z \"$bad\" ] || end half \"$@\"\n");
	for (guint i = 1; i <= n; i++)
		add_clean(script, &files[i - 1], i);
	g_string_append(script, "\tend \"$@\"\n}\n");
}

static void add_command(GString *script, const char *name, const char *command)
{
	g_autofree char *quoted = command ? g_shell_quote(command) : NULL;

	if (quoted)
		g_string_append_printf(script,
				       "%s() { (eval %s) >\"$log\" 2>&1 9>&- </dev/null; s=$?; "
				       "tell; return $s; }\n",
				       name, quoted);
}

static void add_make(GString *script, const RemotePutFile *put, guint i)
{
	const RemoteFile *file = put->file;
	g_auto(GStrv) words = g_strsplit(put->after, " ", -1);
	g_autofree char *content = NULL;

	if (is_in_place(put))
		g_string_append_printf(
			script, "[ $at%u = half ] && is_whole \"$new%u\" \"$after%u\" || ", i,
			i, i);
	else
		g_string_append_printf(script, "[ $at%u = after ] || ", i);
	switch (file->kind) {
	case REMOTE_FILE:
		g_string_append_printf(script,
				       "make_file \"$new%u\" \"$path%u\" %s %s \"$after%u\" "
				       "<<'END_OF_FILE' || back failed %u\n",
				       i, i, words[1],
				       g_str_equal(words[2], "-") ? "''" : words[2], i, i);
		script_add_base64(script, file->content, file->length);
		g_string_append(script, "END_OF_FILE\n");
		break;
	case REMOTE_FILE_LINK:
	case REMOTE_FILE_COPY:
		content = g_shell_quote(file->content);
		g_string_append_printf(
			script, "%s \"$new%u\" %s \"$after%u\" || back failed %u\n",
			file->kind == REMOTE_FILE_LINK ? "make_link" : "make_copy", i, content,
			i, i);
		break;
	case REMOTE_FILE_GONE:
		g_string_append(script, ":\n");
		break;
	}
}

/* The new files, for the check, where they lie now; $paths has where they will lie. */
static void add_check(GString *script, const RemotePutFile *files, guint n)
{
	g_string_append(script, "set --\npaths=\n");
	for (guint i = 1; i <= n; i++)
		if (files[i - 1].file->kind != REMOTE_FILE_GONE)
			g_string_append_printf(
				script,
				"if [ $at%u = after ]; then set -- \"$@\" "
				"\"$path%u\"; else set -- \"$@\" \"$new%u\"; fi\n"
				"paths=\"$paths$path%u\n\"\n",
				i, i, i, i);
	g_string_append(script, "check \"$@\" || back check $?\n");
}

static void add_swap(GString *script, const RemoteFile *file, guint i)
{
	g_autofree char *new = file->kind == REMOTE_FILE_GONE
				       ? g_strdup("''")
				       : g_strdup_printf("\"$new%u\"", i);

	g_string_append_printf(
		script,
		"if [ $at%u = before ]; then swap \"$path%u\" %s \"$before%u\" || "
		"back $why %u; at%u=after; fi\n",
		i, i, new, i, i, i);
}

/* It is half done from its first byte on. */
static void add_write_into(GString *script, guint i)
{
	g_string_append_printf(
		script,
		"[ $at%u = half ] || [ \"$(state \"$path%u\")\" = \"$before%u\" ] || "
		"back conflict %u\nat%u=half\n"
		"write_into \"$path%u\" \"$new%u\" \"$after%u\" || back failed %u\n",
		i, i, i, i, i, i, i, i, i);
}

/* What can be undone in one move comes first: so there is less to be written back. */
static void add_swaps(GString *script, const RemotePutFile *files, guint n)
{
	for (guint i = 1; i <= n; i++)
		if (!is_in_place(&files[i - 1]))
			add_swap(script, files[i - 1].file, i);
	for (guint i = 1; i <= n; i++)
		if (is_in_place(&files[i - 1]))
			add_write_into(script, i);
	g_string_append(script, "to_disk");
	for (guint i = 1; i <= n; i++)
		g_string_append_printf(
			script,
			is_in_place(&files[i - 1]) ? " \"$path%u\"" : " \"${path%u%%/*}/\"", i);
	g_string_append(script, " 2>/dev/null || :\n");
}

/* What was kept of an earlier put, and is in its place again, is not needed any more; nor is
 * what was written into a file. */
static void add_forget(GString *script, const RemotePutFile *put, guint i)
{
	const RemoteFile *file = put->file;
	g_autofree char *used =
		file->kind == REMOTE_FILE_COPY ? g_shell_quote(file->content) : NULL;

	if (used)
		g_string_append_printf(script, "rm -f %s\n", used);
	if (is_in_place(put))
		g_string_append_printf(script, "rm -f \"$new%u\"\n", i);
	if (put->forgotten)
		g_string_append_printf(script, "rm -f ${kept%u:+\"$kept%u\"}\n", i, i);
}

/* Some of it may be there already; but what somebody else has written into is nobody's to take
 * back. */
static void add_back_alone(GString *script, const RemotePutFile *files, guint n)
{
	for (guint i = 1; i <= n; i++)
		if (is_in_place(&files[i - 1]))
			g_string_append_printf(script,
					       "[ $at%u != other ] || end conflict %u\n", i, i);
	g_string_append(script, "back done\n");
}

/* The files are put, once it is known that they can be. */
static void add_steps(GString *script, const RemotePutFile *files, guint n, gboolean check,
		      gboolean activate)
{
	for (guint i = 1; i <= n; i++)
		g_string_append_printf(script, "[ $at%u != other ] || back conflict %u\n", i,
				       i);
	for (guint i = 1; i <= n; i++)
		add_make(script, &files[i - 1], i);
	for (guint i = 1; i <= n; i++)
		g_string_append_printf(
			script,
			"[ $at%u != before ] || [ -z \"$kept%u\" ] || keep "
			"\"$path%u\" \"$kept%u\" \"$before%u\" || back failed %u\n",
			i, i, i, i, i, i);
	/* What is in place shall have its content, whatever becomes of the host. */
	g_string_append(script, "to_disk");
	for (guint i = 1; i <= n; i++)
		g_string_append_printf(script, " \"$new%u\" ${kept%u:+\"$kept%u\"}", i, i, i);
	g_string_append(script, " 2>/dev/null || :\n");
	if (check)
		add_check(script, files, n);
	add_swaps(script, files, n);
	if (activate)
		g_string_append(script, "activate || back activate $?\n");
	for (guint i = 1; i <= n; i++)
		add_forget(script, &files[i - 1], i);
	g_string_append(script, "end done\n");
}

GString *remote_put(const RemotePutFile *files, guint n, const char *call, const char *check,
		    const char *activate, RemotePutMode mode)
{
	GString *script =
		g_string_new("locked=\n[ ! -w /run ] || ! command -v flock >/dev/null || "
			     "locked=/run/snmove-put.lock\n(\n");
	g_autofree char *folder = g_path_get_dirname(files[0].kept);
	g_autofree char *log = g_build_filename(folder, call, NULL);
	g_autofree char *quoted = g_shell_quote(log);

	g_string_append(script, "decode() ");
	script_add_decode(script);
	g_string_append_printf(script, "\n%s%s%slog=%s.log again=%s mine=\n", tools_sh,
			       state_sh, put_sh, quoted, mode == REMOTE_PUT ? "" : "1");
	g_string_append(script, "(umask 077; mkdir -p \"${log%/*}\") || end failed 1\n"
				"wait_for_turn || end busy\n"
				"(umask 077; : >\"$log\") || end failed 1\n");
	add_command(script, "check", check);
	add_command(script, "activate", activate);
	add_back(script, files, n, activate);
	for (guint i = 1; i <= n; i++)
		add_variables(script, &files[i - 1], i);
	if (mode == REMOTE_PUT_BACK)
		add_back_alone(script, files, n);
	else
		add_steps(script, files, n, check != NULL, activate != NULL);
	g_string_append(script, ") </dev/null 9>\"${locked:-/dev/null}\"\n");
	return script;
}

/* ---- Only tried ---- */

static void add_tried(GString *script, const RemoteFile *file, guint i)
{
	g_autofree char *folder = g_path_get_dirname(file->path);
	g_autofree char *name = g_path_get_basename(file->path);
	g_autofree char *hidden = g_strdup_printf("%s/.%s.snmove-try-", folder, name);
	g_autofree char *word = NULL;

	set_variable(script, "path", i, file->path);
	set_variable(script, "new", i, hidden);
	word = g_strdup_printf("\"$new%u\"", i);
	g_string_append_printf(script, "\nnew%u=$new%u$$\n", i, i);
	remote_script_write(script, word, file->content, file->length);
	g_string_append_printf(script,
			       "set -- \"$@\" \"$new%u\"\n"
			       "paths=\"$paths$path%u\n\"\n",
			       i, i);
}

GString *remote_try(const RemoteFile *files, guint n, const char *check)
{
	GString *script = g_string_new("(exec 2>&1\numask 077\nset --\npaths=\n"
				       "trap 'rm -f \"$@\"' EXIT\n"
				       "trap 'exit 1' HUP INT TERM\n");
	g_autofree char *quoted = g_shell_quote(check);

	for (guint i = 1; i <= n; i++)
		if (files[i - 1].kind == REMOTE_FILE && files[i - 1].content)
			add_tried(script, &files[i - 1], i);
	g_string_append_printf(
		script, "check() { (eval %s) 2>&1; }\ncheck \"$@\"\n) </dev/null\n", quoted);
	return script;
}

/* What the script says last, with the number of the path or a status: in words around it. */
static const struct {
	const char *word;
	RemoteErrorCode error;
	const char *front, *back;
} outcomes[] = {
	{ "conflict", REMOTE_CONFLICT, "somebody has changed ", " since it was looked at" },
	{ "failed", REMOTE_UNWRITTEN, "cannot write ", "" },
	{ "check", REMOTE_UNCHECKED, "the check of the new files ended with status ", "" },
	{ "activate", REMOTE_UNACTIVATED, "status ", ", and the old files are back" },
	{ "busy", REMOTE_UNWRITTEN, "other files are being put there", "" },
};

#define WORDS 400 /* bytes of what a checker says, in a message */

/* The end of what was said, in one line.  Gives the text. */
static char *last_words(const GString *said)
{
	gsize from = said->len > WORDS ? said->len - WORDS : 0;
	g_autofree char *end = shell_one_line(said->str + from);

	return g_strconcat(from > 0 ? "..." : "", end, NULL);
}

/* "conflict 2", "check 3", "busy". */
static void take_outcome(const RemotePutFile *files, guint n, RemoteResult *result, char **said,
			 gboolean half)
{
	g_autofree char *err = last_words(result->err);
	const char *colon = *err ? ": " : "";
	guint64 number = said[0] && said[1] ? g_ascii_strtoull(said[1], NULL, 10) : 0;

	result->error = REMOTE_UNKNOWN;
	result->status = -1;
	for (gsize i = 0; said[0] && i < G_N_ELEMENTS(outcomes); i++) {
		g_autofree char *subject = g_strdup(said[1] ? said[1] : "");

		if (!g_str_equal(said[0], outcomes[i].word))
			continue;
		if (i < 2 && number >= 1 && number <= n) {
			g_free(subject);
			subject = text_quote(files[number - 1].file->path);
		}
		result->error = half ? REMOTE_UNKNOWN : outcomes[i].error;
		result->message = g_strconcat(
			outcomes[i].front, subject, outcomes[i].back, colon, err,
			half ? "; and not all of the old files could be put back: look there"
			     : "",
			NULL);
		return;
	}
	result->message =
		g_strconcat(half ? "not all of the old files could be put back: look there"
				 : "the script that puts files was killed",
			    colon, err, NULL);
}

void remote_put_judge(const RemotePutFile *files, guint n, RemoteResult *result)
{
	g_auto(GStrv) said = NULL;
	gboolean half;

	if (result->error != REMOTE_OK || !result->begun)
		return;
	g_strchomp(result->out->str);
	if (g_str_has_prefix(result->out->str, REFUSED)) {
		result->error = REMOTE_UNWRITTEN;
		result->status = -1;
		result->message = shell_one_line(result->out->str + strlen(REFUSED));
		g_string_truncate(result->out, 0);
		return;
	}
	said = g_strsplit(result->out->str, " ", -1);
	half = g_strcmp0(said[0], "half") == 0;
	if (g_strcmp0(said[0], "done") == 0)
		result->status = 0;
	else
		take_outcome(files, n, result, said + half, half);
	g_string_truncate(result->out, 0);
}
