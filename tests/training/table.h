/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CSV as another program reads it. */
#pragma once

#include <glib.h>

/* The rows of strict CSV, the header too, each with its fields; aborts when it is none. Free with
 * g_ptr_array_unref(). */
GPtrArray *table_parse (const char *text);

/* The field of a row, which must be there: by its place, or by the name of its column. */
const char *table_get (GPtrArray *rows, guint row, guint column);
const char *table_find (GPtrArray *rows, guint row, const char *column);
double table_number (GPtrArray *rows, guint row, const char *column);
