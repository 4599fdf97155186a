/*
 * petitboot: petitboot/NODE, and the same for its address.
 */
#include "core/services/boot/gathering.h"
#include <string.h>

static void add_paths(const BootNode *node, GPtrArray *paths)
{
	boot_add_path(paths, node, "petitboot/%s", node->name);
	if (node->own_address) {
		g_autofree char *hex = boot_hex(node->own_address, FALSE);

		boot_add_path(paths, node, "%s", hex);
	}
}

/* It knows names, so one is not resolved (bn72). */
static void take_server(BootGathering *gathering)
{
	BootNode *node = gathering->node;
	const char *name = boot_named_server(gathering);

	node->server = name ? name : node->address;
	if (!name) {
		boot_need_address(gathering, "what it loads from");
	} else if (g_str_equal(name, BOOT_ANSWERING)) {
		boot_warn(gathering,
			  "noderes.tftpserver is " BOOT_ANSWERING ", which xCAT writes for "
			  "petitboot as it is and nobody can reach, type: chdef %s "
			  "tftpserver=SERVER",
			  node->name);
	} else if (name[strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._:-")]) {
		node->server = NULL;
		boot_refuse_value(gathering, "noderes.tftpserver or xcatmaster", name,
				  "cannot be the name of a host");
	}
}

static const char *url_of(BootGathering *gathering, const char *file)
{
	const BootNode *node = gathering->node;
	g_autofree char *url = NULL;

	if (!node->server)
		return file;
	/* Port 80, whatever site.httpport says; and a URL also without a file (bn75). */
	url = g_strdup_printf("http://%s:80%s/%s", node->server, node->tftpdir,
			      file ? file : "");
	return boot_keep(gathering, url);
}

static const char *no_file(const char *text)
{
	const char *word = boot_no_word(text);

	return word ? word : strpbrk(text, "\"\\") ? "has a quote or a backslash" : NULL;
}

static void take(BootGathering *gathering)
{
	BootNode *node = gathering->node;

	if (boot_is(node, "boot"))
		return;
	boot_take_line(gathering);
	if (!node->kernel || !g_str_has_prefix(node->kernel, node->tftpdir)) {
		take_server(gathering);
		node->kernel = url_of(gathering, node->kernel);
		node->initrd = url_of(gathering, node->initrd);
	}
	node->kcmdline = boot_place_address(gathering, node->kcmdline);
	boot_check(gathering, no_file, boot_no_quoted);
}

static void render(BootOutput *output)
{
	const BootNode *node = output->node;
	const char *label = boot_is(node, "shell") ? "xCAT Genesis shell" : "xCAT";
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "#%s\n", node->state);
	if (node->kernel)
		g_string_append_printf(text, "default %s\nlabel %s\n\tkernel %s\n", label,
				       label, node->kernel);
	if (node->kernel && node->initrd)
		g_string_append_printf(text, "\tinitrd %s\n", node->initrd);
	if (node->kernel && node->kcmdline)
		g_string_append_printf(text, "\tappend \"%s\"\n", node->kcmdline);
	if (node->own_address) {
		g_autofree char *hex = boot_hex(node->own_address, FALSE);

		boot_add_copy(output, boot_path(node, "%s", hex), text);
	}
	boot_add_file(output, boot_path(node, "petitboot/%s", node->name), text);
}

const BootFormat boot_petitboot = {
	.name = "petitboot",
	.by_address = TRUE,
	.adding = BOOT_ADD_AS_IS,
	.paths = add_paths,
	.take = take,
	.render = render,
};
