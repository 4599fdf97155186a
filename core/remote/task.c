#include "core/remote/task.h"
#include "core/remote/begin.sh.h"
#include "core/remote/heard.h"
#include <string.h>

#define BLOCK	 ((gsize)1 << 15)
#define BANNER	 ((gsize)1 << 16) /* before the greeting, kept only to search it */
#define SLACK	 ((gsize)1 << 16) /* beyond the limit, before it is cut */
#define END_SIZE 128		  /* no end mark is longer */

static gint64 in_time(guint milliseconds)
{
	return g_get_monotonic_time() + (gint64)milliseconds * 1000;
}

void task_start(Task *task, Shell *shell, const RemoteLimits *limits)
{
	task->shell = shell;
	task->phase = TASK_REACHING;
	if (task->tries++ == 0) {
		task->began = g_get_monotonic_time();
		task->deadline = in_time(limits->connect_time);
	}
	if (task->to_write)
		g_string_free(task->to_write, TRUE);
	task->to_write = g_string_new("\n");
	task->written = 0;
	for (int i = 0; i < 2; i++) {
		if (task->streams[i].bytes)
			g_string_free(task->streams[i].bytes, TRUE);
		task->streams[i] = (TaskStream){ .bytes = g_string_new(NULL), .status = -1 };
	}
	g_clear_pointer(&task->result->message, g_free);
	task->result->transport = shell->class->name;
}

char *task_greeting(const char *marker)
{
	return g_strdup_printf("printf \"\\n%%s\\n\" %s; exec /bin/sh", marker);
}

char *task_before(const char *marker)
{
	return g_strdup_printf("%sprintf '\\n%%s\\n' %s >&2\n", begin_sh, marker);
}

char *task_after(const char *marker)
{
	return g_strdup_printf("s=$?\nprintf '\\n%%s %%d\\n' %s $s >&2; "
			       "printf '\\n%%s %%d\\n' %s $s\n",
			       marker, marker);
}

/* A script, and what tells of its end on both streams; before the first one, where stderr
 * begins. */
static void say(Task *task, const char *script, gsize length, const char *marker,
		const RemoteLimits *limits)
{
	g_autofree char *before = task_before(marker);
	g_autofree char *after = task_after(marker);

	if (!task->streams[SHELL_ERR].greeted)
		g_string_append(task->to_write, before);
	g_string_append_len(task->to_write, script, (gssize)length);
	g_string_append(task->to_write, after);
	task->deadline = in_time(limits->time);
}

static void succeed(Task *task, int status)
{
	task->result->status = status;
	task->shell->ended = TRUE;
	task->phase = TASK_OVER;
}

void task_begin(Task *task, const RemoteLimits *limits, const char *marker)
{
	const RemoteTask *given = task->given;

	if (!given->script) {
		succeed(task, 0);
		return;
	}
	say(task, given->script, given->length, marker, limits);
	if (!task->next)
		g_string_append(task->to_write, "exit $s\n");
	task->phase = TASK_RUNNING;
	task->result->begun = TRUE;
}

static TaskStream new_stream(void)
{
	return (TaskStream){ .bytes = g_string_new(NULL), .greeted = TRUE, .status = -1 };
}

/* The shell is greeted: the look comes, or the script may. */
static void hear_out(Task *task, const RemoteLimits *limits, const char *marker)
{
	const RemoteTask *given = task->given;

	task->phase = given->look ? TASK_LOOKING : TASK_READY;
	if (given->look)
		say(task, given->look, given->look_length, marker, limits);
}

void task_hand_over(Task *from, Task *to, const RemoteLimits *limits, const char *marker)
{
	to->shell = from->shell;
	from->shell = NULL;
	to->shell->ended = FALSE;
	to->began = g_get_monotonic_time();
	to->tries = 1;
	to->logging_in = TRUE;
	to->to_write = g_string_new(NULL);
	to->result->transport = to->shell->class->name;
	for (int i = 0; i < 2; i++)
		to->streams[i] = new_stream();
	hear_out(to, limits, marker);
}

gboolean task_is_writing(const Task *task)
{
	return task->to_write && task->written < task->to_write->len;
}

/* The first `length` bytes are the output, of which `limit` are kept. */
static void limit_to(TaskStream *stream, gsize length, gsize limit)
{
	if (length > limit)
		stream->lost += length - limit;
	g_string_truncate(stream->bytes, MIN(length, limit));
}

