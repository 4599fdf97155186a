#include "tests/bench/world.h"
#include "tests/bench/measure.h"
#include <errno.h>
#include <sqlite3.h>
#include <sys/stat.h>

/* The columns that xCAT has, in its order. */
static const struct {
	const char *name, *columns, *key;
} tables[] = {
	{ "nodelist",
	  "node, groups, status, statustime, appstatus, appstatustime, primarysn, hidden, "
	  "updatestatus, updatestatustime, zonename, comments, disable",
	  "node" },
	{ "noderes",
	  "node, servicenode, netboot, tftpserver, tftpdir, nfsserver, monserver, nfsdir, "
	  "installnic, primarynic, discoverynics, cmdinterface, xcatmaster, current_osimage, "
	  "next_osimage, nimserver, routenames, nameservers, proxydhcp, syslog, comments, "
	  "disable",
	  "node" },
	{ "nodehm",
	  "node, power, mgt, cons, termserver, termport, conserver, serialport, serialspeed, "
	  "serialflow, getmac, cmdmapping, consoleondemand, consoleenabled, comments, disable",
	  "node" },
	{ "nodetype",
	  "node, os, arch, profile, provmethod, supportedarchs, nodetype, comments, disable",
	  "node" },
	{ "hosts", "node, ip, hostnames, otherinterfaces, comments, disable", "node" },
	{ "site", "key, value, comments, disable", "key" },
};

/* What the groups and the servers have: a statement each, on the file of its table. */
static const struct {
	const char *table, *sql;
} rows[] = {
	{ "nodelist", "INSERT INTO nodelist (node, groups) VALUES ('sn1', 'service'), "
		      "('sn2', 'service'), ('sn1-c', 'service'), ('sn2-c', 'service')" },
	{ "noderes", "INSERT INTO noderes (node, netboot, tftpserver, monserver) "
		     "VALUES ('compute', 'xnba', 'sn1-c', 'sn1,sn1-c')" },
	{ "noderes", "INSERT INTO noderes (node, nfsserver) VALUES ('all', 'sn1-c')" },
	{ "nodehm", "INSERT INTO nodehm (node, mgt, cons) VALUES ('compute', 'ipmi', 'ipmi')" },
	{ "nodetype", "INSERT INTO nodetype (node, os, arch) "
		      "VALUES ('all', 'rhels9.2', 'x86_64')" },
	{ "hosts", "INSERT INTO hosts (node, ip) VALUES "
		   "('compute', '|n(\\d+)|10.($1/65536).(($1/256)%256).($1%256)|'), "
		   "('sn1', '10.200.0.1'), ('sn2', '10.200.0.2'), "
		   "('sn1-c', '10.200.1.1'), ('sn2-c', '10.200.1.2')" },
	{ "site", "INSERT INTO site (key, value) VALUES ('domain', 'cluster.test')" },
};

static sqlite3 *open_table(const char *directory, const char *table)
{
	g_autofree char *path = g_strdup_printf("%s/%s.sqlite", directory, table);
	sqlite3 *database;

	if (sqlite3_open(path, &database) != SQLITE_OK)
		measure_stop("%s: %s", path, sqlite3_errmsg(database));
	return database;
}

static void execute(sqlite3 *database, const char *sql)
{
	if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
		measure_stop("%s: %s", sql, sqlite3_errmsg(database));
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
		measure_stop("%s: %s", sql, sqlite3_errmsg(database));
	return statement;
}

/* Columns of `statement` are ?1 and ?2. */
static void insert(sqlite3_stmt *statement, const char *first, const char *second)
{
	if (sqlite3_bind_text(statement, 1, first, -1, SQLITE_TRANSIENT) != SQLITE_OK ||
	    sqlite3_bind_text(statement, 2, second, -1, SQLITE_TRANSIENT) != SQLITE_OK ||
	    sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK)
		measure_stop("a row of '%s' cannot be written: %s", first,
			     sqlite3_errmsg(sqlite3_db_handle(statement)));
}

static void fill_nodes(sqlite3 *nodelist, guint n)
{
	sqlite3_stmt *add =
		prepare(nodelist, "INSERT INTO nodelist (node, groups) VALUES (?1, ?2)");

	for (guint i = 1; i <= n; i++) {
		char name[16], groups[64];

		g_snprintf(name, sizeof(name), "n%06u", i);
		g_snprintf(groups, sizeof(groups), "compute,rack%04u,all",
			   (i - 1) / WORLD_RACK + 1);
		insert(add, name, groups);
	}
	sqlite3_finalize(add);
}

static void fill_servers(sqlite3 *noderes, guint n)
{
	sqlite3_stmt *add = prepare(
		noderes,
		"INSERT INTO noderes (node, servicenode, xcatmaster) VALUES (?1, ?2, 'sn1-c')");
	char name[16];

	for (guint i = 0; i * WORLD_RACK < n; i++) {
		g_snprintf(name, sizeof(name), "rack%04u", i + 1);
		insert(add, name, "sn1,sn2");
	}
	for (guint i = 8; i <= n; i += 8) {
		g_snprintf(name, sizeof(name), "n%06u", i);
		insert(add, name, "sn1,sn2");
	}
	sqlite3_finalize(add);
}

static void fill_consoles(sqlite3 *nodehm, guint n)
{
	sqlite3_stmt *add =
		prepare(nodehm, "INSERT INTO nodehm (node, conserver) VALUES (?1, ?2)");

	for (guint i = 0; i * WORLD_RACK < n; i++) {
		char name[16];

		g_snprintf(name, sizeof(name), "rack%04u", i + 1);
		insert(add, name, "sn1");
	}
	sqlite3_finalize(add);
}

