/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "analytics-meta.h"

#include "core/base/statistics.h"

#include <gst/analytics/analytics.h>
#include <string.h>

/* Moves the predicted label to the front. */
static void
put_first (guint *order, guint label)
{
  guint at = 0;
  while (order[at] != label)
    at++;
  memmove (order + 1, order, at * sizeof *order);
  order[0] = label;
}

void
gst_emotion_analytics_attach (const GstEmotionResult *result, GstBuffer *buffer)
{
  const EmotionModel *model = result->analysis->model;
  const EmotionResult *output = result->output;
  const guint n = emotion_model_get_n_labels (model);
  guint order[EMOTION_MAX_LABELS];
  gfloat levels[EMOTION_MAX_LABELS];
  GQuark classes[EMOTION_MAX_LABELS];
  GstAnalyticsClsMtd classification;

  if (output->label < 0)
    return;
  emotion_rank (output->scores, n, order);
  put_first (order, (guint)output->label);
  for (guint i = 0; i < n; i++) {
    levels[i] = (gfloat)output->scores[order[i]];
    classes[i] = g_quark_from_string (emotion_model_get_label (model, order[i]));
  }
  GstAnalyticsRelationMeta *meta = gst_buffer_get_analytics_relation_meta (buffer);
  if (meta == NULL)
    meta = gst_buffer_add_analytics_relation_meta (buffer);
  gst_analytics_relation_meta_add_cls_mtd (meta, n, levels, classes, &classification);
}
