/* Services as hosts have them: each host is asked once in a run. */
#include "core/run/service.h"
#include "core/base.h"
#include "core/run/call.h"

const Service *service_named(const Run *run, const char *name, GError **error)
{
	g_autofree char *quoted = NULL;

	for (guint i = 0; run->services && run->services[i]; i++)
		if (g_str_equal(run->services[i]->name, name))
			return run->services[i];
	quoted = text_quote(name);
	g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED, "no service is named %s", quoted);
	return NULL;
}

const Service *service_at(Run *run, const Service *service, const char *host)
{
	g_autofree char *key = TEXT_KEY(host, service->name);

	return service->ask ? g_hash_table_lookup(run->found, key) : service;
}

void service_free(gpointer service)
{
	((Service *)service)->free(service);
}

/* What a host said makes the service there; or its result is why not. */
static void take_answer(Run *run, const Service *service, const char *host,
			RemoteResult *result)
{
	g_autoptr(GError) problem = NULL;
	Service *found;

	if (result->error != REMOTE_OK)
		return;
	found = service->found(service, host, result->out->str, &problem);
	g_string_truncate(result->out, 0);
	if (found) {
		g_hash_table_replace(run->found, TEXT_KEY(host, service->name), found);
		result->status = 0;
		return;
	}
	result->error = REMOTE_UNWRITTEN;
	result->status = -1;
	g_free(result->message);
	result->message = g_strdup(problem->message);
}

/* Those that are not known yet are asked together. */
static GPtrArray *ask_some(Run *run, const Service *service, const GArray *hosts,
			   const RemoteLimits *limits, GError **error)
{
	g_autofree char *command = g_strdup_printf("sh -s %s", service->name);
	RemoteLimits bounded = *limits;
	GPtrArray *answers;

	bounded.output = SERVICE_SAID;
	answers = call_ask(run, (const RunHost *)hosts->data, hosts->len, command, service->ask,
			   &bounded, error);
	for (guint i = 0; answers && i < hosts->len; i++)
		take_answer(run, service, g_array_index(hosts, RunHost, i).name,
			    answers->pdata[i]);
	return answers;
}

GPtrArray *run_find(Run *run, const char *name, const RunHost *hosts, guint n,
		    const RemoteLimits *limits, const Service **at, GError **error)
{
	const Service *service = service_named(run, name, error);
	GPtrArray *results;
	g_autoptr(GArray) unknown = g_array_new(FALSE, FALSE, sizeof(RunHost));
	g_autofree guint *places = g_new0(guint, MAX(n, 1));
	g_autoptr(GPtrArray) answers = NULL;

	if (!service)
		return NULL;
	for (guint i = 0; i < n; i++)
		if (!service_at(run, service, hosts[i].name)) {
			places[unknown->len] = i;
			g_array_append_val(unknown, hosts[i]);
		}
	if (unknown->len > 0) {
		answers = ask_some(run, service, unknown, limits, error);
		if (!answers)
			return NULL;
		g_ptr_array_set_free_func(answers, NULL);
	}
	results = g_ptr_array_new_with_free_func(
		(GDestroyNotify)(void (*)(void))remote_result_free);
	g_ptr_array_set_size(results, (int)n);
	for (guint i = 0; i < unknown->len; i++)
		results->pdata[places[i]] = answers->pdata[i];
	for (guint i = 0; i < n; i++) {
		at[i] = service_at(run, service, hosts[i].name);
		if (!results->pdata[i])
			results->pdata[i] = call_result_new(REMOTE_OK, 0, NULL);
	}
	return results;
}
