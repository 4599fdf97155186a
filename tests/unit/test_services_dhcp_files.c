/*
 * DHCP entries in files: all of the recorded cases and of tests/cases/dhcp/hostile.tsv
 * together, as they are in tests/cases/dhcp/golden, which real servers have checked
 * (dhcp_files.sh); and what becomes of other bytes when one entry is written.
 *
 * With SNMOVE_GOLDEN set, the golden files are written: look at the difference.
 */
#include "core/base.h"
#include "tests/unit/dhcp_world.h"

#define SUBNET "10.1.0.0/16"

static DhcpWorld *world;
static Facts *hostile;
static const DhcpLogin login = { .algorithm = "hmac-sha256",
				 .name = "xcat_key",
				 .secret = "c2VjcmV0c2VjcmV0c2VjcmV0" };

static const char *hostile_value(guint row, const char *column)
{
	const char *value = facts_get(hostile, row, column);

	return g_str_equal(value, "@none") ? NULL : value;
}

static void add_hostile(guint row)
{
	const char *node = hostile_value(row, "node");
	g_autofree char *address = g_strdup_printf("10.1.5.%u", row + 1);
	gboolean plain = !node[strspn(node, G_CSET_a_2_z G_CSET_A_2_Z "0123456789.-_")];

	dhcp_node(world, node, hostile_value(row, "netboot"), hostile_value(row, "mac"),
		  plain ? address : NULL);
	dhcp_row(world, "iscsi", node, "server", hostile_value(row, "server"), "target",
		 hostile_value(row, "target"), "lun", hostile_value(row, "lun"));
}

static int setup_all(void **state)
{
	g_autoptr(GPtrArray) names = dhcp_case_names();

	(void)state;
	world = dhcp_world_new();
	for (guint i = 0; i < names->len; i++)
		dhcp_add_case(world, names->pdata[i]);
	for (guint row = 0; row < hostile->rows->len; row++)
		add_hostile(row);
	dhcp_gather(world);
	return 0;
}

/* Two nodes, of which one has two cards. */
static int setup_two(void **state)
{
	(void)state;
	world = dhcp_world_new();
	dhcp_node(world, "cn1", "grub2", "42:00:0a:02:00:01", "10.1.5.1");
	dhcp_node(world, "cn2", "xnba", "42:00:0a:02:00:02|42:00:0A:02:01:02!cn2-eth1",
		  "10.1.5.2");
	g_string_append(world->addresses, "10.1.6.2 cn2-eth1\n");
	dhcp_gather(world);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dhcp_world_free(world);
	return 0;
}

/* The entries of all nodes: a vector of `n` texts that may be NULL (free_texts). */
static char **texts_of(DhcpBackend backend)
{
	char **texts = g_new0(char *, world->nodes->len);

	for (guint i = 0; i < world->nodes->len; i++)
		texts[i] = dhcp_text(world->facts, backend, i);
	return texts;
}

static void free_texts(char **texts)
{
	for (guint i = 0; i < world->nodes->len; i++)
		g_free(texts[i]);
	g_free(texts);
}

#define TEXTS(texts) ((const char *const *)(texts))

static void assert_golden(const char *file, const char *got)
{
	g_autofree char *wanted = dhcp_case("golden", file);
	g_autofree char *path = harness_source(DHCP_CASES "/golden");
	g_autofree char *whole = g_build_filename(path, file, NULL);

	if (g_getenv("SNMOVE_GOLDEN")) {
		assert_true(g_file_set_contents(whole, got, -1, NULL));
		return;
	}
	if (g_strcmp0(got, wanted) != 0)
		fail_msg("golden/%s differs: try SNMOVE_GOLDEN=1 and git diff", file);
}

/* Entries of nodes `nodes` are written to a file's content; gives the new one, or NULL: it
 * stays as it is. */
static char *write_to(DhcpBackend backend, const char *name, const char *content,
		      const char *const *nodes, guint n, const char *const *texts)
{
	DhcpFile file = { name, content, content ? strlen(content) : 0 };
	g_autoptr(GError) problem = NULL;
	GString *written;

	assert_ok(dhcp_write(backend, &file, 1, nodes, n, texts, &written, &problem), problem);
	if (written)
		assert_int_equal(strlen(written->str), written->len);
	return written ? g_string_free(written, FALSE) : NULL;
}

static char *write_one(DhcpBackend backend, const char *content, const char *node,
		       const char *text)
{
	return write_to(backend, "hosts", content, &node, 1, &text);
}

static char *read_one(DhcpBackend backend, const char *content, const char *node)
{
	DhcpFile file = { "hosts", content, strlen(content) };
	g_autoptr(GError) problem = NULL;
	char *text;

	assert_ok(dhcp_read(backend, &file, 1, &node, 1, &text, &problem), problem);
	return text;
}

