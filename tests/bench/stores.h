/*
 * stores - what reading tables and a guarded commit cost on a database: three tables read, four
 * cells of each node written.
 */
#pragma once

/* The database `url` has a row in noderes for each node of its nodelist. */
void stores_measure(const char *url);
