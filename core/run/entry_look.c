/* Questions for entries: what they are on hosts, and whether they could be given. */
#include "core/base.h"
#include "core/run/call.h"
#include "core/run/carrier.h"

void entry_see_planned(const Run *run, const char *host, Carried *carried, guint i)
{
	const char *name = carried->service->name;
	const Change *planned = call_planned(run, CHANGE_ENTRY, host, name, carried->nodes[i]);

	if (!planned || carried->service->secret)
		return;
	g_free(carried->now[i]);
	carried->now[i] = g_strdup(planned->after.text);
}

/* The hosts of a question. */
typedef struct {
	Run *run;
	const RunEntries *entries;
	gboolean tries;	    /* what is to be given */
	GPtrArray *carried; /* by host; NULL: it is not asked any more, and has its result */
	GPtrArray *results;
	/* Of the round that goes on: of each task its script, and the host. */
	GPtrArray *scripts;
	GArray *tasks, *hosts, *place_of;
} Question;

static void free_carried(gpointer carried)
{
	carried_free(carried);
}

static void free_script(gpointer script)
{
	g_string_free(script, TRUE);
}

static void question_clear(Question *question)
{
	g_clear_pointer(&question->carried, g_ptr_array_unref);
	g_clear_pointer(&question->results, g_ptr_array_unref);
	g_clear_pointer(&question->scripts, g_ptr_array_unref);
	g_clear_pointer(&question->tasks, g_array_unref);
	g_clear_pointer(&question->hosts, g_array_unref);
	g_clear_pointer(&question->place_of, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)

static void refuse(Question *question, guint place, RemoteErrorCode error, const char *message)
{
	remote_result_free(question->results->pdata[place]);
	question->results->pdata[place] = call_result_new(error, -1, message);
	g_clear_pointer(&question->carried->pdata[place], free_carried);
}

/* Of a host that does not say what it has: what the tables lack is known all the same. */
static void add_problems(Question *question, guint place)
{
	const RunEntries *entries = question->entries;
	const Service *service = service_named(question->run, entries->service, NULL);
	guint n = g_strv_length((char **)entries->nodes[place]);
	g_auto(GStrv) texts = NULL;

	if (!service->make || !entries->problems || entries->texts)
		return;
	texts = g_new0(char *, n + 1);
	(void)service->make(service, entries->nodes[place], n, texts, entries->problems[place],
			    NULL);
	/* There may be a hole in them. */
	for (guint i = 0; i < n; i++)
		if (!texts[i])
			texts[i] = g_strdup("");
}

/* What is asked of one host. */
static void add_carried(Question *question, const Service *at)
{
	const RunEntries *entries = question->entries;
	guint place = question->carried->len;
	g_autoptr(GError) problem = NULL;
	Carried *carried = NULL;

	if (question->tries && !at)
		add_problems(question, place);
	else if (question->tries)
		carried = carried_wanted(at, entries, place, &problem);
	else if (at)
		carried = carried_new(at, entries->nodes[place]);
	g_ptr_array_add(question->carried, carried);
	if (problem)
		refuse(question, place, REMOTE_UNWRITTEN, problem->message);
}

/* Every host with its service is carried. */
static gboolean question_open(Question *question, gboolean tries, Run *run,
			      const RunEntries *entries, GError **error)
{
	g_autofree const Service **at = g_new0(const Service *, MAX(entries->n, 1));

	*question = (Question){ .run = run, .entries = entries, .tries = tries };
	question->carried = g_ptr_array_new_with_free_func(free_carried);
	question->scripts = g_ptr_array_new_with_free_func(free_script);
	question->tasks = g_array_new(FALSE, FALSE, sizeof(RemoteTask));
	question->hosts = g_array_new(FALSE, FALSE, sizeof(RunHost));
	question->place_of = g_array_new(FALSE, FALSE, sizeof(guint));
	question->results = run_find(run, entries->service, entries->hosts, entries->n,
				     &entries->limits, at, error);
	for (guint i = 0; question->results && i < entries->n; i++)
		add_carried(question, at[i]);
	return question->results != NULL;
}

/* Takes the script. */
static void add_task(Question *question, guint place, GString *script)
{
	const RunHost *host = &question->entries->hosts[place];
	RemoteTask task = { .host = host->name,
			    .via = host->via,
			    .script = script->str,
			    .length = script->len };

	g_ptr_array_add(question->scripts, script);
	g_array_append_val(question->tasks, task);
	g_array_append_val(question->hosts, *host);
	g_array_append_val(question->place_of, place);
}

static gboolean shall_stop(gpointer run)
{
	return call_shall_stop(run);
}

/* All tasks are asked, and their hosts have new results then.  FALSE: none could be. */
static gboolean ask(Question *question, const char *verb, GError **error)
{
	Run *run = question->run;
	RemoteWatch watch = { .stop = shall_stop, .abandon = TRUE, .data = run };
	RemoteLimits limits = question->entries->limits;
	g_autofree char *command = g_strdup_printf("%s %s", verb, question->entries->service);
	g_autoptr(GPtrArray) answers = NULL;

	if (question->tasks->len == 0)
		return TRUE;
	limits.output = SERVICE_SAID;
	answers = call_reach(run, question->tasks, &limits, &watch, error);
	if (!answers || !call_asked(run, (const RunHost *)question->hosts->data,
				    question->hosts->len, command, answers, error))
		return FALSE;
	g_ptr_array_set_free_func(answers, NULL);
	for (guint i = 0; i < answers->len; i++) {
		guint place = g_array_index(question->place_of, guint, i);

		remote_result_free(question->results->pdata[place]);
		question->results->pdata[place] = answers->pdata[i];
	}
	g_ptr_array_set_size(question->scripts, 0);
	g_array_set_size(question->tasks, 0);
	g_array_set_size(question->hosts, 0);
	g_array_set_size(question->place_of, 0);
	return TRUE;
}

static void take_look(Question *question, guint place)
{
	Carried *carried = question->carried->pdata[place];
	RemoteResult *result = question->results->pdata[place];
	g_autoptr(GError) problem = NULL;

	if (result->error != REMOTE_OK) {
		g_clear_pointer(&question->carried->pdata[place], free_carried);
		return;
	}
	if (!carrier_looked(carried, result->out, FALSE, &problem)) {
		refuse(question, place,
		       problem->domain == REMOTE_ERROR ? (RemoteErrorCode)problem->code
						       : REMOTE_UNWRITTEN,
		       problem->message);
		return;
	}
	g_string_truncate(result->out, 0);
	for (guint i = 0; question->run->planning && i < carried->n; i++)
		entry_see_planned(question->run, question->entries->hosts[place].name, carried,
				  i);
}

static gboolean look(Question *question, GError **error)
{
	for (guint i = 0; i < question->entries->n; i++)
		if (question->carried->pdata[i])
			add_task(question, i, carrier_look(question->carried->pdata[i], FALSE));
	if (!ask(question, "look", error))
		return FALSE;
	for (guint i = 0; i < question->entries->n; i++)
		if (question->carried->pdata[i])
			take_look(question, i);
	return TRUE;
}

/* Gives the texts of a host (g_free), or NULL: it has none for us. */
static GPtrArray *steal_texts(Carried *carried)
{
	GPtrArray *texts;

	if (!carried)
		return NULL;
	texts = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < carried->n; i++)
		g_ptr_array_add(texts, g_steal_pointer(&carried->now[i]));
	return texts;
}

