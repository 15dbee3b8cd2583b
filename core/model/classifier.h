/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionClassifier: one way of looking at a feature vector: scaler -> limit -> projection -> classifier ->
 * temperature -> log-posteriors. A model fuses one or more.
 *
 * Immutable and reference-counted; evaluation does not allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_MAX_NODES (1 << 24) /* of all trees; a float holds every index up to here */

/* Of a pair's vote. A pair without either label in it has large decisions of no meaning: summed as
 * they are they drown the others. On RAVDESS with clips held out, UAR is 0.784 for the plain sum,
 * 0.834 for this and 0.839 for hard votes, which make poor posteriors. */
#define EMOTION_VOTE_STEEPNESS 4

typedef enum {
  EMOTION_CLASSIFIER_LINEAR, /* softmax of a linear map: discriminants, logistic regression */
  EMOTION_CLASSIFIER_SVM,    /* one-against-one C-SVC with an RBF kernel, dense */
  EMOTION_CLASSIFIER_KERNEL, /* softmax of a linear map plus RBF kernels around vectors */
  EMOTION_CLASSIFIER_TREES,  /* softmax of sums of regression trees: boosted or a forest */
} EmotionClassifierKind;

/* The parts of a classifier. Arrays are the caller's and are copied; all numbers finite. */
typedef struct {
  const char *name; /* [a-z][a-z0-9_-]* */
  guint n_features;
  guint n_labels;
  const float *mean;       /* n_features */
  const float *scale;      /* n_features, > 0: x -> (x - mean) * scale */
  double limit;            /* > 0: what is scaled beyond +-limit is taken as that; 0: none */
  guint n_components;      /* 0: no projection, the classifier sees the n_features scaled numbers */
  const float *projection; /* n_components x n_features */
  EmotionClassifierKind kind;
  /* With D = n_components or, without projection, n_features: */
  const float *weights; /* LINEAR: n_labels x D; KERNEL: n_labels x n_features */
  const float *bias;    /* LINEAR, KERNEL and TREES: n_labels */
  /* SVM as libsvm lays it out: vectors sorted by class, the coefficients of class i against j.
   * Pair (i, j), i < j, has the decision d = sum(coef * K(sv, x)) - rho; d > 0 speaks for i. It
   * votes by tanh(EMOTION_VOTE_STEEPNESS * d), for j by the negative; a label's score is the sum of
   * its pairs' votes. */
  guint n_vectors;
  const guint *vectors_per_label; /* n_labels */
  const float *vectors;           /* n_vectors x D */
  const float *coefficients; /* SVM: (n_labels - 1) x n_vectors; KERNEL: n_labels x n_vectors */
  const float *rho;          /* n_labels * (n_labels - 1) / 2 */
  double gamma;              /* > 0: K(a, b) = exp(-gamma |a - b|^2) */
  /* KERNEL: a label's score is bias + weights * s + sum(coef * K(v, x)), with the scaled features s,
   * what the classifier sees x, and the n_vectors vectors v, which have no order and no counts. */
  /* TREES: a label's score is its bias plus the values of the leaves that its trees reach. A node is
   * {input, threshold, left, right}: left when the input is less than the threshold; a leaf is
   * {-1, value, 0, 0}. Children come after their parent. */
  guint n_trees, n_nodes;
  const float *trees; /* n_trees x {label, node of the root} */
  const float *nodes; /* n_nodes x 4 */
  double temperature; /* > 0: divides the scores before the softmax */
} EmotionClassifierParts;

typedef struct _EmotionClassifier EmotionClassifier;

/* A new classifier, or NULL with EMOTION_ERROR_INVALID naming the part that does not fit. */
EmotionClassifier *emotion_classifier_new (const EmotionClassifierParts *parts, GError **error);
EmotionClassifier *emotion_classifier_ref (EmotionClassifier *self);
void emotion_classifier_unref (EmotionClassifier *self); /* NULL is fine */

/* The parts, owned by the classifier. */
const EmotionClassifierParts *emotion_classifier_get_parts (const EmotionClassifier *self);

/* Doubles that emotion_classifier_score() needs as scratch. */
gsize emotion_classifier_get_scratch (const EmotionClassifier *self);

/* Log-posteriors of one vector (n_labels, natural log, normalised). */
void emotion_classifier_score (const EmotionClassifier *self, const float *vector, double *scratch,
                               double *log_posteriors);

/* The SVM's pairwise decisions, n_labels * (n_labels - 1) / 2, in the order of libsvm's
 * svm_predict_values(); only for EMOTION_CLASSIFIER_SVM. */
void emotion_classifier_svm_decisions (const EmotionClassifier *self, const float *vector,
                                       double *scratch, double *decisions);

/* Normalises `log_posteriors` / temperature so that their exponentials sum to 1, in place; finite
 * for any finite input. */
void emotion_log_softmax (double *log_posteriors, guint n, double temperature);

G_END_DECLS
