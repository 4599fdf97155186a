/*
 * What a commit compares, writes and refuses.  How it locks and survives is in
 * test_store_transaction.c.  Every test runs on all drivers.
 */
#include "tests/unit/store_world.h"

/* ---- what is compared ---- */

static void a_change_is_written_only_on_what_it_was_made_for(void **state)
{
	World *world = *state;
	/* cn9 has no row, cn3 has NULL, cn2 has 'sn1'.  `part` NULL: it is written. */
	const struct {
		const char *node;
		StoreCell before;
		const char *part;
	} cases[] = {
		{ "cn9", NO_ROW, NULL },
		{ "cn9", EMPTY, "it was empty (NULL) when read and is without a row now" },
		{ "cn9", TEXT("sn1"), "it was 'sn1' when read and is without a row now" },
		{ "cn3", NO_ROW, "it was without a row when read and is empty (NULL) now" },
		{ "cn3", EMPTY, NULL },
		{ "cn3", TEXT(""), "it was '' when read and is empty (NULL) now" },
		{ "cn2", NO_ROW, "it was without a row when read and is 'sn1' now" },
		{ "cn2", EMPTY, "it was empty (NULL) when read and is 'sn1' now" },
		{ "cn2", TEXT("sn1"), NULL },
		{ "cn2", TEXT("sn"), "it was 'sn' when read and is 'sn1' now" },
		{ "cn2", TEXT("SN1"),
		  "noderes.servicenode of 'cn2' was changed by somebody else" },
		{ "cn2", TEXT("sn1 "), "it was 'sn1 ' when read and is 'sn1' now" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		StoreChange one[] = { SET("noderes", cases[i].node, "servicenode",
					  cases[i].before, TEXT("new")) };

		run_sql(world, "noderes",
			"DELETE FROM noderes; INSERT INTO noderes VALUES "
			"('cn2','sn1',NULL,NULL), ('cn3',NULL,NULL,NULL)");
		if (cases[i].part) {
			refuse(world, one, 1, STORE_ERROR_CONFLICT, cases[i].part);
			expect(world, "noderes", "cn2,sn1,~,~/cn3,~,~,~");
			continue;
		}
		commit(world, one, 1);
		expect(world, "noderes",
		       cases[i].node[2] == '9'	 ? "cn2,sn1,~,~/cn3,~,~,~/cn9,new,~,~"
		       : cases[i].node[2] == '3' ? "cn2,sn1,~,~/cn3,new,~,~"
						 : "cn2,new,~,~/cn3,~,~,~");
	}
}

static void numbers_and_bytes_are_compared_as_they_read(void **state)
{
	World *world = *state;
	StoreChange changes[] = {
		SET("nodehm", "n", "conserver", TEXT("5"), TEXT("6")),
		SET("nodehm", "b", "conserver", TEXT("ab"), TEXT("cd")),
	};

	run_sql(world, "nodehm",
		"DROP TABLE nodehm; CREATE TABLE nodehm (node TEXT PRIMARY KEY, conserver);"
		"INSERT INTO nodehm VALUES ('n', 5), ('b', x'6162')");
	commit(world, changes, G_N_ELEMENTS(changes));
	expect(world, "nodehm", "b,cd/n,6");
}

static void what_somebody_changed_since_it_was_read_stops_the_whole_commit(void **state)
{
	World *world = *state;
	g_autoptr(GError) problem = NULL;
	g_autoptr(StoreTable) table = store_read(world->store, "noderes", &problem);
	StoreChange changes[] = {
		SET("nodehm", "cn1", "conserver", TEXT("sn1"), TEXT("sn2")),
		SET("noderes", "cn1", "servicenode", TEXT("sn1,sn2"), TEXT("sn2,sn1")),
		SET("noderes", "cn2", "servicenode", TEXT("sn1"), TEXT("sn2")),
		SET("noderes", "cn9", "servicenode", NO_ROW, TEXT("sn2")),
	};

	assert_ok(table, problem);
	run_sql(world, "noderes", "UPDATE noderes SET servicenode = 'sn7' WHERE node = 'cn2'");
	refuse(world, changes, G_N_ELEMENTS(changes), STORE_ERROR_CONFLICT,
	       "noderes.servicenode of 'cn2' was changed by somebody else: it was 'sn1' when "
	       "read "
	       "and is 'sn7' now");
	expect(world, "noderes", "cn1,sn1,sn2,~,~/cn2,sn7,~,mine/cn3,~,~,~");
	expect(world, "nodehm", NODEHM);
}

/* ---- what is written ---- */

static void a_row_is_made_once_for_all_its_cells(void **state)
{
	World *world = *state;
	StoreChange changes[] = {
		SET("noderes", "cn9", "servicenode", NO_ROW, TEXT("sn2")),
		SET("nodehm", "cn9", "conserver", NO_ROW, EMPTY),
		SET("noderes", "cn9", "xcatmaster", NO_ROW, TEXT("sn2-c")),
		SET("noderes", "cn8", "xcatmaster", NO_ROW, NO_ROW),
	};

	commit(world, changes, G_N_ELEMENTS(changes));
	expect(world, "noderes", NODERES "/cn9,sn2,sn2-c,~");
	expect(world, "nodehm", NODEHM "/cn9,~");
}

static void other_cells_of_the_row_keep_what_they_have(void **state)
{
	World *world = *state;
	StoreChange changes[] = {
		SET("noderes", "cn2", "servicenode", TEXT("sn1"), EMPTY),
		SET("noderes", "cn2", "xcatmaster", EMPTY, TEXT("m")),
	};

	run_sql(world, "noderes", "ALTER TABLE noderes ADD COLUMN site_own TEXT");
	run_sql(world, "noderes", "UPDATE noderes SET site_own = 'kept'");
	commit(world, changes, G_N_ELEMENTS(changes));
	expect(world, "noderes", "cn1,sn1,sn2,~,~,kept/cn2,~,m,mine,kept/cn3,~,~,~,kept");
}

static void changes_of_one_cell_follow_each_other(void **state)
{
	World *world = *state;
	StoreChange changes[] = {
		SET("nodehm", "cn1", "conserver", TEXT("sn1"), EMPTY),
		SET("nodehm", "cn1", "conserver", EMPTY, TEXT("b")),
		SET("nodehm", "cn1", "conserver", TEXT("b"), TEXT("b")),
	};

	commit(world, changes, G_N_ELEMENTS(changes));
	expect(world, "nodehm", "cn1,b");
}

static void a_row_goes_away_only_when_nothing_but_its_key_is_left(void **state)
{
	World *world = *state;
	StoreChange changes[] = {
		SET("noderes", "cn1", "servicenode", TEXT("sn1,sn2"), NO_ROW),
		SET("noderes", "cn1", "xcatmaster", EMPTY, NO_ROW),
		SET("noderes", "cn2", "servicenode", TEXT("sn1"), NO_ROW),
		SET("nodehm", "cn1", "conserver", TEXT("sn1"), EMPTY),
	};

	commit(world, changes, G_N_ELEMENTS(changes));
	expect(world, "noderes", "cn2,~,~,mine/cn3,~,~,~");
	expect(world, "nodehm", "cn1,~");
}

static void a_row_that_was_made_can_be_taken_away_again(void **state)
{
	World *world = *state;
	StoreChange there[] = { SET("noderes", "cn9", "servicenode", NO_ROW, TEXT("sn2")),
				SET("noderes", "cn9", "xcatmaster", NO_ROW, TEXT("m")) };
	StoreChange back[] = { SET("noderes", "cn9", "xcatmaster", TEXT("m"), NO_ROW),
			       SET("noderes", "cn9", "servicenode", TEXT("sn2"), NO_ROW) };

	commit(world, there, 2);
	commit(world, back, 2);
	expect(world, "noderes", NODERES);
}

static void a_key_of_two_columns_names_one_row(void **state)
{
	World *world = *state;
	StoreChange changes[] = {
		{ "networks", KEY("10.0.0.0", "255.255.0.0"), 2, "gateway", TEXT("10.0.0.2"),
		  TEXT("new") },
		{ "networks", KEY("10.9.0.0", ""), 2, "gateway", TEXT("x"), TEXT("y") },
		{ "networks", KEY("10.9.0.0", "255.0.0.0"), 2, "gateway", NO_ROW, TEXT("z") },
		{ "networks", KEY("10.9.0.0", "255.0.0.0"), 2, "netname", NO_ROW, TEXT("d") },
	};
	StoreChange wrong[] = {
		{ "networks", KEY("10.0.0.0", "255.255.0.0"), 2, "netname", TEXT("a"), EMPTY },
	};

	commit(world, changes, G_N_ELEMENTS(changes));
	expect(world, "networks",
	       "a,10.0.0.0,255.0.0.0,10.0.0.1/b,10.0.0.0,255.255.0.0,new/"
	       "c,10.9.0.0,,y/d,10.9.0.0,255.0.0.0,z");
	refuse(world, wrong, 1, STORE_ERROR_CONFLICT,
	       "of '10.0.0.0','255.255.0.0' was changed");
}

static void any_bytes_can_be_names_and_values(void **state)
{
	static const char *const texts[] = {
		"\xff\xfe",  "a'b", "a\"b", "a\nb\r\n", "; DROP TABLE noderes; --",
		"$(reboot)", "",    " ",    "%s%n",	"?1",
	};
	World *world = *state;
	g_autoptr(StoreTable) table = NULL;
	g_autoptr(GError) problem = NULL;

	run_sql(world, "noderes", "DELETE FROM noderes");
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		StoreChange there[] = { SET("noderes", texts[i], "servicenode", NO_ROW,
					    TEXT("x")) };
		StoreChange on[] = {
			SET("noderes", texts[i], "servicenode", TEXT("x"), TEXT(texts[i])),
			SET("noderes", texts[i], "xcatmaster", EMPTY, TEXT(texts[i])),
		};

		commit(world, there, 1);
		commit(world, on, 2);
	}
	table = store_read(world->store, "noderes", &problem);
	assert_ok(table, problem);
	assert_int_equal(table->n_rows, G_N_ELEMENTS(texts));
	for (guint i = 0; i < table->n_rows; i++) {
		const char **row = table->cells + (gsize)i * table->n_columns;

		assert_true(g_strv_contains((const char *const[]){ row[0], NULL }, row[1]));
		assert_string_equal(row[0], row[2]);
	}
}

