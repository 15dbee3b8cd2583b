/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Markdown of text and numbers; numbers are those of the C locale. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends text of which nothing is to be Markdown. */
void training_markdown_put (GString *markdown, const char *text);

/* Appends a number as `format` says, "-" for none (NaN). */
void training_markdown_put_number (GString *markdown, const char *format, double value);

/* Appends a share in per cent, with one digit behind the point. */
void training_markdown_put_percent (GString *markdown, double fraction);

/* The same as cells of a table: " text |", " number |". */
void training_markdown_put_cell (GString *markdown, const char *text);
void training_markdown_put_number_cell (GString *markdown, const char *format, double value);

/* The line below a table's head. */
void training_markdown_put_rule (GString *markdown, guint n_columns);

G_END_DECLS
