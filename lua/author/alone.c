#include "lua/author/alone.h"
#include "core/base.h"
#include "lua/author/world.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

static gboolean write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	gboolean good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

/* Who is not root becomes it, in a namespace of users where nobody else is. */
static gboolean become_root(uid_t user, gid_t group)
{
	g_autofree char *users = g_strdup_printf("0 %u 1\n", user);
	g_autofree char *groups = g_strdup_printf("0 %u 1\n", group);

	return write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", users) &&
	       write_file("/proc/self/gid_map", groups);
}

static gboolean set_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	gboolean good = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* The locks of snmove are there: those of tests are nobody else's. */
static gboolean hide_run(void)
{
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", "/run", "tmpfs", 0, "mode=755") == 0;
}

/* Has root's number another meaning here than on the machine? */
static gboolean is_own_root(void)
{
	g_autofree char *map = NULL;
	unsigned int inside, outside;

	return g_file_get_contents("/proc/self/uid_map", &map, NULL, NULL) &&
	       sscanf(map, "%u %u", &inside, &outside) == 2 && inside == 0 && outside != 0;
}

void alone_go_on(void)
{
	if (is_own_root())
		trust_unknown_owners();
}

gboolean alone_begin(GError **error)
{
	uid_t user = geteuid();
	gid_t group = getegid();
	int spaces = CLONE_NEWNET | CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER);

	if (unshare(spaces) == 0 && (user == 0 || become_root(user, group)) && hide_run() &&
	    set_loopback_up()) {
		alone_go_on();
		return TRUE;
	}
	g_set_error(error, WORLD_ERROR, WORLD_ERROR_FAILED,
		    "tests run on a network of their own, and there can be none here: %s%s",
		    g_strerror(errno),
		    user == 0 ? ""
			      : " (as root, or where users may have namespaces, they run)");
	return FALSE;
}
