/*
 * questions - what hooks are asked: whether they take part, and whether all is well.
 *
 * Nothing can be changed meanwhile.  `hooks` are Hook, as hooks_load gave them.
 */
#pragma once
#include "lua/runtime/binding.h"

/* Hooks that do not want to take part are taken out of `hooks`. */
G_GNUC_WARN_UNUSED_RESULT
gboolean questions_when(BindingContext *context, GPtrArray *hooks, GError **error);
/* What they say no to is a problem of the takeover. */
G_GNUC_WARN_UNUSED_RESULT
gboolean questions_check(BindingContext *context, const GPtrArray *hooks, GError **error);
/* What they miss, or cannot look at, is owed: the rows are written all the same. */
void questions_verify(BindingContext *context, const GPtrArray *hooks);
