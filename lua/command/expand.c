/* What a noderange is. */
#include "core/base.h"
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

static char *folded(const GPtrArray *names)
{
	g_autofree char *range = noderange_fold((const char *const *)names->pdata, names->len);

	return text_plain(range);
}

void command_tell_unknown(const Noderange *range)
{
	g_autofree char *excluded = folded(range->excluded);
	g_autofree char *names = noderange_missing(range);
	g_autofree char *missing = text_plain(names);

	if (range->names->len == 0 && range->excluded->len > 0)
		talk_warning("nothing is left: site.excludenodes takes out %s", excluded);
	if (range->missing->len > 0)
		talk_error("no such node or group in the database: %s", missing);
}

int command_expand(Program *program, const Request *request)
{
	NoderangeOptions how = { TRUE, program->context.prefix, program->context.suffix };
	GError *error = NULL;
	g_autoptr(Noderange) range = noderange_expand(
		program->context.cluster, request_text(request, OPTION_EXPAND), &how, &error);

	if (!range)
		return usage(error);
	print_names(range->names, request->fold);
	command_tell_unknown(range);
	return range->missing->len > 0 ? PROGRAM_REFUSED : PROGRAM_DONE;
}
