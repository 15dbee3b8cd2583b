/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The value of the property "model-info". */
#pragma once

#include "core/model/model.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The structure "model-info" with the fields that docs/element.md lists; owned by the caller. */
GstStructure *gst_emotion_model_info_new (const EmotionModel *model, const char *model_name);

G_END_DECLS
