/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Windows and feature vectors of whole signals. */
#pragma once

#include "core/features/extractor.h"

G_BEGIN_DECLS

#define TEST_MS G_GUINT64_CONSTANT (1000000) /* in ns */
#define TEST_SECOND (1000 * TEST_MS)

/* A stream and the push sizes. */
typedef struct {
  const float *frames;
  gsize n_frames;
  guint rate, channels;
  gsize chunk; /* frames per push; 0: seeded random numbers of them */
} TestStream;

/* The sizes of a stream's pushes. */
typedef struct {
  gsize size;
  GRand *random;
} TestChunks;

void test_chunks_init (TestChunks *self, gsize size);
gsize test_chunks_next (TestChunks *self, gsize max);
void test_chunks_clear (TestChunks *self);

/* A window that owns its vector. */
typedef EmotionWindow TestWindow;

/* Pushes the whole stream, finishes, and returns every window: a new array of TestWindow. */
GArray *test_windows_pull (EmotionExtractor *extractor, const EmotionFeatureSet *set,
                           const TestStream *stream);

/* The same with a new extractor. */
GArray *test_windows_of (const EmotionFeatureSet *set, const EmotionWindowing *windowing,
                         const TestStream *stream);

/* Fails unless both hold the same windows with the same bits in activities and vectors. */
void test_windows_assert_same (const GArray *a, const GArray *b, guint n_features);

/* The vector of one window that covers a mono signal; free with g_free(). `activity` may be NULL. */
float *test_vector_of_set (const EmotionFeatureSet *set, const float *samples, gsize n, guint rate,
                           EmotionActivity *activity);

/* The same for speech-1. */
float *test_vector_of (const float *samples, gsize n, guint rate, EmotionActivity *activity);

/* The index of a feature; fails if there is none with that name. */
guint test_feature_of_set (const EmotionFeatureSet *set, const char *name);

/* The same for speech-1. */
guint test_feature (const char *name);

G_END_DECLS