void task_close(Task *task, gsize limit)
{
	if (task->shell)
		task->shell->class->free(task->shell);
	task->shell = NULL;
	if (task->to_write)
		g_string_free(task->to_write, TRUE);
	task->to_write = NULL;
	task->phase = TASK_OVER;
	if (task->began)
		task->result->milliseconds =
			(guint)((g_get_monotonic_time() - task->began) / 1000);
	if (!task->result->begun)
		return;
	for (int i = 0; i < 2; i++) {
		GString **out = i == SHELL_OUT ? &task->result->out : &task->result->err;

		if (task->streams[i].greeted) {
			limit_to(&task->streams[i], task->streams[i].bytes->len, limit);
			g_string_free(*out, TRUE);
			*out = g_steal_pointer(&task->streams[i].bytes);
		}
	}
	task->result->out_lost = task->streams[SHELL_OUT].lost;
	task->result->err_lost = task->streams[SHELL_ERR].lost;
}

static void fail(Task *task, RemoteErrorCode error, char *message)
{
	task->result->error = error;
	g_free(task->result->message);
	task->result->message = message;
	task->phase = TASK_OVER;
}

void task_give_up(Task *task, RemoteErrorCode error, const char *message)
{
	fail(task, error, g_strdup(message));
}

/* Bytes beyond the limit go, but for the last, where the end mark may be. */
static void cut(TaskStream *stream, gsize limit)
{
	gsize keep = stream->bytes->len > END_SIZE ? stream->bytes->len - END_SIZE : 0;

	if (stream->bytes->len <= limit + SLACK || keep <= limit)
		return;
	stream->lost += keep - limit;
	g_string_erase(stream->bytes, (gssize)limit, (gssize)(keep - limit));
}

/* The place right behind "\nMARKER" and `last`, from `from` on; or 0. */
static gsize find_mark(const GString *bytes, gsize from, const char *marker, char last,
		       gsize *before)
{
	g_autofree char *mark = g_strdup_printf("\n%s%c", marker, last);
	const char *found = memmem(bytes->str + from, bytes->len - from, mark, strlen(mark));

	if (!found)
		return 0;
	*before = (gsize)(found - bytes->str);
	return *before + strlen(mark);
}

static void look_for_greeting(TaskStream *stream, gsize from, const char *marker)
{
	gsize before, after = find_mark(stream->bytes, from, marker, '\n', &before);

	if (after) {
		g_string_erase(stream->bytes, 0, (gssize)after);
		stream->greeted = TRUE;
	} else if (stream->bytes->len > BANNER) {
		g_string_erase(stream->bytes, 0, (gssize)(stream->bytes->len - END_SIZE));
	}
}

static void look_for_end(TaskStream *stream, gsize from, gsize limit, const char *marker)
{
	gsize before, after = find_mark(stream->bytes, from, marker, ' ', &before);

	if (!after || !memchr(stream->bytes->str + after, '\n', stream->bytes->len - after)) {
		cut(stream, limit);
		return;
	}
	stream->ended = TRUE;
	stream->status = (int)g_ascii_strtoll(stream->bytes->str + after, NULL, 10);
	limit_to(stream, before, limit);
}

static void take(TaskStream *stream, const char *bytes, gsize length, gsize limit,
		 const char *marker)
{
	gsize from = stream->bytes->len > END_SIZE ? stream->bytes->len - END_SIZE : 0;

	g_string_append_len(stream->bytes, bytes, (gssize)length);
	if (!stream->greeted) {
		look_for_greeting(stream, from, marker);
		from = 0;
	}
	if (stream->greeted)
		look_for_end(stream, from, limit, marker);
}

/* Give the other hosts their turn, too. */
#define BLOCKS_A_STEP 16

static gboolean read_stream(Task *task, ShellStream which, const RemoteLimits *limits,
			    const char *marker)
{
	TaskStream *stream = &task->streams[which];
	static char buffer[BLOCK];
	gboolean changed = FALSE;
	int blocks;

	for (blocks = 0; blocks < BLOCKS_A_STEP && !stream->ended; blocks++) {
		gssize got = task->shell->class->read(task->shell, which, buffer, BLOCK);

		if (got == SHELL_LATER)
			break;
		changed = TRUE;
		if (got <= 0)
			stream->ended = TRUE;
		else
			take(stream, buffer, (gsize)got, limits->output, marker);
	}
	task->more |= blocks == BLOCKS_A_STEP; /* libssh2 may have more, unread */
	return changed;
}

static gboolean write_script(Task *task)
{
	gboolean changed = FALSE;

	while (task_is_writing(task)) {
		gssize put = task->shell->class->write(task->shell,
						       task->to_write->str + task->written,
						       task->to_write->len - task->written);

		if (put <= 0) /* lost: reading tells more */
			return changed;
		task->written += (gsize)put;
		changed = TRUE;
	}
	return changed;
}

