#include "core/change.h"

void change_free(gpointer data)
{
	Change *change = data;

	if (change->n_key > 1)
		g_free((gpointer)change->key);
	if (change->command) {
		g_clear_pointer(&change->command->out, g_bytes_unref);
		g_clear_pointer(&change->command->err, g_bytes_unref);
		g_free(change->command);
	}
	if (change->file) {
		g_clear_pointer(&change->file->old, g_bytes_unref);
		g_clear_pointer(&change->file->new, g_bytes_unref);
		g_free(change->file);
	}
	g_free(change);
}
