/* Answers of `ssh -G`: who shares one, and what they mean. */
#include "core/remote/config.h"
#include "core/remote/configfile.h"
#include "core/remote/sshquery.h"
#include "core/base.h"
#include <string.h>
#include <unistd.h>

#define NOT_IN_NAMES "'`\"$\\;&<>|(){}@/" /* the last two: a user, a URL */
#define SSH_PORT     22

/* What ssh said for one host, as keywords and values. */
typedef struct {
	char *host, *text;
	GPtrArray *keywords, *values; /* they point into the text */
	gboolean alone;		      /* it is for this host only */
} Answer;

struct remote_configs {
	char *program, *file, *home, *agent;
	ConfigFiles *files;  /* read when first needed */
	GHashTable *answers; /* set (GBytes) -> Answer */
	GHashTable *configs; /* host -> RemoteConfig */
	GHashTable *there;   /* path -> is there such a file? */
};

static void free_answer(gpointer data)
{
	Answer *answer = data;

	g_ptr_array_unref(answer->keywords);
	g_ptr_array_unref(answer->values);
	g_free(answer->host);
	g_free(answer->text);
	g_free(answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, free_answer)

static void free_config(gpointer data)
{
	RemoteConfig *config = data;

	g_free(config->host);
	g_free(config->hostname);
	g_free(config->user);
	g_strfreev(config->identity_files);
	g_free(config->identity_agent);
	g_free(config->proxy_jump);
	g_free(config->proxy_command);
	g_free(config->host_key_alias);
	g_strfreev(config->known_hosts);
	g_free(config->openssh_only);
	g_free(config);
}

RemoteConfigs *remote_configs_new(const char *program, const char *file, const char *home,
				  const char *agent)
{
	RemoteConfigs *configs = g_new0(RemoteConfigs, 1);

	configs->program = g_strdup(program ? program : "ssh");
	configs->file = g_strdup(file);
	configs->home = g_strdup(home);
	configs->agent = g_strdup(agent && *agent ? agent : NULL);
	configs->answers = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
						 (GDestroyNotify)g_bytes_unref, free_answer);
	configs->configs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_config);
	configs->there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return configs;
}

void remote_configs_free(RemoteConfigs *configs)
{
	if (!configs)
		return;
	g_clear_pointer(&configs->files, config_files_free);
	g_hash_table_unref(configs->answers);
	g_hash_table_unref(configs->configs);
	g_hash_table_unref(configs->there);
	g_free(configs->program);
	g_free(configs->file);
	g_free(configs->home);
	g_free(configs->agent);
	g_free(configs);
}

/* Answers. */

static Answer *read_answer(const char *host, char *text)
{
	Answer *answer = g_new0(Answer, 1);

	answer->host = g_strdup(host);
	answer->text = text;
	answer->keywords = g_ptr_array_new();
	answer->values = g_ptr_array_new();
	for (char *line = text; *line;) {
		char *end = line + strcspn(line, "\n");
		char *value = line + strcspn(line, " \n");
		gboolean last = *end == '\0';

		*end = '\0';
		if (value < end)
			*value++ = '\0';
		g_ptr_array_add(answer->keywords, line);
		g_ptr_array_add(answer->values, value);
		line = last ? end : end + 1;
	}
	return answer;
}

/* The first value of a keyword, or NULL. */
static const char *answered(const Answer *answer, const char *keyword)
{
	for (guint i = 0; i < answer->keywords->len; i++)
		if (g_str_equal(answer->keywords->pdata[i], keyword))
			return answer->values->pdata[i];
	return NULL;
}

static gboolean is_one_of(const char *word, const char *list)
{
	g_auto(GStrv) words = g_strsplit(list, " ", -1);

	return g_strv_contains((const char *const *)words, word);
}

/* The value, or NULL if it is as good as none. */
static const char *answered_unless_none(const Answer *answer, const char *keyword)
{
	const char *value = answered(answer, keyword);

	return value && *value && !g_str_equal(value, "none") ? value : NULL;
}

/* Tokens and paths. */

