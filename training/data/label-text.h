/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversion of labels as people write them, in any language, to the labels of models. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text in Unicode NFC, trimmed, with runs of blanks reduced to one. Free with g_free(). `text`
 * is UTF-8. */
char *training_label_clean (const char *text);

/* The model label ([a-z][a-z0-9_-]*, at most 63 bytes) of a text: lower case, without accents, in
 * Latin letters if GLib can transliterate. Other characters that are not letters or digits become
 * underscores; a letter of another script becomes u and its code in hex; a label that would begin
 * with a digit begins with label-. "very angry" gives very_angry, "wütend" wutend, "3" label-3. The
 * result is deterministic, and empty for an empty text. Free with g_free(). */
char *training_label_fold (const char *text);

/* A key that is equal for texts that differ in case and blanks only. Free with g_free(). */
char *training_label_key (const char *text);

G_END_DECLS
