/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small model for tests that need a prediction but not a correct one: one linear classifier over
 * speech-1 with seeded random weights. Windows of 1 s every 0.5 s, the first partial one at 0.5 s;
 * every window above -60 dBFS gets a prediction. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

/* `labels` is NULL-terminated; the same arguments give the same model. */
EmotionModel *test_model_make (const char *set, const char *const *labels, guint32 seed,
                               gboolean adapting);

/* Over speech-1, without adaptation. */
EmotionModel *test_model_new (const char *const *labels, guint32 seed);

/* Saves a model with the labels angry, happy, neutral and sad; aborts on failure. */
void test_model_save (const char *path, guint32 seed);

/* The same with running adaptation. */
void test_model_save_adapting (const char *path, guint32 seed);

G_END_DECLS
