#include "core/base.h"

#define LONGEST 100 /* ms, until it is tried again */

static PatienceTold teller;

void patience_on_wait(PatienceTold told)
{
	teller = told;
}

/* What is told holds while it sleeps alone: nobody says when the file was free. */
int patience_wait(gpointer data, int tries)
{
	Patience *patience = data;
	gint64 now = g_get_monotonic_time(), waited, left;
	gboolean tell;

	if (tries == 0)
		patience->since = now;
	waited = now - patience->since;
	left = (gint64)patience->most * 1000 - waited;
	if (left <= 0)
		return 0;
	tell = teller && waited >= G_USEC_PER_SEC;
	if (tell)
		teller(patience->what, (guint)(waited / G_USEC_PER_SEC),
		       (patience->most + 999) / 1000);
	g_usleep((gulong)MIN(left, (gint64)MIN(1 << MIN(tries, 7), LONGEST) * 1000));
	if (tell)
		teller(NULL, 0, 0);
	return 1;
}
