/*
 * pxelinux: pxelinux.cfg/NODE, and a link for each of its addresses.
 */
#include "core/services/boot/gathering.h"
#include <string.h>

static void add_paths(const BootNode *node, GPtrArray *paths)
{
	boot_add_path(paths, node, "pxelinux.cfg/%s", node->name);
	for (guint i = 0; i < node->addresses->len; i++) {
		g_autofree char *hex = boot_hex(node->addresses->pdata[i], FALSE);

		boot_add_path(paths, node, "pxelinux.cfg/%s", hex);
	}
}

static void take(BootGathering *gathering)
{
	BootNode *node = gathering->node;

	if (!node->kernel)
		return;
	boot_take_line(gathering);
	node->kcmdline = boot_place_address(gathering, node->kcmdline);
	boot_check(gathering, boot_no_word, boot_no_line);
}

void boot_append_mboot(GString *text, const BootNode *node, const char *line)
{
	g_string_append_printf(text, " KERNEL mboot.c32\n APPEND %s --- %s %s --- %s\n",
			       node->hypervisor, node->kernel, line ? line : "",
			       node->initrd ? node->initrd : "");
}

/* xCAT writes no APPEND where there is nothing to append, but the line all the same. */
static void append_kernel(GString *text, const BootNode *node)
{
	g_string_append_printf(text, " KERNEL %s\n", node->kernel);
	if (node->initrd || node->kcmdline)
		g_string_append(text, " APPEND ");
	if (node->initrd)
		g_string_append_printf(text, "initrd=%s ", node->initrd);
	g_string_append_printf(text, "%s\n", node->kcmdline ? node->kcmdline : "");
	if (!node->os || !(strstr(node->os, "fedora12") || strstr(node->os, "fedora13")))
		g_string_append(text, "  IPAPPEND 2\n");
}

static void render(BootOutput *output)
{
	const BootNode *node = output->node;
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "#%s\nDEFAULT xCAT\nLABEL xCAT\n", node->state);
	if (node->hypervisor)
		boot_append_mboot(text, node, node->kcmdline);
	else if (node->kernel)
		append_kernel(text, node);
	else
		g_string_append(text, "LOCALBOOT 0\n");
	boot_add_file(output, boot_path(node, "pxelinux.cfg/%s", node->name), text);
	for (guint i = 0; i < node->addresses->len; i++) {
		g_autofree char *hex = boot_hex(node->addresses->pdata[i], FALSE);

		boot_add_link(output, boot_path(node, "pxelinux.cfg/%s", hex), node->name);
	}
}

const BootFormat boot_pxe = {
	.name = "pxelinux",
	.by_address = TRUE,
	.by_mboot = TRUE,
	.adding = BOOT_ADD_LOOKED_UP,
	.paths = add_paths,
	.take = take,
	.render = render,
};