/* Gives what %`token` stands for, or NULL: only ssh knows. */
static char *token_value(const RemoteConfigs *configs, const RemoteConfig *config, char token)
{
	switch (token) {
	case '%':
		return g_strdup("%");
	case 'd':
		return g_strdup(configs->home);
	case 'h':
		return g_strdup(config->hostname);
	case 'i':
		return g_strdup_printf("%u", (guint)getuid());
	case 'k':
		return g_strdup(config->host_key_alias ? config->host_key_alias : config->host);
	case 'L':
		return g_strndup(g_get_host_name(), strcspn(g_get_host_name(), "."));
	case 'n':
		return g_strdup(config->host);
	case 'p':
		return g_strdup_printf("%u", config->port);
	case 'r':
		return g_strdup(config->user);
	case 'u':
		return g_strdup(g_get_user_name());
	default:
		return NULL;
	}
}

/* Gives the text with its tokens replaced, or NULL: only ssh can. */
static char *expand_tokens(const RemoteConfigs *configs, const RemoteConfig *config,
			   const char *text)
{
	g_autoptr(GString) expanded = g_string_new(NULL);

	for (const char *p = text; *p; p++) {
		g_autofree char *value = NULL;

		if (*p != '%') {
			g_string_append_c(expanded, *p);
			continue;
		}
		value = token_value(configs, config, *++p);
		if (!value)
			return NULL;
		g_string_append(expanded, value);
	}
	return g_string_free(g_steal_pointer(&expanded), FALSE);
}

/* The same for a path, which may begin with ~/. */
static char *expand_path(const RemoteConfigs *configs, const RemoteConfig *config,
			 const char *path)
{
	g_autofree char *expanded =
		strstr(path, "${") ? NULL : expand_tokens(configs, config, path);

	if (expanded && g_str_has_prefix(path, "~/"))
		return g_build_filename(configs->home, expanded + 2, NULL);
	return *path == '~' ? NULL : g_steal_pointer(&expanded);
}

static gboolean is_there(RemoteConfigs *configs, const char *path)
{
	gpointer there;

	if (g_hash_table_lookup_extended(configs->there, path, NULL, &there))
		return GPOINTER_TO_INT(there);
	there = GINT_TO_POINTER(g_file_test(path, G_FILE_TEST_IS_REGULAR));
	g_hash_table_insert(configs->there, g_strdup(path), there);
	return GPOINTER_TO_INT(there);
}

static gboolean is_there_with(RemoteConfigs *configs, const char *path, const char *suffix)
{
	g_autofree char *longer = g_strconcat(path, suffix, NULL);

	return is_there(configs, longer);
}

/* From an answer to a config. */

static void add_reason(GString *reasons, const char *reason)
{
	if (!strstr(reasons->str, reason))
		g_string_append_printf(reasons, "%s%s", reasons->len ? ", " : "", reason);
}

static void add_identity(RemoteConfigs *configs, const RemoteConfig *config, const char *value,
			 GPtrArray *files, GString *reasons)
{
	g_autofree char *path = NULL;

	if (g_str_equal(value, "none"))
		return;
	path = expand_path(configs, config, value);
	if (!path) {
		add_reason(reasons, "an IdentityFile with a token or variable");
		return;
	}
	if (is_there_with(configs, path, "-cert.pub")) /* ssh shows it without being told to */
		add_reason(reasons, "a certificate file");
	if (is_there(configs, path) || is_there_with(configs, path, ".pub"))
		g_ptr_array_add(files, g_steal_pointer(&path));
}

static void fill_identities(RemoteConfigs *configs, RemoteConfig *config, const Answer *answer,
			    GString *reasons)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < answer->keywords->len; i++)
		if (g_str_equal(answer->keywords->pdata[i], "identityfile"))
			add_identity(configs, config, answer->values->pdata[i], files, reasons);
	g_ptr_array_add(files, NULL);
	config->identity_files = (char **)g_ptr_array_steal(files, NULL);
}

static void fill_agent(const RemoteConfigs *configs, RemoteConfig *config, const Answer *answer,
		       GString *reasons)
{
	const char *value = answered(answer, "identityagent");

	if (!value || g_str_equal(value, "SSH_AUTH_SOCK"))
		config->identity_agent = g_strdup(configs->agent);
	else if (*value == '$')
		add_reason(reasons, "an IdentityAgent that the environment names");
	else if (!g_str_equal(value, "none"))
		config->identity_agent = expand_path(configs, config, value);
}

