/*
 * known_hosts files, each read into two tables: plain names in a hash, and what has to be
 * tried line by line: patterns, and names that are hashed.
 *
 * Each hashed line has a salt of its own, so a name has to be hashed again for every line; the
 * lines that a name is on are kept, so that this is done once a name.
 */
#include "core/remote/known.h"
#include "core/remote/hostpattern.h"
#include <string.h>

#define BLANKS	  " \t"
#define BASE64	  G_CSET_A_2_Z G_CSET_a_2_z "0123456789+/="
#define HASH_MARK "|1|"
#define SSH_PORT  22
#define SHA1_SIZE 20
#define NONE	  G_MAXUINT

typedef struct {
	const char *path; /* of the file */
	guint number;	  /* of the line, from 1 */
	gboolean revoked;
	const guchar *key;
	gsize length;
} Line;

/* A line that has a plain name, and where the next one with the same name is. */
typedef struct {
	guint line, next; /* NONE: this is the last one */
} Record;

typedef struct {
	const char *patterns;
	guint line;
} Patterned;

typedef struct {
	guchar salt[SHA1_SIZE], hash[SHA1_SIZE];
	guint line;
} Hashed;

typedef struct {
	char *path, *text; /* all else points into the text */
	GArray *lines;	   /* Line */
	GHashTable *names; /* plain name in lower case -> 1 + its place in records */
	GArray *records, *patterned, *hashed;
	GHashTable *answered; /* name -> GArray of the lines that have it hashed */
	gboolean authority;   /* it has a line of a certificate authority */
} File;

struct known_hosts {
	GHashTable *files;    /* path -> File */
	GPtrArray *directory; /* File: one a key */
};

static void free_file(gpointer data)
{
	File *file = data;

	g_hash_table_unref(file->names);
	g_hash_table_unref(file->answered);
	g_array_unref(file->lines);
	g_array_unref(file->records);
	g_array_unref(file->patterned);
	g_array_unref(file->hashed);
	g_free(file->path);
	g_free(file->text);
	g_free(file);
}

static void free_lines(gpointer data)
{
	g_array_unref(data);
}

static File *new_file(const char *path)
{
	File *file = g_new0(File, 1);

	file->path = g_strdup(path);
	file->lines = g_array_new(FALSE, FALSE, sizeof(Line));
	file->names = g_hash_table_new(g_str_hash, g_str_equal);
	file->records = g_array_new(FALSE, FALSE, sizeof(Record));
	file->patterned = g_array_new(FALSE, FALSE, sizeof(Patterned));
	file->hashed = g_array_new(FALSE, FALSE, sizeof(Hashed));
	file->answered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_lines);
	return file;
}

/* Keys as they go over the wire: strings, each with four bytes of length before it. */

static gboolean next_string(const guchar **at, const guchar *end, const guchar **string,
			    gsize *length)
{
	guint32 size;

	if ((gsize)(end - *at) < sizeof(size))
		return FALSE;
	memcpy(&size, *at, sizeof(size));
	size = GUINT32_FROM_BE(size);
	*at += sizeof(size);
	if (size > (gsize)(end - *at))
		return FALSE;
	*string = *at;
	*length = size;
	*at += size;
	return TRUE;
}

/* The first string is the type.  FALSE: this is no key. */
static gboolean key_type(const void *key, gsize key_length, const guchar **type, gsize *length)
{
	const guchar *at = key;

	return next_string(&at, at + key_length, type, length);
}

/* Nothing but whole strings, and more than a type. */
static gboolean is_whole_key(const guchar *key, gsize key_length, const char *type)
{
	const guchar *at = key, *end = key + key_length, *string;
	gsize length;

	if (!next_string(&at, end, &string, &length) || length != strlen(type) ||
	    memcmp(string, type, length) != 0 || at == end)
		return FALSE;
	while (at < end)
		if (!next_string(&at, end, &string, &length))
			return FALSE;
	return TRUE;
}

static gboolean same_type(const void *a, gsize a_length, const void *b, gsize b_length)
{
	const guchar *a_type, *b_type;
	gsize a_size, b_size;

	return key_type(a, a_length, &a_type, &a_size) &&
	       key_type(b, b_length, &b_type, &b_size) && a_size == b_size &&
	       memcmp(a_type, b_type, a_size) == 0;
}

/* Reading. */

/* Takes base64 for bytes, in their place. */
static gboolean decode(char *text, gsize *length)
{
	gsize size = strlen(text);

	if (size == 0 || size % 4 != 0 || text[strspn(text, BASE64)])
		return FALSE;
	g_base64_decode_inplace(text, length);
	return *length > 0;
}

