/*
 * Boot entries: as texts, what a node boots by them, and the same from another server.
 *
 * tests/cases/boot_moves has what xCAT's own snmove has made of boot files in four moves from
 * sn1 to sn2: taking them over gives the same.
 */
#include "tests/unit/boot_world.h"
#include <string.h>

#define MOVES "tests/cases/boot_moves"

static BootWorld *world;
static const char *const old_names[] = { "sn1", "sn1-c", "10.0.0.11", "10.1.1.11" };
static const char *const new_names[] = { "sn2", "sn2-c", "10.0.0.12", "10.1.1.12" };
static const HostsPlace there = { "sn2-c", "10.1.1.12", NULL };
static const HostsPlace back = { "sn1-c", "10.1.1.11", NULL };

static int setup(void **state)
{
	(void)state;
	world = boot_world_new();
	boot_node(world, "cn1", "grub2", "netboot x");
	boot_node(world, "cn2", "pxe", "boot");
	boot_gather(world);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	boot_world_free(world);
	return 0;
}

/* ---- Texts ---- */

static void add(GPtrArray *files, const char *path, const char *content, const char *target)
{
	BootFile *file = g_new0(BootFile, 1);

	file->path = g_strdup(path);
	file->content = g_strdup(content);
	file->length = content ? strlen(content) : 0;
	file->target = g_strdup(target);
	g_ptr_array_add(files, file);
}

static GPtrArray *odd_files(void)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(boot_file_free);

	add(files, "/t/z", NULL, "a b\\\n");
	add(files, "/t/b: -> c", "no end", NULL);
	add(files, "/t/a", "#boot\n\n  blanks\n/t/x:\n\\\n\ttab\r\n", NULL);
	add(files, "/t/c", "", NULL);
	add(files, "/t/d\xff", "\xff\n\n\n", NULL);
	add(files, "/t/e", "\n", NULL);
	return files;
}

static void files_are_one_text_and_come_out_of_it_again(void **state)
{
	g_autoptr(GPtrArray) files = odd_files();
	g_autofree char *text = boot_text(files);
	g_autoptr(GPtrArray) again = boot_files(text, NULL);
	g_autofree char *second = boot_text(again);

	(void)state;
	assert_string_equal(text, "/t/a:\n  #boot\n  \n    blanks\n  /t/x:\n  \\\n  \ttab\r\n"
				  "/t/b:\\040->\\040c:\n  no end\n\\\n"
				  "/t/c:\n/t/d\\377:\n  \xff\n  \n  \n/t/e:\n  \n"
				  "/t/z -> a\\040b\\134\\012\n");
	assert_string_equal(second, text);
	for (guint i = 0; i < files->len; i++) {
		const BootFile *one = files->pdata[i];
		const BootFile *other = boot_find(again, one->path);

		assert_non_null(other);
		assert_string_equal(other->target ? other->target : "",
				    one->target ? one->target : "");
		assert_int_equal(other->length, one->length);
		if (one->content)
			assert_memory_equal(other->content, one->content, one->length);
	}
}

static void no_file_is_no_entry(void **state)
{
	g_autoptr(GPtrArray) none = g_ptr_array_new();

	(void)state;
	assert_null(boot_text(none));
}

static void what_is_no_entry_is_refused(void **state)
{
	static const char *const texts[] = {
		"x", "/t/a", "/t/a\n", "  x\n", "\n", "/t/a:\nx\n"
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) problem = NULL;

		assert_null(boot_files(texts[i], &problem));
		assert_non_null(problem);
	}
}

/* ---- Kinds ---- */

static void assert_kind(const char *text, const char *wanted)
{
	g_autofree char *kind = boot_kind(text);

	if (!g_str_equal(kind, wanted))
		fail_msg("'%s' is %s, and not %s", text ? text : "", kind, wanted);
}

static void the_head_of_a_file_says_what_it_boots(void **state)
{
	(void)state;
	assert_kind(NULL, "offline");
	assert_kind("/t/a -> b\n", "offline");
	assert_kind("/t/a:\n", "offline");
	assert_kind("/t/a:\n  #boot\n", "disk");
	assert_kind("/t/a:\n  #!gpxe\n  #netboot x\n", "network boot");
	assert_kind("/t/a:\n  #statelite x\n", "network boot");
	assert_kind("/t/a:\n  #install x\r\n", "installation");
	assert_kind("/t/a:\n  #shell\n", "shell");
	assert_kind("/t/a:\n  #runcmd=bmcsetup\n", "runcmd");
	assert_kind("/t/a:\n  # install x\n", "disk");
	assert_kind("/t/a.uefi:\n  #!gpxe\n  chain x\n/t/b:\n  #boot\n", "disk");
	assert_kind("/t/a -> b\n/t/b:\n  #shell\n", "shell");
}

