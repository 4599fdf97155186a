/*
 * dhcp - what the texts of DHCP entries cost.
 */
#pragma once

void dhcp_measure(const char *scratch);
