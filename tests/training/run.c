/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run.h"

#include <string.h>
#include <sys/wait.h>

Run
run_arguments (const char *folder, char **environment, const char *const *arguments)
{
  Run run;
  GError *error = NULL;
  g_spawn_sync (folder, (char **)arguments, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &run.out,
                &run.err, &run.status, &error);
  g_assert_no_error (error);
  g_test_message ("%s%s", run.out, run.err);
  g_assert_true (WIFEXITED (run.status));
  run.status = WEXITSTATUS (run.status);
  return run;
}

static Run
run_list (const char *folder, char **environment, const char *program, va_list list)
{
  GPtrArray *arguments = g_ptr_array_new ();
  g_ptr_array_add (arguments, (char *)program);
  for (char *argument; (argument = va_arg (list, char *));)
    g_ptr_array_add (arguments, argument);
  g_ptr_array_add (arguments, NULL);
  Run run = run_arguments (folder, environment, (const char *const *)arguments->pdata);
  g_ptr_array_unref (arguments);
  return run;
}

Run
run_program (const char *program, ...)
{
  va_list list;
  va_start (list, program);
  Run run = run_list (NULL, NULL, program, list);
  va_end (list);
  return run;
}

Run
run_program_in (const char *folder, char **environment, const char *program, ...)
{
  va_list list;
  va_start (list, program);
  Run run = run_list (folder, environment, program, list);
  va_end (list);
  return run;
}

void
run_clear (Run *run)
{
  g_free (run->out);
  g_free (run->err);
}

void
assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("no \"%s\" in:\n%s", part, text);
}

void
assert_lacks (const char *text, const char *part)
{
  if (strstr (text, part))
    g_error ("\"%s\" in:\n%s", part, text);
}
