/*
 * heard - what scripts came to on hosts, told to who keeps it (remote_on_recorded).
 *
 * Private to remote/.
 */
#pragma once
#include "core/remote/task.h"

/* The task's look has ended with this status; its output is the result's for now. */
void heard_look(const Task *task, int status);
/* The task is over. */
void heard_end(const Task *task);
