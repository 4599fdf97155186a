/* Consoles in goconserver: what is asked of its REST interface, and what is made of its answers
 * (as it was recorded from one). */
#include "core/services.h"
#include "tests/unit/cluster_world.h"
#include <string.h>

#define HERE "root /opt/xcat\nmethod ipmi\nserver goconserver\nurl http://127.0.0.1:12429\n"

typedef struct {
	World *world;
	Hosts *hosts;
	Service *service, *here;
} Go;

static Service *find(const Go *go, const char *said, GError **problem)
{
	return go->service->found(go->service, "mn", said, problem);
}

static Go *go_new(const char *rows)
{
	Go *go = g_new0(Go, 1);
	g_autofree char *path = NULL;
	g_autoptr(GError) problem = NULL;

	go->world = world_new("DROP TABLE nodehm; CREATE TABLE nodehm (node TEXT PRIMARY KEY, "
			      "mgt TEXT, cons TEXT, conserver TEXT, termserver TEXT, termport "
			      "TEXT, consoleondemand TEXT, disable TEXT);"
			      "INSERT INTO nodelist (node) VALUES ('cn1'), ('cn2');"
			      "INSERT INTO site (key, value) VALUES ('master', '10.0.0.1');");
	world_execute(go->world, rows);
	path = g_build_filename(go->world->directory, "hosts", NULL);
	g_assert_true(g_file_set_contents(path, "10.0.0.1 mn\n10.0.0.11 sn1\n", -1, NULL));
	world_read(go->world);
	go->hosts = hosts_new(go->world->cluster, path, 0);
	go->service = console_service(go->world->cluster, go->hosts);
	go->here = find(go, HERE, &problem);
	assert_ok(go->here, problem);
	return go;
}

static void go_free(Go *go)
{
	go->here->free(go->here);
	go->service->free(go->service);
	hosts_free(go->hosts);
	world_free(go->world);
	g_free(go);
}

#define ROWS "INSERT INTO nodehm (node, mgt) VALUES ('cn1', 'ipmi'), ('cn2', 'ipmi');"
#define TEXT(node)                                                                             \
	"{\"driver\":\"cmd\",\"name\":\"" node "\",\"ondemand\":false,\"params\":{\"cmd\":"    \
	"\"/opt/xcat/share/xcat/cons/ipmi " node "\"}}"
#define STORED(node)                                                                           \
	"{\"StorageNode\":{\"name\":\"" node "\",\"driver\":\"cmd\",\"params\":{\"cmd\":"      \
	"\"/opt/xcat/share/xcat/cons/ipmi " node "\"},\"ondemand\":false,\"Labels\":null},"    \
	"\"State\":\"connected\"}"
#define SAID(text, status) text "\n=== goconserver " status "\n"

#define ABSENT(node) SAID("The node " node " is not exist.", "400")

static const char *const nodes[] = { "cn1", "cn2", NULL };

static void its_entry_is_the_node_as_it_keeps_it(void **state)
{
	Go *go = go_new("INSERT INTO nodehm (node, mgt, conserver, consoleondemand) VALUES "
			"('cn1', 'ipmi', NULL, 'no'), ('cn2', 'ipmi', 'sn1', NULL);");
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(service_problem_free);
	char *texts[] = { NULL, NULL };
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_ok(go->here->make(go->here, nodes, 2, texts, problems, &problem), problem);
	assert_string_equal(texts[0], TEXT("cn1"));
	assert_null(texts[1]); /* it keeps no pointers to others */
	g_free(texts[0]);
	go_free(go);
}

static void heard(const Go *go, const char *said, const char *first, const char *second)
{
	char *texts[] = { NULL, NULL };
	g_autoptr(GError) problem = NULL;

	assert_ok(go->here->heard(go->here, said, nodes, 2, texts, &problem), problem);
	assert_string_equal(texts[0] ? texts[0] : "none", first);
	assert_string_equal(texts[1] ? texts[1] : "none", second);
	g_free(texts[0]);
	g_free(texts[1]);
}

static void not_heard(const Go *go, const char *said, const char *words)
{
	char *texts[] = { NULL, NULL };
	g_autoptr(GError) problem = NULL;

	assert_false(go->here->heard(go->here, said, nodes, 2, texts, &problem));
	assert_non_null(strstr(problem->message, words));
	g_free(texts[0]);
	g_free(texts[1]);
}

static void it_is_told_in_words_and_status_400_that_there_is_none(void **state)
{
	Go *go = go_new(ROWS);

	(void)state;
	heard(go, SAID(STORED("cn1"), "200") SAID("The node cn2 is not exist.", "400"),
	      TEXT("cn1"), "none");
	heard(go, SAID("The node cn1 is not exist.", "400") SAID(STORED("cn2"), "200"), "none",
	      TEXT("cn2"));
	not_heard(go, SAID("curl: (7) Failed to connect", "000"), "curl: (7) Failed");
	not_heard(go, SAID("unauthorized", "401"), "HTTP status 401");
	not_heard(go, SAID(STORED("cn1"), "200") SAID("bad request", "400"),
		  "'bad request' (HTTP status 400) of the console of 'cn2'");
	not_heard(go, SAID(STORED("cn1"), "200x"), "HTTP status 0");
	not_heard(go, SAID("nonsense", "200"), "nonsense");
	not_heard(go, SAID("[]", "200"), "[]");
	not_heard(go, "", "HTTP status 0");
	not_heard(go,
		  SAID("{\"StorageNode\":{\"name\":\"cn1\",\"params\":{\"password\":\"x\"}}}",
		       "200"),
		  "has a password");
	go_free(go);
}

