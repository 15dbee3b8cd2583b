/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A feature set: a named, versioned list of features with names, units and a layout hash.
 *
 * A set has two stages. The frame stage turns the samples around each hop into one row of numbers,
 * on a grid that is fixed to the stream's first sample, once however the windows overlap. The
 * window stage turns the rows of one window, or its samples, into the feature vector. Both are pure
 * functions of their samples but for the state of the frame stage (the previous frame), so the
 * result is the same for any chunking. Where the same features come to be computed in another way, the set's
 * revision is raised; other features are a new version of the set, with a new name. Either changes the layout
 * hash, so that models of before are refused.
 *
 * The sets are constants: they are never freed and may be used from any thread. */
#pragma once

#include "core/dsp/activity.h"

G_BEGIN_DECLS

/* One window: its rows, oldest first, contiguous, and for a set with `needs_samples` its samples. */
typedef struct {
  const float *rows; /* n_rows x row_length of the set */
  guint n_rows;      /* at least 1, or with samples 0 for a window shorter than a frame */
  const float *samples;
  gsize n_samples; /* at least 1, at most max_rows * hop */
} EmotionSegment;

/* Series behind a vector, one per row: element (r, c) is data[r * row_step + c * column_step]. */
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
  guint row_length; /* floats per frame row */
  /* Frame t belongs to samples [t * hop, t * hop + span); its context, what the frame stage is
   * given, is [t * hop - before, t * hop + span + after), zeros outside the stream. */
  guint hop, span, before, after;
  /* Sets the name and unit of feature `index` (< n_features). */
  void (*describe) (guint index, GString *name, const char **unit);
  /* New state for windows of up to `max_rows` rows; the only place that allocates. */
  gpointer (*create) (guint max_rows);
  void (*destroy) (gpointer state);
  /* Forgets the previous frames. */
  void (*reset) (gpointer state);
  void (*analyse_frame) (gpointer state, const float *context, float *row);
  /* Computes the vector of n_features finite numbers. */
  void (*analyse_window) (gpointer state, const EmotionSegment *segment, float *vector,
                          EmotionActivity *activity);
  /* Windows are clips: the vector is a function of the window's samples alone, whatever is around
   * them, and a window of any length has one. */
  gboolean needs_samples;
  /* Matrix `index` (from 0) of the window analysed last, valid until the next; FALSE beyond the
   * last matrix. NULL for a set that has none. */
  gboolean (*get_matrix) (gpointer state, guint index, EmotionMatrix *matrix);
};

/* SHA-256 in hex over the set's name, its revision but for the first, and every feature's name and unit; free with
 * g_free(). A model stores it, and one trained for another layout is refused. */
char *emotion_feature_set_hash (const EmotionFeatureSet *set);

G_END_DECLS
