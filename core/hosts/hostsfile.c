/* The hosts file: an address a line, then its names; # starts a comment. */
#include "core/hosts/hostsfile.h"
#include "core/hosts.h"
#include "core/base.h"
#include <string.h>

#define BLANKS " \t\r\v\f"
#define NONE   G_MAXUINT

/* An address of a name, and where the next one of the same name is. */
typedef struct {
	Address address;
	guint next; /* NONE: this is the last one */
} Record;

/* Of each name the first and the last record.  Both lie in one place for speed. */
typedef struct {
	guint first, last;
} Chain;

struct hostsfile {
	char *text;	   /* names point into it */
	GHashTable *names; /* name -> 1 + its place in chains */
	GArray *chains, *records;
};

static void add_name(HostsFile *file, char *name, const Address *address)
{
	Record record = { *address, NONE };
	gsize length = strlen(name);
	guint place;

	for (char *p = name; *p; p++)
		*p = g_ascii_tolower(*p);
	if (length > 1 && name[length - 1] == '.')
		name[length - 1] = '\0';
	g_array_append_val(file->records, record);
	place = GPOINTER_TO_UINT(g_hash_table_lookup(file->names, name));
	if (place) {
		Chain *chain = &g_array_index(file->chains, Chain, place - 1);

		g_array_index(file->records, Record, chain->last).next = file->records->len - 1;
		chain->last = file->records->len - 1;
	} else {
		Chain chain = { file->records->len - 1, file->records->len - 1 };

		g_array_append_val(file->chains, chain);
		g_hash_table_insert(file->names, name, GUINT_TO_POINTER(file->chains->len));
	}
}

static void read_line(HostsFile *file, char *line)
{
	Address address;
	char *rest = NULL, *word;

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, BLANKS, &rest);
	if (!word || !address_parse(word, &address))
		return;
	while ((word = strtok_r(NULL, BLANKS, &rest)))
		add_name(file, word, &address);
}

HostsFile *hostsfile_read(const char *path, GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autofree char *text = NULL;
	gsize length = 0;
	HostsFile *file;

	if (!g_file_get_contents(path, &text, &length, &problem)) {
		if (!g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
			g_set_error(error, HOSTS_ERROR, HOSTS_ERROR_FAILED,
				    "cannot read the hosts file: %s", problem->message);
			return NULL;
		}
		text = g_strdup("");
	}
	file = g_new0(HostsFile, 1);
	file->text = g_steal_pointer(&text);
	file->names = g_hash_table_new(g_str_hash, g_str_equal);
	file->chains = g_array_new(FALSE, FALSE, sizeof(Chain));
	file->records = g_array_new(FALSE, FALSE, sizeof(Record));
	for (char *line = file->text, *end = file->text + length; line < end;) {
		char *newline = memchr(line, '\n', end - line);

		if (newline)
			*newline = '\0';
		read_line(file, line);
		line = newline ? newline + 1 : end;
	}
	return file;
}

void hostsfile_free(HostsFile *file)
{
	if (!file)
		return;
	g_hash_table_unref(file->names);
	g_array_unref(file->chains);
	g_array_unref(file->records);
	g_free(file->text);
	g_free(file);
}

void hostsfile_find(const HostsFile *file, const char *name, GArray *addresses)
{
	guint place = GPOINTER_TO_UINT(g_hash_table_lookup(file->names, name));

	if (!place)
		return;
	for (guint i = g_array_index(file->chains, Chain, place - 1).first; i != NONE;) {
		const Record *record = &g_array_index(file->records, Record, i);

		address_add(addresses, &record->address);
		i = record->next;
	}
}

/* Those of one name are few. */
static gboolean is_within(const HostsFile *file, const Chain *chain, const GArray *addresses)
{
	for (guint i = chain->first; i != NONE;) {
		const Record *record = &g_array_index(file->records, Record, i);

		if (!address_in(addresses, &record->address))
			return FALSE;
		i = record->next;
	}
	return TRUE;
}

void hostsfile_names(const HostsFile *file, const GArray *addresses, GPtrArray *names)
{
	GHashTableIter each;
	gpointer name, place;

	g_hash_table_iter_init(&each, file->names);
	while (g_hash_table_iter_next(&each, &name, &place)) {
		const Chain *chain =
			&g_array_index(file->chains, Chain, GPOINTER_TO_UINT(place) - 1);

		if (is_within(file, chain, addresses))
			g_ptr_array_add(names, name);
	}
	g_ptr_array_sort(names, text_compare);
}
