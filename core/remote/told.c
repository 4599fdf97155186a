/*
 * A host whose answers are told.  What is said with it is what is said with every host: it
 * greets, it hears scripts in as many pieces as they come, and ends each with the mark.
 */
#include "core/remote/told.h"
#include "core/remote/task.h"
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* All that was told.  It is kept as long as the Remote: a shell may be at work with it. */
struct told {
	GHashTable *hosts;  /* a name in lower case -> Host */
	GPtrArray *general; /* RemoteTold, of hosts that have nothing of their own */
	GStringChunk *text;
};

/* What is told of a host, and how far that has come. */
typedef struct {
	GPtrArray *told; /* RemoteTold */
	guint at;
	guint contacts, dropped; /* by the one at `at` */
	guint all_contacts;
} Host;

typedef struct {
	Shell shell;
	const RemoteTask *task;
	const RemoteTold *told; /* NULL: nothing is */
	guint contact;
	gboolean dropped;
	char *marker, *before, *after; /* see task.h */
	gint64 until;		       /* monotonic, in microseconds: nothing happens before */
	int timer;		       /* tells poll of it; -1: not made yet */
	GString *heard;		       /* and not answered */
	guint answered;		       /* scripts */
	gboolean full;		       /* it has taken its piece in this turn */
	gboolean hung_up;	       /* once all is said */
	gboolean hangs;		       /* nothing more comes, whatever it hears */
	GString *words[2];	       /* to be said, by ShellStream */
	gsize said[2];
} ToldShell;

/* ---- What is told ---- */

static void free_host(gpointer data)
{
	Host *host = data;

	g_ptr_array_unref(host->told);
	g_free(host);
}

static Host *add_host(Told *told, const char *name, GPtrArray *list)
{
	Host *host = g_new0(Host, 1);

	host->told = list;
	g_hash_table_replace(told->hosts, g_ascii_strdown(name, -1), host);
	return host;
}

static Host *find_host(const Told *told, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);

	return g_hash_table_lookup(told->hosts, lower);
}

/* The list that belongs to the host alone, or to all that have none. */
static GPtrArray *own_list(Told *told, const char *name)
{
	Host *host = name ? find_host(told, name) : NULL;

	if (!name)
		return told->general;
	if (!host || host->told == told->general)
		host = add_host(told, name, g_ptr_array_new_with_free_func(g_free));
	return host->told;
}

static void keep_text(Told *told, const char **text)
{
	if (*text)
		*text = g_string_chunk_insert(told->text, *text);
}

void remote_tell(Remote *remote, const char *host, const RemoteTold *given)
{
	RemoteTold *copy = g_memdup2(given, sizeof(*given));
	Told *told = remote->told;

	if (!told) {
		told = remote->told = g_new0(Told, 1);
		told->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_host);
		told->general = g_ptr_array_new_with_free_func(g_free);
		told->text = g_string_chunk_new(1 << 10);
	}
	keep_text(told, &copy->message);
	keep_text(told, &copy->noise);
	keep_text(told, &copy->look.out);
	keep_text(told, &copy->look.err);
	keep_text(told, &copy->script.out);
	keep_text(told, &copy->script.err);
	g_ptr_array_add(own_list(told, host), copy);
}

void told_free(Told *told)
{
	g_hash_table_unref(told->hosts);
	g_ptr_array_unref(told->general);
	g_string_chunk_free(told->text);
	g_free(told);
}

/* What was told next holds once a host has had its contacts; NULL: nothing more is told. */
static const RemoteTold *next_told(Host *host)
{
	for (; host->at < host->told->len; host->at++) {
		const RemoteTold *told = host->told->pdata[host->at];
		gboolean last = host->at + 1 == host->told->len;

		if (told->contacts ? host->contacts < told->contacts : last)
			return told;
		host->contacts = host->dropped = 0;
	}
	return NULL;
}

static void take_told(ToldShell *shell, Told *told)
{
	Host *host = told ? find_host(told, shell->task->host) : NULL;

	if (told && !host)
		host = add_host(told, shell->task->host, g_ptr_array_ref(told->general));
	shell->told = host ? next_told(host) : NULL;
	if (!shell->told)
		return;
	shell->dropped = host->dropped < shell->told->busy;
	if (shell->dropped) {
		host->dropped++;
	} else {
		host->contacts++;
		shell->contact = ++host->all_contacts;
	}
}

