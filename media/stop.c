/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stop.h"

#include <signal.h>

static volatile sig_atomic_t wanted;

static void
want (int number)
{
  (void)number;
  wanted = 1;
}

void
media_stop_catch (void)
{
  struct sigaction action = {.sa_handler = want, .sa_flags = SA_RESETHAND | SA_RESTART};
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

gboolean
media_stop_wanted (void)
{
  return wanted != 0;
}
