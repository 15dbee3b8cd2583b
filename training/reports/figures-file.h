/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads figures from training_metrics.json (report.h) and from the JSON of emotion-evaluate. The
 * file is validated. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  char *path;
  JsonParser *parser;
  JsonObject *figures; /* the requested figures; owned by the parser */
  char *description;   /* a description of the figures for display */
  char **labels;       /* NULL-terminated */
  guint n_labels;
  gboolean windows;
} TrainingFiguresFile;

/* Reads the figures of `protocol`: test, strict, adaptive, random, or NULL for the first of strict
 * and test that exists, or for those of the file itself if it has figures of its own. For
 * emotion-evaluate, `protocol` is a condition as named in its table ("gain -30 dB", "as recorded,
 * adapted"), or NULL for the first. With `windows`, the figures are those of windows instead of
 * clips. NULL with TRAINING_ERROR_METADATA that names the missing and the available figures. */
TrainingFiguresFile *training_figures_file_open (const char *path, const char *protocol,
                                                 gboolean windows, GError **error);
void training_figures_file_free (TrainingFiguresFile *self); /* NULL is fine */

/* A number of `object`, NaN if missing. */
double training_json_number (JsonObject *object, const char *name);

/* A member of that type, or NULL. */
JsonObject *training_json_object (JsonObject *object, const char *name);
JsonArray *training_json_array (JsonObject *object, const char *name);
/* An element of that type, or NULL. */
JsonArray *training_json_array_at (JsonArray *array, guint index);
JsonObject *training_json_object_at (JsonArray *array, guint index);
/* NaN if it is not a number. */
double training_json_number_at (JsonArray *array, guint index);

/* Sets TRAINING_ERROR_METADATA: `what` is missing in the figures. Returns FALSE. */
gboolean training_figures_file_lacks (const TrainingFiguresFile *self, const char *what,
                                      GError **error);

G_END_DECLS
