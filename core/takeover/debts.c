/* What has failed, and what is left to do: owed, told, and paid. */
#include "core/base.h"
#include "core/noderange.h"
#include "core/takeover/inside.h"
#include <string.h>

#define EXAMPLE 100 /* bytes of what one host says */

static gsize owed_size(const JournalOwed *owed)
{
	return sizeof(*owed) + TAKEOVER_ENTRY + takeover_text_size(owed->host) +
	       takeover_text_size(owed->text) + takeover_text_size(owed->key) +
	       takeover_text_size(owed->found) + takeover_text_size(owed->mend) +
	       takeover_vector_size((const char *const *)owed->nodes);
}

void takeover_owe(Takeover *takeover, JournalOwed *owed)
{
	JournalOwed *known = g_hash_table_lookup(takeover->owed_once, owed);

	if (known) {
		g_hash_table_remove(takeover->stale, known);
		journal_owed_free(owed);
		return;
	}
	if (!owed->found)
		owed->found = g_strdup(takeover->step);
	takeover->kept += owed_size(owed);
	g_hash_table_add(takeover->owed_once, owed);
	g_ptr_array_add(takeover->owed, owed);
}

void takeover_owe_again(Takeover *takeover, JournalOwed *owed)
{
	owed->step = g_strdup(takeover->step);
	takeover_owe(takeover, owed);
}

void takeover_owe_all(Takeover *takeover, const GPtrArray *owed)
{
	for (guint i = 0; i < owed->len; i++)
		takeover_owe(takeover, journal_owed_copy(owed->pdata[i]));
}

/* Those that are settled are not owed any more. */
static void settle(Takeover *takeover,
		   gboolean (*is_settled)(const JournalOwed *, gconstpointer),
		   gconstpointer data)
{
	GPtrArray *owed = takeover->owed;
	guint kept = 0;

	for (guint i = 0; i < owed->len; i++) {
		JournalOwed *one = owed->pdata[i];

		if (is_settled(one, data)) {
			takeover->kept -= MIN(takeover->kept, owed_size(one));
			g_hash_table_remove(takeover->owed_once, one);
			g_hash_table_remove(takeover->stale, one);
			journal_owed_free(one);
		} else {
			owed->pdata[kept++] = one;
		}
	}
	/* Those beyond are freed or moved: they must not be freed once more. */
	g_ptr_array_set_free_func(owed, NULL);
	g_ptr_array_set_size(owed, (int)kept);
	g_ptr_array_set_free_func(owed, journal_owed_free);
}

/* What pays. */
typedef struct {
	const char *step;
	GHashTable *keys, *hosts;
} Payment;

/* A debt of an older journal has no key: it is known by its step and host. */
static gboolean is_paid(const JournalOwed *owed, gconstpointer data)
{
	const Payment *payment = data;

	if (owed->key)
		return g_hash_table_contains(payment->keys, owed->key);
	return owed->step && g_strcmp0(owed->step, payment->step) == 0 && owed->host &&
	       g_hash_table_contains(payment->hosts, owed->host);
}

static void pay(Takeover *takeover, const char *step, GHashTable *keys, GHashTable *hosts)
{
	Payment payment = { step, keys, hosts };

	settle(takeover, is_paid, &payment);
}

void takeover_begin_step(Takeover *takeover, const char *step)
{
	takeover->step = step;
	g_hash_table_remove_all(takeover->stale);
	for (guint i = 0; i < takeover->owed->len; i++) {
		JournalOwed *owed = takeover->owed->pdata[i];

		if (g_strcmp0(owed->step, step) == 0)
			g_hash_table_add(takeover->stale, owed);
	}
}

static gboolean is_stale(const JournalOwed *owed, gconstpointer data)
{
	return g_hash_table_contains((GHashTable *)data, owed);
}

void takeover_end_step(Takeover *takeover)
{
	if (g_hash_table_size(takeover->stale) > 0)
		settle(takeover, is_stale, takeover->stale);
	takeover->step = NULL;
}

static void pay_results(Takeover *takeover, const char *step, const TakeoverResult *results,
			guint n)
{
	g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) hosts = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < n; i++)
		if (!results[i].failed) {
			g_hash_table_add(keys, (gpointer)results[i].key);
			g_hash_table_add(hosts, (gpointer)results[i].host);
		}
	pay(takeover, step, keys, hosts);
}

/* ---- What is told of failures ---- */

