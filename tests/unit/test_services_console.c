/*
 * Consoles of the recorded moves, tests/cases/console/NAME: the entries that makeconservercf
 * has made by the tables of tests/cases/snmove/NAME, there and back in the same file; and
 * values that conserver.cf cannot hold.
 */
#include "core/services.h"
#include "tests/unit/cluster_world.h"

#define CASES "tests/cases/console"
#define HOST                                                                                   \
	"root /opt/xcat\nmethod ipmi\nmethod kvm\nserver conserver\nconf /etc/conserver.cf\n"  \
	"folder /\nword conserver\nword -d\n"

typedef struct {
	World *world;
	Hosts *hosts;
	Service *service, *here;
} Consoles;

static GPtrArray *cases; /* names, sorted */

/* The text of a file, with our XCATROOT; NULL: there is none. */
static char *file_text(const char *path)
{
	g_autofree char *source = harness_source(path);
	g_autofree char *text = NULL;
	g_auto(GStrv) parts = NULL;

	if (!g_file_get_contents(source, &text, NULL, NULL))
		return NULL;
	parts = g_strsplit(text, "@XCATROOT@", -1);
	return g_strjoinv("/opt/xcat", parts);
}

static char *case_text(const char *name, const char *file)
{
	g_autofree char *path = g_strdup_printf(CASES "/%s/%s", name, file);

	return file_text(path);
}

/* A table as the move left it. */
static void load_table(const Consoles *consoles, const char *name, const char *table)
{
	static const char *const states[] = { "after", "before" };
	g_autofree char *drop = g_strdup_printf("DROP TABLE %s;", table);

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		g_autofree char *path = g_strdup_printf("tests/cases/snmove/%s/%s/%s.sql", name,
							states[i], table);
		g_autofree char *sql = file_text(path);

		if (!sql)
			continue;
		world_execute(consoles->world, drop);
		world_execute(consoles->world, sql);
		return;
	}
	fail_msg("%s has no table %s", name, table);
}

static Service *find(const Consoles *consoles, const char *said, GError **problem)
{
	return consoles->service->found(consoles->service, "mn", said, problem);
}

/* What the tables have now. */
static void gather(Consoles *consoles, const char *hosts_text)
{
	g_autofree char *path = g_build_filename(consoles->world->directory, "hosts", NULL);
	g_autoptr(GError) problem = NULL;

	assert_true(g_file_set_contents(path, hosts_text, -1, NULL));
	world_read(consoles->world);
	consoles->hosts = hosts_new(consoles->world->cluster, path, 0);
	consoles->service = console_service(consoles->world->cluster, consoles->hosts);
	consoles->here = find(consoles, HOST, &problem);
	assert_ok(consoles->here, problem);
}

static Consoles *recorded(const char *name)
{
	static const char *const tables[] = { "nodelist", "nodehm", "site" };
	Consoles *consoles = g_new0(Consoles, 1);
	g_autofree char *path = g_strdup_printf("tests/cases/snmove/%s/hosts", name);
	g_autofree char *hosts_text = file_text(path);

	consoles->world = world_new("");
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
		load_table(consoles, name, tables[i]);
	gather(consoles, hosts_text);
	return consoles;
}

static void consoles_free(Consoles *consoles)
{
	consoles->here->free(consoles->here);
	consoles->service->free(consoles->service);
	hosts_free(consoles->hosts);
	world_free(consoles->world);
	g_free(consoles);
}

/* Gives the texts. */
static GStrv made(const Consoles *consoles, char **nodes, GPtrArray *problems)
{
	guint n = g_strv_length(nodes);
	char **texts = g_new0(char *, n + 1);
	g_autoptr(GError) problem = NULL;

	assert_ok(consoles->here->make(consoles->here, (const char *const *)nodes, n, texts,
				       problems, &problem),
		  problem);
	return texts;
}

static GPtrArray *no_problems(void)
{
	return g_ptr_array_new_with_free_func(service_problem_free);
}

static void free_texts(char **texts, guint n)
{
	for (guint i = 0; i < n; i++)
		g_free(texts[i]);
	g_free(texts);
}

/* The file with these entries in it; NULL: it stays.  Gives the text. */
static char *written(const Consoles *consoles, const char *content, char **nodes, char **texts)
{
	const ServiceFile file = { .path = "/etc/conserver.cf",
				   .content = content,
				   .length = content ? strlen(content) : 0 };
	ServiceWrite write = { SERVICE_AS_IT_IS, NULL, 0 };
	g_autoptr(GError) problem = NULL;

	assert_ok(consoles->here->write(consoles->here, &file, 1, (const char *const *)nodes,
					g_strv_length(nodes), (const char *const *)texts,
					&write, &problem),
		  problem);
	return write.text;
}

