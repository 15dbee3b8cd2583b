/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What core/model/model.c, core/model/model-file.c (reading) and core/model/model-writer.c share. */
#pragma once

#include "model.h"

G_BEGIN_DECLS

#define EMOTION_MODEL_MAGIC "emotion-model 1\n"

#define EMOTION_N_CLASSIFIER_KINDS (EMOTION_CLASSIFIER_TREES + 1)
extern const char
    *const emotion_classifier_kind_names[EMOTION_N_CLASSIFIER_KINDS]; /* as the file has them */

/* SHA-256 in hex of a file's content before the checksum; g_free() it. */
char *emotion_model_hash_content (const char *content, gsize size);

/* SHA-256 in hex of the model's content as the file has it, before the checksum; g_free() it. */
char *emotion_model_compute_hash (const EmotionModel *self);

/* Takes `self` and returns a reference to the living model of the same content, if there is one, or
 * to it. */
EmotionModel *emotion_model_intern (EmotionModel *self);

G_END_DECLS