/* The same thing, of several nodes or hosts. */
typedef struct {
	char *text;
	GPtrArray *names;
	char *example; /* what the first of them said; or NULL */
} Failure;

void takeover_failure_free(gpointer data)
{
	Failure *failure = data;

	g_free(failure->text);
	g_ptr_array_unref(failure->names);
	g_free(failure->example);
	g_free(failure);
}

/* They are few: what fails fails for few reasons. */
static void add_failure(Takeover *takeover, const char *name, const char *text, char *example)
{
	g_autofree char *given = example;
	Failure *failure;

	for (guint i = 0; i < takeover->failures->len; i++) {
		failure = takeover->failures->pdata[i];
		if (g_str_equal(failure->text, text)) {
			if (name)
				g_ptr_array_add(failure->names, g_strdup(name));
			return;
		}
	}
	failure = g_new0(Failure, 1);
	failure->text = g_strdup(text);
	failure->names = g_ptr_array_new_with_free_func(g_free);
	failure->example = g_steal_pointer(&given);
	if (name)
		g_ptr_array_add(failure->names, g_strdup(name));
	g_ptr_array_add(takeover->failures, failure);
}

static char *fold(const GPtrArray *names)
{
	return noderange_fold((const char *const *)names->pdata, names->len);
}

static char *failure_line(const Failure *failure)
{
	g_autofree char *names = fold(failure->names);
	g_autofree char *line = NULL;

	if (failure->names->len == 0)
		line = g_strdup(failure->text);
	else if (!failure->example)
		line = g_strdup_printf("%s: %s", names, failure->text);
	else
		line = g_strdup_printf(
			"%s: %s (%s%s%s)", names, failure->text,
			failure->names->len > 1 ? (char *)failure->names->pdata[0] : "",
			failure->names->len > 1 ? ": " : "", failure->example);
	return text_plain(line);
}

char **takeover_failures(Takeover *takeover)
{
	GPtrArray *lines = g_ptr_array_new();

	for (guint i = 0; i < takeover->failures->len; i++)
		g_ptr_array_add(lines, failure_line(takeover->failures->pdata[i]));
	g_ptr_array_add(lines, NULL);
	g_ptr_array_set_size(takeover->failures, 0);
	return (char **)g_ptr_array_free(lines, FALSE);
}

/* ---- Results of calls ---- */

/* On the way to a host the word says enough; beside it are addresses, which are many. */
static gboolean is_on_the_way(RemoteErrorCode error)
{
	switch (error) {
	case REMOTE_UNRESOLVED:
	case REMOTE_REFUSED:
	case REMOTE_UNREACHABLE:
	case REMOTE_TIMEOUT:
	case REMOTE_KEY_UNKNOWN:
	case REMOTE_KEY_CHANGED:
	case REMOTE_DENIED:
	case REMOTE_LOST:
	case REMOTE_DEAD:
		return TRUE;
	default:
		return FALSE;
	}
}

/* Why it failed, in words that are the same for many.  Gives the text. */
static char *reason_of(const TakeoverResult *one)
{
	const RemoteResult *result = one->result;
	const char *name = remote_error_name(result->error);

	if (result->error == REMOTE_OK)
		return g_strdup_printf("%s: status %d", one->words, result->status);
	if (!result->message || is_on_the_way(result->error))
		return g_strdup_printf("%s: %s", one->words, name);
	return g_strdup_printf("%s: %s, %s", one->words, name, result->message);
}

/* What it said itself.  Gives the text; NULL: nothing. */
static char *example_of(const RemoteResult *result)
{
	g_autofree char *said = NULL;

	if (result->error != REMOTE_OK)
		return is_on_the_way(result->error) ? g_strdup(result->message) : NULL;
	said = g_strndup(result->err->str,
			 MIN(strcspn(result->err->str, "\r\n"), (gsize)EXAMPLE));
	return *g_strstrip(said) ? g_steal_pointer(&said) : NULL;
}

/* What a host did not get, did not do, or nobody knows of, is left to do. */
static void owe_result(Takeover *takeover, const char *step, const TakeoverResult *one,
		       gboolean planning)
{
	const char *node[] = { one->node, NULL };
	const char *const *nodes = one->nodes ? one->nodes : node[0] ? node : NULL;
	g_autofree char *text = NULL;
	JournalOwed *owed;

	if (!one->failed || one->result->error == REMOTE_STOPPED)
		return;
	text = reason_of(one);
	if (planning) {
		takeover_note(takeover, g_strdup_printf("%s: %s", one->host, text));
		return;
	}
	add_failure(takeover, one->host, text, example_of(one->result));
	owed = journal_owed_new(one->host, nodes, text);
	owed->step = g_strdup(step);
	owed->key = g_strdup(one->key);
	takeover_owe(takeover, owed);
}

