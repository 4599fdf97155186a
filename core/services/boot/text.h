/*
 * text - the boot entry of a node as one text: all its files and links.
 *
 * Private to services/.  For each path, in the order of their bytes:
 *
 *     /tftpboot/pxelinux.cfg/cn1:
 *       the lines of the file, each behind two blanks
 *     \                                         its last line has no end
 *     /tftpboot/pxelinux.cfg/0A020001 -> cn1    a link
 *
 * In paths and targets, blanks, backslashes and what is no plain ASCII stand as \ooo.
 */
#pragma once
#include "core/services.h"

#define BOOT_ERROR boot_error_quark()
GQuark boot_error_quark(void);

/* The text of those that are there (an array of BootFile), or NULL: none is.  Gives the text.
 */
char *boot_text(const GPtrArray *files);
