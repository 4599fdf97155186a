/* door - what the files of this room share. */
#pragma once
#include "core/run.h"

struct run {
	Cluster *cluster;
	gboolean planning;
	const char *step; /* NULL: outside of a step */
	const char *hook;
	char *forbidden;
	GPtrArray *changes; /* Change */
	guint committed;    /* changes before this one are written, or were only planned */
	guint done;
	GHashTable *cells; /* Change.cell -> its Change that waits for the end of the step */
	GStringChunk *text;
};

void door_change_free(gpointer change);
/* Forget the changes from `committed` on that ended where they began. */
void door_drop_unchanged(Run *run);
/* Write the changes from `committed` on, all or none. */
gboolean door_commit_rows(Run *run, GError **error);
