/* Nodes by what an attribute of theirs is: on the command line, and in dynamic groups. */
#include "core/noderange/expansion.h"
#include "core/noderange/tree.h"
#include "core/base.h"
#include <string.h>

typedef struct {
	char *column; /* table.column; NULL: the name of the node itself */
	const char *operator_;
	const char *operand;
	Pattern *pattern; /* of =~ and !~ */
	gboolean negative;
	gboolean needs_value; /* a node without the attribute never matches */
} Criterion;

static void criterion_clear(Criterion *criterion)
{
	g_free(criterion->column);
	pattern_free(criterion->pattern);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Criterion, criterion_clear)

/* xCAT looks for operators in these orders, and cuts where the found one first stands. */
static const char *const line_operators[] = { "!=", "=~", "==", "=", "!~", NULL };
static const char *const group_operators[] = { "==", "=~", "!=", "!~", "=", NULL };

/*
 * The attributes of a node object, as wherevals of a dynamic group name them.  These are the
 * ones that xCAT's manual of the node object lists for the tables that a cluster of service
 * nodes uses; any other can be written as table.column.
 */
static const struct {
	const char *attribute, *column;
} object_attributes[] = {
	{ "node", NULL },
	{ "groups", "nodelist.groups" },
	{ "tags", "nodelist.groups" },
	{ "status", "nodelist.status" },
	{ "appstatus", "nodelist.appstatus" },
	{ "primarysn", "nodelist.primarysn" },
	{ "hidden", "nodelist.hidden" },
	{ "updatestatus", "nodelist.updatestatus" },
	{ "zonename", "nodelist.zonename" },
	{ "usercomment", "nodelist.comments" },
	{ "mgt", "nodehm.mgt" },
	{ "power", "nodehm.power" },
	{ "cons", "nodehm.cons" },
	{ "conserver", "nodehm.conserver" },
	{ "termserver", "nodehm.termserver" },
	{ "termport", "nodehm.termport" },
	{ "serialport", "nodehm.serialport" },
	{ "serialspeed", "nodehm.serialspeed" },
	{ "serialflow", "nodehm.serialflow" },
	{ "getmac", "nodehm.getmac" },
	{ "os", "nodetype.os" },
	{ "arch", "nodetype.arch" },
	{ "profile", "nodetype.profile" },
	{ "provmethod", "nodetype.provmethod" },
	{ "supportedarchs", "nodetype.supportedarchs" },
	{ "nodetype", "nodetype.nodetype" },
	{ "servicenode", "noderes.servicenode" },
	{ "xcatmaster", "noderes.xcatmaster" },
	{ "netboot", "noderes.netboot" },
	{ "tftpserver", "noderes.tftpserver" },
	{ "tftpdir", "noderes.tftpdir" },
	{ "nfsserver", "noderes.nfsserver" },
	{ "nfsdir", "noderes.nfsdir" },
	{ "monserver", "noderes.monserver" },
	{ "installnic", "noderes.installnic" },
	{ "primarynic", "noderes.primarynic" },
	{ "nameservers", "noderes.nameservers" },
	{ "syslog", "noderes.syslog" },
	{ "ip", "hosts.ip" },
	{ "hostnames", "hosts.hostnames" },
	{ "otherinterfaces", "hosts.otherinterfaces" },
	{ "mac", "mac.mac" },
	{ "interface", "mac.interface" },
	{ "bmc", "ipmi.bmc" },
	{ "bmcport", "ipmi.bmcport" },
	{ "bmcusername", "ipmi.username" },
	{ "hcp", "ppc.hcp" },
	{ "parent", "ppc.parent" },
	{ "id", "ppc.id" },
	{ "hwtype", "ppc.nodetype" },
	{ "mpa", "mp.mpa" },
	{ "slotid", "mp.id" },
	{ "slot", "nodepos.slot" },
	{ "height", "nodepos.height" },
	{ "rack", "nodepos.rack" },
	{ "unit", "nodepos.u" },
	{ "chassis", "nodepos.chassis" },
	{ "room", "nodepos.room" },
	{ "switch", "switch.switch" },
	{ "switchport", "switch.port" },
	{ "vmhost", "vm.host" },
	{ "currstate", "chain.currstate" },
	{ "currchain", "chain.currchain" },
	{ "chain", "chain.chain" },
	{ "postscripts", "postscripts.postscripts" },
	{ "postbootscripts", "postscripts.postbootscripts" },
	{ "kernel", "bootparams.kernel" },
	{ "initrd", "bootparams.initrd" },
	{ "kcmdline", "bootparams.kcmdline" },
	{ "addkcmdline", "bootparams.addkcmdline" },
	{ "serial", "vpd.serial" },
	{ "mtm", "vpd.mtm" },
	{ "setupdhcp", "servicenode.dhcpserver" },
	{ "setuptftp", "servicenode.tftpserver" },
	{ "setupconserver", "servicenode.conserver" },
};