static char *next_word(char **rest)
{
	return strtok_r(NULL, BLANKS, rest);
}

/* The line's type and key, the next words.  FALSE: they are none. */
static gboolean read_key(Line *line, char **rest)
{
	const char *type = next_word(rest);
	char *key = next_word(rest);

	if (!type || !key || !decode(key, &line->length))
		return FALSE;
	line->key = (const guchar *)key;
	return is_whole_key(line->key, line->length, type);
}

static void add_plain(File *file, char *name, guint line)
{
	Record record = { line, NONE };
	guint place;

	if (!*name)
		return;
	for (char *p = name; *p; p++)
		*p = g_ascii_tolower(*p);
	place = GPOINTER_TO_UINT(g_hash_table_lookup(file->names, name));
	if (place)
		record.next = place - 1;
	g_array_append_val(file->records, record);
	g_hash_table_insert(file->names, name, GUINT_TO_POINTER(file->records->len));
}

/* |1|salt|hash: FALSE if it is broken. */
static gboolean add_hashed(File *file, char *text, guint line)
{
	char *salt = text + strlen(HASH_MARK), *hash = strchr(salt, '|');
	Hashed hashed = { .line = line };
	gsize salt_length, hash_length;

	if (!hash)
		return FALSE;
	*hash++ = '\0';
	if (!decode(salt, &salt_length) || salt_length != SHA1_SIZE ||
	    !decode(hash, &hash_length) || hash_length != SHA1_SIZE)
		return FALSE;
	memcpy(hashed.salt, salt, SHA1_SIZE);
	memcpy(hashed.hash, hash, SHA1_SIZE);
	g_array_append_val(file->hashed, hashed);
	return TRUE;
}

static void add_hosts(File *file, char *hosts, const Line *line)
{
	guint place = file->lines->len;

	if (g_str_has_prefix(hosts, HASH_MARK)) {
		if (!add_hashed(file, hosts, place))
			return;
	} else if (strpbrk(hosts, "*?!")) {
		Patterned patterned = { hosts, place };

		g_array_append_val(file->patterned, patterned);
	} else {
		char *rest = NULL;

		for (char *name = strtok_r(hosts, ",", &rest); name;
		     name = strtok_r(NULL, ",", &rest))
			add_plain(file, name, place);
	}
	g_array_append_vals(file->lines, line, 1);
}

static void read_line(File *file, char *text, guint number)
{
	Line line = { .path = file->path, .number = number };
	char *rest = NULL, *word = strtok_r(text, BLANKS, &rest);

	if (!word || *word == '#')
		return;
	if (*word == '@') {
		file->authority |= g_str_equal(word, "@cert-authority");
		if (!g_str_equal(word, "@revoked"))
			return;
		line.revoked = TRUE;
		word = next_word(&rest);
	}
	if (word && *word != '@' && read_key(&line, &rest))
		add_hosts(file, word, &line);
}

/* Keeps `text`, and calls `read` for each line. */
static void read_lines(File *file, char *text, gsize length,
		       void (*read)(File *file, char *text, guint number))
{
	guint number = 0;

	file->text = text;
	for (char *line = text, *end = text + length; line < end;) {
		char *newline = memchr(line, '\n', end - line);
		char *stop = newline ? newline : end;

		*stop = '\0'; /* there is one behind the end of the text, too */
		if (stop > line && stop[-1] == '\r')
			stop[-1] = '\0';
		read(file, line, ++number);
		line = stop + 1;
	}
}

/* NULL: it is missing, a device, or cannot be read. */
static char *read_text(const char *path, gsize *length)
{
	char *text = NULL;

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) ||
	    !g_file_get_contents(path, &text, length, NULL))
		return NULL;
	return text;
}

static File *find_file(KnownHosts *known, const char *path)
{
	File *file = g_hash_table_lookup(known->files, path);
	gsize length = 0;
	char *text;

	if (file)
		return file;
	file = new_file(path);
	text = read_text(path, &length);
	if (text)
		read_lines(file, text, length, read_line);
	g_hash_table_insert(known->files, file->path, file);
	return file;
}

/* A line of a .pub file: TYPE BASE64 COMMENT. */
static void read_public_key(File *file, char *text, guint number)
{
	Line line = { .path = file->path, .number = number };
	char *start = text + strspn(text, BLANKS), *rest = NULL;
	const char *type = strtok_r(start, BLANKS, &rest);
	char *key = type ? next_word(&rest) : NULL;

	if (!key || !decode(key, &line.length))
		return;
	line.key = (const guchar *)key;
	if (is_whole_key(line.key, line.length, type))
		g_array_append_val(file->lines, line);
}