static void without_one_what_it_loads_does(void **state)
{
	(void)state;
	assert_kind("/t/a:\n  LOCALBOOT 0\n", "disk");
	assert_kind("/t/a:\n  linux /k root=x\n", "network boot");
	assert_kind("/t/a:\n  KERNEL k\n  APPEND inst.ks=http://x\n", "installation");
	assert_kind("/t/a:\n  kernel k autoyast=x\n", "installation");
	assert_kind("/t/a:\n  imgargs kernel destiny=shell\n", "shell");
}

/* ---- Taken over ---- */

static char *taken_over(const char *text, const char *const *names, const HostsPlace *place)
{
	g_autoptr(HostsWords) words =
		hosts_words_new(world->base->hosts, names, G_N_ELEMENTS(old_names));

	return boot_take_over(words, place, text);
}

/* All files of a folder with a listing, as one entry; NULL: it has none. */
static char *entry_of(const char *folder)
{
	g_autofree char *list = g_strdup_printf("%s/listing.tsv", folder);
	g_autofree char *source = harness_source(list);
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(boot_file_free);
	Facts *listing = facts_read(source);

	for (guint row = 0; row < listing->rows->len; row++) {
		const char *kind = facts_get(listing, row, "kind");
		const char *path = facts_get(listing, row, "path");
		const char *target = facts_get(listing, row, "target");
		const char *name = g_str_equal(kind, "hardlink") ? target : path;
		g_autofree char *file = g_strdup_printf("%s/files/%s", folder, name);
		g_autofree char *lies = harness_source(file);
		g_autofree char *whole = g_strconcat("/tftpboot/", path, NULL);
		g_autofree char *content = NULL;
		gboolean link = g_str_equal(kind, "symlink");

		if (!link && !g_file_get_contents(lies, &content, NULL, NULL))
			fail_msg("there is no %s", file);
		add(files, whole, content, link ? target : NULL);
	}
	facts_free(listing);
	return boot_text(files);
}

/* Those that it has changed; some nodes of a case did not move.  Gives how many. */
static guint compare(const char *before, const char *after)
{
	g_autofree char *taken = taken_over(before, old_names, &there);
	g_autoptr(GPtrArray) from = boot_files(before, NULL);
	g_autoptr(GPtrArray) ours = boot_files(taken, NULL);
	g_autoptr(GPtrArray) theirs = boot_files(after, NULL);
	guint changed = 0;

	assert_int_equal(ours->len, theirs->len);
	for (guint i = 0; i < ours->len; i++) {
		const BootFile *old = from->pdata[i], *one = ours->pdata[i];
		const BootFile *other = theirs->pdata[i];

		assert_string_equal(one->path, other->path);
		assert_int_equal(!one->content, !other->content);
		if (!one->content)
			continue;
		assert_non_null(other->content);
		if (g_strcmp0(old->content, other->content) == 0)
			continue;
		assert_string_equal(one->content, other->content);
		changed++;
	}
	return changed;
}

static void xcat_does_the_same(void **state)
{
	static const char *const moves[] = { "osimage", "addkcmdline", "no-tftpserver",
					     "source" };

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(moves); i++) {
		g_autofree char *from = g_strdup_printf(MOVES "/%s/before", moves[i]);
		g_autofree char *to = g_strdup_printf(MOVES "/%s/after", moves[i]);
		g_autofree char *before = entry_of(from);
		g_autofree char *after = entry_of(to);
		g_autofree char *taken = taken_over(before, old_names, &there);
		g_autofree char *again = taken_over(taken, new_names, &back);

		assert_true(compare(before, after) >= 6);
		assert_string_equal(again, before);
	}
}