/* ssh has expanded the tokens in them. */
static void fill_known_hosts(const RemoteConfigs *configs, RemoteConfig *config,
			     const Answer *answer)
{
	static const char *const keywords[] = { "userknownhostsfile", "globalknownhostsfile" };
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

	for (gsize i = 0; i < G_N_ELEMENTS(keywords); i++) {
		const char *value = answered_unless_none(answer, keywords[i]);
		g_auto(GStrv) paths = g_strsplit(value ? value : "", " ", -1);

		for (guint j = 0; paths[j]; j++)
			if (g_str_has_prefix(paths[j], "~/"))
				g_ptr_array_add(files, g_build_filename(configs->home,
									paths[j] + 2, NULL));
			else if (*paths[j])
				g_ptr_array_add(files, g_strdup(paths[j]));
	}
	g_ptr_array_add(files, NULL);
	config->known_hosts = (char **)g_ptr_array_steal(files, NULL);
}

static void fill_proxy(const RemoteConfigs *configs, RemoteConfig *config, const Answer *answer,
		       GString *reasons)
{
	const char *jump = answered_unless_none(answer, "proxyjump");
	const char *command = answered_unless_none(answer, "proxycommand");

	config->proxy_command = g_strdup(command);
	if (command)
		add_reason(reasons, "ProxyCommand");
	if (!jump)
		return;
	config->proxy_jump = expand_tokens(configs, config, jump);
	if (!config->proxy_jump) {
		config->proxy_jump = g_strdup(jump);
		add_reason(reasons, "ProxyJump with a token");
	}
	if (strchr(jump, ','))
		add_reason(reasons, "ProxyJump over several hosts");
}

