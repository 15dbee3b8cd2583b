/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-format.h"

#include <float.h>

#define MAX_VECTORS 1000000

#define PLACE(member) offsetof (EmotionModelContent, member)
#define VALUE(type_, member) .type = EMOTION_FIELD_##type_, .place = PLACE (member)
#define WORD(member) VALUE (WORD, member)
#define LINES(member) VALUE (LINES, member)
#define PAIRS(member) VALUE (PAIRS, member)
#define CHOICE(member) VALUE (CHOICE, member)
#define COUNT(member) VALUE (COUNT, member)
#define TIME(member) VALUE (TIME, member)
#define DOUBLE(member) VALUE (DOUBLE, member)
#define FLOATS(member, rows, columns_)                                                             \
  VALUE (FLOATS, member), ROWS (rows), .columns = EMOTION_SIZE_##columns_
#define FROM_TO(min_, max_) .min = min_, .max = max_
#define ABOVE_0 FROM_TO (G_MINDOUBLE, G_MAXDOUBLE)
#define ROWS(size) .rows = EMOTION_SIZE_##size
#define ONLY(choice_, bits) .choice = PLACE (choice_), .only = bits
#define RUNNING ONLY (model.adaptation.running, 1 << TRUE)
#define FIELDS(...)                                                                                \
  .fields = (const EmotionField[])                                                                 \
  {                                                                                                \
    __VA_ARGS__,                                                                                   \
    {                                                                                              \
      0                                                                                            \
    }                                                                                              \
  }
#define OF(bits) ONLY (classifier.kind, bits)

enum {
  LINEAR = 1 << EMOTION_CLASSIFIER_LINEAR,
  SVM = 1 << EMOTION_CLASSIFIER_SVM,
  KERNEL = 1 << EMOTION_CLASSIFIER_KERNEL,
  TREES = 1 << EMOTION_CLASSIFIER_TREES,
};

static const char *const classifiers[] = {[EMOTION_CLASSIFIER_LINEAR] = "linear",
                                          [EMOTION_CLASSIFIER_SVM] = "svm",
                                          [EMOTION_CLASSIFIER_KERNEL] = "kernel",
                                          [EMOTION_CLASSIFIER_TREES] = "trees",
                                          NULL};
static const char *const adaptations[] = {[FALSE] = "none", [TRUE] = "running", NULL};

const EmotionField emotion_classifier_fields[] = {
    {"name", WORD (classifier.name)},
    {"mean", FLOATS (classifier.mean, ONE, FEATURES)},
    {"scale", FLOATS (classifier.scale, ONE, FEATURES),
     .fill = FLT_MIN}, /* so small that any feature becomes 0 */
    {"limit", DOUBLE (classifier.limit), FROM_TO (0, G_MAXDOUBLE)},
    {"components", COUNT (classifier.n_components), .max_of = EMOTION_SIZE_FEATURES},
    {"projection", FLOATS (classifier.projection, COMPONENTS, FEATURES)},
    {"classifier", CHOICE (classifier.kind), .names = classifiers},
    {"weights", FLOATS (classifier.weights, LABELS, INPUTS), OF (LINEAR)},
    {"weights", FLOATS (classifier.weights, LABELS, FEATURES), OF (KERNEL)},
    {"bias", FLOATS (classifier.bias, ONE, LABELS), OF (LINEAR | KERNEL | TREES)},
    {"gamma", DOUBLE (classifier.gamma), ABOVE_0, OF (SVM | KERNEL)},
    {"vectors-of-label", COUNT (classifier.vectors_per_label), FROM_TO (0, MAX_VECTORS),
     ROWS (LABELS), .total = PLACE (classifier.n_vectors), OF (SVM)},
    {"vector-count", COUNT (classifier.n_vectors), FROM_TO (1, MAX_VECTORS), OF (KERNEL)},
    {"vectors", FLOATS (classifier.vectors, VECTORS, INPUTS), OF (SVM | KERNEL)},
    {"coefficients", FLOATS (classifier.coefficients, OTHER_LABELS, VECTORS), OF (SVM)},
    {"coefficients", FLOATS (classifier.coefficients, LABELS, VECTORS), OF (KERNEL)},
    {"rho", FLOATS (classifier.rho, ONE, LABEL_PAIRS), OF (SVM)},
    {"tree-count", COUNT (classifier.n_trees), FROM_TO (1, EMOTION_MAX_NODES), OF (TREES)},
    {"trees", FLOATS (classifier.trees, TREES, TWO), OF (TREES)},
    {"node-count", COUNT (classifier.n_nodes), FROM_TO (1, EMOTION_MAX_NODES), OF (TREES)},
    {"nodes", FLOATS (classifier.nodes, NODES, FOUR), OF (TREES)},
    {"temperature", DOUBLE (classifier.temperature), ABOVE_0},
    {0},
};

const EmotionField emotion_adaptation_fields[] = {
    {"kind", CHOICE (model.adaptation.running), .names = adaptations},
    {"prior", DOUBLE (model.adaptation.prior), FROM_TO (0, G_MAXDOUBLE), RUNNING},
    {"memory", DOUBLE (model.adaptation.memory), ABOVE_0, RUNNING},
    {"blend", DOUBLE (model.adaptation.blend), FROM_TO (0, G_MAXDOUBLE), RUNNING},
    {"window-temperature", DOUBLE (model.adaptation.window_temperature), ABOVE_0, RUNNING},
    {"clip-temperature", DOUBLE (model.adaptation.clip_temperature), ABOVE_0, RUNNING},
    {"centred", COUNT (model.adaptation.centred), FROM_TO (0, 1), ROWS (CLASSIFIERS), RUNNING},
    {"centre", FLOATS (model.adaptation.centre, ONE, FEATURES), RUNNING},
    {"offset-share", DOUBLE (model.adaptation.debias_weight), FROM_TO (0, 1), RUNNING},
    {"expected", FLOATS (model.adaptation.expected, ONE, MODEL_LABELS), RUNNING},
    {"offsets", FLOATS (model.adaptation.offsets, MODEL_LABELS, FEATURES), RUNNING},
    {0},
};

