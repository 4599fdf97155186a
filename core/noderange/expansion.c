/* What the files that evaluate a noderange call when it cannot be evaluated. */
#include "core/noderange/expansion.h"
#include "core/noderange/tree.h"

gboolean expansion_refuse(Expansion *expansion, GError **error, int code, const char *format,
			  ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	return tree_refuse(error, code, expansion->expression, expansion->place, "%s", what);
}
