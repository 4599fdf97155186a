/* kinds - the class of each kind, each in a file of its own. */
#pragma once
#include "core/change.h"

extern const ChangeClass change_row_class, change_entry_class, change_file_class,
	change_command_class;

/* For tables of fields: where a field lies, and their end. */
#define ITSELF(member) FALSE, G_STRUCT_OFFSET(Change, member)
#define DETAIL(member) TRUE, G_STRUCT_OFFSET(CHANGE_DETAIL, member)
#define CHANGE_FIELDS_END                                                                      \
	{                                                                                      \
		NULL, NULL, CHANGE_FIELD_END, FALSE, 0, FALSE                                  \
	}

/* What has become of a change on a host; NULL: what was to be expected. */
const char *change_outcome(const Change *change);
/* ", failed, depends on a result": what a transition says beside it; "": nothing.  Gives the
 * text. */
char *change_remarks(const Change *change);
/* Of a file, a service or a command: what an undo leaves or takes together.  Gives a key. */
char *change_call_unit(const Change *change);
/* ChangeClass.way of what can be looked at, also if nobody knows how it ended. */
ChangeWay change_way_seen(const Change *change);
