/*
 * task - what is said with one shell: a greeting, the script, and its end.
 *
 * The greeting is a line that nobody else prints: what comes before it (a banner, what a
 * profile says) is no output of ours.  On stdout it comes with the shell and not on its
 * standard input, which a profile may read (it gets an empty line, which a shell passes over);
 * root's own shell prints it, whichever that is, and becomes /bin/sh.  On stderr it comes with
 * the first script, as shells do not agree how to write there; before that the shell gets rid
 * of what start files have exported for shells (begin.sh).  The script is handed over when it
 * may begin.  The same line with a number behind it is the end, so that something left running
 * in the background does not keep us, and a lost connection is not taken for an exit status.
 */
#pragma once
#include "core/remote/shell.h"

typedef enum {
	TASK_WAITING,  /* not started, or to be tried again at `wake` */
	TASK_REACHING, /* the shell is on its way, or has not answered the greeting */
	TASK_LOOKING,  /* greeted, and its look is running */
	TASK_READY,    /* the script may begin */
	TASK_RUNNING,
	TASK_OVER, /* the result stands */
} TaskPhase;

/* One of the two streams from a shell. */
typedef struct {
	GString *bytes;
	gboolean greeted, ended;
	int status; /* once it has ended; -1: the stream ended without */
	guint64 lost;
} TaskStream;

typedef struct {
	const RemoteTask *given;
	RemoteResult *result;
	Shell *shell;
	TaskPhase phase;
	TaskStream streams[2]; /* by ShellStream */
	GString *to_write;
	gsize written;
	gint64 deadline; /* monotonic, in microseconds, of what it does now */
	gint64 wake;	 /* of another try */
	gint64 began;
	guint tries;
	guint next;	     /* 1 + the task that takes its shell over; 0: none */
	gboolean follows;    /* it is another one's next */
	gboolean more;	     /* there may be more to read that poll does not tell of */
	gboolean logging_in; /* the deadline is that of the login */
} Task;

/* Its shell begins.  Takes `shell`. */
void task_start(Task *task, Shell *shell, const RemoteLimits *limits);
/* What a shell does first.  Gives the text. */
char *task_greeting(const char *marker);
/* What stands before the first script, and behind each.  Give the text. */
char *task_before(const char *marker);
char *task_after(const char *marker);
/* Is there something to be said or heard? */
static inline gboolean task_is_talking(const Task *task)
{
	return task->phase == TASK_REACHING || task->phase == TASK_LOOKING ||
	       task->phase == TASK_RUNNING;
}

/* The script is handed over; one that has none is over. */
void task_begin(Task *task, const RemoteLimits *limits, const char *marker);
/* Do what can be done; TRUE: something has changed. */
gboolean task_step(Task *task, const RemoteLimits *limits, const char *marker);
/* Its deadline has passed, or it is not to be done any more. */
void task_give_up(Task *task, RemoteErrorCode error, const char *message);
/* It has ended, and its shell is there: the next one takes it over. */
void task_hand_over(Task *from, Task *to, const RemoteLimits *limits, const char *marker);
/* The result stands: the shell is closed.  `limit`: bytes of output. */
void task_close(Task *task, gsize limit);
/* Is there something to write? */
gboolean task_is_writing(const Task *task);