static void make_table(const char *directory, gsize which, guint n)
{
	const char *table = tables[which].name;
	g_auto(GStrv) columns = g_strsplit(tables[which].columns, ", ", -1);
	g_autofree char *list = g_strjoinv(" TEXT, ", columns);
	g_autofree char *create = g_strdup_printf("CREATE TABLE %s (%s TEXT, PRIMARY KEY (%s))",
						  table, list, tables[which].key);
	sqlite3 *database = open_table(directory, table);

	execute(database, "PRAGMA synchronous = OFF");
	execute(database, "BEGIN");
	execute(database, create);
	for (gsize i = 0; n > 0 && i < G_N_ELEMENTS(rows); i++)
		if (g_str_equal(rows[i].table, table))
			execute(database, rows[i].sql);
	if (g_str_equal(table, "nodelist"))
		fill_nodes(database, n);
	else if (g_str_equal(table, "noderes"))
		fill_servers(database, n);
	else if (g_str_equal(table, "nodehm"))
		fill_consoles(database, n);
	execute(database, "COMMIT");
	sqlite3_close(database);
}

char *world_directory(const char *scratch, guint n)
{
	char *directory = g_strdup_printf("%s/world-%u", scratch, n);

	if (mkdir(directory, 0700) != 0) {
		if (errno != EEXIST)
			measure_stop("%s cannot be made: %s", directory, g_strerror(errno));
		return directory;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
		make_table(directory, i, n);
	return directory;
}

void world_add_dhcp(const char *directory, guint n)
{
	sqlite3 *mac = open_table(directory, "mac");
	sqlite3 *networks = open_table(directory, "networks");
	sqlite3_stmt *add;

	execute(networks, "CREATE TABLE networks (netname TEXT, net TEXT, mask TEXT, "
			  "dynamicrange TEXT, disable TEXT, PRIMARY KEY (net, mask))");
	execute(networks, "INSERT INTO networks (netname, net, mask, dynamicrange) VALUES "
			  "('all', '10.0.0.0', '255.0.0.0', '10.250.0.1-10.250.255.254')");
	execute(mac, "BEGIN");
	execute(mac, "CREATE TABLE mac (node TEXT PRIMARY KEY, mac TEXT, disable TEXT)");
	add = prepare(mac, "INSERT INTO mac (node, mac) VALUES (?1, ?2)");
	for (guint i = 1; i <= n; i++) {
		char name[16], address[32];

		g_snprintf(name, sizeof(name), "n%06u", i);
		g_snprintf(address, sizeof(address), "42:00:00:%02x:%02x:%02x", i / 65536 % 256,
			   i / 256 % 256, i % 256);
		insert(add, name, address);
	}
	sqlite3_finalize(add);
	execute(mac, "COMMIT");
	sqlite3_close(mac);
	sqlite3_close(networks);
}

void world_add_boot(const char *directory, const char *loader)
{
	sqlite3 *noderes = open_table(directory, "noderes");
	sqlite3 *chain = open_table(directory, "chain");
	sqlite3 *bootparams = open_table(directory, "bootparams");
	g_autofree char *set = g_strdup_printf(
		"UPDATE noderes SET netboot = '%s' WHERE node = 'compute'", loader);

	execute(noderes, set);
	execute(chain, "CREATE TABLE chain (node TEXT PRIMARY KEY, currstate TEXT, "
		       "disable TEXT)");
	execute(chain, "INSERT INTO chain (node, currstate) VALUES "
		       "('compute', 'netboot rhels9.2-x86_64-compute')");
	execute(bootparams, "CREATE TABLE bootparams (node TEXT PRIMARY KEY, kernel TEXT, "
			    "initrd TEXT, kcmdline TEXT, addkcmdline TEXT, disable TEXT)");
	execute(bootparams,
		"INSERT INTO bootparams (node, kernel, initrd, kcmdline) VALUES "
		"('compute', 'xcat/osimage/compute/kernel', "
		"'xcat/osimage/compute/initrd-stateless.gz', "
		"'imgurl=http://10.200.1.1:80//install/netboot/rhels9.2/x86_64/compute/"
		"rootimg.tar.gz XCAT=10.200.1.1:3001 ip=dhcp')");
	sqlite3_close(noderes);
	sqlite3_close(chain);
	sqlite3_close(bootparams);
}

char *world_range(guint n)
{
	return g_strdup_printf("n[000001-%06u]", n);
}

char *world_address(guint i)
{
	return g_strdup_printf("10.%u.%u.%u", i / 65536, i / 256 % 256, i % 256);
}

static guint count(const char *directory, const char *table, const char *where)
{
	g_autofree char *sql =
		g_strdup_printf("SELECT count(*) FROM %s WHERE %s", table, where);
	sqlite3 *database = open_table(directory, table);
	sqlite3_stmt *statement = prepare(database, sql);
	guint n;

	if (sqlite3_step(statement) != SQLITE_ROW)
		measure_stop("%s: %s", sql, sqlite3_errmsg(database));
	n = (guint)sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(database);
	return n;
}

guint world_moved(const char *directory)
{
	guint noderes = count(directory, "noderes",
			      "node GLOB 'n[0-9]*' AND servicenode = 'sn2,sn1' AND "
			      "xcatmaster = 'sn2-c' AND tftpserver = 'sn2-c' AND "
			      "nfsserver = 'sn2-c' AND monserver = 'sn2,sn2-c'");
	guint nodehm = count(directory, "nodehm", "node GLOB 'n[0-9]*' AND conserver = 'sn2'");

	return MIN(noderes, nodehm);
}