/* Gives the texts. */
static char **read_back(const Consoles *consoles, const char *content, char **nodes)
{
	const ServiceFile file = { .path = "/etc/conserver.cf",
				   .content = content,
				   .length = strlen(content) };
	guint n = g_strv_length(nodes);
	char **texts = g_new0(char *, n + 1);
	g_autoptr(GError) problem = NULL;

	assert_ok(consoles->here->read(consoles->here, &file, 1, (const char *const *)nodes, n,
				       texts, &problem),
		  problem);
	return texts;
}

static char **nodes_of(const char *name)
{
	g_autofree char *text = case_text(name, "nodes");

	return g_strsplit(g_strchomp(text), ",", -1);
}

/* ---- As recorded ---- */

static void entries_are_as_recorded(void **state)
{
	const char *name = *state;
	Consoles *consoles = recorded(name);
	g_auto(GStrv) nodes = nodes_of(name);
	guint n = g_strv_length(nodes);
	g_autoptr(GPtrArray) problems = no_problems();
	char **texts = made(consoles, nodes, problems);
	g_autofree char *wanted = case_text(name, "conserver.cf");
	char **there = read_back(consoles, wanted, nodes);

	for (guint i = 0; i < n; i++)
		if (g_strcmp0(texts[i], there[i]) != 0)
			fail_msg("%s has\n%s\nand not\n%s", nodes[i], texts[i], there[i]);
	free_texts(texts, n);
	free_texts(there, n);
	consoles_free(consoles);
}

/* Taken out and put in again, all of them or one by one, each file is as it was. */
static void the_file_goes_there_and_back(void **state)
{
	const char *name = *state;
	Consoles *consoles = recorded(name);
	g_auto(GStrv) nodes = nodes_of(name);
	guint n = g_strv_length(nodes);
	g_autofree char *recorded_text = case_text(name, "conserver.cf");
	g_autofree char *content = case_text(name, "conserver.cf.before");
	gboolean others = content != NULL;
	char **there;

	if (!others)
		content = g_strdup(recorded_text);
	there = read_back(consoles, content, nodes);
	for (guint i = 0; i < n; i++) {
		char *one[] = { nodes[i], NULL }, *none[] = { NULL };
		g_autofree char *without = written(consoles, content, one, none);
		g_autofree char *again =
			without ? written(consoles, without, one, &there[i]) : NULL;

		assert_int_equal(!without, !there[i]);
		if (without)
			assert_string_equal(again, content);
	}
	if (!others) {
		g_autofree char **none = g_new0(char *, n + 1);
		g_autofree char *without = written(consoles, content, nodes, none);
		g_autofree char *again = written(consoles, without, nodes, there);

		assert_null(strstr(without, "#xCAT"));
		assert_string_equal(again, content);
	}
	free_texts(there, n);
	consoles_free(consoles);
}

/* xCAT puts them at the end; ours stay where they are, and new ones go by their names. */
static void what_others_have_in_the_file_stays(void **state)
{
	Consoles *consoles = recorded("conserver-cf-existing");
	char *nodes[] = { (char *)"cn002", (char *)"cn001", NULL };
	g_autoptr(GPtrArray) problems = no_problems();
	g_auto(GStrv) texts = made(consoles, nodes, problems);
	g_autofree char *before = case_text("conserver-cf-existing", "conserver.cf.before");
	g_autofree char *after = written(consoles, before, nodes, texts);
	const char *rest = strstr(before, "#xCAT BEGIN cn005");
	g_autofree char *wanted = g_strconcat(texts[1], texts[0], rest, NULL);

	(void)state;
	assert_string_equal(after, wanted);
	assert_null(written(consoles, after, nodes, texts));
	consoles_free(consoles);
}

/* ---- Values ---- */

static Consoles *with_rows(const char *rows)
{
	Consoles *consoles = g_new0(Consoles, 1);

	consoles->world = world_new(
		"DROP TABLE nodehm; CREATE TABLE nodehm (node TEXT PRIMARY KEY, mgt TEXT, "
		"cons TEXT, conserver TEXT, termserver TEXT, termport TEXT, "
		"consoleondemand TEXT, disable TEXT);"
		"INSERT INTO site (key, value) VALUES ('master', '10.0.0.1');");
	world_execute(consoles->world, rows);
	gather(consoles, "10.0.0.1 mn\n10.0.0.11 sn1\n");
	return consoles;
}

