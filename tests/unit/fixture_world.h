/*
 * fixture_world - the tables of the recorded cases and their variants as clusters, on each kind
 * of database: what was recorded from xCAT holds on all of them.
 */
#pragma once
#include "core/cluster.h"
#include "tests/lib/database.h"
#include "tests/lib/database_server.h"
#include "tests/lib/harness.h"
#include <stdio.h>
#include <string.h>

static DatabaseServer *fixture_server; /* of the group that runs; NULL: SQLite */
static const char *fixture_product;    /* that the group is for; NULL: SQLite */
static char *fixture_directory;
static GHashTable *fixture_clusters; /* name of an open one -> Cluster */

static inline void fixture_quiet(const char *message, gpointer data)
{
	(void)message, (void)data;
}

static inline void fixture_close(gpointer data)
{
	Store *store = cluster_store(data);

	cluster_free(data);
	store_close(store);
}

static inline int fixture_setup(void **state)
{
	(void)state;
	fixture_directory = harness_directory();
	fixture_clusters =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, fixture_close);
	fixture_server = fixture_product ? database_server_start(fixture_product) : NULL;
	return 0;
}

static inline int fixture_teardown(void **state)
{
	(void)state;
	g_hash_table_unref(fixture_clusters);
	g_clear_pointer(&fixture_server, database_server_stop);
	harness_remove(fixture_directory);
	return 0;
}

/* All tables are read while the server has them: the next fixture takes their place. */
static inline void fixture_read(Cluster *cluster, const char *file)
{
	g_autofree char *names =
		database_value(file, "SELECT group_concat(name, ' ') FROM sqlite_master "
				     "WHERE type = 'table'");
	g_auto(GStrv) tables = g_strsplit(names, " ", -1);

	for (guint i = 0; tables[i]; i++) {
		g_autoptr(GError) problem = NULL;

		assert_ok(cluster_table(cluster, tables[i], &problem), problem);
	}
	store_let_go(cluster_store(cluster));
}

static inline Cluster *fixture_open(const char *variant, const char *more)
{
	g_autofree char *file = g_strdup_printf("%s/%u.db", fixture_directory,
						g_hash_table_size(fixture_clusters));
	g_autofree char *relative =
		g_strdup_printf("tests/cases/fixture/variants/%s.sql", variant);
	g_autofree char *path = harness_source(relative);
	g_autofree char *url = NULL;
	g_autofree char *sql = NULL;
	g_autoptr(GError) problem = NULL;
	Store *store;
	Cluster *cluster;

	database_load(file, "tests/cases/fixture");
	if (g_file_get_contents(path, &sql, NULL, NULL))
		database_execute(file, sql);
	database_execute(file, more);
	if (fixture_server)
		database_server_push(fixture_server, file);
	url = fixture_server ? database_server_url(fixture_server, "")
			     : g_strconcat("sqlite:", file, NULL);
	store = store_open(url, &problem);
	assert_ok(store, problem);
	cluster = cluster_new(store);
	cluster_on_complaint(cluster, fixture_quiet, NULL);
	fixture_read(cluster, file);
	return cluster;
}

/* The fixture, as a variant has it (variants/NAME.sql, if there is such a file) and with more
 * SQL; each is opened once. */
static inline Cluster *fixture_cluster(const char *variant, const char *more)
{
	g_autofree char *key = g_strconcat(variant, "/", more, NULL);
	Cluster *cluster = g_hash_table_lookup(fixture_clusters, key);

	if (!cluster) {
		cluster = fixture_open(variant, more);
		g_hash_table_insert(fixture_clusters, g_steal_pointer(&key), cluster);
	}
	return cluster;
}

/* All facts on each kind of database that is there; one that is not is a skip with its reason.
 */
static inline int fixture_run(const Facts *facts, const char *group,
			      char *(*name)(const Facts *, guint), CMUnitTestFunction test)
{
	static const struct {
		const char *name, *product;
	} kinds[] = {
		{ "SQLite", NULL },
		{ "PostgreSQL", "postgresql" },
		{ "MariaDB", "mariadb" },
	};
	g_autofree char *drivers = store_drivers();
	int failed = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *of = g_strdup_printf("%s of %s", group, kinds[i].name);
		g_autofree char *without = g_strconcat("no ", kinds[i].name, NULL);

		fixture_product = kinds[i].product;
		if (strstr(drivers, without))
			printf("ok 1 - %s # SKIP this build has no driver for it\n", of);
		else if (fixture_product && !database_server_is_there(fixture_product))
			printf("ok 1 - %s # SKIP there is no such server\n", of);
		else
			failed += facts_run(facts, of, name, test, fixture_setup,
					    fixture_teardown);
	}
	return failed;
}
