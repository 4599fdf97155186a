/*
 * boot - what boot files cost: made of the tables, and taken over.
 */
#pragma once

void boot_measure(const char *scratch);
