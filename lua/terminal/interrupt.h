/*
 * interrupt - signals: the first asks the program to stop where it is safe, a second ends it.
 *
 * A closed terminal (SIGHUP) or pipe (SIGPIPE) does not stop a move half-way.
 */
#pragma once

void interrupt_setup(void);
/* The signal that asked, or 0. */
int interrupt_asked(void);
