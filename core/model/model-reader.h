/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the content of a model file without building the model. */
#pragma once

#include "model-format.h"

G_BEGIN_DECLS

/* Reads the same text as emotion_model_parse() into `self`; its member `model` then has all parts.
 * With `any_layout`, a file for another feature set or layout is read too: `model.features` is then
 * NULL, and `classifier.n_features` is the number of its features. Call
 * emotion_model_content_clear() after success and after failure. Errors as of emotion_model_load().
 */
gboolean emotion_model_content_read (EmotionModelContent *self, const char *data, gsize size,
                                     const char *origin, gboolean any_layout, GError **error);
void emotion_model_content_clear (EmotionModelContent *self);

G_END_DECLS