static void assert_unreadable(DhcpBackend backend, const char *content, const char *words)
{
	DhcpFile file = { "hosts", content, strlen(content) };
	const char *node = "cn1";
	g_autoptr(GError) problem = NULL;
	char *text;

	assert_false(dhcp_read(backend, &file, 1, &node, 1, &text, &problem));
	assert_refused(problem, words);
}

static void assert_texts(const char *const *got, const char *const *wanted)
{
	for (guint i = 0; i < world->nodes->len; i++)
		if (g_strcmp0(got[i], wanted[i]) != 0)
			fail_msg("%s is\n%s\nand not\n%s", DHCP_NODES(world)[i], got[i],
				 wanted[i]);
}

/* ---- All together ---- */

static void hostile_values_are_problems_or_quoted(void **state)
{
	g_autofree char *told = dhcp_told(world);

	(void)state;
	for (guint row = 0; row < hostile->rows->len; row++) {
		const char *problem = hostile_value(row, "problem");
		const char *node = hostile_value(row, "node");
		g_autofree char *line = g_strdup_printf("\n%s: ", node);

		if (problem ? !strstr(told, problem) : strstr(told, line) != NULL)
			fail_msg("%s: %s\n%s", facts_get(hostile, row, "what"),
				 problem ? problem : "(no problem)", told);
	}
}

static void the_include_file_of_all_is_golden(void **state)
{
	char **texts = texts_of(DHCP_INCLUDE), **read = g_new0(char *, world->nodes->len);
	g_autofree char *content = write_to(DHCP_INCLUDE, "hosts", NULL, DHCP_NODES(world),
					    world->nodes->len, TEXTS(texts));
	DhcpFile file = { "hosts", content, strlen(content) };
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_golden("hosts.conf", content);
	assert_ok(dhcp_read(DHCP_INCLUDE, &file, 1, DHCP_NODES(world), world->nodes->len, read,
			    &problem),
		  problem);
	assert_texts(TEXTS(read), TEXTS(texts));
	assert_null(write_to(DHCP_INCLUDE, "hosts", content, DHCP_NODES(world),
			     world->nodes->len, TEXTS(texts)));
	free_texts(read);
	free_texts(texts);
}

static void the_batch_of_all_is_golden(void **state)
{
	char **texts = texts_of(DHCP_OMAPI), **now = g_new0(char *, world->nodes->len);
	g_autoptr(GError) problem = NULL;
	g_autoptr(GString) batch =
		dhcp_omapi_batch(&login, world->facts, DHCP_NODES(world), TEXTS(now),
				 TEXTS(texts), world->nodes->len, &problem);

	(void)state;
	assert_ok(batch, problem);
	for (char *line = batch->str, *end; (end = strchr(line, '\n')); line = end + 1)
		assert_true(end - line <= 1024);
	/* Of a node without an entry it takes away what may be there. */
	assert_golden("batch.omshell", batch->str);
	free_texts(now);
	free_texts(texts);
}

/* golden/dhcpd.leases is what dhcpd 4.4.3-P1 has written when it was told the golden batch. */
static void what_dhcpd_makes_of_the_batch_is_what_was_wanted(void **state)
{
	char **texts = texts_of(DHCP_OMAPI), **read = g_new0(char *, world->nodes->len);
	g_autofree char *content = dhcp_case("golden", "dhcpd.leases");
	DhcpFile file = { "dhcpd.leases", content, strlen(content) };
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_ok(dhcp_read(DHCP_OMAPI, &file, 1, DHCP_NODES(world), world->nodes->len, read,
			    &problem),
		  problem);
	assert_texts(TEXTS(read), TEXTS(texts));
	free_texts(read);
	free_texts(texts);
}

static void the_files_of_kea_are_golden(void **state)
{
	char **texts = texts_of(DHCP_KEA), **read = g_new0(char *, world->nodes->len);
	g_auto(GStrv) subnets = dhcp_subnets(world->facts);
	DhcpFile files[] = { { .name = SUBNET }, { .name = DHCP_KEA_CLASSES } };
	GString *written[2], *again[2];
	guint n = world->nodes->len;
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_int_equal(g_strv_length(subnets), 1);
	assert_string_equal(subnets[0], SUBNET);
	assert_ok(dhcp_write(DHCP_KEA, files, 2, DHCP_NODES(world), n, TEXTS(texts), written,
			     &problem),
		  problem);
	assert_golden("reservations.json", written[0]->str);
	assert_golden("client-classes.json", written[1]->str);
	for (guint i = 0; i < 2; i++) {
		files[i].content = written[i]->str;
		files[i].length = written[i]->len;
	}
	assert_ok(dhcp_read(DHCP_KEA, files, 2, DHCP_NODES(world), n, read, &problem), problem);
	assert_texts(TEXTS(read), TEXTS(texts));
	assert_ok(dhcp_write(DHCP_KEA, files, 2, DHCP_NODES(world), n, TEXTS(texts), again,
			     &problem),
		  problem);
	assert_null(again[0]);
	assert_null(again[1]);
	for (guint i = 0; i < 2; i++)
		g_string_free(written[i], TRUE);
	free_texts(read);
	free_texts(texts);
}

