/* What the backends have in common: facts, and which backend a text, a look or a file is for.
 */
#include "core/services/dhcp/inside.h"
#include <string.h>

G_DEFINE_QUARK(dhcp - error - quark, dhcp_error)

char *dhcp_url(const DhcpFacts *facts, const DhcpNode *node, const char *server)
{
	const char *folder = node->loader == DHCP_XNBA	      ? "xcat/xnba/nodes"
			     : node->loader == DHCP_PETITBOOT ? "petitboot"
							      : NULL;

	/* xCAT's own text is /tftpboot, whatever site.tftpdir is. */
	return folder ? g_strdup_printf("http://%s%s/tftpboot/%s/%s",
					server ? server : node->next_server, facts->port,
					folder, node->name)
		      : NULL;
}

char *dhcp_boot_file(const DhcpNode *node)
{
	switch (node->loader) {
	case DHCP_GRUB2: /* the same for all architectures: bn110, bn111 */
		return g_strconcat("/boot/grub2/grub2-", node->name, NULL);
	case DHCP_YABOOT:
		return g_strconcat("/yb/node/yaboot-", node->name, NULL);
	case DHCP_NIMOL:
		return g_strconcat("/vios/nodes/", node->name, NULL);
	default:
		return NULL;
	}
}

void dhcp_facts_free(DhcpFacts *facts)
{
	if (!facts)
		return;
	for (guint i = 0; i < facts->n; i++)
		g_ptr_array_unref(facts->nodes[i].cards);
	g_free(facts->nodes);
	g_hash_table_unref(facts->index);
	g_string_chunk_free(facts->texts);
	g_ptr_array_unref(facts->problems);
	g_free(facts);
}

const GPtrArray *dhcp_problems(const DhcpFacts *facts)
{
	return facts->problems;
}

char *dhcp_text(const DhcpFacts *facts, DhcpBackend backend, guint i)
{
	static char *(*const texts[])(const DhcpFacts *facts, const DhcpNode *node) = {
		[DHCP_INCLUDE] = dhcp_include_text,
		[DHCP_OMAPI] = dhcp_leases_text,
		[DHCP_KEA] = dhcp_kea_text,
	};
	const DhcpNode *node = &facts->nodes[i];

	return node->left_out ? NULL : texts[backend](facts, node);
}

guint dhcp_line(const char *start, const char *at)
{
	guint line = 1;

	for (const char *p = start; p < at; p++)
		line += *p == '\n';
	return line;
}

gboolean dhcp_read(DhcpBackend backend, const DhcpFile *files, guint n_files,
		   const char *const *nodes, guint n, char **texts, GError **error)
{
	for (guint i = 0; i < n; i++)
		texts[i] = NULL;
	if (backend == DHCP_KEA)
		return dhcp_kea_read(files, n_files, nodes, n, texts, error);
	if (n_files == 0 || !files[0].content)
		return TRUE;
	if (backend == DHCP_OMAPI)
		return dhcp_leases_read(&files[0], nodes, n, texts, error);
	return dhcp_include_read(&files[0], nodes, n, texts, error);
}

gboolean dhcp_write(DhcpBackend backend, const DhcpFile *files, guint n_files,
		    const char *const *nodes, guint n, const char *const *texts,
		    GString **written, GError **error)
{
	for (guint i = 0; i < n_files; i++)
		written[i] = NULL;
	if (backend == DHCP_KEA)
		return dhcp_kea_write(files, n_files, nodes, n, texts, written, error);
	g_return_val_if_fail(backend == DHCP_INCLUDE && n_files == 1, FALSE);
	return dhcp_include_write(&files[0], nodes, n, texts, written, error);
}
