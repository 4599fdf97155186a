/*
 * file - what putting files and editing one have in common.
 *
 * Private to run.
 */
#pragma once
#include "core/run/call.h"

/* What one host gets. */
typedef struct {
	Change **changes;   /* by file; NULL: it is as it shall be */
	guint *ordinals;    /* by file */
	RemotePutFile *way; /* those that are changed */
	guint n_way;
} Put;

/* Of a CallClass.  The request is a RunPut, and Call.own counts what is changed, by host. */
void file_looked(Call *call, guint place, const GString *said);
GBytes *file_script(Call *call, guint place, GError **error);
ChangeState file_judge(Call *call, guint place, RemoteResult *result);
char *file_words(const Call *call, guint place);
void file_clear(CallPlace *place);

/* What the place keeps: freed with it. */
Put *file_own(Call *call, guint place);
/* A plan sees what it has planned already. */
void file_see_planned(Call *call, guint place, const RemoteFile *file, RemoteSeen *seen);
