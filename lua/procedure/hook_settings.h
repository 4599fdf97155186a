/*
 * hook_settings - the settings of a hook: its own defaults, the configuration's, and those that
 * were typed, in this order.  Private to hooks.
 *
 * A hook declares each with a default, whose kind the others have to be of.
 */
#pragma once
#include "lua/procedure/hook_table.h"

/* What was configured and typed for this hook, over its defaults. */
G_GNUC_WARN_UNUSED_RESULT
gboolean hook_settings_take(Hook *hook, const HooksSetup *setup, GError **error);
/* The hook has them from now on (BIND_SETTINGS). */
G_GNUC_WARN_UNUSED_RESULT
gboolean hook_settings_keep(Hook *hook, GError **error);