static void a_column_with_an_odd_name_is_written_like_any_other(void **state)
{
	World *world = *state;
	StoreChange changes[] = { SET("nodehm", "cn1", "a\"b; --", EMPTY, TEXT("x")) };

	run_sql(world, "nodehm", "ALTER TABLE nodehm ADD COLUMN \"a\"\"b; --\" TEXT");
	commit(world, changes, 1);
	expect(world, "nodehm", "cn1,sn1,x");
}

/* ---- what is refused ---- */

static void unknown_tables_columns_and_keys_are_refused_by_name(void **state)
{
	const struct {
		StoreChange change;
		StoreError code;
		const char *part;
	} cases[] = {
		{ SET("mac", "cn1", "mac", EMPTY, TEXT("x")), STORE_ERROR_UNKNOWN,
		  "cannot write to table 'mac': there is none in" },
		{ SET("../nodehm", "cn1", "mac", EMPTY, TEXT("x")), STORE_ERROR_UNKNOWN,
		  "'../nodehm' is not the name of a table" },
		{ SET("noderes", "cn1", "servicenod", EMPTY, TEXT("x")), STORE_ERROR_UNKNOWN,
		  "table 'noderes' has no column 'servicenod'; did you mean 'servicenode'" },
		{ SET("noderes", "cn1", "ServiceNode", EMPTY, TEXT("x")), STORE_ERROR_UNKNOWN,
		  "table 'noderes' has no column 'ServiceNode'" },
		{ SET("noderes", "cn1", "node", TEXT("cn1"), TEXT("x")), STORE_ERROR_UNKNOWN,
		  "column 'node' of table 'noderes' names the row" },
		{ SET("networks", "10.0.0.0", "gateway", EMPTY, TEXT("x")), STORE_ERROR_FAILED,
		  "a row of table 'networks' is named by 2 values, not by 1" },
	};
	World *world = *state;

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		StoreChange changes[] = {
			SET("nodehm", "cn1", "conserver", TEXT("sn1"), TEXT("sn2")),
			cases[i].change,
		};

		refuse(world, changes, 2, cases[i].code, cases[i].part);
	}
	expect(world, "nodehm", NODEHM);
	expect(world, "noderes", NODERES);
}

