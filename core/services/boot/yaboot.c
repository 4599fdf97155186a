/*
 * yaboot: etc/NODE, and the same for each of its addresses and for its MAC.
 */
#include "core/services/boot/gathering.h"

static void add_paths(const BootNode *node, GPtrArray *paths)
{
	boot_add_path(paths, node, "etc/%s", node->name);
	for (guint i = 0; i < node->addresses->len; i++) {
		g_autofree char *hex = boot_hex(node->addresses->pdata[i], TRUE);

		boot_add_path(paths, node, "etc/%s", hex);
	}
	for (guint i = 0; i < node->macs->len; i++)
		boot_add_path(paths, node, "yaboot.conf-%s", (char *)node->macs->pdata[i]);
}

static void take(BootGathering *gathering)
{
	BootNode *node = gathering->node;

	if (!node->kernel)
		return;
	boot_take_line(gathering);
	node->kcmdline = boot_place_address(gathering, node->kcmdline);
	boot_check(gathering, boot_no_plain, boot_no_quoted);
}

static void render(BootOutput *output)
{
	const BootNode *node = output->node;
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "#%s\ntimeout=5\n", node->state);
	if (node->kernel)
		g_string_append_printf(text, "image=%s\n\tlabel=xcat\n", node->kernel);
	else
		g_string_append(text, "bye\n");
	if (node->kernel && node->initrd)
		g_string_append_printf(text, "\tinitrd=%s\n", node->initrd);
	if (node->kernel && node->kcmdline)
		g_string_append_printf(text, "\tappend=\"%s\"\n", node->kcmdline);
	for (guint i = 0; i < node->addresses->len; i++) {
		g_autofree char *hex = boot_hex(node->addresses->pdata[i], TRUE);

		boot_add_copy(output, boot_path(node, "etc/%s", hex), text);
	}
	if (node->mac)
		boot_add_copy(output, boot_path(node, "yaboot.conf-%s", node->mac), text);
	boot_add_file(output, boot_path(node, "etc/%s", node->name), text);
}

const BootFormat boot_yaboot = {
	.name = "yaboot",
	.by_address = TRUE,
	.paths = add_paths,
	.take = take,
	.render = render,
};
