/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a model file without making a model of it yet. */
#pragma once

#include "model-format.h"

G_BEGIN_DECLS

/* Reads what emotion_model_parse() would, into `self`, where `model` then has all parts. With `any_layout` the
 * features may be those of another set or layout; `model.features` is NULL, then, and `classifier.n_features` their
 * number. Clear it in any case. Errors as of emotion_model_load(). */
gboolean emotion_model_content_read (EmotionModelContent *self, const char *data, gsize size,
                                     const char *origin, gboolean any_layout, GError **error);
void emotion_model_content_clear (EmotionModelContent *self);

G_END_DECLS