static void has_text(const char *columns, const char *values, const char *line)
{
	g_autofree char *sql = g_strdup_printf("INSERT INTO nodelist (node) VALUES ('cn1');"
					       "INSERT INTO nodehm (node, %s) VALUES "
					       "('cn1', %s);",
					       columns, values);
	Consoles *consoles = with_rows(sql);
	char *nodes[] = { (char *)"cn1", NULL };
	g_autoptr(GPtrArray) problems = no_problems();
	g_auto(GStrv) texts = made(consoles, nodes, problems);
	g_autofree char *wanted =
		g_strdup_printf("#xCAT BEGIN cn1 CONS\nconsole cn1 {\n  type exec;\n%s}\n"
				"#xCAT END cn1 CONS\n",
				line);

	assert_int_equal(problems->len, 0);
	assert_string_equal(texts[0], wanted);
	consoles_free(consoles);
}

#define EXEC(method) "  exec /opt/xcat/share/xcat/cons/" method " cn1;\n"

static void the_management_node_holds_what_nobody_else_does(void **state)
{
	(void)state;
	has_text("mgt", "'ipmi'", EXEC("ipmi"));
	has_text("mgt, cons", "'ipmi', 'kvm'", EXEC("kvm"));
	has_text("mgt, conserver", "'ipmi', 'mn'", EXEC("ipmi"));
	has_text("mgt, conserver", "'ipmi', 'sn1'", "  master sn1;\n");
	has_text("mgt, conserver", "'ipmi', '10.0.0.11'", "  master 10.0.0.11;\n");
	has_text("mgt, conserver", "'nosuchmethod', 'sn1'", "  master sn1;\n");
}

static void consoles_are_on_demand_as_the_tables_say(void **state)
{
	(void)state;
	has_text("mgt, consoleondemand", "'ipmi', 'yes'", EXEC("ipmi") "  options ondemand;\n");
	has_text("mgt, consoleondemand", "'ipmi', 'no'", EXEC("ipmi"));
	has_text("mgt, conserver, consoleondemand", "'ipmi', 'sn1', 'yes'", "  master sn1;\n");
	has_text("mgt) VALUES ('x', 'y'); INSERT INTO site (key, value) VALUES "
		 "('consoleondemand', 'yes'); INSERT INTO nodehm (node, mgt",
		 "'ipmi'", EXEC("ipmi") "  options ondemand;\n");
	has_text("mgt) VALUES ('x', 'y'); INSERT INTO site (key, value) VALUES "
		 "('consoleondemand', 'yes'); INSERT INTO nodehm (node, consoleondemand, mgt",
		 "'no', 'ipmi'", EXEC("ipmi") "  options !ondemand;\n");
}

static void refuses(const char *node, const char *columns, const char *values,
		    const char *words)
{
	g_autofree char *sql = g_strdup_printf("INSERT INTO nodelist (node) VALUES ('%s');"
					       "INSERT INTO nodehm (node, %s) VALUES "
					       "('%s', %s);",
					       node, columns, node, values);
	Consoles *consoles = with_rows(sql);
	char *nodes[] = { (char *)node, NULL };
	g_autoptr(GPtrArray) problems = no_problems();
	g_autofree char **texts = made(consoles, nodes, problems);
	const ServiceProblem *problem;

	assert_null(texts[0]);
	assert_int_equal(problems->len, 1);
	problem = problems->pdata[0];
	assert_true(problem->left_out);
	assert_string_equal(problem->node, node);
	if (!strstr(problem->words, words))
		fail_msg("\"%s\" does not say \"%s\"", problem->words, words);
	consoles_free(consoles);
}

static void what_the_file_cannot_hold_is_a_problem(void **state)
{
	(void)state;
	refuses("cn1", "mgt, conserver", "'ipmi', 'sn1; exec reboot'", "is no name of a host");
	refuses("cn1", "mgt, conserver", "'ipmi', 'sn1,sn2'", "is no name of a host");
	refuses("cn1", "mgt, conserver", "'ipmi', 'sn1' || char(10) || '}'",
		"is no name of a host");
	refuses("cn1", "mgt", "'../../bin/sh'", "is no name of a program");
	refuses("cn1", "mgt", "'ipmi cn2; x'", "is no name of a program");
	refuses("cn1", "mgt", "'$(reboot)'", "is no name of a program");
	refuses("cn1 {", "mgt", "'ipmi'", "conserver.cf takes no such name");
	refuses("cn1", "mgt", "'nosuchmethod'",
		"mn has no console program /opt/xcat/share/xcat/cons/nosuchmethod");
	refuses("cn1", "conserver", "'sn1'",
		"nodehm.cons and nodehm.mgt are blank: run "
		"makeconservercf");
	refuses("cn1", "cons, termserver, termport", "'mrv', 'ts1', '3'",
		"at a terminal server (nodehm.termserver, termport), which is not known here: "
		"run makeconservercf");
}

