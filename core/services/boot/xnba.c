/*
 * xnba: a script of iPXE by the node's name, and what it leads to: NODE.uefi, the same for
 * UEFI; NODE.elilo, for a kernel without an EFI stub there; NODE.pxelinux, for what is no Linux
 * kernel.
 *
 * The folder is xCAT's own /tftpboot/ in URLs, whatever site.tftpdir says.
 */
#include "core/services/boot/gathering.h"
#include <string.h>

#define FOLDER	    "xcat/xnba/nodes/"
#define NEXT_SERVER "${next-server}" /* iPXE knows it by DHCP */
#define ELILO_NEXT  "%N"	     /* and elilo */

static const char *const companions[] = { "", ".elilo", ".pxelinux", ".uefi" };

static void add_paths(const BootNode *node, GPtrArray *paths)
{
	for (gsize i = 0; i < G_N_ELEMENTS(companions); i++)
		boot_add_path(paths, node, FOLDER "%s%s", node->name, companions[i]);
}

/* ---- Facts ---- */

/* iPXE boots Linux kernels alone: pxelinux has the rest. */
static gboolean is_pxelinux(const BootNode *node)
{
	return node->hypervisor || g_str_has_suffix(node->kernel, ".c32") ||
	       g_str_has_suffix(node->kernel, "memdisk");
}

/* The kernels of SLES 11 say that they have one and cannot be booted by it (bn100). */
static gboolean has_stub(BootGathering *gathering)
{
	const BootNode *node = gathering->node;
	const BootLook *look = gathering->look;
	g_autofree char *all = NULL;

	if (!look || !look->has_stub || !look->has_stub(node->kernel, look->data))
		return FALSE;
	all = g_strjoin(" ", node->kernel, node->initrd, node->kcmdline, NULL);
	return !pattern_matches(gathering->without_stub, all, NULL);
}

/* It has a loader of its own for UEFI. */
static gboolean is_esxi(const BootNode *node)
{
	return !node->hypervisor &&
	       (strstr(node->kernel, "esxi5") || strstr(node->kernel, "esxi6"));
}

static gboolean has_elilo(const BootNode *node)
{
	return node->kcmdline && node->initrd && !node->has_stub && !is_pxelinux(node);
}

static const char *no_file(const char *text)
{
	const char *word = boot_no_word(text);

	return word ? word : strchr(text, '\\') ? "has a backslash" : NULL;
}

static const char *no_elilo_line(const char *text)
{
	const char *words = boot_no_script(text);

	return words ? words : boot_no_quoted(text);
}

static void take(BootGathering *gathering)
{
	const char *server = boot_value(gathering, ISCSI_SERVER);
	const char *target = boot_value(gathering, ISCSI_TARGET);
	BootNode *node = gathering->node;

	node->has_iscsi = server && target; /* bn101 */
	if (!node->kernel)
		return;
	boot_take_line(gathering);
	if (is_pxelinux(node)) {
		if (boot_asks_address(node->kcmdline))
			boot_need_address(gathering, "!myipfn! in its kernel command line");
		boot_check(gathering, boot_no_word,
			   is_esxi(node) ? boot_no_script : boot_no_line);
		return;
	}
	node->has_stub = node->kcmdline && node->initrd && has_stub(gathering);
	if (has_elilo(node))
		boot_check(gathering, boot_no_plain, no_elilo_line);
	else
		boot_check(gathering, no_file, boot_no_script);
}

/* ---- Files ---- */

static void add_companion(BootOutput *output, const char *companion, GString *text)
{
	boot_add_file(output,
		      boot_path(output->node, FOLDER "%s%s", output->node->name, companion),
		      text);
}

static GString *script(const char *state)
{
	GString *text = g_string_new("#!gpxe\n");

	if (state)
		g_string_append_printf(text, "#%s\n", state);
	return text;
}

static void append_fetch(GString *text, const BootOutput *output, const char *name,
			 const char *file)
{
	g_string_append_printf(text, "imgfetch -n %s http://" NEXT_SERVER "%s/tftpboot/%s\n",
			       name, output->facts->port, file);
}

/* The kernel, with `last` as an argument for what boots it. */
static void append_kernel(GString *text, const BootOutput *output, const char *last)
{
	const BootNode *node = output->node;
	g_autofree char *line =
		node->kcmdline ? boot_put_address(node->kcmdline, NEXT_SERVER) : NULL;

	append_fetch(text, output, "kernel", node->kernel);
	g_string_append(text, "imgload kernel\nimgargs kernel ");
	if (line)
		g_string_append_printf(text, "%s BOOTIF=01-${netX/mac:hexhyp}%s\n", line, last);
	else
		g_string_append_printf(text, "BOOTIF=${netX/mac}%s\n", last);
	if (node->initrd)
		append_fetch(text, output, "initrd", node->initrd);
	g_string_append(text, "imgexec kernel\n");
}

