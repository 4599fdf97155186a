/*
 * What the tables answer to each question about a node, and the rules of that.
 *
 * They are xCAT's; who holds what is of holders.c.
 */
#include "core/services/explain.h"
#include <string.h>

#define XCATMASTER "<xcatmaster>" /* in a table: the server that looks after the node */

/* The answers of one group. */
typedef struct {
	const ExplainSite *site;
	const ExplainFacts *facts;
	ExplainGroup *group;
	ExplainAnswer *answer; /* to the question that is looked at */
	const GPtrArray *dhcp; /* who holds the DHCP entry */
	GError *problem;
} Maker;

/* ---- Putting an answer together ---- */

static void answer_free(gpointer data)
{
	ExplainAnswer *answer = data;

	g_ptr_array_unref(answer->answers);
	g_array_unref(answer->facts);
	g_free(answer);
}

static void ask(Maker *maker, const char *question)
{
	ExplainAnswer *answer = g_new0(ExplainAnswer, 1);

	answer->question = question;
	answer->answers = g_ptr_array_new();
	answer->facts = g_array_new(FALSE, FALSE, sizeof(ExplainFact));
	g_ptr_array_add(maker->group->answers, answer);
	maker->answer = answer;
}

static void say(Maker *maker, const char *text)
{
	if (text)
		g_ptr_array_add(maker->answer->answers, (gpointer)text);
}

static void say_all(Maker *maker, const GPtrArray *texts)
{
	for (guint i = 0; texts && i < texts->len; i++)
		say(maker, texts->pdata[i]);
}

/* A list with commas or blanks. */
static void say_list(Maker *maker, const char *list)
{
	g_auto(GStrv) words = g_strsplit_set(list, ", ", -1);

	for (guint i = 0; words[i]; i++)
		if (*words[i])
			say(maker, cluster_keep(maker->site->cluster, words[i]));
}

static void because(Maker *maker, const char *rule)
{
	maker->answer->rule = rule;
}

static void cite_fact(Maker *maker, const char *name, const char *value, const GPtrArray *rows)
{
	ExplainFact fact = { name, value, rows };

	g_array_append_val(maker->answer->facts, fact);
}

static const char *value(const Maker *maker, ExplainColumn column)
{
	return maker->facts->values[column];
}

static void cite(Maker *maker, ExplainColumn column)
{
	cite_fact(maker, explain_column_name(column), value(maker, column),
		  maker->facts->rows[column]);
}

static const char *setting(const Maker *maker, ExplainSetting id)
{
	return maker->site->settings[id];
}

static void cite_setting(Maker *maker, ExplainSetting id)
{
	cite_fact(maker, explain_setting_name(id), setting(maker, id), NULL);
}

/* A cell of the node's network, which is cited; NULL: it is blank. */
static const char *network(Maker *maker, const char *name)
{
	const char *text = NULL;

	if (!maker->problem &&
	    holders_network_cell(maker->site->finder, maker->facts->network,
				 strchr(name, '.') + 1, &text, &maker->problem) &&
	    maker->facts->network >= 0)
		cite_fact(maker, name, text, maker->facts->network_row);
	return text;
}

static gboolean is_master(const char *text)
{
	return g_strcmp0(text, XCATMASTER) == 0;
}

/* ---- Who holds what ---- */

/* The service nodes that count for it. */
static void cite_own(Maker *maker)
{
	cite(maker, EXPLAIN_SERVICENODE);
	if (maker->group->shape == HOLDERS_MANAGED)
		cite_setting(maker, EXPLAIN_MASTER);
	else if (maker->group->shape != HOLDERS_FIXED)
		cite(maker, EXPLAIN_XCATMASTER);
}

/* Says them; gives the rule. */
static HoldersRule say_holders(Maker *maker, HoldersService service, const char *dhcpserver)
{
	HoldersFacts facts = { value(maker, EXPLAIN_SERVICENODE),
			       value(maker, EXPLAIN_XCATMASTER),
			       value(maker, EXPLAIN_CONSERVER), dhcpserver };
	HoldersRule rule = HOLDERS_NAMED;
	const GPtrArray *holders = maker->problem
					   ? NULL
					   : holders_find(maker->site->finder, &facts, service,
							  &rule, &maker->problem);

	say_all(maker, holders);
	if (service == HOLDERS_DHCP)
		maker->dhcp = holders;
	return rule;
}

