/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What core/model.c and core/model-file.c share. */
#pragma once

#include "model.h"

G_BEGIN_DECLS

/* SHA-256 in hex of the model's content as the file has it, before the checksum; g_free() it. */
char *emotion_model_compute_hash (const EmotionModel *self);

/* Takes `self` and returns a reference to the living model of the same content, if there is one, or
 * to it. */
EmotionModel *emotion_model_intern (EmotionModel *self);

G_END_DECLS