/* ---- On the way to a shell ---- */

static void wait_for(ToldShell *told, guint milliseconds)
{
	told->until = g_get_monotonic_time() + (gint64)milliseconds * 1000;
}

static gboolean is_due(const ToldShell *told)
{
	return g_get_monotonic_time() >= told->until;
}

static gboolean fail(ToldShell *told)
{
	const RemoteTold *how = told->told;

	return shell_fail(
		&told->shell, how->error,
		g_strdup(how->message ? how->message : remote_error_name(how->error)));
}

static gboolean connect_told(ToldShell *told)
{
	const RemoteTold *how = told->told;

	if (!how)
		return shell_fail(&told->shell, REMOTE_UNREACHABLE,
				  g_strdup("nothing is told of how it answers"));
	if (told->dropped) {
		told->shell.busy = TRUE;
		return shell_fail(&told->shell, REMOTE_LOST, g_strdup("it is busy"));
	}
	if (how->error != REMOTE_OK && how->error != REMOTE_DENIED && how->error != REMOTE_LOST)
		return fail(told);
	told->shell.state = SHELL_LOGIN;
	wait_for(told, how->login_late);
	return TRUE;
}

static gboolean open_told(ToldShell *told)
{
	const RemoteTold *how = told->told;

	if (how->error == REMOTE_DENIED)
		return fail(told);
	told->shell.state = SHELL_OPEN;
	for (int i = 0; i < 2; i++)
		g_string_append(told->words[i], how->noise ? how->noise : "");
	if (how->error == REMOTE_LOST) {
		told->shell.message = g_strdup(how->message);
		told->hung_up = TRUE;
	} else {
		g_string_append_printf(told->words[SHELL_OUT], "\n%s\n", told->marker);
	}
	return TRUE;
}

static gboolean step(Shell *shell)
{
	ToldShell *told = (ToldShell *)shell;

	told->full = FALSE;
	if (!is_due(told))
		return FALSE;
	if (shell->state == SHELL_CONNECTING)
		return connect_told(told);
	return shell->state == SHELL_LOGIN && open_told(told);
}

/* ---- With the shell ---- */

static void say(ToldShell *told, const RemoteResult *said)
{
	const GString *words[] = { [SHELL_OUT] = said->out, [SHELL_ERR] = said->err };

	for (int i = 0; i < 2; i++) {
		g_string_append_len(told->words[i], words[i]->str, (gssize)words[i]->len);
		if (said->error == REMOTE_OK)
			g_string_append_printf(told->words[i], "\n%s %d\n", told->marker,
					       said->status);
	}
	told->hangs = said->error == REMOTE_TIMEOUT;
	told->hung_up = said->error != REMOTE_OK && !told->hangs;
}

static void answer(ToldShell *told, const char *script, gsize length)
{
	const RemoteTask *task = told->task;
	gboolean look = task->look && told->answered == 0;
	RemoteToldScript asked = { task->host, task->via, told->contact, look, script, length };
	const RemoteToldAnswer *fixed = look ? &told->told->look : &told->told->script;
	RemoteResult said = { .error = fixed->error,
			      .status = fixed->status,
			      .milliseconds = fixed->late,
			      .out = g_string_new(fixed->out),
			      .err = g_string_new(fixed->err) };

	if (told->told->answer)
		told->told->answer(&asked, &said, told->told->data);
	if (told->answered++ == 0)
		g_string_append_printf(told->words[SHELL_ERR], "\n%s\n", told->marker);
	say(told, &said);
	wait_for(told, said.milliseconds);
	g_string_free(said.out, TRUE);
	g_string_free(said.err, TRUE);
}

/* Is a script whole now?  `from`: where what is new may end it. */
static void hear(ToldShell *told, gsize from)
{
	gsize length = strlen(told->after);
	const char *begin = told->heard->str, *end;

	end = memmem(begin + from, told->heard->len - from, told->after, length);
	if (!end)
		return;
	if (told->answered == 0) { /* the empty line, and where stderr begins */
		const char *first = strstr(begin, told->before);

		begin = first ? first + strlen(told->before) : begin;
	}
	answer(told, begin, (gsize)(end - begin));
	g_string_erase(told->heard, 0, end + length - told->heard->str);
}

