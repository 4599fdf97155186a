/* The system's resolver, in threads of its own. */
#include "core/hosts/resolve.h"
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <arpa/inet.h>

typedef struct {
	char *name;
	gboolean answered;
	GArray *addresses;
	char *reason; /* why there are none */
} Question;

/* What the threads share; the last one who needs it frees it. */
typedef struct {
	GMutex mutex;
	GCond answered;
	GHashTable *questions; /* name -> Question */
	GQueue waiting;	       /* those that no thread has taken yet */
	guint threads;
} Shared;

struct resolver {
	Shared *shared;
	gint64 left; /* microseconds */
};

static void free_question(gpointer data)
{
	Question *question = data;

	g_free(question->name);
	g_array_unref(question->addresses);
	g_free(question->reason);
	g_free(question);
}

static void clear_shared(gpointer data)
{
	Shared *shared = data;

	g_queue_clear(&shared->waiting);
	g_hash_table_unref(shared->questions);
	g_mutex_clear(&shared->mutex);
	g_cond_clear(&shared->answered);
}

static void release_shared(Shared *shared)
{
	g_atomic_rc_box_release_full(shared, clear_shared);
}

static void add_address(GArray *addresses, const struct sockaddr *found)
{
	char text[INET6_ADDRSTRLEN];
	const void *bytes =
		found->sa_family == AF_INET
			? (const void *)&((const struct sockaddr_in *)(const void *)found)
				  ->sin_addr
			: (const void *)&((const struct sockaddr_in6 *)(const void *)found)
				  ->sin6_addr;
	Address address;

	if (inet_ntop(found->sa_family, bytes, text, sizeof(text)) &&
	    address_parse(text, &address))
		address_add(addresses, &address);
}

/* May take as long as the system's resolver likes.  Gives the reason if there is no address. */
static char *look_up(const char *name, GArray *addresses)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	int status = getaddrinfo(name, NULL, &hints, &found);

	if (status)
		return g_strdup(status == EAI_SYSTEM ? g_strerror(errno)
						     : gai_strerror(status));
	for (const struct addrinfo *next = found; next; next = next->ai_next)
		if (next->ai_family == AF_INET || next->ai_family == AF_INET6)
			add_address(addresses, next->ai_addr);
	freeaddrinfo(found);
	return addresses->len ? NULL : g_strdup("no address");
}

static gpointer answer_questions(gpointer data)
{
	Shared *shared = data;
	Question *question;

	g_mutex_lock(&shared->mutex);
	while ((question = g_queue_pop_head(&shared->waiting))) {
		/* A question that was taken stays: only waiting ones are ever taken back. */
		GArray *addresses = g_array_new(FALSE, FALSE, sizeof(Address));
		char *reason;

		g_mutex_unlock(&shared->mutex);
		reason = look_up(question->name, addresses);
		g_mutex_lock(&shared->mutex);
		g_array_unref(question->addresses);
		question->addresses = addresses;
		question->reason = reason;
		question->answered = TRUE;
		g_cond_broadcast(&shared->answered);
	}
	shared->threads--;
	g_mutex_unlock(&shared->mutex);
	release_shared(shared);
	return NULL;
}

Resolver *resolver_new(guint time)
{
	Resolver *resolver = g_new0(Resolver, 1);
	Shared *shared = g_atomic_rc_box_new0(Shared);

	g_mutex_init(&shared->mutex);
	g_cond_init(&shared->answered);
	g_queue_init(&shared->waiting);
	shared->questions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_question);
	resolver->shared = shared;
	resolver->left = (gint64)time * 1000;
	return resolver;
}

/* Nobody waits for these any more. */
static void drop_waiting(Shared *shared)
{
	Question *question;

	while ((question = g_queue_pop_head(&shared->waiting)))
		g_hash_table_remove(shared->questions, question->name);
}

void resolver_free(Resolver *resolver)
{
	if (!resolver)
		return;
	g_mutex_lock(&resolver->shared->mutex);
	drop_waiting(resolver->shared);
	g_mutex_unlock(&resolver->shared->mutex);
	release_shared(resolver->shared);
	g_free(resolver);
}

static void enqueue(Shared *shared, const char *name)
{
	Question *question;

	if (g_hash_table_contains(shared->questions, name))
		return;
	question = g_new0(Question, 1);
	question->name = g_strdup(name);
	question->addresses = g_array_new(FALSE, FALSE, sizeof(Address));
	g_hash_table_insert(shared->questions, question->name, question);
	g_queue_push_tail(&shared->waiting, question);
}

static void start_threads(Shared *shared)
{
	guint free_threads = RESOLVE_THREADS - shared->threads;

	for (guint n = MIN(free_threads, g_queue_get_length(&shared->waiting)); n > 0; n--) {
		GThread *thread;

		g_atomic_rc_box_acquire(shared);
		thread = g_thread_try_new("resolve", answer_questions, shared, NULL);
		if (!thread) { /* those that run will do it, or nobody: then it is late */
			release_shared(shared);
			return;
		}
		g_thread_unref(thread); /* detached */
		shared->threads++;
	}
}

/* FALSE: the time is over, or nobody is at work (no thread could be started). */
static gboolean await(Shared *shared, const char *name, gint64 deadline)
{
	const Question *question = g_hash_table_lookup(shared->questions, name);

	while (question && !question->answered)
		if (!shared->threads ||
		    !g_cond_wait_until(&shared->answered, &shared->mutex, deadline))
			return question->answered;
	return TRUE;
}

void resolver_ask(Resolver *resolver, const char *const *names, guint n)
{
	Shared *shared = resolver->shared;
	gint64 start = g_get_monotonic_time();
	gboolean in_time = TRUE;

	if (!resolver->left)
		return;
	g_mutex_lock(&shared->mutex);
	for (guint i = 0; i < n; i++)
		enqueue(shared, names[i]);
	start_threads(shared);
	for (guint i = 0; i < n && in_time; i++)
		in_time = await(shared, names[i], start + resolver->left);
	if (!in_time)
		drop_waiting(shared);
	g_mutex_unlock(&shared->mutex);
	resolver->left -= g_get_monotonic_time() - start;
	if (!in_time || resolver->left < 0)
		resolver->left = 0;
}

ResolverAnswer resolver_answer(Resolver *resolver, const char *name, GArray *addresses,
			       char **reason)
{
	Shared *shared = resolver->shared;
	const Question *question;
	ResolverAnswer answer = RESOLVER_LATE;

	*reason = NULL;
	g_mutex_lock(&shared->mutex);
	question = g_hash_table_lookup(shared->questions, name);
	if (question && question->answered) {
		for (guint i = 0; i < question->addresses->len; i++)
			address_add(addresses, &g_array_index(question->addresses, Address, i));
		*reason = g_strdup(question->reason);
		answer = question->reason ? RESOLVER_UNKNOWN : RESOLVER_FOUND;
	}
	g_mutex_unlock(&shared->mutex);
	return answer;
}