/* What a shell says that ends before it has greeted us, in one line. */
static char *last_words(const Task *task)
{
	g_autofree char *err = shell_one_line(task->streams[SHELL_ERR].bytes->str);
	g_autofree char *out = shell_one_line(task->streams[SHELL_OUT].bytes->str);

	if (!*err && !*out)
		return g_strdup("the connection ended before a shell answered");
	return g_strdup_printf("no shell answered; it said: %s", *err ? err : out);
}

/* The shell has failed, or its streams ended without the mark. */
static void take_failure(Task *task)
{
	Shell *shell = task->shell;

	if (task->phase == TASK_RUNNING) {
		fail(task, REMOTE_LOST, g_strdup("the connection ended while the command ran"));
	} else if (task->phase == TASK_LOOKING) {
		fail(task, REMOTE_LOST, g_strdup("the connection ended before it began"));
	} else if (shell->state == SHELL_FAILED) {
		fail(task, shell->error, g_strdup(shell->message));
	} else {
		shell->error = REMOTE_LOST;
		if (shell->class->judge)
			shell->class->judge(shell, task->streams[SHELL_ERR].bytes->str);
		fail(task, shell->error,
		     shell->message ? g_strdup(shell->message) : last_words(task));
	}
}

/* What the look gave is the result, until the script has one. */
static void end_look(Task *task)
{
	int status = task->streams[SHELL_OUT].status;
	GString **kept[] = {
		[SHELL_OUT] = &task->result->out, [SHELL_ERR] = &task->result->err
	};

	for (int i = 0; i < 2; i++) {
		g_string_free(*kept[i], TRUE);
		*kept[i] = task->streams[i].bytes;
		task->streams[i] = new_stream();
	}
	if (status == 0)
		task->phase = TASK_READY;
	else
		succeed(task, status);
	heard_look(task, status);
}

static void next_phase(Task *task, const RemoteLimits *limits, const char *marker)
{
	TaskStream *out = &task->streams[SHELL_OUT], *err = &task->streams[SHELL_ERR];

	if (task->phase == TASK_REACHING && out->greeted) {
		hear_out(task, limits, marker);
	} else if (task->phase == TASK_LOOKING && out->status >= 0 && err->ended) {
		end_look(task);
	} else if (task->phase != TASK_LOOKING && out->status >= 0 &&
		   (err->ended || task->phase != TASK_RUNNING)) {
		succeed(task, out->status);
	} else if (task->shell->state == SHELL_FAILED || (out->ended && out->status < 0)) {
		take_failure(task);
	}
}

static void watch_login(Task *task, const RemoteLimits *limits)
{
	/* Who fails before was never let in, and its other tries have the same deadline. */
	if (task->logging_in || task->shell->state == SHELL_CONNECTING ||
	    task->shell->state == SHELL_FAILED)
		return;
	task->logging_in = TRUE;
	task->deadline = in_time(limits->login_time);
}

/* Until a round in which nothing came: reading one stream takes what is there for both. */
static gboolean talk(Task *task, const RemoteLimits *limits, const char *marker)
{
	const Shell *shell = task->shell;
	gboolean changed = FALSE;
	guint64 before;
	int rounds = 0;

	do {
		task->more = FALSE;
		before = shell->class->received ? shell->class->received(shell) : 0;
		changed |= write_script(task);
		changed |= read_stream(task, SHELL_OUT, limits, marker);
		changed |= read_stream(task, SHELL_ERR, limits, marker);
	} while (shell->class->received && shell->class->received(shell) != before &&
		 ++rounds < BLOCKS_A_STEP);
	task->more |= rounds == BLOCKS_A_STEP;
	return changed;
}

gboolean task_step(Task *task, const RemoteLimits *limits, const char *marker)
{
	gboolean changed = task->shell->class->step(task->shell);

	if (task->phase == TASK_REACHING)
		watch_login(task, limits);
	if (task->phase == TASK_REACHING && task->shell->waiting)
		task->deadline = in_time(limits->connect_time);
	if (task->shell->state == SHELL_OPEN)
		changed |= talk(task, limits, marker);
	if (task_is_talking(task)) {
		TaskPhase before = task->phase;

		next_phase(task, limits, marker);
		/* A look is handed over at once: poll is only asked about what has to wait.  It
		 * may have its answer, too, of which poll would not tell any more. */
		if (task->phase == TASK_LOOKING && before == TASK_REACHING) {
			changed |= talk(task, limits, marker);
			next_phase(task, limits, marker);
		}
	}
	return changed;
}