/* What comes behind the last script. */
static void hear_exit(ToldShell *told)
{
	static const char farewell[] = "exit $s\n";

	if (!g_str_has_prefix(told->heard->str, farewell))
		return;
	g_string_erase(told->heard, 0, strlen(farewell));
	told->hung_up = !told->hangs;
}

static gssize write_told(Shell *shell, const char *bytes, gsize length)
{
	ToldShell *told = (ToldShell *)shell;
	gsize taken = told->told->piece ? MIN(told->told->piece, length) : length;
	gsize before = told->heard->len, end = strlen(told->after);

	if (told->hung_up)
		return SHELL_LOST;
	if (told->full)
		return SHELL_LATER;
	told->full = told->told->piece > 0;
	g_string_append_len(told->heard, bytes, (gssize)taken);
	hear(told, before > end ? before - end : 0);
	hear_exit(told);
	return (gssize)taken;
}

static gssize read_told(Shell *shell, ShellStream stream, char *buffer, gsize size)
{
	ToldShell *told = (ToldShell *)shell;
	gsize there = told->words[stream]->len - told->said[stream];

	if (!is_due(told))
		return SHELL_LATER;
	if (there == 0)
		return told->hung_up ? SHELL_END : SHELL_LATER;
	if (told->told->piece)
		size = MIN(size, told->told->piece);
	size = MIN(size, there);
	memcpy(buffer, told->words[stream]->str + told->said[stream], size);
	told->said[stream] += size;
	return (gssize)size;
}

static gboolean has_words(const ToldShell *told)
{
	return told->hung_up || told->said[SHELL_OUT] < told->words[SHELL_OUT]->len ||
	       told->said[SHELL_ERR] < told->words[SHELL_ERR]->len;
}

/* Nothing, if it can go on; else a timer, which never fires if it waits for us, or hangs. */
static guint watch(Shell *shell, gboolean writing, struct pollfd *fds)
{
	ToldShell *told = (ToldShell *)shell;
	gboolean due = is_due(told);
	struct itimerspec when = { 0 };

	if (due && (writing || shell->state != SHELL_OPEN || has_words(told)))
		return 0;
	if (!due)
		when.it_value = (struct timespec){ told->until / G_USEC_PER_SEC,
						   told->until % G_USEC_PER_SEC * 1000 };
	if (told->timer < 0)
		told->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (told->timer >= 0)
		(void)timerfd_settime(told->timer, TFD_TIMER_ABSTIME, &when, NULL);
	*fds = (struct pollfd){ told->timer, POLLIN, 0 };
	return 1;
}

static void free_told(Shell *shell)
{
	ToldShell *told = (ToldShell *)shell;

	if (told->timer >= 0)
		close(told->timer);
	for (int i = 0; i < 2; i++)
		g_string_free(told->words[i], TRUE);
	g_string_free(told->heard, TRUE);
	g_free(told->marker);
	g_free(told->before);
	g_free(told->after);
	g_free(shell->message);
	g_free(told);
}

static const ShellClass class = { "told",     step,	 watch, read_told,
				  write_told, free_told, NULL,	NULL };

/* The greeting is `printf "\n%s\n" MARKER; exec /bin/sh`. */
static char *marker_of(const char *greeting)
{
	g_auto(GStrv) words = g_strsplit_set(greeting, " ;", -1);

	return g_strdup(words[2]);
}

Shell *shell_told_new(Remote *remote, const RemoteTask *task, const char *greeting)
{
	ToldShell *told = g_new0(ToldShell, 1);

	told->shell.class = &class;
	told->task = task;
	told->timer = -1;
	told->marker = marker_of(greeting);
	told->before = task_before(told->marker);
	told->after = task_after(told->marker);
	told->heard = g_string_new(NULL);
	for (int i = 0; i < 2; i++)
		told->words[i] = g_string_new(NULL);
	take_told(told, remote->told);
	wait_for(told, told->told ? told->told->connect_late : 0);
	return &told->shell;
}
