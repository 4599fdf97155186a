#include "core/remote/heard.h"

static struct {
	RemoteRecorder tell;
	gpointer data;
} recorder;

void remote_on_recorded(RemoteRecorder tell, gpointer data)
{
	recorder.tell = tell;
	recorder.data = data;
}

static void tell(const Task *task, const char *script, gsize length, int status)
{
	RemoteRecorded recorded = { .host = task->given->host,
				    .script = script,
				    .length = length,
				    .status = status,
				    .result = task->result };

	if (recorder.tell)
		recorder.tell(&recorded, recorder.data);
}

void heard_look(const Task *task, int status)
{
	tell(task, task->given->look, task->given->look_length, status);
}

void heard_end(const Task *task)
{
	if (task->result->begun)
		tell(task, task->given->script, task->given->length, task->result->status);
	else if (task->result->error != REMOTE_OK)
		tell(task, NULL, 0, -1);
}