KnownHosts *known_hosts_new(void)
{
	KnownHosts *known = g_new0(KnownHosts, 1);

	known->files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_file);
	known->directory = g_ptr_array_new_with_free_func(free_file);
	return known;
}

void known_hosts_free(KnownHosts *known)
{
	if (!known)
		return;
	g_hash_table_unref(known->files);
	g_ptr_array_unref(known->directory);
	g_free(known);
}

void known_hosts_add_directory(KnownHosts *known, const char *directory)
{
	g_autoptr(GDir) listing = g_dir_open(directory, 0, NULL);
	const char *name;

	while (listing && (name = g_dir_read_name(listing))) {
		g_autofree char *path = g_build_filename(directory, name, NULL);
		gsize length = 0;
		char *text = g_str_has_suffix(name, ".pub") ? read_text(path, &length) : NULL;
		File *file;

		if (!text)
			continue;
		file = new_file(path);
		read_lines(file, text, length, read_public_key);
		g_ptr_array_add(known->directory, file);
	}
}

/* Looking up. */

/* As it stands in a file.  Gives the text. */
static char *spell(const char *name, guint16 port)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);

	if (port == 0 || port == SSH_PORT)
		return g_steal_pointer(&lower);
	return g_strdup_printf("[%s]:%u", lower, port);
}

static gboolean hash_is_of(const Hashed *hashed, const char *name)
{
	g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA1, hashed->salt, SHA1_SIZE);
	guchar digest[SHA1_SIZE];
	gsize length = sizeof(digest);

	g_hmac_update(hmac, (const guchar *)name, (gssize)strlen(name));
	g_hmac_get_digest(hmac, digest, &length);
	return memcmp(digest, hashed->hash, SHA1_SIZE) == 0;
}

/* The numbers of the lines that have the name hashed. */
static GArray *find_hashed(File *file, const char *name)
{
	GArray *lines = g_hash_table_lookup(file->answered, name);

	if (lines)
		return lines;
	lines = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint i = 0; i < file->hashed->len; i++) {
		const Hashed *hashed = &g_array_index(file->hashed, Hashed, i);

		if (hash_is_of(hashed, name))
			g_array_append_val(lines, hashed->line);
	}
	g_hash_table_insert(file->answered, g_strdup(name), lines);
	return lines;
}

static void add_line(GPtrArray *found, const File *file, guint line)
{
	g_ptr_array_add(found, &g_array_index(file->lines, Line, line));
}

static void find_name(File *file, const char *name, GPtrArray *found)
{
	guint place = GPOINTER_TO_UINT(g_hash_table_lookup(file->names, name));

	for (guint i = place ? place - 1 : NONE; i != NONE;) {
		const Record *record = &g_array_index(file->records, Record, i);

		add_line(found, file, record->line);
		i = record->next;
	}
	for (guint i = 0; i < file->patterned->len; i++) {
		const Patterned *patterned = &g_array_index(file->patterned, Patterned, i);

		if (hostpattern_list_matches(name, patterned->patterns) > 0)
			add_line(found, file, patterned->line);
	}
	if (file->hashed->len) {
		const GArray *lines = find_hashed(file, name);

		for (guint i = 0; i < lines->len; i++)
			add_line(found, file, g_array_index(lines, guint, i));
	}
}

/* All lines about the host, in the order of the files.  Gives an array of Line. */
static GPtrArray *find_lines(KnownHosts *known, const char *const *files,
			     const char *const *names, guint16 port)
{
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; files && files[i]; i++) {
		File *file = find_file(known, files[i]);

		for (guint j = 0; names && names[j]; j++) {
			g_autofree char *name = spell(names[j], port);

			find_name(file, name, found);
		}
	}
	return found;
}

static gboolean is_key(const Line *line, const void *key, gsize length)
{
	return line->length == length && memcmp(line->key, key, length) == 0;
}

