/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rejected metadata rows and augmented clips, with the reasons. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  char *text;               /* "FILE:LINE: problem; row left out" */
  const char *reason;       /* the kind of problem in a few words; interned */
  char *label, *label_text; /* as in TrainingClip; NULL without one */
  guint corpus;
  gboolean augmented; /* an augmented clip, whose source clip stays */
} TrainingReject;

/* An empty list. */
GPtrArray *training_rejects_new (void);

/* Adds and returns a reject; takes `text`. */
TrainingReject *training_rejects_add (GPtrArray *list, const char *reason, char *text);

/* Moves the reject at `index` to the end of another list. */
void training_rejects_move (GPtrArray *from, guint index, GPtrArray *to);

/* Prints the first rejects, or all, on stderr, and the number of the others with `hint` (or NULL),
 * which says how to list all. */
void training_rejects_print (const GPtrArray *list, const char *program, gboolean all,
                             const char *hint);

/* "12 no such file, 3 no label"; free with g_free(). */
char *training_rejects_sum_up (const GPtrArray *list);

/* {reason: n} */
JsonObject *training_rejects_to_json (const GPtrArray *list);

/* Whether enough is left: no label has lost all its rows, and at most half of the rows are lost.
 * `labels` are those of the remaining rows, `n_left` their number. FALSE with
 * TRAINING_ERROR_METADATA, whose message says which rows were lost, why, and how to proceed. */
gboolean training_rejects_check (const GPtrArray *list, char *const *labels, guint n_left,
                                 GError **error);

G_END_DECLS
