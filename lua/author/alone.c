#include "lua/author/alone.h"
#include "lua/author/world.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
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

gboolean alone_begin(GError **error)
{
	uid_t user = geteuid();
	gid_t group = getegid();
	int spaces = CLONE_NEWNET | CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER);

	if (unshare(spaces) == 0 && (user == 0 || become_root(user, group)) &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && set_loopback_up())
		return TRUE;
	g_set_error(error, WORLD_ERROR, WORLD_ERROR_FAILED,
		    "tests run on a network of their own, and there can be none here: %s%s",
		    g_strerror(errno),
		    user == 0 ? ""
			      : " (as root, or where users may have namespaces, they run)");
	return FALSE;
}
