/*
 * database - cluster databases for tests, made of the recorded SQL dumps.
 */
#pragma once
#include "core/store.h"

/* Run SQL on an SQLite file, which is made if it is not there.  Fails the test on an error. */
void database_execute(const char *file, const char *sql);
/* Run every *.sql of a directory of the source tree on one file, ... */
void database_load(const char *file, const char *source_directory);
/* ... or NAME.sql on DIRECTORY/NAME.sqlite each, as xCAT keeps its tables. */
void database_load_xcat(const char *directory, const char *source_directory);
/* One value of a query, or NULL.  Gives the text. */
char *database_value(const char *file, const char *sql);