/* `differing`: of the lines that have another key the best to show. */
static KnownHostsAnswer judge(const GPtrArray *lines, const void *key, gsize length,
			      const Line **differing)
{
	KnownHostsAnswer answer = KNOWN_HOSTS_UNKNOWN;

	*differing = NULL;
	for (guint i = 0; i < lines->len; i++) {
		const Line *line = lines->pdata[i];
		gboolean equal = is_key(line, key, length);

		if (line->revoked && equal)
			return KNOWN_HOSTS_REVOKED;
		if (line->revoked)
			continue;
		if (equal)
			answer = KNOWN_HOSTS_KNOWN;
		else if (answer == KNOWN_HOSTS_UNKNOWN)
			answer = KNOWN_HOSTS_CHANGED;
		if (!*differing ||
		    (!same_type((*differing)->key, (*differing)->length, key, length) &&
		     same_type(line->key, line->length, key, length)))
			*differing = line;
	}
	return answer;
}

static gboolean is_in_directory(const KnownHosts *known, const void *key, gsize length)
{
	for (guint i = 0; i < known->directory->len; i++) {
		const GArray *lines = ((const File *)known->directory->pdata[i])->lines;

		for (guint j = 0; j < lines->len; j++)
			if (is_key(&g_array_index(lines, Line, j), key, length))
				return TRUE;
	}
	return FALSE;
}

KnownHostsAnswer known_hosts_check(KnownHosts *known, const char *const *files,
				   const char *const *names, guint16 port, const void *key,
				   gsize length, char **where)
{
	g_autoptr(GPtrArray) lines = find_lines(known, files, names, port);
	const Line *differing;
	KnownHostsAnswer answer = judge(lines, key, length, &differing);

	if (where)
		*where = NULL;
	if (answer == KNOWN_HOSTS_UNKNOWN && port != SSH_PORT) {
		g_autoptr(GPtrArray) plain = find_lines(known, files, names, SSH_PORT);

		answer = judge(plain, key, length, &differing);
		if (answer == KNOWN_HOSTS_CHANGED)
			answer = KNOWN_HOSTS_UNKNOWN;
	}
	if (answer != KNOWN_HOSTS_REVOKED && is_in_directory(known, key, length))
		return KNOWN_HOSTS_KNOWN;
	if (answer == KNOWN_HOSTS_CHANGED && where)
		*where = g_strdup_printf("%s:%u", differing->path, differing->number);
	return answer;
}

/* Types. */

static void add_type(GPtrArray *types, const Line *line)
{
	const guchar *type;
	gsize length;
	g_autofree char *name = NULL;

	if (line->revoked || !key_type(line->key, line->length, &type, &length))
		return;
	name = g_strndup((const char *)type, length);
	if (!g_ptr_array_find_with_equal_func(types, name, g_str_equal, NULL))
		g_ptr_array_add(types, g_steal_pointer(&name));
}

static gint rank_of(const char *type)
{
	static const char *const order[] = { "ssh-ed25519", "ecdsa-sha2-nistp256",
					     "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
					     "ssh-rsa" };
	gint rank = 0;

	while (rank < (gint)G_N_ELEMENTS(order) && !g_str_equal(type, order[rank]))
		rank++;
	return rank;
}

static gint compare_types(gconstpointer a, gconstpointer b)
{
	const char *one = *(const char *const *)a, *other = *(const char *const *)b;
	gint difference = rank_of(one) - rank_of(other);

	return difference ? difference : strcmp(one, other);
}

static void add_types(GPtrArray *types, const GPtrArray *lines)
{
	for (guint i = 0; i < lines->len; i++)
		add_type(types, lines->pdata[i]);
}

gboolean known_hosts_lists(KnownHosts *known, const char *const *files,
			   const char *const *names, guint16 port)
{
	g_autoptr(GPtrArray) lines = find_lines(known, files, names, port);

	return lines->len > 0;
}

gboolean known_hosts_has_authority(KnownHosts *known, const char *const *files)
{
	for (guint i = 0; files && files[i]; i++)
		if (find_file(known, files[i])->authority)
			return TRUE;
	return FALSE;
}

char *known_hosts_types(KnownHosts *known, const char *const *files, const char *const *names,
			guint16 port)
{
	g_autoptr(GPtrArray) types = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) lines = find_lines(known, files, names, port);

	add_types(types, lines);
	if (!types->len && port != SSH_PORT) {
		g_autoptr(GPtrArray) plain = find_lines(known, files, names, SSH_PORT);

		add_types(types, plain);
	}
	for (guint i = 0; i < known->directory->len; i++) {
		const GArray *keys = ((const File *)known->directory->pdata[i])->lines;

		for (guint j = 0; j < keys->len; j++)
			add_type(types, &g_array_index(keys, Line, j));
	}
	if (!types->len)
		return NULL;
	g_ptr_array_sort(types, compare_types);
	g_ptr_array_add(types, NULL);
	return g_strjoinv(",", (char **)types->pdata);
}