static void two_rows_of_one_key_are_refused(void **state)
{
	World *world = *state;
	StoreChange changes[] = { SET("nodehm", "cn1", "conserver", TEXT("sn1"), TEXT("sn2")) };

	run_sql(world, "nodehm",
		"DROP TABLE nodehm; CREATE TABLE nodehm (conserver TEXT, node TEXT);"
		"INSERT INTO nodehm VALUES ('sn1','cn1'), ('sn1','cn1')");
	refuse(world, changes, 1, STORE_ERROR_FAILED,
	       "table 'nodehm' has more than one row of 'cn1'");
	run_sql(world, "nodehm", "DELETE FROM nodehm WHERE rowid = 2");
	commit(world, changes, 1);
	expect(world, "nodehm", "sn2,cn1");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		STORE_TEST(a_change_is_written_only_on_what_it_was_made_for),
		STORE_TEST(what_somebody_changed_since_it_was_read_stops_the_whole_commit),
		STORE_TEST(a_row_is_made_once_for_all_its_cells),
		STORE_TEST(other_cells_of_the_row_keep_what_they_have),
		STORE_TEST(changes_of_one_cell_follow_each_other),
		STORE_TEST(a_row_goes_away_only_when_nothing_but_its_key_is_left),
		STORE_TEST(a_row_that_was_made_can_be_taken_away_again),
		STORE_TEST(a_key_of_two_columns_names_one_row),
		STORE_TEST(unknown_tables_columns_and_keys_are_refused_by_name),
	};
	/* What SQLite alone takes, or has to be said in another way to servers. */
	static const struct CMUnitTest of_sqlite[] = {
		STORE_TEST(numbers_and_bytes_are_compared_as_they_read),
		STORE_TEST(any_bytes_can_be_names_and_values),
		STORE_TEST(a_column_with_an_odd_name_is_written_like_any_other),
		STORE_TEST(two_rows_of_one_key_are_refused),
	};

	return store_groups("commits", tests, G_N_ELEMENTS(tests), of_sqlite,
			    G_N_ELEMENTS(of_sqlite)) +
	       store_ragged_groups("commits", tests, G_N_ELEMENTS(tests));
}
