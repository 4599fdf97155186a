/* The hooks that a move would ask: their `when` says then whether they take part. */
#include "core/base.h"
#include "lua/command/work.h"
#include "lua/procedure/hooks.h"
#include <stdio.h>

#define INDENT 14

static void tell_line(const char *name, char *given)
{
	g_autofree char *text = given;
	g_autofree char *plain = text_plain(text);

	if (*plain)
		printf("%*s%s%s\n", INDENT, "", name, plain);
}

static void tell_hook(const Hook *hook, const char *const *steps)
{
	g_autofree char *name = text_plain(hook_name(hook));
	g_autofree char *path = text_plain(hook_path(hook));

	printf("%-*s %s\n", INDENT - 1, name, path);
	tell_line("", g_strdup(hook_summary(hook)));
	tell_line("", hook_places(hook, steps));
	tell_line("settings: ", hook_settings(hook));
	tell_line("limits: ", hook_limits(hook));
}

/* As a move would: with some of xCAT's commands its steps have another order. */
static gboolean load(Work *work, GError **error)
{
	g_autofree char *script = work_script(work, error);

	if (!script)
		return FALSE;
	work_take_move(work, move_recall(NULL, 0), "first");
	work_fill_options(work);
	return work_load(work, script, error);
}

int command_hooks_list(Program *program, const Config *config, Request *request)
{
	g_auto(Work) work = { 0 };
	g_auto(GStrv) steps = NULL;
	const GPtrArray *hooks, *left;
	GError *error = NULL;

	if (!work_begin(&work, program, config, request, TRUE, &error) || !load(&work, &error))
		return command_fail(error);
	hooks = procedure_hooks(work.procedure);
	left = procedure_left_out(work.procedure);
	steps = procedure_steps(work.procedure);
	for (guint i = 0; i < hooks->len; i++)
		tell_hook(hooks->pdata[i], (const char *const *)steps);
	for (guint i = 0; i < left->len; i++) {
		g_autofree char *line = text_plain(left->pdata[i]);

		puts(line);
	}
	printf("%u hook%s would be asked\n", hooks->len, hooks->len == 1 ? "" : "s");
	return PROGRAM_DONE;
}
