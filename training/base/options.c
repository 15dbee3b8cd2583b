/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "options.h"

gboolean
training_bad_option (GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_propagate_error (
      error, g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, arguments));
  va_end (arguments);
  return FALSE;
}

int
training_exit_status (const GError *error)
{
  return error->domain == G_OPTION_ERROR ? 2 : 1;
}
