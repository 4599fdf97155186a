#include "core/change.h"

void change_free(gpointer data)
{
	Change *change = data;

	if (change->n_key > 1)
		g_free((gpointer)change->key);
	g_free(change);
}
