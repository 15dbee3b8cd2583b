/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "interrupt.h"

#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

static GMutex writing;

void
training_interrupt_hold (void)
{
  g_mutex_lock (&writing);
}

void
training_interrupt_release (void)
{
  g_mutex_unlock (&writing);
}

/* Ends the process by the signal's default action, so that the shell sees the signal. The lock
 * stays taken. */
static gboolean
end (gpointer signal_number)
{
  const int number = GPOINTER_TO_INT (signal_number);
  training_interrupt_hold ();
  signal (number, SIG_DFL);
  kill (getpid (), number);
  return G_SOURCE_CONTINUE;
}

static gpointer
wait_for_signals (gpointer context)
{
  GMainLoop *loop = g_main_loop_new (context, FALSE);
  g_main_loop_run (loop);
  return loop;
}

void
training_interrupt_init (void)
{
  static const int numbers[] = {SIGINT, SIGTERM};
  GMainContext *context = g_main_context_new ();
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    GSource *source = g_unix_signal_source_new (numbers[i]);
    g_source_set_callback (source, end, GINT_TO_POINTER (numbers[i]), NULL);
    g_source_attach (source, context);
    g_source_unref (source);
  }
  g_thread_unref (g_thread_new ("signals", wait_for_signals, context));
}