GPtrArray *run_look(Run *run, const RunEntries *entries, GPtrArray *texts, GError **error)
{
	g_auto(Question) question = { 0 };

	if (!question_open(&question, FALSE, run, entries, error) || !look(&question, error))
		return NULL;
	for (guint i = 0; i < entries->n; i++)
		g_ptr_array_add(texts, steal_texts(question.carried->pdata[i]));
	return g_steal_pointer(&question.results);
}

/* What they would be there is tried, unless they are so. */
static void add_try(Question *question, guint place)
{
	Carried *carried = question->carried->pdata[place];
	g_autoptr(GError) problem = NULL;
	GString *script;

	script = carrier_try(carried, &problem);
	if (script)
		add_task(question, place, script);
	else if (problem)
		refuse(question, place, REMOTE_UNWRITTEN, problem->message);
}

GPtrArray *run_try(Run *run, const RunEntries *entries, GError **error)
{
	g_auto(Question) question = { 0 };
	g_autoptr(GPtrArray) tried = g_ptr_array_new();

	if (!question_open(&question, TRUE, run, entries, error) || !look(&question, error))
		return NULL;
	for (guint i = 0; i < entries->n; i++)
		if (question.carried->pdata[i])
			add_try(&question, i);
	for (guint i = 0; i < question.place_of->len; i++)
		g_ptr_array_add(tried,
				GUINT_TO_POINTER(g_array_index(question.place_of, guint, i)));
	if (!ask(&question, "try", error))
		return NULL;
	for (guint i = 0; i < tried->len; i++) {
		guint place = GPOINTER_TO_UINT(tried->pdata[i]);

		carrier_judge_try(question.carried->pdata[place],
				  question.results->pdata[place]);
	}
	return g_steal_pointer(&question.results);
}
