/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Markdown from text and numbers. Numbers are formatted in the C locale. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends text with all Markdown characters escaped. */
void training_markdown_put (GString *markdown, const char *text);

/* Appends a number in the given printf format, "-" for NaN. */
void training_markdown_put_number (GString *markdown, const char *format, double value);

/* Appends a fraction in per cent, with one decimal. */
void training_markdown_put_percent (GString *markdown, double fraction);

/* The same as table cells: " text |", " number |". */
void training_markdown_put_cell (GString *markdown, const char *text);
void training_markdown_put_number_cell (GString *markdown, const char *format, double value);

/* The line below the head of a table. */
void training_markdown_put_rule (GString *markdown, guint n_columns);

G_END_DECLS