static gboolean split(const char *text, const char *const *operators, char **left,
		      Criterion *criterion)
{
	for (guint i = 0; operators[i]; i++) {
		const char *place = strstr(text, operators[i]);

		if (!place)
			continue;
		*left = g_strndup(text, place - text);
		criterion->operator_ = operators[i];
		criterion->operand = place + strlen(operators[i]);
		criterion->negative = *operators[i] == '!';
		return TRUE;
	}
	return FALSE;
}

static gboolean compile(Expansion *expansion, Criterion *criterion, GError **error)
{
	g_autofree char *expression = NULL;
	g_autoptr(GError) problem = NULL;
	gsize length = strlen(criterion->operand);
	const char *start = criterion->operand;

	if (criterion->operator_[1] != '~')
		return TRUE;
	if (length > 0 && start[0] == '/')
		start++, length--;
	if (length > 0 && start[length - 1] == '/')
		length--;
	if (length == 0)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_PATTERN,
					"the regular expression behind %s is empty",
					criterion->operator_);
	expression = g_strndup(start, length);
	criterion->pattern = pattern_new(expression, &problem);
	if (!criterion->pattern)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_PATTERN, "%s",
					problem->message);
	return TRUE;
}

static gboolean matches(const Criterion *criterion, const char *value, gboolean *matched,
			GError **error)
{
	g_autoptr(GError) problem = NULL;

	if (criterion->needs_value && !value) {
		*matched = FALSE;
		return TRUE;
	}
	value = value ? value : "";
	*matched = criterion->pattern ? pattern_matches(criterion->pattern, value, &problem)
				      : g_str_equal(criterion->operand, value);
	*matched = *matched != criterion->negative;
	if (!problem)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

static gboolean select_nodes(Expansion *expansion, const Criterion *criterion,
			     const GPtrArray *from, GPtrArray *names, GError **error)
{
	const char *const *nodes = (const char *const *)from->pdata;
	const char *columns[] = { criterion->column };
	g_autofree ClusterValue *values = NULL;
	g_autoptr(GError) problem = NULL;

	if (criterion->column) {
		values = cluster_resolve_many(expansion->cluster, nodes, from->len, columns, 1,
					      error);
		if (!values)
			return FALSE;
	}
	for (guint i = 0; i < from->len; i++) {
		gboolean matched;

		if (!matches(criterion, values ? values[i].text : nodes[i], &matched, &problem))
			return expansion_refuse(expansion, error, NODERANGE_ERROR_PATTERN, "%s",
						problem->message);
		if (matched)
			g_ptr_array_add(names, (gpointer)nodes[i]);
	}
	return TRUE;
}

static gboolean check_column(Expansion *expansion, const char *column, GError **error)
{
	const char *dot = strchr(column, '.');
	g_autofree char *table = dot ? g_strndup(column, dot - column) : NULL;
	g_autofree char *quoted = text_quote(column);
	g_autoptr(GError) problem = NULL;

	if (!dot || dot == column || !dot[1])
		return expansion_refuse(
			expansion, error, NODERANGE_ERROR_SYNTAX,
			"a criterion compares TABLE.COLUMN, groups, tags or mgt, "
			"and not %s",
			quoted);
	if (!cluster_has_column(expansion->cluster, table, dot + 1, &problem))
		return expansion_refuse(expansion, error, NODERANGE_ERROR_SYNTAX, "%s",
					problem->message);
	return TRUE;
}

static gboolean is_blank(char c)
{
	return c == ' ' || c == '\t';
}

gboolean criterion_expand(Expansion *expansion, const char *text, GPtrArray *names,
			  GError **error)
{
	g_auto(Criterion) criterion = { 0 };
	g_autofree char *left = NULL;

	if (!split(text, line_operators, &left, &criterion))
		return expansion_refuse(expansion, error, NODERANGE_ERROR_SYNTAX,
					"a criterion needs one of == = != =~ !~");
	if (is_blank(*left) || (*left && is_blank(left[strlen(left) - 1])) ||
	    is_blank(*criterion.operand))
		return expansion_refuse(expansion, error, NODERANGE_ERROR_SYNTAX,
					"no blanks may stand around %s", criterion.operator_);
	criterion.column = g_str_equal(left, "groups") || g_str_equal(left, "tags")
				   ? g_strdup("nodelist.groups")
			   : g_str_equal(left, "mgt") ? g_strdup("nodehm.mgt")
						      : g_steal_pointer(&left);
	return check_column(expansion, criterion.column, error) &&
	       compile(expansion, &criterion, error) &&
	       select_nodes(expansion, &criterion, expansion->nodes, names, error);
}

/* FALSE: no node object has such an attribute. */
static gboolean find_attribute(const char *name, char **column)
{
	for (gsize i = 0; i < G_N_ELEMENTS(object_attributes); i++) {
		if (!g_str_equal(object_attributes[i].attribute, name))
			continue;
		*column = g_strdup(object_attributes[i].column);
		return TRUE;
	}
	*column = strchr(name, '.') ? g_strdup(name) : NULL;
	return *column != NULL;
}

static gboolean refuse_group(Expansion *expansion, const char *group, const char *condition,
			     const char *what, GError **error)
{
	g_autofree char *name = text_quote(group);
	g_autofree char *quoted = text_quote(condition);

	return expansion_refuse(expansion, error, NODERANGE_ERROR_SYNTAX,
				"dynamic group %s: condition %s %s (nodegroup.wherevals)", name,
				quoted, what);
}

gboolean criterion_group(Expansion *expansion, const char *group, const char *wherevals,
			 GPtrArray *names, GError **error)
{
	g_auto(GStrv) conditions = g_strsplit(wherevals, "::", -1);
	g_autoptr(GPtrArray) left = g_ptr_array_ref((GPtrArray *)expansion->nodes);

	if (!conditions[0])
		return refuse_group(expansion, group, "", "is empty", error);
	for (guint i = 0; conditions[i]; i++) {
		g_auto(Criterion) criterion = { .needs_value = TRUE };
		g_autofree char *attribute = NULL;
		g_autoptr(GPtrArray) matching = g_ptr_array_new();

		if (!split(conditions[i], group_operators, &attribute, &criterion))
			return refuse_group(expansion, group, conditions[i],
					    "has none of == =~ != !~ =", error);
		if (!find_attribute(attribute, &criterion.column))
			return refuse_group(expansion, group, conditions[i],
					    "names no attribute of a node", error);
		if (is_blank(*criterion.operand))
			return refuse_group(expansion, group, conditions[i],
					    "has a blank behind its operator", error);
		if ((criterion.column && !check_column(expansion, criterion.column, error)) ||
		    !compile(expansion, &criterion, error) ||
		    !select_nodes(expansion, &criterion, left, matching, error)) {
			g_autofree char *quoted = text_quote(group);

			g_prefix_error(error,
				       "dynamic group %s (nodegroup.wherevals): ", quoted);
			return FALSE;
		}
		g_ptr_array_unref(left);
		left = g_steal_pointer(&matching);
	}
	for (guint i = 0; i < left->len; i++)
		g_ptr_array_add(names, left->pdata[i]);
	return TRUE;
}
