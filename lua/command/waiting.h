/*
 * waiting - what is waited for, on a terminal: who, for what, and how long at most.
 *
 * What a run tells while it waits (RunWatch) becomes the one line of the terminal (talk).
 */
#pragma once
#include "core/run.h"

/* Fills in `progress` and `waiting` of a watch whose data is a BindingContext. */
void waiting_watch(RunWatch *watch);
