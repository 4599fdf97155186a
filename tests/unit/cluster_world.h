/*
 * cluster_world - a cluster in a scratch database, for the tests of what stands on the store.
 *
 * Its tables are those that xCAT has, with the columns that the tests need.
 */
#pragma once
#include "core/cluster.h"
#include "tests/lib/database.h"
#include "tests/lib/harness.h"
#include <string.h>

#define KEY(...) ((const char *const[]){ __VA_ARGS__ })

#define CLUSTER_TABLES                                                                         \
	"CREATE TABLE nodelist (node TEXT PRIMARY KEY, groups TEXT, status TEXT,"              \
	" disable TEXT);"                                                                      \
	"CREATE TABLE noderes (node TEXT PRIMARY KEY, servicenode TEXT, xcatmaster TEXT,"      \
	" tftpserver TEXT, comments TEXT, disable TEXT);"                                      \
	"CREATE TABLE nodehm (node TEXT PRIMARY KEY, mgt TEXT, conserver TEXT, disable TEXT);" \
	"CREATE TABLE servicenode (node TEXT PRIMARY KEY, dhcpserver TEXT, disable TEXT);"     \
	"CREATE TABLE site (key TEXT PRIMARY KEY, value TEXT, disable TEXT);"                  \
	"CREATE TABLE networks (netname TEXT, net TEXT, mask TEXT, gateway TEXT,"              \
	" disable TEXT, PRIMARY KEY (net, mask));"

typedef struct {
	char *directory, *file;
	Store *store;
	Cluster *cluster;
	GPtrArray *complaints; /* messages, g_free */
} World;

static inline void world_hear(const char *message, gpointer data)
{
	World *world = data;

	g_ptr_array_add(world->complaints, g_strdup(message));
}

/* What the database has now, read anew. */
static inline void world_read(World *world)
{
	cluster_free(world->cluster);
	world->cluster = cluster_new(world->store);
	cluster_on_complaint(world->cluster, world_hear, world);
}

static inline World *world_begin(void)
{
	World *world = g_new0(World, 1);

	world->directory = harness_directory();
	world->file = g_build_filename(world->directory, "cluster.db", NULL);
	world->complaints = g_ptr_array_new_with_free_func(g_free);
	return world;
}

static inline World *world_open(World *world)
{
	g_autofree char *url = g_strconcat("sqlite:", world->file, NULL);
	g_autoptr(GError) problem = NULL;

	world->store = store_open(url, &problem);
	assert_ok(world->store, problem);
	world_read(world);
	return world;
}

/* A cluster of the tables above, filled by `sql`. */
static inline World *world_new(const char *sql)
{
	World *world = world_begin();

	database_execute(world->file, CLUSTER_TABLES);
	database_execute(world->file, sql);
	return world_open(world);
}

/* The cluster of the recorded cases. */
static inline World *world_recorded(void)
{
	World *world = world_begin();

	database_load(world->file, "tests/cases/fixture");
	return world_open(world);
}

static inline void world_free(World *world)
{
	cluster_free(world->cluster);
	store_close(world->store);
	harness_remove(world->directory);
	g_ptr_array_unref(world->complaints);
	g_free(world->file);
	g_free(world);
}

static inline void world_execute(const World *world, const char *sql)
{
	database_execute(world->file, sql);
}

/* The names, joined by blanks. */
static inline char *world_names(const GPtrArray *names)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; names && i < names->len; i++)
		g_string_append_printf(text, "%s%s", i ? " " : "", (char *)names->pdata[i]);
	return g_string_free(text, FALSE);
}

static inline void assert_names(const GPtrArray *names, const char *wanted)
{
	g_autofree char *text = world_names(names);

	assert_string_equal(text, wanted);
}