static void add_elilo(BootOutput *output)
{
	const BootNode *node = output->node;
	g_autofree char *line = boot_put_address(node->kcmdline, ELILO_NEXT);
	GString *chain = script(NULL), *text = g_string_new(NULL);

	g_string_append_printf(chain,
			       "chain http://" NEXT_SERVER "%s/tftpboot/xcat/elilo-x64.efi "
			       "-C /tftpboot/" FOLDER "%s.elilo\n",
			       output->facts->port, node->name);
	g_string_append_printf(text,
			       "default=\"xCAT\"\ndelay=0\n\nimage=/tftpboot/%s\n"
			       "   label=\"xCAT\"\n   initrd=/tftpboot/%s\n"
			       "   append=\"%s BOOTIF=%%B\"\n",
			       node->kernel, node->initrd, line);
	add_companion(output, ".uefi", chain);
	add_companion(output, ".elilo", text);
}

static void add_linux(BootOutput *output)
{
	const BootNode *node = output->node;
	GString *text = script(node->state), *stub;

	append_kernel(text, output, "");
	add_companion(output, "", text);
	if (has_elilo(node))
		add_elilo(output);
	if (!node->has_stub)
		return;
	stub = script(NULL);
	append_kernel(stub, output, " initrd=initrd");
	add_companion(output, ".uefi", stub);
}

/* ---- By pxelinux ---- */

static GString *chain_pxelinux(const BootOutput *output)
{
	GString *text = script(output->node->state);

	g_string_append_printf(text,
			       " set 209:string " FOLDER "%s.pxelinux\n"
			       " set 210:string http://" NEXT_SERVER "%s/tftpboot/\n ",
			       output->node->name, output->facts->port);
	append_fetch(text, output, "pxelinux.0", "xcat/pxelinux.0");
	g_string_append(text, " imgload pxelinux.0\n imgexec pxelinux.0\n");
	return text;
}

static void append_append(GString *text, const BootNode *node, const char *line)
{
	g_string_append_printf(text, " KERNEL %s\n", node->kernel);
	if (node->initrd || *line)
		g_string_append(text, " APPEND ");
	if (node->initrd)
		g_string_append_printf(text, "initrd=%s ", node->initrd);
	g_string_append_printf(text, "%s\nIPAPPEND 2\n", line);
}

static void add_esxi(BootOutput *output)
{
	const BootNode *node = output->node;
	g_autofree char *line =
		boot_put_address(node->kcmdline ? node->kcmdline : "", NEXT_SERVER);
	const char *folder = strstr(line, "xcat/netboot");
	gsize before = folder ? (gsize)(folder - line) : strlen(line);
	GString *text = script(NULL);

	g_string_append_printf(text,
			       "chain http://" NEXT_SERVER "%s/tftpboot/xcat/esxboot-x64.efi "
			       "%.*s%s%s\n",
			       output->facts->port, (int)before, line,
			       folder ? "/tftpboot/" : "", folder ? folder : "");
	add_companion(output, ".uefi", text);
}

static void add_pxelinux(BootOutput *output)
{
	const BootNode *node = output->node;
	g_autofree char *line = boot_put_address(node->kcmdline ? node->kcmdline : "",
						 node->address ? node->address : "");
	GString *text = g_string_new("DEFAULT xCAT\nLABEL xCAT\n");

	if (node->hypervisor) {
		g_string_append(text, "  ");
		boot_append_mboot(text, node, line);
	} else {
		append_append(text, node, line);
	}
	add_companion(output, "", chain_pxelinux(output));
	add_companion(output, ".pxelinux", text);
	if (is_esxi(node))
		add_esxi(output);
}

/* ---- All ---- */

/* Neither is a kernel to boot: the disk is. */
static void add_local(BootOutput *output)
{
	const BootNode *node = output->node;
	GString *text = script(node->state), *uefi = script(node->state);

	g_string_append(text, !boot_is(node, "boot") ? "LOCALBOOT 0\n"
			      : node->has_iscsi	     ? "hdboot\n"
						     : "exit\n");
	g_string_append(uefi, "exit\n");
	add_companion(output, "", text);
	add_companion(output, ".uefi", uefi);
}

static void render(BootOutput *output)
{
	if (!output->node->kernel)
		add_local(output);
	else if (is_pxelinux(output->node))
		add_pxelinux(output);
	else
		add_linux(output);
}

const BootFormat boot_xnba = {
	.name = "xnba",
	.by_target = TRUE,
	.by_mboot = TRUE,
	.adding = BOOT_ADD_LOOKED_UP,
	.paths = add_paths,
	.take = take,
	.render = render,
};
