/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An independent CSV reader. */
#pragma once

#include <glib.h>

/* The rows of strict CSV, including the header, each with its fields; aborts if the CSV is invalid.
 * Free with g_ptr_array_unref(). */
GPtrArray *table_parse (const char *text);

/* The field of a row, which must exist: by index, or by the name of its column. */
const char *table_get (GPtrArray *rows, guint row, guint column);
const char *table_find (GPtrArray *rows, guint row, const char *column);
double table_number (GPtrArray *rows, guint row, const char *column);
