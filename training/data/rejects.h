/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows of metadata, and altered copies of clips, that are left out, and why. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  char *text;               /* "FILE:LINE: what is wrong; row left out" */
  const char *reason;       /* a few words that all of a kind have in common; interned */
  char *label, *label_text; /* as of a clip; NULL where the row has none */
  guint corpus;
  gboolean copy; /* an altered copy, whose clip stays */
} TrainingReject;

/* An empty list of them. */
GPtrArray *training_rejects_new (void);

/* `text` is taken; the list's new last one. */
TrainingReject *training_rejects_add (GPtrArray *list, const char *reason, char *text);

/* Takes the one at `index` to the end of another list. */
void training_rejects_move (GPtrArray *from, guint index, GPtrArray *to);

/* Prints the first ones on stderr, or all, and how many more there are, with `hint` (or NULL), which says how to
 * have all. */
void training_rejects_print (const GPtrArray *list, const char *program, gboolean all,
                             const char *hint);

/* "12 no such file, 3 no label"; free with g_free(). */
char *training_rejects_sum_up (const GPtrArray *list);

/* {reason: n} */
JsonObject *training_rejects_to_json (const GPtrArray *list);

/* Whether enough is left: no label has lost all its rows, and no more than half of the rows are lost.
 * `labels` are those of the rows that are left, `n_left` how many these are. FALSE with
 * TRAINING_ERROR_METADATA, which says what was lost, why, and what can be done. */
gboolean training_rejects_check (const GPtrArray *list, char *const *labels, guint n_left,
                                 GError **error);

G_END_DECLS
