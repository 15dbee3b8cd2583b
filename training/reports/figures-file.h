/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading figures back from training_metrics.json (report.h) and the JSON of emotion-evaluate. Nothing in the file is trusted. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  char *path;
  JsonParser *parser;
  JsonObject *figures; /* those that were asked for; owned by the parser */
  char *description;   /* which they are, for people */
  char **labels;       /* NULL-terminated */
  guint n_labels;
  gboolean windows;
} TrainingFiguresFile;

/* Reads the figures of `protocol`: test, strict, adaptive, random, or NULL for the first of strict,
 * test that there is, or of the file itself when it has figures of its own. Of emotion-evaluate it is a
 * condition as the table calls it ("gain -30 dB", "as recorded, adapted"), or NULL for the first. Those of windows rather
 * than of clips when `windows`. NULL with TRAINING_ERROR_METADATA that names what is missing and
 * what there is. */
TrainingFiguresFile *training_figures_file_open (const char *path, const char *protocol,
                                                 gboolean windows, GError **error);
void training_figures_file_free (TrainingFiguresFile *self); /* NULL is fine */

/* A number of `object`, NaN when there is none. */
double training_json_number (JsonObject *object, const char *name);

/* A member of that kind, or NULL. */
JsonObject *training_json_object (JsonObject *object, const char *name);
JsonArray *training_json_array (JsonObject *object, const char *name);
/* An element of that kind, or NULL. */
JsonArray *training_json_array_at (JsonArray *array, guint index);
JsonObject *training_json_object_at (JsonArray *array, guint index);
/* NaN when it is no number. */
double training_json_number_at (JsonArray *array, guint index);

/* Sets TRAINING_ERROR_METADATA: the figures lack `what`. Returns FALSE. */
gboolean training_figures_file_lacks (const TrainingFiguresFile *self, const char *what,
                                      GError **error);

G_END_DECLS