static void ask_dhcp(Maker *maker)
{
	static const char *const words[] = {
		[HOLDERS_NAMED] =
			"networks.dhcpserver names the one DHCP server of its network",
		[HOLDERS_OWN] = "site.disjointdhcps is on: only the node's own service nodes",
		[HOLDERS_OWN_AND_ROLE] =
			"site.disjointdhcps is off: the node's own service nodes, and all with "
			"servicenode.dhcpserver on",
	};
	const char *dhcpserver;
	HoldersRule rule;

	ask(maker, "dhcp");
	dhcpserver = network(maker, "networks.dhcpserver");
	rule = say_holders(maker, HOLDERS_DHCP, dhcpserver);
	because(maker, rule == HOLDERS_OWN && maker->group->shape == HOLDERS_MANAGED
			       ? "site.disjointdhcps is on, and it has no service node: the "
				 "management node"
			       : words[rule]);
	if (rule != HOLDERS_NAMED) {
		cite_setting(maker, EXPLAIN_DISJOINTDHCPS);
		cite_own(maker);
	}
	if (!value(maker, EXPLAIN_MAC))
		maker->answer->warning = "no MAC in the table mac: nobody has an entry of it";
	else if (!maker->facts->address)
		maker->answer->warning = "it has no IPv4 address: nobody has an entry of it";
}

static void ask_boot_files(Maker *maker)
{
	ask(maker, "boot-files");
	if (say_holders(maker, HOLDERS_BOOT, NULL) == HOLDERS_MASTER) {
		because(maker,
			"site.sharedtftp is on: all share the /tftpboot of the management "
			"node");
		cite_setting(maker, EXPLAIN_SHAREDTFTP);
		cite_setting(maker, EXPLAIN_MASTER);
		return;
	}
	because(maker,
		maker->group->shape == HOLDERS_MANAGED
			? "site.sharedtftp is off, and it has no service node: the "
			  "management node"
			: "site.sharedtftp is off: the node's own service nodes, each with a "
			  "/tftpboot of its own");
	cite_setting(maker, EXPLAIN_SHAREDTFTP);
	cite_own(maker);
}

static void ask_console(Maker *maker)
{
	ask(maker, "console");
	if (say_holders(maker, HOLDERS_CONSOLE, NULL) == HOLDERS_NAMED) {
		because(maker, "nodehm.conserver names it");
		cite(maker, EXPLAIN_CONSERVER);
		return;
	}
	because(maker, "nodehm.conserver is blank: the management node");
	cite(maker, EXPLAIN_CONSERVER);
	cite_setting(maker, EXPLAIN_MASTER);
}

/* ---- The server, as the node knows it ---- */

/* Whichever DHCP server answers the node. */
static void say_answering(Maker *maker)
{
	say_all(maker, maker->dhcp);
	maker->answer->any = maker->dhcp && maker->dhcp->len > 1;
}

/* What postscripts call MASTER: the seed, "Exploring service node pool concept". */
static void say_master(Maker *maker)
{
	const char *master = value(maker, EXPLAIN_XCATMASTER);

	cite(maker, EXPLAIN_XCATMASTER);
	if (master)
		say(maker, master);
	else
		say_answering(maker);
}

/* The seed: the first of the list has to be the same server.  Of a name without an address
 * nobody knows. */
static gboolean is_another(const Maker *maker)
{
	Hosts *hosts = maker->site->hosts;
	const char *master = value(maker, EXPLAIN_XCATMASTER);
	const char *first =
		cluster_first(maker->site->cluster, value(maker, EXPLAIN_SERVICENODE));

	return master && first && hosts_address(hosts, master, NULL) &&
	       hosts_address(hosts, first, NULL) && !hosts_is_named(hosts, master, first, NULL);
}

static void ask_master(Maker *maker)
{
	ask(maker, "master");
	because(maker,
		value(maker, EXPLAIN_XCATMASTER)
			? "noderes.xcatmaster is MASTER in postscripts, whoever answers "
			  "DHCP"
			: "noderes.xcatmaster is blank: MASTER in postscripts is the DHCP "
			  "server that answered");
	say_master(maker);
	if (is_another(maker))
		maker->answer->warning = "that is not the first of noderes.servicenode, and "
					 "has to be the same server";
}

/* A column that names a server, or <xcatmaster>, or is blank: then it is MASTER. */
static void ask_server(Maker *maker, const char *question, ExplainColumn column,
		       const char *named, const char *blank)
{
	const char *server = value(maker, column);

	ask(maker, question);
	cite(maker, column);
	because(maker, server && !is_master(server) ? named : blank);
	if (server && !is_master(server))
		say(maker, server);
	else
		say_master(maker);
}