/* ---- The include file ---- */

#define BLOCK(node, name, what)                                                                \
	"#xCAT host declaration for " node " aka host " name " start\nhost " name " { " what   \
	"\n} #xCAT host declaration for " node " aka host " name " end\n"

static void only_the_declarations_of_a_node_are_replaced(void **state)
{
	const char *content = "# ours\nsubnet 10.1.0.0 netmask 255.255.0.0 { }\n" BLOCK(
		"cn1", "cn1", "one") "  host other { }\r\n" BLOCK("cn2", "cn2", "two")
		BLOCK("cn2", "cn2-eth1", "2") BLOCK("cn3", "cn3", "three") "# the end";
	g_autofree char *two = read_one(DHCP_INCLUDE, content, "cn2"), *none = NULL;
	g_autofree char *changed = NULL, *removed = NULL, *back = NULL;

	(void)state;
	assert_string_equal(two, BLOCK("cn2", "cn2", "two") BLOCK("cn2", "cn2-eth1", "2"));
	none = read_one(DHCP_INCLUDE, content, "cn4");
	assert_null(none);
	assert_null(write_one(DHCP_INCLUDE, content, "cn2", two));
	assert_null(write_one(DHCP_INCLUDE, content, "cn4", NULL));
	changed = write_one(DHCP_INCLUDE, content, "cn2", BLOCK("cn2", "cn2", "new"));
	assert_string_equal(
		changed,
		"# ours\nsubnet 10.1.0.0 netmask 255.255.0.0 { }\n" BLOCK(
			"cn1", "cn1", "one") "  host other { }\r\n" BLOCK("cn2", "cn2", "new")
			BLOCK("cn3", "cn3", "three") "# the end");
	back = write_one(DHCP_INCLUDE, changed, "cn2", two);
	assert_string_equal(back, content);
	removed = write_one(DHCP_INCLUDE, content, "cn2", NULL);
	assert_string_equal(
		removed,
		"# ours\nsubnet 10.1.0.0 netmask 255.255.0.0 { }\n" BLOCK(
			"cn1", "cn1", "one") "  host other { }\r\n" BLOCK("cn3", "cn3",
									  "three") "# the end");
}

static void new_declarations_come_by_name_behind_the_last(void **state)
{
	const char *nodes[] = { "cn9", "cn10", "cn1" };
	const char *texts[] = { BLOCK("cn9", "cn9", "9"), BLOCK("cn10", "cn10", "10"),
				BLOCK("cn1", "cn1", "1") };
	g_autofree char *first = write_to(DHCP_INCLUDE, "hosts", "# a", nodes, 2, texts);
	g_autofree char *second = NULL, *fresh = NULL, *empty = NULL;

	(void)state;
	assert_string_equal(first,
			    "# a\n" BLOCK("cn10", "cn10", "10") BLOCK("cn9", "cn9", "9"));
	second = write_to(DHCP_INCLUDE, "hosts", first, nodes, 3, texts);
	assert_string_equal(second, "# a\n" BLOCK("cn10", "cn10", "10") BLOCK("cn9", "cn9", "9")
					    BLOCK("cn1", "cn1", "1"));
	fresh = write_to(DHCP_INCLUDE, "hosts", NULL, nodes, 1, texts);
	assert_string_equal(fresh, texts[0]);
	/* The file stays: the configuration that includes it would not be read without. */
	empty = write_one(DHCP_INCLUDE, fresh, "cn9", NULL);
	assert_string_equal(empty, "");
}

static void declarations_that_lie_apart_are_one_entry(void **state)
{
	const char *content =
		BLOCK("cn1", "cn1", "1") BLOCK("cn2", "cn2", "2") BLOCK("cn1", "cn1-eth1", "1");
	g_autofree char *text = read_one(DHCP_INCLUDE, content, "cn1"), *written = NULL;

	(void)state;
	assert_string_equal(text, BLOCK("cn1", "cn1", "1") BLOCK("cn1", "cn1-eth1", "1"));
	assert_null(write_one(DHCP_INCLUDE, content, "cn1", text));
	written = write_one(DHCP_INCLUDE, content, "cn1", BLOCK("cn1", "cn1", "new"));
	assert_string_equal(written, BLOCK("cn1", "cn1", "new") BLOCK("cn2", "cn2", "2"));
}

