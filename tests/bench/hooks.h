/* hooks - what it costs to call a hook that does nothing. */
#pragma once

void hooks_measure(const char *scratch, const char *snmove);
