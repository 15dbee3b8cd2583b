/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the model file of the element. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

/* Loads a model. Its file is the first of these that is set: `path`, $EMOTIONDETECT_MODEL, and the
 * first default.emotion in the folders of $EMOTIONDETECT_MODEL_PATH and the folder of installed
 * models. Sets `found` to the path of the file; free it with g_free(). NULL with an EMOTION_ERROR;
 * the message of NOT_FOUND names every path that was tried. */
EmotionModel *gst_emotion_model_lookup (const char *path, char **found, GError **error);

G_END_DECLS