static void a_declaration_without_an_end_is_refused(void **state)
{
	const char *start = "#xCAT host declaration for cn1 aka host cn1 start\n";
	g_autofree char *cut = g_strconcat("# a\n", start, "host cn1 {\n}\n", NULL);
	g_autofree char *within =
		g_strconcat(start, BLOCK("cn2", "cn2", "2"), "} ", start, NULL);

	(void)state;
	assert_unreadable(DHCP_INCLUDE, cut, "line 2 of hosts begins a host declaration");
	assert_unreadable(DHCP_INCLUDE, within, "line 1 of hosts");
}

/* ---- The leases file ---- */

static void the_last_word_on_a_host_counts(void **state)
{
	const char *leases =
		"# a comment with { and \"\n"
		"server-duid \"\\000\\001}\\\"{\";\n"
		"lease 10.1.5.9 {\n  uid \"\\001B{\";\n  client-hostname \"cn1\";\n}\n"
		"host cn1 {\n  dynamic;\n  hardware ethernet 42:00:0a:02:00:01;\n}\n"
		"host cn2 {\n  dynamic;\n  hardware ethernet 42:00:0a:02:00:02;\n}\n"
		"host cn3 {\n  dynamic;\n  deleted;\n}\n"
		"host cn2 {\n  dynamic;\n  deleted;\n}\n"
		"host cn1 {\n  dynamic;\n  hardware ethernet 42:00:0a:02:00:01;\n"
		"  uid \"BCDEFG\";\n  fixed-address 10.1.5.1, 10.1.5.2;\n"
		"        if option client-architecture = 00:\n            07 or not\n exists "
		"gpxe.bus-id {\n supersede server.filename = \n \"a{;}b\\\"c\";} else {\n"
		"} supersede server.next-server = \"ABCD\";\n}\n"
		"host cn3 {\n  hardware ethernet 42:00:0a:02:00:03;\n}\n";
	g_autofree char *one = read_one(DHCP_OMAPI, leases, "cn1");
	g_autofree char *two = read_one(DHCP_OMAPI, leases, "cn2");
	g_autofree char *three = read_one(DHCP_OMAPI, leases, "cn3");

	(void)state;
	assert_string_equal(one, "host cn1 {\n"
				 "  hardware ethernet 42:00:0a:02:00:01;\n"
				 "  uid 42:43:44:45:46:47;\n"
				 "  fixed-address 10.1.5.1, 10.1.5.2;\n"
				 "  if option client-architecture = 00:07 or not exists "
				 "gpxe.bus-id {\n"
				 "    supersede server.filename = \"a{;}b\\\"c\";\n"
				 "  } else {\n"
				 "  }\n"
				 "  supersede server.next-server = 41:42:43:44;\n"
				 "}\n");
	assert_null(two);
	assert_string_equal(three, "host cn3 {\n  hardware ethernet 42:00:0a:02:00:03;\n}\n");
}

static void a_host_is_whose_name_it_is_told(void **state)
{
	const char *leases =
		"host cn1-eth1 { supersede server.ddns-hostname = \"cn1\"; }\n"
		"host cn1 { supersede server.ddns-hostname = \"cn1\"; }\n"
		"host cn1-noip42000A010425 { supersede server.allow-booting = 00; }"
		"host cn1-noipx { hardware ethernet 42:00:00:00:00:01; }";
	g_autofree char *text = read_one(DHCP_OMAPI, leases, "cn1"), *other = NULL;

	(void)state;
	assert_string_equal(text, "host cn1 {\n  supersede server.ddns-hostname = \"cn1\";\n}\n"
				  "host cn1-eth1 {\n  supersede server.ddns-hostname = "
				  "\"cn1\";\n}\n"
				  "host cn1-noip42000A010425 {\n  supersede "
				  "server.allow-booting = 00;\n}\n");
	other = read_one(DHCP_OMAPI, leases, "cn1-noipx");
	assert_non_null(other);
}

static void a_leases_file_that_is_cut_off_is_refused(void **state)
{
	(void)state;
	assert_unreadable(DHCP_OMAPI, "host cn1 { }\nhost cn2 {\n dynamic;\n",
			  "line 2 of hosts begins something that has no end");
	assert_unreadable(DHCP_OMAPI, "\n\nhost cn2 { filename \"a };\n}", "line 3 of hosts");
}

/* ---- omshell ---- */

static char *batch_for(const DhcpFacts *facts, const char *node, const char *now,
		       const char *text)
{
	g_autoptr(GError) problem = NULL;
	GString *batch = dhcp_omapi_batch(&login, facts, &node, &now, &text, 1, &problem);
	char *connect;

	assert_ok(batch, problem);
	connect = strstr(batch->str, "connect\n");
	g_string_erase(batch, 0, connect + strlen("connect\n") - batch->str);
	return g_string_free(batch, FALSE);
}

