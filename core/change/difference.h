/* difference - what is other in a text, in lines for people. */
#pragma once
#include <glib.h>

/*
 * The lines that `old` (NULL: nothing) has and `new` has not behind a "-", and the other way
 * round behind a "+", at most `most` of each; between them nothing is the same at the beginning
 * or the end.  Gives the lines (g_strfreev), or NULL: one of them is no text.
 */
char **difference_lines(GBytes *old, GBytes *new, guint most);