static void cannot_read(const char *content, const char *words)
{
	Consoles *consoles = with_rows("");
	const ServiceFile file = { .path = "/etc/conserver.cf",
				   .content = content,
				   .length = strlen(content) };
	const char *node = "cn1";
	char *text = NULL;
	g_autoptr(GError) problem = NULL;

	assert_false(consoles->here->read(consoles->here, &file, 1, &node, 1, &text, &problem));
	assert_refused(problem, words);
	consoles_free(consoles);
}

static void a_file_that_is_not_understood_is_refused(void **state)
{
	(void)state;
	cannot_read("x\n#xCAT BEGIN cn2 CONS\nconsole cn2 {\n", "line 2: the mark of xCAT has "
								"no end");
	cannot_read("#xCAT BEGIN cn2 CONS\n#xCAT BEGIN cn1 CONS\n#xCAT END cn1 CONS\n",
		    "line 1: the mark of xCAT has no end");
	cannot_read("#xCAT BEGIN cn1 CONS\nconsole cn1 {\n initcmd \"x -Password y\";\n}\n"
		    "#xCAT END cn1 CONS\n",
		    "the console of 'cn1' in /etc/conserver.cf has a password, and is none of "
		    "ours");
}

/* ---- What runs on a host ---- */

static void not_found(const char *said, const char *words)
{
	Consoles *consoles = with_rows("");
	g_autoptr(GError) problem = NULL;

	assert_null(find(consoles, said, &problem));
	assert_refused(problem, words);
	consoles_free(consoles);
}

static void other_console_servers_are_named(void **state)
{
	(void)state;
	not_found("root /opt/xcat\n", "no console server is on mn");
	not_found("root /opt/xcat\nserver confluent\n",
		  "confluent runs on mn, and takes no consoles from snmove: leave the "
		  "step out (--skip console), and then run makeconfluentcfg");
	not_found("root /opt/xcat\nserver confluent\n", "run makeconfluentcfg");
	not_found("root /opt/xcat\nserver conserver\npid 7\nword conserver\n",
		  "does not say which configuration its conserver has");
}

static int compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_others_have_in_the_file_stays),
		cmocka_unit_test(the_management_node_holds_what_nobody_else_does),
		cmocka_unit_test(consoles_are_on_demand_as_the_tables_say),
		cmocka_unit_test(what_the_file_cannot_hold_is_a_problem),
		cmocka_unit_test(a_file_that_is_not_understood_is_refused),
		cmocka_unit_test(other_console_servers_are_named),
	};
	static const struct {
		const char *name;
		CMUnitTestFunction test;
	} each[] = { { "entries are as recorded", entries_are_as_recorded },
		     { "the file goes there and back", the_file_goes_there_and_back } };
	g_autofree char *path = harness_source(CASES);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));
	const char *name;
	int failed;

	cases = g_ptr_array_new_with_free_func(g_free);
	while (folder && (name = g_dir_read_name(folder)))
		g_ptr_array_add(cases, g_strdup(name));
	g_ptr_array_sort(cases, compare);
	for (guint i = 0; i < cases->len * G_N_ELEMENTS(each); i++) {
		struct CMUnitTest test = {
			.name = g_strdup_printf("%s: %s", (char *)cases->pdata[i % cases->len],
						each[i / cases->len].name),
			.test_func = each[i / cases->len].test,
			.initial_state = cases->pdata[i % cases->len],
		};

		g_array_append_val(all, test);
	}
	failed = _cmocka_run_group_tests("consoles, as recorded", (void *)all->data, all->len,
					 NULL, NULL);
	failed += cmocka_run_group_tests_name("consoles", tests, NULL, NULL);
	for (guint i = 0; i < all->len; i++)
		g_free((char *)g_array_index(all, struct CMUnitTest, i).name);
	g_ptr_array_unref(cases);
	return failed;
}
