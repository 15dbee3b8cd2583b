/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Labels as people write them, in any language, and as models have them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text in Unicode's NFC, without blanks at its ends and with one where there were several; free
 * with g_free(). `text` is UTF-8. */
char *training_label_clean (const char *text);

/* The label of a model ([a-z][a-z0-9_-]*, at most 63 bytes) for a text: in lower case, without accents,
 * Latin letters where GLib transliterates; what else is no letter or digit becomes an underscore, a letter
 * of another script u and its code in hex, and a label that would begin with a digit begins with label-:
 * "very angry" is very_angry, "wütend" wutend, "3" label-3. The same text always gives the same. Empty for an
 * empty text; free with g_free(). */
char *training_label_fold (const char *text);

/* What texts that differ only in case and blanks have in common; free with g_free(). */
char *training_label_key (const char *text);

G_END_DECLS
