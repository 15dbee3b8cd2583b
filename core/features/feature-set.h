/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A feature set: a named, versioned list of features with names, units and a layout hash.
 *
 * A set has two stages. The frame stage computes one row of numbers per hop from the samples around
 * it. The grid of hops starts at the stream's first sample, so each row is computed once, however
 * the windows overlap. The window stage computes the feature vector from the rows, or the samples,
 * of one window. Both stages are pure functions of their samples, except that the frame stage may
 * keep the previous frame; so the result is the same for any chunking.
 *
 * If the same features are computed in another way, the set's revision is raised. Other features
 * are a new version of the set, with a new name. Both change the layout hash, so older models are
 * rejected.
 *
 * The sets are constants: they are never freed and may be used from any thread. */
#pragma once

#include "core/dsp/activity.h"

G_BEGIN_DECLS

/* One window: its rows, oldest first and contiguous, and its samples if the set has
 * `needs_samples`. */
typedef struct {
  const float *rows; /* n_rows x row_length */
  guint n_rows;      /* at least 1; 0 only with samples, for a window shorter than a frame */
  const float *samples;
  gsize n_samples; /* at least 1, at most max_rows * hop */
} EmotionSegment;

/* Series from which a vector was computed, one row per frame: element (r, c) is data[r * row_step +
 * c * column_step]. */
typedef struct {
  const char *name;
  const float *data;
  guint n_rows, n_columns;
  gsize row_step, column_step;
} EmotionMatrix;

struct _EmotionFeatureSet {
  const char *name;
  guint revision; /* 0 for the first */
  guint n_features;
  guint row_length; /* floats per row */
  /* Frame t covers samples [t * hop, t * hop + span). The frame stage gets its context, [t * hop -
   * before, t * hop + span + after), with zeros outside the stream. */
  guint hop, span, before, after;
  /* Sets the name and unit of feature `index` (< n_features). */
  void (*describe) (guint index, GString *name, const char **unit);
  /* New state for windows of up to `max_rows` rows. No other function allocates. */
  gpointer (*create) (guint max_rows);
  void (*destroy) (gpointer state);
  /* Forgets the previous frames. */
  void (*reset) (gpointer state);
  void (*analyse_frame) (gpointer state, const float *context, float *row);
  /* Computes the vector of n_features finite numbers, and the activity. */
  void (*analyse_window) (gpointer state, const EmotionSegment *segment, float *vector,
                          EmotionActivity *activity);
  /* Windows are clips: the vector depends on the window's samples only, not on samples around it,
   * and a window of any length has a vector. */
  gboolean needs_samples;
  /* Sets `matrix` to matrix `index` (from 0) of the window analysed last, valid until the next
   * window; FALSE beyond the last matrix. NULL for a set without matrices. */
  gboolean (*get_matrix) (gpointer state, guint index, EmotionMatrix *matrix);
};

/* SHA-256 in hex over the set's name, its revision unless 0, and every feature's name and unit;
 * free with g_free(). A model stores it, and a model with another hash is rejected. */
char *emotion_feature_set_hash (const EmotionFeatureSet *set);

G_END_DECLS