static void ask_next_server(Maker *maker)
{
	ask_server(
		maker, "next-server", EXPLAIN_TFTPSERVER,
		"noderes.tftpserver says where it loads its boot files from",
		value(maker, EXPLAIN_XCATMASTER)
			? "noderes.tftpserver names none: noderes.xcatmaster"
			: "noderes.xcatmaster is blank: each DHCP server names its own address "
			  "there");
	if (maker->group->shape == HOLDERS_POOL && value(maker, EXPLAIN_TFTPSERVER) &&
	    !is_master(value(maker, EXPLAIN_TFTPSERVER)))
		maker->answer->warning =
			"it is of an open pool, and loads from this one server "
			"whichever answers";
}

static void ask_nfs(Maker *maker)
{
	ask_server(maker, "nfs", EXPLAIN_NFSSERVER,
		   "noderes.nfsserver says where its image and its packages come from",
		   "noderes.nfsserver names none: MASTER");
}

static void ask_monitoring(Maker *maker)
{
	const char *list = value(maker, EXPLAIN_SERVICENODE);

	ask(maker, "monitoring");
	cite(maker, EXPLAIN_MONSERVER);
	if (value(maker, EXPLAIN_MONSERVER)) {
		because(maker, "noderes.monserver: the server as the management node knows it, "
			       "and as the node does");
		say_list(maker, value(maker, EXPLAIN_MONSERVER));
		return;
	}
	because(maker,
		"noderes.monserver is blank: the first service node, else the management "
		"node");
	cite(maker, EXPLAIN_SERVICENODE);
	if (!list)
		cite_setting(maker, EXPLAIN_MASTER);
	say(maker,
	    list ? cluster_first(maker->site->cluster, list) : setting(maker, EXPLAIN_MASTER));
}

/* ---- What it boots ---- */

static void ask_boots_next(Maker *maker)
{
	const char *state = value(maker, EXPLAIN_STATE);
	const char *why = NULL;
	const char *kind = state ? boot_state_known(state, &why) : NULL;

	ask(maker, "boots-next");
	cite(maker, EXPLAIN_STATE);
	cite(maker, EXPLAIN_NETBOOT);
	say(maker, kind ? kind : "other");
	because(maker, why     ? why
		       : state ? "a state of xCAT that is neither disk, network boot, "
				 "installation, shell nor offline"
			       : "no state is set: nodeset has not been run for it");
}

/* ---- What postscripts and DHCP tell it ---- */

/* Is it run on the node?  Where nothing is known of postscripts it is taken for granted. */
static gboolean runs(Maker *maker, ExplainScript id)
{
	const ExplainListed *script = &maker->facts->scripts[id];

	if (!script->words)
		return !maker->site->has_scripts;
	cite_fact(maker, explain_column_name(script->column), script->words,
		  script->by_default ? maker->site->defaults
				     : maker->facts->rows[script->column]);
	return TRUE;
}

static gboolean is_ignored(const Maker *maker)
{
	return g_strcmp0(value(maker, EXPLAIN_SYSLOG), "ignore") == 0;
}

static void ask_syslog(Maker *maker)
{
	ask(maker, "syslog");
	if (is_ignored(maker)) {
		because(maker, "noderes.syslog is ignore: xCAT leaves it as the image has it");
		cite(maker, EXPLAIN_SYSLOG);
	} else if (!runs(maker, EXPLAIN_SCRIPT_SYSLOG)) {
		because(maker, "the postscript syslog is not listed for it: xCAT leaves it as "
			       "the image has it");
	} else if (maker->facts->local) {
		because(maker, "site.svloglocal is 1: a service node keeps its log");
		cite_setting(maker, EXPLAIN_SVLOGLOCAL);
		say(maker, "itself");
	} else {
		because(maker, "the postscript syslog sends to MASTER");
		say_master(maker);
	}
}

/* A list of servers with <xcatmaster> in it, or alone; `answering`: that is whichever DHCP
 * server answers, and else MASTER. */
static void say_servers(Maker *maker, const char *list, gboolean answering)
{
	if (!is_master(list))
		say_list(maker, list);
	else if (answering)
		say_answering(maker);
	else
		say_master(maker);
}

/* DHCP's option of the network, or of the site. */
static const char *option(Maker *maker, const char *name, ExplainSetting id)
{
	const char *list = network(maker, name);

	if (list)
		return list;
	cite_setting(maker, id);
	return setting(maker, id);
}