/* There and back they are as they were; and what they boot never changes. */
static void recorded_files_go_there_and_back(void **state)
{
	g_autofree char *index = harness_source(BOOT_CASES "/INDEX.tsv");
	Facts *cases = facts_read(index);
	guint changed = 0;

	(void)state;
	for (guint row = 0; row < cases->rows->len; row++) {
		g_autofree char *folder =
			g_strdup_printf(BOOT_CASES "/%s", facts_get(cases, row, "node"));
		g_autofree char *before = entry_of(folder);
		g_autofree char *taken = before ? taken_over(before, old_names, &there) : NULL;
		g_autofree char *again = taken ? taken_over(taken, new_names, &back) : NULL;
		g_autofree char *kind = boot_kind(before);

		if (!before)
			continue;
		assert_non_null(taken);
		assert_kind(taken, kind);
		changed += g_strcmp0(taken, before) != 0;
		/* Some recorded files name the new server already. */
		if (!strstr(before, "sn2-c") && !strstr(before, "10.1.1.12"))
			assert_string_equal(again, before);
	}
	assert_true(changed > 10);
	facts_free(cases);
}

static void what_is_not_the_server_stays(void **state)
{
	static const char text[] =
		"/tftpboot/pxelinux.cfg/0A01010B -> sn1\n"
		"/tftpboot/sn1:\n  #install sn1\n  label=sn1 destiny=sn1\n"
		"  x=10.1.1.111 y=110.1.1.11 z=sn1-cc k=/install/sn1/10.1.1.11/x sn1=1\n";
	g_autofree char *taken = taken_over(text, old_names, &there);

	(void)state;
	assert_string_equal(taken, text);
}

/* ---- The service ---- */

static void files_of_nodes_become_entries_and_back(void **state)
{
	Service *service = boot_service(world->base->world->cluster, world->base->hosts);
	const char *nodes[] = { "cn1", "cn2" };
	const ServiceFile files[] = {
		{ BOOT_TFTPDIR "/boot/grub2/cn1", "a\n", 2, NULL },
		{ BOOT_TFTPDIR "/boot/grub2/grub2-cn1", "\x7f\0ELF", 5, NULL },
		{ BOOT_TFTPDIR "/pxelinux.cfg/0A010502", NULL, 0, "cn2" },
		{ BOOT_TFTPDIR "/pxelinux.cfg/cn2", "", 0, NULL },
	};
	char *texts[2] = { NULL };
	const char *wanted[2] = { "/srv/tftp/boot/grub2/cn1:\n  b\n", NULL };
	ServiceWrite written[4] = { 0 };
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_ok(service->read(service, files, 4, nodes, 2, texts, &problem), problem);
	assert_string_equal(texts[0], "/srv/tftp/boot/grub2/cn1:\n  a\n");
	assert_string_equal(texts[1], "/srv/tftp/pxelinux.cfg/0A010502 -> cn2\n"
				      "/srv/tftp/pxelinux.cfg/cn2:\n");
	assert_ok(service->write(service, files, 4, nodes, 2, wanted, written, &problem),
		  problem);
	assert_int_equal(written[0].fate, SERVICE_CONTENT);
	assert_string_equal(written[0].text, "b\n");
	/* A loader at the place of a link to it is none of ours. */
	assert_int_equal(written[1].fate, SERVICE_AS_IT_IS);
	assert_int_equal(written[2].fate, SERVICE_GONE);
	assert_int_equal(written[3].fate, SERVICE_GONE);
	g_free(written[0].text);
	g_free(texts[0]);
	g_free(texts[1]);
	service->free(service);
}

static void a_file_where_no_node_has_one_is_refused(void **state)
{
	Service *service = boot_service(world->base->world->cluster, world->base->hosts);
	const char *nodes[] = { "cn1" };
	const ServiceFile files[] = { { BOOT_TFTPDIR "/boot/grub2/cn1", "a\n", 2, NULL } };
	const char *wanted[] = { "/etc/passwd:\n  x\n" };
	ServiceWrite written[1] = { 0 };
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_false(service->write(service, files, 1, nodes, 1, wanted, written, &problem));
	assert_refused(problem, "/etc/passwd is not where the node's boot files lie");
	service->free(service);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(files_are_one_text_and_come_out_of_it_again),
		TEST(no_file_is_no_entry),
		TEST(what_is_no_entry_is_refused),
		TEST(the_head_of_a_file_says_what_it_boots),
		TEST(without_one_what_it_loads_does),
		TEST(xcat_does_the_same),
		TEST(recorded_files_go_there_and_back),
		TEST(what_is_not_the_server_stays),
		TEST(files_of_nodes_become_entries_and_back),
		TEST(a_file_where_no_node_has_one_is_refused),
	};

	return cmocka_run_group_tests_name("boot_entries", tests, NULL, NULL);
}