static void omshell_is_let_in_by_what_the_tables_have(void **state)
{
	DhcpLogin found;
	g_autoptr(GError) problem = NULL;
	g_autoptr(GString) batch = NULL;

	(void)state;
	assert_false(dhcp_login(world->world->cluster, &found, &problem));
	assert_refused(problem, "the table passwd has no row 'omapi'");
	world_execute(world->world,
		      "INSERT INTO passwd (key, username, password) VALUES ('system', 'root', "
		      "'x'), ('omapi', 'xcat_key', 'bW9yZSBzZWNyZXQ='); "
		      "INSERT INTO site (key, value) VALUES ('dhcpomapialgorithm', "
		      "'hmac-sha512');");
	world_read(world->world);
	assert_ok(dhcp_login(world->world->cluster, &found, &problem), problem);
	assert_string_equal(secret_in("a bW9yZSBzZWNyZXQ= b", 20), "passwd omapi");
	found.port = 7912;
	found.server = "10.1.1.12";
	batch = dhcp_omapi_batch(&found, NULL, NULL, NULL, NULL, 0, &problem);
	assert_string_equal(batch->str, "port 7912\nkey-algorithm hmac-sha512\n"
					"key xcat_key \"bW9yZSBzZWNyZXQ=\"\n"
					"server 10.1.1.12\nconnect\n");
	world_execute(world->world, "UPDATE passwd SET password = 'a\"\nremove' WHERE key = "
				    "'omapi';");
	world_read(world->world);
	assert_false(dhcp_login(world->world->cluster, &found, &problem));
	assert_refused(problem, "passwd.password of 'omapi' is not base64");
}

static void a_host_that_the_new_entry_has_not_goes(void **state)
{
	g_autofree char *now = dhcp_text(world->facts, DHCP_OMAPI, 1);
	g_autofree char *text = dhcp_text(world->facts, DHCP_OMAPI, 1), *batch = NULL;

	(void)state;
	*strstr(text, "host cn2-eth1 {") = '\0';
	batch = batch_for(world->facts, "cn2", now, text);
	assert_true(g_str_has_prefix(batch, "new host\nset name = \"cn2-eth1\"\nopen\nremove\n"
					    "close\nnew host\nset hardware-address = "
					    "42:00:0A:02:01:02\nopen\nremove\nclose\n"));
	assert_non_null(strstr(batch, "set name = \"cn2\"\nset hardware-address"));
	assert_null(strstr(batch, "set name = \"cn2-eth1\"\nset hardware-address"));
}

/* Of a batch that also takes away whatever might be there, what it makes.  Gives the text. */
static char *only_created(const char *batch)
{
	g_auto(GStrv) blocks = g_strsplit(batch, "new host\n", -1);
	GString *text = g_string_new(NULL);

	for (guint i = 1; blocks[0] && blocks[i]; i++)
		if (strstr(blocks[i], "\ncreate\n"))
			g_string_append_printf(text, "new host\n%s", blocks[i]);
	return g_string_free(text, FALSE);
}

/* An undo gives what the leases file had: by the same line, with the parentheses that dhcpd
 * does not write. */
static void what_was_read_can_be_told_again(void **state)
{
	g_autofree char *text = dhcp_text(world->facts, DHCP_OMAPI, 1);
	g_autofree char *with = batch_for(world->facts, "cn2", NULL, text);
	g_autofree char *without = batch_for(NULL, "cn2", NULL, text);
	const char *foreign = "host cn2 {\n  hardware ethernet 42:00:0a:02:00:02;\n"
			      "  supersede domain-name-servers = 0a:01:01:01;\n"
			      "  supersede root-path = c3:a9;\n}\n";
	g_autofree char *other = batch_for(NULL, "cn2", NULL, foreign);
	g_autofree char *created = NULL;

	(void)state;
	g_strdelimit(with, "A", 'a');
	g_strdelimit(without, "A", 'a');
	created = only_created(with);
	assert_non_null(strstr(without, created));
	assert_non_null(strstr(with, "and (option client-architecture = 00:09 or option "
				     "client-architecture = 00:07) {"));
	assert_non_null(strstr(other, "set hardware-type = 1\nset statements = \"supersede "
				      "domain-name-servers = 0a:01:01:01;supersede root-path = "
				      "c3:a9;\"\ncreate\n"));
	assert_null(strstr(other, "set dhcp-client-identifier"));
}