/* What libssh2 cannot do, or we do not. */
static void add_settings(const Answer *answer, GString *reasons)
{
	static const struct {
		const char *keyword, *harmless, *reason;
	} settings[] = {
		{ "pkcs11provider", "none", "a PKCS#11 provider" },
		{ "certificatefile", "none", "a certificate file" },
		{ "canonicalizehostname", "no false none", "CanonicalizeHostname" },
		{ "knownhostscommand", "none", "KnownHostsCommand" },
		{ "revokedhostkeys", "none", "RevokedHostKeys" },
		{ "verifyhostkeydns", "no false ask", "VerifyHostKeyDNS" },
		{ "hostbasedauthentication", "no false", "HostbasedAuthentication" },
		{ "pubkeyauthentication", "yes true unbound host-bound",
		  "PubkeyAuthentication no" },
		{ "bindaddress", "none", "BindAddress" },
		{ "bindinterface", "none", "BindInterface" },
		{ "addressfamily", "any", "AddressFamily" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
		const char *value = answered(answer, settings[i].keyword);

		if (value && *value && !is_one_of(value, settings[i].harmless))
			add_reason(reasons, settings[i].reason);
	}
}

static guint16 read_port(const char *value)
{
	guint64 port = value ? g_ascii_strtoull(value, NULL, 10) : SSH_PORT;

	return port >= 1 && port <= G_MAXUINT16 ? (guint16)port : SSH_PORT;
}

/* `hostname` is taken. */
static RemoteConfig *make_config(RemoteConfigs *configs, const Answer *answer, const char *host,
				 char *hostname)
{
	RemoteConfig *config = g_new0(RemoteConfig, 1);
	const char *strict = answered(answer, "stricthostkeychecking");
	const char *only = answered(answer, "identitiesonly");
	g_autoptr(GString) reasons = g_string_new(NULL);

	config->host = g_strdup(host);
	config->hostname = hostname;
	config->user = g_strdup(answered(answer, "user"));
	config->port = read_port(answered(answer, "port"));
	config->host_key_alias = g_strdup(answered_unless_none(answer, "hostkeyalias"));
	config->identities_only = only && is_one_of(only, "yes true");
	config->strict = strict && is_one_of(strict, "accept-new no off false")
				 ? REMOTE_ACCEPT_UNKNOWN
				 : REMOTE_STRICT;
	fill_proxy(configs, config, answer, reasons);
	add_settings(answer, reasons);
	fill_identities(configs, config, answer, reasons);
	fill_agent(configs, config, answer, reasons);
	fill_known_hosts(configs, config, answer);
	if (reasons->len)
		config->openssh_only = g_string_free(g_steal_pointer(&reasons), FALSE);
	return config;
}

/* Asking. */

/*
 * Where ssh would connect to by a Hostname line: it knows the tokens %% and %h, and puts what
 * comes out into lower case, unless it looks like an address.  Gives the text.
 */
static char *predict_hostname(const char *hostname, const char *host)
{
	g_autoptr(GString) name = g_string_new(NULL);

	for (const char *p = hostname ? hostname : "%h"; *p; p++)
		if (*p == '%' && p[1] == 'h' && p++)
			g_string_append(name, host);
		else if (*p == '%' && p[1] == '%' && p++)
			g_string_append_c(name, '%');
		else
			g_string_append_c(name, *p);
	if (strpbrk(name->str, "%:") || g_hostname_is_ip_address(name->str))
		return g_string_free(g_steal_pointer(&name), FALSE);
	return g_ascii_strdown(name->str, -1);
}

static Answer *ask(RemoteConfigs *configs, const char *host, GError **error)
{
	char *text =
		ssh_query(configs->program, configs->file, host, REMOTE_CONFIG_TIME, error);
	g_autoptr(Answer) answer = NULL;
	g_autofree char *name = NULL;

	if (!text)
		return NULL;
	answer = read_answer(host, text);
	if (answered(answer, "hostname") && answered(answer, "user"))
		return g_steal_pointer(&answer);
	name = text_quote(host);
	g_set_error(error, REMOTE_ERROR, REMOTE_FAILED,
		    "'ssh -G' names no host and user for %s: is it OpenSSH?", name);
	return NULL;
}

static void add_config(RemoteConfigs *configs, const Answer *answer, const char *host,
		       char *hostname)
{
	RemoteConfig *config = make_config(configs, answer, host, hostname);

	g_hash_table_replace(configs->configs, config->host, config);
}

static gboolean ask_alone(RemoteConfigs *configs, const char *host, GError **error)
{
	g_autoptr(Answer) answer = ask(configs, host, error);

	if (!answer)
		return FALSE;
	add_config(configs, answer, host, g_strdup(answered(answer, "hostname")));
	return TRUE;
}

/* The answer for all hosts with the same Host lines; it is asked for the first of them. */
static const Answer *find_answer(RemoteConfigs *configs, const ConfigMatch *match,
				 const char *host, GError **error)
{
	g_autofree char *expected = NULL;
	Answer *answer = g_hash_table_lookup(configs->answers, match->set);

	if (answer)
		return answer;
	answer = ask(configs, host, error);
	if (!answer)
		return NULL;
	/* If ssh has read its files in another way than we have, nobody shares its answer. */
	expected = predict_hostname(match->hostname, host);
	answer->alone = !g_str_equal(expected, answered(answer, "hostname"));
	g_hash_table_insert(configs->answers, g_bytes_ref(match->set), answer);
	return answer;
}

static gboolean ask_shared(RemoteConfigs *configs, const ConfigMatch *match, const char *host,
			   GError **error)
{
	const Answer *answer = find_answer(configs, match, host, error);

	if (!answer)
		return FALSE;
	if (g_str_equal(answer->host, host))
		add_config(configs, answer, host, g_strdup(answered(answer, "hostname")));
	else if (answer->alone)
		return ask_alone(configs, host, error);
	else
		add_config(configs, answer, host, predict_hostname(match->hostname, host));
	return TRUE;
}

static gboolean ask_host(RemoteConfigs *configs, const char *host, GError **error)
{
	ConfigMatch match;
	gboolean ok;

	if (!configs->files)
		configs->files = config_files_read(configs->file, configs->home);
	config_files_match(configs->files, host, &match);
	ok = match.alone ? ask_alone(configs, host, error)
			 : ask_shared(configs, &match, host, error);
	g_bytes_unref(match.set);
	return ok;
}

gboolean remote_configs_name(const char *host)
{
	gboolean fine = *host && *host != '-' && !host[strcspn(host, NOT_IN_NAMES)];

	for (const char *p = host; fine && *p; p++)
		fine = !g_ascii_iscntrl(*p) && !g_ascii_isspace(*p);
	return fine;
}

static gboolean check_name(const char *host, GError **error)
{
	g_autofree char *name = NULL;

	if (remote_configs_name(host))
		return TRUE;
	name = text_quote(host);
	g_set_error(error, REMOTE_ERROR, REMOTE_FAILED, "this cannot be the name of a host: %s",
		    name);
	return FALSE;
}

gboolean remote_configs_ask(RemoteConfigs *configs, const char *const *hosts, guint n,
			    GError **error)
{
	for (guint i = 0; i < n; i++)
		if (!check_name(hosts[i], error))
			return FALSE;
	for (guint i = 0; i < n; i++)
		if (!g_hash_table_contains(configs->configs, hosts[i]) &&
		    !ask_host(configs, hosts[i], error))
			return FALSE;
	return TRUE;
}

const RemoteConfig *remote_configs_get(RemoteConfigs *configs, const char *host)
{
	return g_hash_table_lookup(configs->configs, host);
}
