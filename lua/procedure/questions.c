#include "lua/procedure/questions.h"
#include "core/base.h"
#include "lua/procedure/hooks.h"
#include "lua/terminal/talk.h"

/* Ask a hook something that only looks: changes in it are errors. */
static gboolean ask_hook(BindingContext *context, Hook *hook, const char *field,
			 gboolean (*question)(Hook *, char **, GError **), char **reason,
			 GError **error)
{
	Run *run = context->run;
	g_autofree char *forbidden = g_strdup_printf("'%s' of a hook only looks", field);
	gboolean asked;

	run_forbid(run, forbidden);
	asked = question(hook, reason, error);
	run_forbid(run, NULL);
	return asked;
}

gboolean questions_when(BindingContext *context, GPtrArray *hooks, GError **error)
{
	run_forbid(context->run, "'when' of a hook only looks");
	for (guint i = 0; i < hooks->len;) {
		gboolean wanted;

		if (!hook_when(hooks->pdata[i], &wanted, error)) {
			run_forbid(context->run, NULL);
			return FALSE;
		}
		if (wanted)
			i++;
		else
			g_ptr_array_remove_index(hooks, i);
	}
	run_forbid(context->run, NULL);
	return TRUE;
}

/* What they say no to cannot be forced: mask the hook instead. */
gboolean questions_check(BindingContext *context, const GPtrArray *hooks, GError **error)
{
	for (guint i = 0; i < hooks->len; i++) {
		Hook *hook = hooks->pdata[i];
		g_autofree char *reason = NULL;
		g_autofree char *seen = NULL, *wanted = NULL;

		if (!ask_hook(context, hook, "check", hook_check, &reason, error))
			return FALSE;
		if (!reason)
			continue;
		seen = g_strdup_printf("%s: %s", hook_name(hook), reason);
		wanted = g_strdup_printf("a yes from %s", hook_path(hook));
		takeover_problem(context->takeover, "hook", NULL, seen, wanted);
	}
	return TRUE;
}

void questions_verify(BindingContext *context, const GPtrArray *hooks)
{
	Takeover *takeover = context->takeover;

	for (guint i = 0; i < hooks->len; i++) {
		Hook *hook = hooks->pdata[i];
		g_autoptr(GError) problem = NULL;
		g_autofree char *reason = NULL;
		g_autofree char *text = NULL, *key = NULL;

		if (!ask_hook(context, hook, "verify", hook_verify, &reason, &problem))
			talk_warning("%s", problem->message);
		if (problem || reason)
			text = g_strdup_printf("hook '%s', verify: %s", hook_name(hook),
					       problem ? "it failed" : reason);
		key = TEXT_KEY("hook", "verify", hook_name(hook));
		takeover_outcome(takeover, "verify", key, text, FALSE);
	}
}
