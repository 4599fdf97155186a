/*
 * shell - a /bin/sh on some host, however it is reached: a stream of bytes to it, and two from
 * it.  What is said on them is the task's business (task.h).
 */
#pragma once
#include "core/remote.h"
#include <poll.h>
#include <sys/socket.h>

typedef struct shell Shell;

typedef enum {
	SHELL_CONNECTING, /* until the host has shown a key that we know */
	SHELL_LOGIN,
	SHELL_OPEN,
	SHELL_FAILED, /* see `error` */
} ShellState;

typedef enum { SHELL_OUT, SHELL_ERR } ShellStream;

#define SHELL_END   0	 /* of the stream */
#define SHELL_LATER (-1) /* it would block */
#define SHELL_LOST  (-2)

typedef struct {
	const char *name;
	/* Go on until it would block.  TRUE: something has changed. */
	gboolean (*step)(Shell *shell);
	/* What it waits for, to write too if it has to; gives the number, at most SHELL_FDS. */
	guint (*watch)(Shell *shell, gboolean writing, struct pollfd *fds);
	/* Bytes, or SHELL_END, SHELL_LATER, SHELL_LOST. */
	gssize (*read)(Shell *shell, ShellStream stream, char *buffer, gsize size);
	gssize (*write)(Shell *shell, const char *bytes, gsize length);
	void (*free)(Shell *shell);
	/*
	 * How many bytes have come, for this shell or for others in the same connection: who
	 * reads takes what is there for all, and poll does not tell of it again.  NULL: each
	 * stream has its own.
	 */
	guint64 (*received)(const Shell *shell);
	/* It ended before it greeted us: what its stderr means (sets `error`, `busy`, and
	 * `message` if there are better words).  NULL: nothing more is known. */
	void (*judge)(Shell *shell, const char *words);
} ShellClass;

#define SHELL_FDS 3

/* The beginning of each kind of shell. */
struct shell {
	const ShellClass *class;
	ShellState state;
	RemoteErrorCode error;
	char *message;
	gboolean want_openssh; /* failed, but ssh itself may be able to log in */
	gboolean busy;	       /* failed before it was greeted: to be tried again */
	gboolean waiting;      /* connecting, for its turn: that is not its host's fault */
	gboolean ended;	       /* the task has all that it wants of it */
};

/* What somebody said, its lines in one.  Gives the text. */
char *shell_one_line(const char *text);
/* It has failed; always TRUE, for step.  Takes `message`. */
gboolean shell_fail(Shell *shell, RemoteErrorCode error, char *message);

/* What a connect(2), a read or a write said. */
RemoteErrorCode shell_errno(int number);

/* The socket address of an IPv4 or IPv6 address in text; FALSE: it is none. */
gboolean shell_address(const char *text, guint16 port, struct sockaddr_storage *address,
		       socklen_t *length);

/* `greeting`: what the shell does first, in words that any shell understands. */
Shell *shell_local_new(const char *greeting);