void takeover_results(Takeover *takeover, const char *step, const TakeoverResult *results,
		      guint n, gboolean planning)
{
	pay_results(takeover, step, results, n);
	for (guint i = 0; i < n; i++)
		owe_result(takeover, step, &results[i], planning);
}

/* The nodes at work.  Gives a vector (g_free). */
static const char **nodes_at_work(const Takeover *takeover)
{
	const char *const *all = move_names(takeover->move);
	guint n = takeover->batch ? takeover->batch->len : move_count(takeover->move);
	const char **nodes = g_new0(const char *, n + 1);

	for (guint i = 0; i < n; i++)
		nodes[i] = takeover->batch ? takeover->batch->pdata[i] : all[i];
	return nodes;
}

void takeover_outcome(Takeover *takeover, const char *step, const char *key, const char *failed,
		      gboolean planning)
{
	g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) hosts = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree const char **nodes = NULL;
	JournalOwed *owed;

	g_hash_table_add(keys, (gpointer)key);
	pay(takeover, step, keys, hosts);
	if (!failed)
		return;
	add_failure(takeover, NULL, failed, NULL);
	if (planning) {
		takeover->broken = TRUE;
		return;
	}
	nodes = nodes_at_work(takeover);
	owed = journal_owed_new(NULL, nodes, failed);
	owed->step = g_strdup(step);
	owed->key = g_strdup(key);
	takeover_owe(takeover, owed);
}

gboolean takeover_can_pay(const GPtrArray *owed)
{
	for (guint i = 0; i < owed->len; i++)
		if (((JournalOwed *)owed->pdata[i])->step)
			return TRUE;
	return FALSE;
}

/* ---- What is owed, for people ---- */

/* What is owed for one reason: by hosts, or by one host for nodes, or for nodes. */
typedef struct {
	const char *host; /* one of several; NULL: none, or the names are hosts */
	const char *text;
	GPtrArray *names;
} Debt;

static void debt_free(gpointer data)
{
	Debt *debt = data;

	g_ptr_array_unref(debt->names);
	g_free(debt);
}

static gboolean is_of_itself(const JournalOwed *owed)
{
	return owed->host && (!owed->nodes || !owed->nodes[0] ||
			      (!owed->nodes[1] && g_str_equal(owed->host, owed->nodes[0])));
}

static void add_names(Debt *debt, const JournalOwed *owed)
{
	if (is_of_itself(owed))
		g_ptr_array_add(debt->names, owed->host);
	for (guint i = 0; !is_of_itself(owed) && owed->nodes && owed->nodes[i]; i++)
		g_ptr_array_add(debt->names, owed->nodes[i]);
}

static char *debt_line(const Debt *debt)
{
	g_autofree char *names = fold(debt->names);
	g_autofree char *line =
		g_strconcat(debt->host ? debt->host : "", debt->host ? ": " : "", names,
			    *names ? ": " : "", debt->text, NULL);

	return text_plain(line);
}

char **takeover_owed_lines(const GPtrArray *owed)
{
	g_autoptr(GHashTable) by_key =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) debts = g_ptr_array_new_with_free_func(debt_free);
	GPtrArray *lines = g_ptr_array_new();

	for (guint i = 0; i < owed->len; i++) {
		const JournalOwed *one = owed->pdata[i];
		const char *host = is_of_itself(one) ? NULL : one->host;
		char *key = TEXT_KEY(host, is_of_itself(one) ? "itself" : NULL, one->text);
		Debt *debt = g_hash_table_lookup(by_key, key);

		if (!debt) {
			debt = g_new0(Debt, 1);
			*debt = (Debt){ host, one->text, g_ptr_array_new() };
			g_ptr_array_add(debts, debt);
			g_hash_table_insert(by_key, key, debt);
		} else {
			g_free(key);
		}
		add_names(debt, one);
	}
	for (guint i = 0; i < debts->len; i++)
		g_ptr_array_add(lines, debt_line(debts->pdata[i]));
	g_ptr_array_add(lines, NULL);
	return (char **)g_ptr_array_free(lines, FALSE);
}
