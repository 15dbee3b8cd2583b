/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What core/model/model-reader.c (reading) and core/model/model-writer.c share. */
#pragma once

#include "model.h"

G_BEGIN_DECLS

#define EMOTION_MODEL_MAGIC "emotion-model 1\n"

#define EMOTION_N_CLASSIFIERS (EMOTION_CLASSIFIER_TREES + 1)
extern const char *const emotion_classifier_names[EMOTION_N_CLASSIFIERS]; /* as the file has them */

/* SHA-256 in hex of a file's content before the checksum; g_free() it. */
char *emotion_model_hash_content (const char *content, gsize size);

G_END_DECLS