/* Who has looked takes away only what is there, by its name: what another node has stays. */
static void only_what_was_seen_is_taken_away(void **state)
{
	g_autofree char *text = dhcp_text(world->facts, DHCP_OMAPI, 1);
	const char *before = "host cn2 {\n  hardware ethernet 42:00:0a:02:00:99;\n}\n"
			     "host cn2-hf1 {\n  hardware ethernet 42:00:0a:02:00:98;\n}\n";
	g_autofree char *fresh = batch_for(NULL, "cn2", NULL, text);
	g_autofree char *replaced = batch_for(NULL, "cn2", before, text);
	g_autofree char *gone = batch_for(NULL, "cn2", before, NULL);

	(void)state;
	assert_null(strstr(fresh, "remove"));
	assert_non_null(strstr(replaced,
			       "new host\nset name = \"cn2-hf1\"\nopen\nremove\nclose\n"
			       "new host\nset name = \"cn2\"\nopen\nremove\nclose\n"
			       "new host\nset name = \"cn2\"\nset hardware-address"));
	assert_non_null(strstr(gone,
			       "new host\nset name = \"cn2\"\nopen\nremove\nclose\n"
			       "new host\nset name = \"cn2-hf1\"\nopen\nremove\nclose\n"));
	assert_null(strstr(gone, "hardware-address"));
}

static void what_omshell_cannot_be_told_is_refused(void **state)
{
	g_autofree char *long_text = g_strnfill(1000, 'a');
	g_autofree char *long_host = g_strdup_printf(
		"host cn1 {\n  hardware ethernet 42:00:0a:02:00:01;\n  supersede root-path = "
		"\"%s\";\n}\n",
		long_text);
	const char *texts[] = { long_host, "host cn1 {\n}\n" };
	const char *node = "cn1", *now = NULL;

	(void)state;
	for (guint i = 0; i < 2; i++) {
		g_autoptr(GError) problem = NULL;

		assert_null(
			dhcp_omapi_batch(&login, NULL, &node, &now, &texts[i], 1, &problem));
		assert_refused(problem, i ? "the entry of cn1 for 'cn1' cannot be told to "
					    "omshell: it has no MAC"
					  : "its statements are longer than a line of it");
	}
}

/* Recorded from omshell 4.4.3-P1. */
static void omshell_s_answers_are_judged_by_node(void **state)
{
	const char *said = "> > > obj: <null>\n> obj: host\n> obj: host\nname = \"cn2\"\n"
			   "> can't open object: not found\nobj: host\nname = \"cn2\"\n"
			   "> can't destroy object: not found\nobj: host\nname = \"cn2\"\n"
			   "> not open.\nobj: <null>\n"
			   "> can't open object: parse error(s) occurred\nobj: host\n"
			   "name = \"cn2-eth1\"\nhardware-address = 42:00:00:00:00:03\n"
			   "hardware-type = 1\nstatements = \"garbage here;\"\n"
			   "> can't open object: key conflict\nobj: host\n"
			   "hardware-address = 42:00:00:00:00:03\n> obj: <null>\n> ";
	g_autofree char *text = dhcp_text(world->facts, DHCP_OMAPI, 1);
	const char *node = "cn2", *given = text;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(service_problem_free);
	g_autoptr(GError) problem = NULL;
	const ServiceProblem *first, *second;

	(void)state;
	assert_ok(dhcp_omapi_judge(said, &node, &given, 1, problems, &problem), problem);
	assert_int_equal(problems->len, 2);
	first = problems->pdata[0];
	second = problems->pdata[1];
	assert_string_equal(first->node, "cn2");
	assert_string_equal(first->words, "dhcpd answers for cn2-eth1: 'can't open object: "
					  "parse error(s) occurred'");
	assert_null(second->node);
	assert_string_equal(second->words, "dhcpd answers: 'can't open object: key conflict'");
}

static void omshell_that_is_not_let_in_has_done_nothing(void **state)
{
	const char *said[] = {
		"dhcpctl_connect: no more\n> > > not connected.\n> no open object.\n",
		"> > > obj: <null>\n> obj: host\n> can't open object: connection reset by "
		"peer\n",
		"> > > not connected.\n",
		"> can't open object: no key specified\n",
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(said); i++) {
		g_autoptr(GPtrArray) problems =
			g_ptr_array_new_with_free_func(service_problem_free);
		g_autoptr(GError) problem = NULL;

		assert_false(dhcp_omapi_judge(said[i], NULL, NULL, 0, problems, &problem));
		assert_refused(problem, "omshell was not let in by dhcpd");
	}
}

/* ---- Kea ---- */

#define KEA_OTHERS                                                                             \
	"// of the site\n[ # first\n  {\"hostname\": \"x\",   \"hw-address\":\"42:0\" /* , ] " \
	"*/ },\n"                                                                              \
	"\t{ \"hostname\" : \"cn9\" , \"note\": \"],}\\\"\" } // nine\n"

