/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the element's model comes from. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

/* Loads `path`; or, when that is NULL or empty, $EMOTIONDETECT_MODEL; or, without that, the first
 * default.emotion in the folders of $EMOTIONDETECT_MODEL_PATH and in the installed model folder.
 * Sets `found` to the path that was loaded, free with g_free(). NULL with an EMOTION_ERROR;
 * NOT_FOUND names every path tried. */
EmotionModel *gst_emotion_model_lookup (const char *path, char **found, GError **error);

G_END_DECLS
