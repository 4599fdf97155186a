/*
 * What the formats of boot files can hold: a text with anything else in it would be read as
 * something that nobody has written, so it is refused.
 */
#include "core/services/boot/gathering.h"
#include <string.h>

const char *boot_no_line(const char *text)
{
	for (const char *p = text; *p; p++)
		if ((guchar)*p < ' ' ? *p != '\t' : *p == 0x7f)
			return *p == '\n' || *p == '\r' ? "has a line end"
							: "has a control character";
	return NULL;
}

/* On one line, and without these bytes. */
static const char *no_bytes(const char *text, const char *bytes, const char *words)
{
	const char *line = boot_no_line(text);

	return line ? line : strpbrk(text, bytes) ? words : NULL;
}

const char *boot_no_word(const char *text)
{
	return no_bytes(text, " \t", "has a blank");
}

/* iPXE cuts a line at blanks and nowhere else; these words end a command, and a backslash joins
 * the next line to it. */
const char *boot_no_script(const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
	const char *line = boot_no_line(text);

	for (guint i = 0; !line && words[i]; i++)
		if (*words[i] == '#' || g_str_equal(words[i], ";") ||
		    g_str_equal(words[i], "&&") || g_str_equal(words[i], "||"))
			return "has a word that ends a command of iPXE (#, ;, &&, ||)";
	return line;
}

const char *boot_no_quoted(const char *text)
{
	return no_bytes(text, "\"\\", "has a quote or a backslash, and stands between quotes");
}

const char *boot_no_plain(const char *text)
{
	return no_bytes(text, " \t\"\\=#", "has a blank, a quote, a backslash, '=' or '#'");
}

/* ---- GRUB ---- */

/* Behind a dollar: NAME, or {NAME}.  Gives its length; 0: it is none. */
static gsize variable_length(const char *text)
{
	gboolean braced = *text == '{';
	const char *name = text + (braced ? 1 : 0);
	gsize length = strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_");

	if (length == 0 || (braced && name[length] != '}'))
		return 0;
	return length + (braced ? 2 : 0);
}

/* Behind an opening quote: the length with the closing one; 0: there is none, or more is done
 * within than naming variables. */
static gsize quoted_length(const char *text, char quote)
{
	const char *p = text;

	for (; *p && *p != quote; p++) {
		gsize skip = 0;

		if (quote == '\'')
			continue;
		if (*p == '\\')
			skip = p[1] ? 1 : 0;
		else if (*p == '$')
			skip = variable_length(p + 1);
		if (skip == 0 && strchr("\\$", *p))
			return 0;
		p += skip;
	}
	return *p ? (gsize)(p - text) + 1 : 0;
}

/* What stands at `p` and is more than itself; 0: it cannot stand there. */
static gsize special_length(const char *p)
{
	gsize more;

	if (strchr(";|&<>{}", *p))
		return 0;
	if (*p == '\\')
		return p[1] ? 2 : 0;
	more = *p == '$' ? variable_length(p + 1) : quoted_length(p + 1, *p);
	return more ? more + 1 : 0;
}

const char *boot_no_arguments(const char *text)
{
	const char *line = boot_no_line(text);
	gboolean begins = TRUE; /* a word */

	for (const char *p = text; !line && *p;) {
		gboolean special = strchr(";|&<>{}\\$\"'", *p) != NULL;
		gsize length = special ? special_length(p) : 1;

		if (length == 0)
			return "has what GRUB reads as a script (; | & < > { }, a quote or "
			       "a $ of its own)";
		if (begins && *p == '#')
			return "has a word with '#' in front, a comment to GRUB";
		begins = *p == ' ' || *p == '\t';
		p += length;
	}
	return line;
}

const char *boot_no_argument(const char *text)
{
	return no_bytes(text, " \t;|&<>{}\\$\"'#",
			"has a blank, or what GRUB reads as a script");
}

/* ---- All ---- */

static void check_text(BootGathering *gathering, const char *what, const char *text,
		       BootRefusal refusal)
{
	const char *words = text ? refusal(text) : NULL;
	g_autofree char *whole = words ? g_strdup_printf("%s, which %s's file cannot hold",
							 words, gathering->node->format->name)
				       : NULL;

	if (whole)
		boot_refuse_value(gathering, what, text, whole);
}

void boot_check(BootGathering *gathering, BootRefusal file, BootRefusal line)
{
	const BootNode *node = gathering->node;

	check_text(gathering, "its kernel", node->kernel, file);
	check_text(gathering, "its hypervisor", node->hypervisor, line);
	check_text(gathering, "its initrd", node->initrd, node->hypervisor ? line : file);
	check_text(gathering, "its kernel command line", node->kcmdline, line);
}