static void say_dhcp_time(Maker *maker)
{
	const char *list = option(maker, "networks.ntpservers", EXPLAIN_SITE_NTPSERVERS);

	because(maker,
		"the postscript setupntp is not listed for it: DHCP's option ntp-servers "
		"alone says it");
	say_servers(maker, list ? list : XCATMASTER, TRUE);
}

static void ask_time(Maker *maker)
{
	const char *words = maker->facts->scripts[EXPLAIN_SCRIPT_SETUPNTP].words;
	const char *arguments = words ? strchr(words, ' ') : NULL;
	const char *list = setting(maker, EXPLAIN_SITE_NTPSERVERS);

	ask(maker, "time");
	if (!runs(maker, EXPLAIN_SCRIPT_SETUPNTP)) {
		say_dhcp_time(maker);
		return;
	}
	if (arguments) {
		because(maker, "the postscript setupntp is listed with these servers");
		say_list(maker, arguments);
		return;
	}
	because(maker, list && !is_master(list)
			       ? "the postscript setupntp takes site.ntpservers"
			       : "site.ntpservers names none: the postscript setupntp takes "
				 "MASTER");
	cite_setting(maker, EXPLAIN_SITE_NTPSERVERS);
	say_servers(maker, list ? list : XCATMASTER, FALSE);
	if (maker->group->shape == HOLDERS_MANAGED && setting(maker, EXPLAIN_EXTNTPSERVERS))
		cite_setting(maker, EXPLAIN_EXTNTPSERVERS);
}

/* As DHCP tells it; a node's own list is for its installation. */
static void say_dhcp_names(Maker *maker)
{
	const char *list = value(maker, EXPLAIN_NAMESERVERS);

	if (list)
		cite(maker, EXPLAIN_NAMESERVERS);
	else
		list = option(maker, "networks.nameservers", EXPLAIN_SITE_NAMESERVERS);
	because(maker,
		value(maker, EXPLAIN_NAMESERVERS)
			? "noderes.nameservers goes before those of its network and the site"
		: list ? "DHCP's option domain-name-servers: of its network, else of the "
			 "site"
		       : "neither noderes, its network nor the site has nameservers");
	if (list)
		say_servers(maker, list, TRUE);
}

static void ask_names(Maker *maker)
{
	const char *list = setting(maker, EXPLAIN_SITE_NAMESERVERS);

	ask(maker, "names");
	/* Only where it is listed: it writes over what DHCP says. */
	if (!maker->facts->scripts[EXPLAIN_SCRIPT_MKRESOLVCONF].words) {
		say_dhcp_names(maker);
		return;
	}
	(void)runs(maker, EXPLAIN_SCRIPT_MKRESOLVCONF);
	because(maker, list ? "the postscript mkresolvconf writes site.nameservers into its "
			      "resolv.conf"
			    : "site.nameservers is blank: the postscript mkresolvconf writes "
			      "MASTER into its resolv.conf");
	cite_setting(maker, EXPLAIN_SITE_NAMESERVERS);
	say_servers(maker, list ? list : XCATMASTER, FALSE);
}

static void ask_gateway(Maker *maker)
{
	const char *gateway;

	ask(maker, "gateway");
	gateway = network(maker, "networks.gateway");
	if (maker->facts->network < 0) {
		because(maker, "its address is in no network of the table networks");
	} else if (!gateway) {
		because(maker, "networks.gateway is blank: DHCP gives it no default route");
	} else if (is_master(gateway)) {
		because(maker,
			"networks.gateway is <xcatmaster>: the DHCP server that answers, "
			"if it forwards");
		say_answering(maker);
	} else {
		because(maker, "DHCP's option routers: networks.gateway");
		say(maker, gateway);
	}
}

gboolean explain_answer(const ExplainSite *site, const ExplainFacts *facts, ExplainGroup *group,
			GError **error)
{
	static void (*const questions[])(Maker * maker) = {
		ask_dhcp, ask_next_server, ask_boot_files, ask_boots_next,
		ask_nfs,  ask_console,	   ask_master,	   ask_syslog,
		ask_time, ask_names,	   ask_gateway,	   ask_monitoring,
	};
	Maker maker = { .site = site, .facts = facts, .group = group };

	group->shape = holders_shape(facts->values[EXPLAIN_SERVICENODE],
				     facts->values[EXPLAIN_XCATMASTER]);
	group->answers = g_ptr_array_new_with_free_func(answer_free);
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
		questions[i](&maker);
	if (!maker.problem)
		return TRUE;
	g_propagate_error(error, maker.problem);
	return FALSE;
}
