#include "lua/command/system.h"
#include "core/base.h"
#include "core/noderange.h"

/* xCAT has these for AIX alone. */
static const OptionId of_aix[] = { OPTION_LITEONLY, OPTION_NORETARGET };

static void refuse_mixed(const Work *work, const MoveSystems *systems, GError **error)
{
	g_autofree char *aix = session_typed_for(work->request, systems->aix);
	g_autofree char *others = session_typed_for(work->request, systems->others);

	g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
		    "AIX nodes and others are not moved together; move each kind alone, AIX:\n"
		    "%s\nthe others:\n%s",
		    aix, others);
}

static gboolean check_options(const Work *work, const MoveSystems *systems, GError **error)
{
	for (gsize i = 0; systems->others->len && i < G_N_ELEMENTS(of_aix); i++) {
		g_autofree char *folded = NULL;

		if (!request_text(work->request, of_aix[i]))
			continue;
		folded = noderange_fold((const char *const *)systems->others->pdata,
					systems->others->len);
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--%s is for AIX nodes, which these are not (nodetype.os): %s",
			    options_name(of_aix[i]), folded);
		return FALSE;
	}
	return TRUE;
}

char *system_script(const Work *work, GError **error)
{
	g_auto(MoveSystems) systems = { 0 };
	const char *named = work_named_script(work);

	if (!move_find_systems(work->move, work->context->cluster, &systems, error) ||
	    !check_options(work, &systems, error))
		return NULL;
	if (named)
		return g_strdup(named);
	if (systems.aix->len && systems.others->len) {
		refuse_mixed(work, &systems, error);
		return NULL;
	}
	return work_shipped_script(systems.aix->len ? "aix.lua" : "linux.lua", error);
}
