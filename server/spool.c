/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "problem.h"

static void
set_error (GError **error)
{
  const int code = errno;
  g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_INTERNAL, "the upload cannot be stored: %s",
               g_strerror (code));
}

/* For file systems without O_TMPFILE. */
static int
open_and_delete (void)
{
  char *path = g_build_filename (g_get_tmp_dir (), "emotion-XXXXXX", NULL);
  const int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (path);
  g_free (path);
  return fd;
}

int
server_spool_new (GError **error)
{
  int fd = open (g_get_tmp_dir (), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    fd = open_and_delete ();
  if (fd < 0)
    set_error (error);
  return fd;
}

gboolean
server_spool_write (int fd, gconstpointer data, gsize size, GError **error)
{
  const char *rest = data;
  while (size > 0) {
    const gssize n = write (fd, rest, size);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      set_error (error);
      return FALSE;
    }
    rest += n;
    size -= (gsize)n;
  }
  return TRUE;
}