static void only_what_differs_is_changed(void **state)
{
	Go *go = go_new(ROWS);
	const char *const now[] = { TEXT("cn1"), NULL }, *const wanted[] = { NULL,
									     TEXT("cn2") };
	g_autoptr(GError) problem = NULL;
	GString *script = go->here->place(go->here, nodes, 2, now, wanted, &problem);

	(void)state;
	assert_ok(script, problem);
	assert_non_null(strstr(script->str, "{\"nodes\":[{\"name\":\"cn1\"}]}\n"));
	assert_non_null(strstr(script->str, "{\"nodes\":[" TEXT("cn2") "]}\n"));
	assert_true(strstr(script->str, "-X DELETE") < strstr(script->str, "-X POST"));
	g_string_free(script, TRUE);
	script = go->here->place(go->here, nodes, 2, now, now, &problem);
	assert_null(strstr(script->str, "-X "));
	g_string_free(script, TRUE);
	go_free(go);
}

static void judged(const Go *go, const char *said, guint n, ServiceOutcome outcome,
		   const char *words)
{
	const char *const wanted[] = { NULL, TEXT("cn2") };
	g_autoptr(GError) problem = NULL;

	assert_int_equal(go->here->judge(go->here, nodes, n, wanted, 0, said, &problem),
			 outcome);
	assert_int_equal(problem == NULL, outcome == SERVICE_ALL);
	if (problem && !strstr(problem->message, words))
		fail_msg("\"%s\" does not say \"%s\"", problem->message, words);
}

#define LOOK "--- look ---\n"

static void what_it_has_then_counts_and_not_what_it_answers(void **state)
{
	Go *go = go_new(ROWS);

	(void)state;
	judged(go,
	       "{\"cn1\":\"Deleted\"}\n{\"cn2\":\"Created\"}\n" LOOK ABSENT("cn1")
		       SAID(STORED("cn2"), "200"),
	       2, SERVICE_ALL, "");
	judged(go,
	       "{\"cn1\":\"Deleted\"}\n{\"cn2\":\"Created\"}\n" LOOK SAID(STORED("cn1"), "200")
		       ABSENT("cn2"),
	       2, SERVICE_SOME, "2 of 2 consoles not as they shall be, that of cn1 first");
	judged(go, LOOK SAID("curl: (7) no", "000"), 2, SERVICE_SOME, "curl: (7) no");
	judged(go, "sh: curl: not found\n", 2, SERVICE_NONE, "curl: not found");
	judged(go, LOOK SAID("{\"nodes\":[]}", "200"), 0, SERVICE_ALL, "");
	judged(go, LOOK SAID("curl: (7) no", "000"), 0, SERVICE_NONE, "curl: (7) no");
	go_free(go);
}

static void a_name_that_is_in_no_url_is_not_asked_for(void **state)
{
	Go *go = go_new(ROWS);
	const char *const odd[] = { "a/../b", "cn 1", "\"", NULL };
	char *texts[] = { NULL, NULL, NULL };
	g_autoptr(GError) problem = NULL;
	GString *script = go->here->look(go->here, odd, 3);

	(void)state;
	assert_string_equal(script->str, "");
	g_string_free(script, TRUE);
	assert_ok(go->here->heard(go->here, "", odd, 3, texts, &problem), problem);
	assert_null(texts[0]);
	go_free(go);
}

static void a_host_that_does_not_say_where_it_is_gets_nothing(void **state)
{
	static const char *const said[] = {
		"root /opt/xcat\nserver goconserver\n",
		"root /opt/xcat\nserver goconserver\nurl ftp://x\n",
		"root /opt/xcat\nserver goconserver\nurl http://x\" -o /etc/passwd\n",
		"root /opt/xcat\nserver goconserver\nurl http://127.0.0.1:12x29\n",
		"root /opt/xcat\nserver goconserver\nurl http://127.0.0.1:124290\n",
		"root /opt/xcat\nserver goconserver\nurl http://:12429\n",
		"server goconserver\nurl http://127.0.0.1:12429\n",
	};
	Go *go = go_new(ROWS);

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
		g_autoptr(GError) problem = NULL;

		assert_null(find(go, said[i], &problem));
		assert_non_null(strstr(problem->message, "mn does not say where the REST"));
	}
	go_free(go);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_entry_is_the_node_as_it_keeps_it),
		cmocka_unit_test(it_is_told_in_words_and_status_400_that_there_is_none),
		cmocka_unit_test(only_what_differs_is_changed),
		cmocka_unit_test(what_it_has_then_counts_and_not_what_it_answers),
		cmocka_unit_test(a_name_that_is_in_no_url_is_not_asked_for),
		cmocka_unit_test(a_host_that_does_not_say_where_it_is_gets_nothing),
	};

	return cmocka_run_group_tests_name("goconserver", tests, NULL, NULL);
}
