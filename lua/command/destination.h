/*
 * destination - without -D: the new service node as its nodes know it, by looking.
 *
 * That is the address that it has in their network.  It is asked for its interfaces, once.
 */
#pragma once
#include "lua/runtime/binding.h"

/* Fill in what is not known of where the nodes of `move` go.  FALSE: a service node does not
 * tell, or has no address in the network of a node: the message says what to type. */
G_GNUC_WARN_UNUSED_RESULT
gboolean destination_find(BindingContext *context, Move *move, GError **error);