static const char *const kea_entry =
	"{\n  \"hosts\": [\n    {\"hostname\": \"cn1\", \"ip-address\": \"10.1.5.1\"},\n"
	"    {\"hostname\": \"cn1-eth1\", \"option-data\": [{\"data\": \"cn1\", \"name\": "
	"\"host-name\"}]}\n  ]\n}\n";

static void only_the_elements_of_a_node_are_replaced(void **state)
{
	g_autofree char *given = write_one(DHCP_KEA, KEA_OTHERS "]\n# end\n", "cn1", kea_entry);
	g_autofree char *text = NULL, *removed = NULL, *nine = NULL;

	(void)state;
	assert_string_equal(given, KEA_OTHERS
			    ",\n  {\"hostname\": \"cn1\", \"ip-address\": \"10.1.5.1\"},\n"
			    "  {\"hostname\": \"cn1-eth1\", \"option-data\": [{\"data\": "
			    "\"cn1\", \"name\": \"host-name\"}]}]\n# end\n");
	text = read_one(DHCP_KEA, given, "cn1");
	assert_string_equal(text, kea_entry);
	assert_null(write_one(DHCP_KEA, given, "cn1", kea_entry));
	removed = write_one(DHCP_KEA, given, "cn1", NULL);
	assert_string_equal(removed, KEA_OTHERS "]\n# end\n");
	nine = write_one(DHCP_KEA, given, "cn9", NULL);
	assert_non_null(strstr(nine, "// of the site\n[ # first\n  {\"hostname\": \"x\",   "));
	assert_null(strstr(nine, "cn9"));
	assert_non_null(strstr(nine, "*/ },\n  {\"hostname\": \"cn1\""));
}

static void arrays_begin_and_end_empty(void **state)
{
	const char *const empty[] = { "", "[]", "[\n]\n", " [ ] ", "# none\n[ // here\n]\n" };

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(empty); i++) {
		g_autofree char *given = write_one(DHCP_KEA, empty[i], "cn1", kea_entry);
		g_autofree char *text = read_one(DHCP_KEA, given, "cn1");
		g_autofree char *removed = write_one(DHCP_KEA, given, "cn1", NULL);
		g_autofree char *none = read_one(DHCP_KEA, removed, "cn1");

		assert_string_equal(text, kea_entry);
		assert_null(none);
		assert_null(write_one(DHCP_KEA, removed, "cn1", NULL));
	}
}

static void an_array_that_is_emptied_is_as_it_was_begun(void **state)
{
	g_autofree char *given = write_one(DHCP_KEA, "// ours\n[]\n", "cn1", kea_entry);
	g_autofree char *removed = write_one(DHCP_KEA, given, "cn1", NULL);

	(void)state;
	assert_string_equal(removed, "// ours\n[]\n");
}

/* kea-dhcp4 2.2 refuses an empty list of classes. */
static void the_last_client_class_leaves_one_that_does_nothing(void **state)
{
	const char *node = "cn1", *none = NULL;
	const char *text =
		"{\n  \"client-classes\": [\n    {\"name\": \"a\", \"user-context\": "
		"{\"xcat-node\": \"cn1\"}}\n  ]\n}\n";
	g_autofree char *given = write_to(DHCP_KEA, DHCP_KEA_CLASSES, NULL, &node, 1, &text);
	g_autofree char *removed = write_to(DHCP_KEA, DHCP_KEA_CLASSES, given, &node, 1, &none);
	g_autofree char *again = write_to(DHCP_KEA, DHCP_KEA_CLASSES, removed, &node, 1, &text);

	(void)state;
	assert_string_equal(removed, "[ {\"name\": \"snmove-none\"} ]\n");
	assert_string_equal(again, given);
}

static void what_is_no_array_is_refused(void **state)
{
	(void)state;
	assert_unreadable(DHCP_KEA, "{}", "line 1 of hosts: it is no array of JSON");
	assert_unreadable(DHCP_KEA, "[\n{\"a\": 1}", "line 2 of hosts");
	assert_unreadable(DHCP_KEA, "[\n{\"a\": [1", "its array has no end");
	assert_unreadable(DHCP_KEA, "[{} {}]", "an element, a comma or the end");
	assert_unreadable(DHCP_KEA, "[{},]", "an element, a comma or the end");
	assert_unreadable(DHCP_KEA, "[{}]\n[]", "there is something behind its array");
}

static void a_subnet_without_a_file_is_refused(void **state)
{
	const char *node = "cn1";
	g_autofree char *text = dhcp_text(world->facts, DHCP_KEA, 0);
	const char *given = text, *broken = "{";
	DhcpFile file = { .name = "10.2.0.0/16" };
	g_autoptr(GError) problem = NULL;
	GString *written;

	(void)state;
	assert_false(dhcp_write(DHCP_KEA, &file, 1, &node, 1, &given, &written, &problem));
	assert_refused(problem, "has something in 10.1.0.0/16, and Kea has no file");
	assert_false(dhcp_write(DHCP_KEA, &file, 1, &node, 1, &broken, &written, &problem));
	assert_refused(problem, "the entry of 'cn1' is not one for Kea");
}