const EmotionSection emotion_sections[] = {
    {"features", FIELDS ({"name", WORD (set_name)}, {"layout", WORD (layout)}),
     .kind = EMOTION_SECTION_FEATURES},
    {"windowing",
     FIELDS ({"window", TIME (model.windowing.window),
              FROM_TO (EMOTION_MIN_WINDOW, EMOTION_MAX_WINDOW)},
             {"interval", TIME (model.windowing.interval), .min = EMOTION_MIN_INTERVAL,
              .max_of = EMOTION_SIZE_WINDOW},
             {"min-window", TIME (model.windowing.min_window), FROM_TO (0, EMOTION_MAX_WINDOW)})},
    {"labels", FIELDS ({"labels", LINES (model.labels), FROM_TO (2, EMOTION_MAX_LABELS)})},
    {"label-texts", FIELDS ({"texts", LINES (model.label_texts), FROM_TO (0, EMOTION_MAX_LABELS)}),
     .place = PLACE (model.label_texts)},
    {"view", emotion_classifier_fields, .kind = EMOTION_SECTION_CLASSIFIER},
    {"fusion", FIELDS ({"weight", DOUBLE (model.fusion), FROM_TO (0, 1), ROWS (CLASSIFIERS)})},
    {"calibration", FIELDS ({"window-temperature", DOUBLE (model.window_temperature), ABOVE_0},
                            {"clip-temperature", DOUBLE (model.clip_temperature), ABOVE_0})},
    {"adaptation", emotion_adaptation_fields, .kind = EMOTION_SECTION_PLAIN},
    {"outlier", emotion_classifier_fields, .kind = EMOTION_SECTION_CLASSIFIER,
     .place = PLACE (model.outlier)},
    {"intensity", emotion_classifier_fields, .kind = EMOTION_SECTION_CLASSIFIER,
     .place = PLACE (model.intensity)},
    {"thresholds",
     FIELDS ({"confidence", DOUBLE (model.thresholds.confidence), FROM_TO (0, 1)},
             {"min-speech-ratio", DOUBLE (model.thresholds.min_speech_ratio), FROM_TO (0, 1)},
             {"silence", DOUBLE (model.thresholds.silence), FROM_TO (-200, 0)})},
    {"decision",
     FIELDS ({"smoothing", DOUBLE (decision.smoothing), FROM_TO (0, EMOTION_MAX_HOLD)},
             {"hysteresis", DOUBLE (decision.hysteresis), FROM_TO (0, 1)},
             {"hold-time", DOUBLE (decision.hold_time), FROM_TO (0, EMOTION_MAX_HOLD)},
             {"has-priors", COUNT (has_priors), FROM_TO (0, 1)},
             {"priors", FLOATS (decision.priors, PRIORS, MODEL_LABELS)}),
     .kind = EMOTION_SECTION_DECISION, .place = PLACE (model.decision)},
    {"provenance", FIELDS ({"provenance", PAIRS (model.provenance)})},
    {0},
};

guint64
emotion_model_content_get_size (const EmotionModelContent *self, EmotionSize size)
{
  const EmotionClassifierParts *v = &self->classifier;
  const guint64 sizes[] = {
      [EMOTION_SIZE_NONE] = 0,
      [EMOTION_SIZE_ONE] = 1,
      [EMOTION_SIZE_TWO] = 2,
      [EMOTION_SIZE_FOUR] = 4,
      [EMOTION_SIZE_WINDOW] = self->model.windowing.window,
      [EMOTION_SIZE_FEATURES] = v->n_features,
      [EMOTION_SIZE_CLASSIFIERS] = self->model.n_classifiers,
      [EMOTION_SIZE_MODEL_LABELS] =
          self->model.labels ? g_strv_length ((char **)self->model.labels) : 0,
      [EMOTION_SIZE_PRIORS] = self->has_priors,
      [EMOTION_SIZE_LABELS] = v->n_labels,
      [EMOTION_SIZE_OTHER_LABELS] = v->n_labels - 1,
      [EMOTION_SIZE_LABEL_PAIRS] = v->n_labels * (v->n_labels - 1) / 2,
      [EMOTION_SIZE_COMPONENTS] = v->n_components,
      [EMOTION_SIZE_INPUTS] = v->n_components ? v->n_components : v->n_features,
      [EMOTION_SIZE_VECTORS] = v->n_vectors,
      [EMOTION_SIZE_TREES] = v->n_trees,
      [EMOTION_SIZE_NODES] = v->n_nodes,
  };
  return sizes[size];
}

gpointer
emotion_model_content_get (const EmotionModelContent *self, gsize place)
{
  return (char *)self + place;
}

gpointer
emotion_model_content_get_row (const EmotionModelContent *self, const EmotionField *field,
                               gsize row)
{
  char *rows = *(char **)emotion_model_content_get (self, field->place);
  return rows + row * (field->type == EMOTION_FIELD_COUNT ? sizeof (guint) : sizeof (double));
}

gboolean
emotion_model_content_has (const EmotionModelContent *self, const EmotionField *field)
{
  if (field->only &&
      !(field->only >> *(guint *)emotion_model_content_get (self, field->choice) & 1))
    return FALSE;
  return field->type != EMOTION_FIELD_FLOATS ||
         emotion_model_content_get_size (self, field->rows) > 0;
}
