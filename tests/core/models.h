/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small models over speech-1: one classifier that uses a handful of features through one projected
 * component, so that a file is mostly zeros and far below 20 kB. */
#pragma once

#include "core/model/model.h"

G_BEGIN_DECLS

/* The labels are label0, label1, ...; SVM and KERNEL classifiers have two vectors per label, TREES
 * one tree of two leaves. */
EmotionClassifier *test_small_classifier_new (EmotionClassifierKind kind, guint n_labels);

/* A linear model of `n_labels` with windows of 1 s every 0.5 s and partial ones from 0.5 s on; with
 * NULL thresholds every window passes. */
EmotionModel *test_small_model_new (guint n_labels, const EmotionThresholds *thresholds);

/* The same with a second classifier for centred vectors, and its own temperatures: prior 2 s,
 * memory 60 s, blend 3 s. `centre` has n_features numbers. Label k is k / 2 louder than label 0
 * (log_energy_mean), which is expected three times as often as each other label. */
EmotionModel *test_adaptive_model_new (guint n_labels, const float *centre, double debias_weight);

/* The parts of test_small_model_new(), for models that differ in some of them; free with
 * test_small_parts_free(). */
EmotionModelParts *test_small_parts_new (EmotionClassifierKind kind, guint n_labels);
void test_small_parts_free (EmotionModelParts *parts);

G_END_DECLS