/* ---- The tables ---- */

static void a_port_and_a_state_are_in_what_is_booted(void **state)
{
	g_autofree char *text = NULL, *iscsi = NULL, *kea = NULL;

	(void)state;
	world_execute(world->world,
		      "INSERT INTO site (key, value) VALUES ('httpport', '8080');");
	dhcp_gather(world);
	text = dhcp_text(world->facts, DHCP_INCLUDE, 1);
	assert_non_null(
		strstr(text, "\"http://${next-server}:8080/tftpboot/xcat/xnba/nodes/cn2\""));
	kea = dhcp_text(world->facts, DHCP_KEA, 1);
	assert_non_null(strstr(kea, "\"http://10.1.1.12:8080/tftpboot/xcat/xnba/nodes/cn2\""));
	world_execute(world->world,
		      "INSERT INTO chain (node, currstate) VALUES ('cn2', 'iscsiboot');"
		      "INSERT INTO iscsi (node, server, target) VALUES ('cn2', 'a', 'b');");
	dhcp_gather(world);
	iscsi = dhcp_text(world->facts, DHCP_INCLUDE, 1);
	assert_non_null(strstr(iscsi,
			       "not exists gpxe.bus-id { filename = \"xcat/xnba.kpxe\"; } "
			       "else { filename = \"\"; } option root-path "
			       "\"iscsi:a:6:3260::b\";next-server 10.1.1.12;"));
}

static void a_service_node_without_an_address_is_a_problem(void **state)
{
	g_autofree char *told = NULL;

	(void)state;
	dhcp_row(world, "nodelist", "cn3", "groups", "all");
	dhcp_row(world, "mac", "cn3", "mac", "42:00:0a:02:00:03");
	dhcp_add(world, "cn3", "sn9-c");
	dhcp_gather(world);
	told = dhcp_told(world);
	assert_non_null(strstr(told, "!cn3: its service node 'sn9-c' has no IPv4 address"));
	assert_non_null(strstr(told, "cn3: cn3 has no IPv4 address: add it to /etc/hosts"));
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(hostile_values_are_problems_or_quoted),
		cmocka_unit_test(the_include_file_of_all_is_golden),
		cmocka_unit_test(the_batch_of_all_is_golden),
		cmocka_unit_test(what_dhcpd_makes_of_the_batch_is_what_was_wanted),
		cmocka_unit_test(the_files_of_kea_are_golden),
	};
#define OF_TWO(test) cmocka_unit_test_setup_teardown(test, setup_two, teardown)
	const struct CMUnitTest of_two[] = {
		OF_TWO(only_the_declarations_of_a_node_are_replaced),
		OF_TWO(new_declarations_come_by_name_behind_the_last),
		OF_TWO(declarations_that_lie_apart_are_one_entry),
		OF_TWO(a_declaration_without_an_end_is_refused),
		OF_TWO(the_last_word_on_a_host_counts),
		OF_TWO(a_host_is_whose_name_it_is_told),
		OF_TWO(a_leases_file_that_is_cut_off_is_refused),
		OF_TWO(omshell_is_let_in_by_what_the_tables_have),
		OF_TWO(a_host_that_the_new_entry_has_not_goes),
		OF_TWO(what_was_read_can_be_told_again),
		OF_TWO(only_what_was_seen_is_taken_away),
		OF_TWO(what_omshell_cannot_be_told_is_refused),
		OF_TWO(omshell_s_answers_are_judged_by_node),
		OF_TWO(omshell_that_is_not_let_in_has_done_nothing),
		OF_TWO(only_the_elements_of_a_node_are_replaced),
		OF_TWO(arrays_begin_and_end_empty),
		OF_TWO(an_array_that_is_emptied_is_as_it_was_begun),
		OF_TWO(the_last_client_class_leaves_one_that_does_nothing),
		OF_TWO(what_is_no_array_is_refused),
		OF_TWO(a_subnet_without_a_file_is_refused),
		OF_TWO(a_port_and_a_state_are_in_what_is_booted),
		OF_TWO(a_service_node_without_an_address_is_a_problem),
	};
	g_autofree char *path = harness_source(DHCP_CASES "/hostile.tsv");
	int failed;

	hostile = facts_read(path);
	failed = cmocka_run_group_tests_name("dhcp, all together", all, setup_all, teardown) +
		 cmocka_run_group_tests_name("dhcp files", of_two, NULL, NULL);
	facts_free(hostile);
	return failed;
}
