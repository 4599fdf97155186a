/* What a noderange is. */
#include "core/noderange.h"
#include "lua/command/command.h"
#include "lua/terminal/talk.h"
#include <stdio.h>

static void print_names(const GPtrArray *names, gboolean fold)
{
	g_autofree char *folded = NULL;

	if (!fold) {
		for (guint i = 0; i < names->len; i++)
			puts(names->pdata[i]);
		return;
	}
	folded = noderange_fold((const char *const *)names->pdata, names->len);
	if (*folded)
		puts(folded);
}

static int usage(GError *error)
{
	talk_error("%s", error->message);
	g_error_free(error);
	return PROGRAM_USAGE;
}

int command_expand(Program *program, const Request *request)
{
	NoderangeOptions how = { TRUE, program->context.prefix, program->context.suffix };
	GError *error = NULL;
	g_autoptr(Noderange) range = noderange_expand(
		program->context.cluster, request_text(request, OPTION_EXPAND), &how, &error);
	g_autofree char *folded = NULL;

	if (!range)
		return usage(error);
	print_names(range->names, request->fold);
	if (range->names->len == 0 && range->excluded->len > 0) {
		folded = noderange_fold((const char *const *)range->excluded->pdata,
					range->excluded->len);
		talk_warning("nothing is left: site.excludenodes takes out %s", folded);
	}
	if (range->missing->len == 0)
		return PROGRAM_DONE;
	g_free(folded);
	folded =
		noderange_fold((const char *const *)range->missing->pdata, range->missing->len);
	talk_error("no such node or group in the database: %s", folded);
	return PROGRAM_REFUSED;
}
