/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The model file (docs/model-format.md) as a table, by which it is read, written and aligned: the sections in
 * their order, and their fields with their places in EmotionModelContent. */
#pragma once

#include "model.h"

G_BEGIN_DECLS

#define EMOTION_MODEL_MAGIC "emotion-model 1\n"
/* What follows the content, with the SHA-256 of it in hex. */
#define EMOTION_MODEL_TAIL "section checksum 72\nsha256 %s\nsection end 0\n"

/* What a file is read into and written from. */
typedef struct {
  char *set_name, *layout; /* of the features */
  EmotionModelParts model;
  EmotionClassifier *classifiers[EMOTION_MAX_CLASSIFIERS];
  EmotionClassifierParts
      classifier; /* of the section that is read or written; has the model's n_features */
  EmotionDecisionDefaults decision;
  guint has_priors; /* 0 or 1 */
} EmotionModelContent;

typedef enum {
  EMOTION_SIZE_NONE,
  EMOTION_SIZE_ONE,
  EMOTION_SIZE_TWO,
  EMOTION_SIZE_FOUR,
  EMOTION_SIZE_WINDOW, /* ns */
  EMOTION_SIZE_FEATURES,
  EMOTION_SIZE_VIEWS,
  EMOTION_SIZE_MODEL_LABELS,
  EMOTION_SIZE_PRIORS, /* 0 or 1 */
  /* Of the classifier: */
  EMOTION_SIZE_LABELS,
  EMOTION_SIZE_OTHER_LABELS, /* than one of them */
  EMOTION_SIZE_LABEL_PAIRS,
  EMOTION_SIZE_COMPONENTS,
  EMOTION_SIZE_INPUTS, /* of the classifier: the components or, without any, the features */
  EMOTION_SIZE_VECTORS,
  EMOTION_SIZE_TREES,
  EMOTION_SIZE_NODES,
} EmotionSize;

/* A field is a line "key value" where nothing else is said. A number with `rows` is an array, a line for each. */
typedef enum {
  EMOTION_FIELD_WORD,   /* char * */
  EMOTION_FIELD_COUNT,  /* guint */
  EMOTION_FIELD_TIME,   /* guint64, ns */
  EMOTION_FIELD_DOUBLE, /* double */
  EMOTION_FIELD_FLOATS, /* float *: rows x columns */
  EMOTION_FIELD_CHOICE, /* guint: an index into `names` */
  EMOTION_FIELD_LINES,  /* char **: all lines of the section */
  EMOTION_FIELD_PAIRS,  /* char **: all lines, each a word and the rest */
} EmotionFieldType;

typedef struct {
  const char *key; /* NULL ends the fields */
  EmotionFieldType type;
  gsize place;               /* of the value, in EmotionModelContent */
  double min, max;           /* of numbers, and of the number of lines */
  EmotionSize most_of;       /* of integers, in place of `most` */
  gsize total;               /* of counts with rows: the place of their sum, if it has one */
  EmotionSize rows, columns; /* of arrays */
  float fill;                /* of arrays with columns of features: for a feature that is missing */
  const char *const *names;  /* of a choice; NULL ends them */
  gsize choice;              /* with `only`: the place of a choice; other fields are always there */
  guint only;                /* bits: with which indices there */
} EmotionField;

typedef enum {
  EMOTION_SECTION_PLAIN,
  EMOTION_SECTION_FEATURES,
  EMOTION_SECTION_VIEW, /* once for each or, with a place, the one there, which has two labels */
  EMOTION_SECTION_DECISION,
} EmotionSectionKind;

typedef struct {
  const char *name; /* NULL ends the sections */
  const EmotionField *fields;
  EmotionSectionKind kind;
  gsize place; /* of a pointer that is NULL in models without the section; 0: all have it */
} EmotionSection;

extern const EmotionSection emotion_sections[];
extern const EmotionField emotion_classifier_fields[], emotion_adaptation_fields[];

guint64 emotion_model_content_get_size (const EmotionModelContent *self, EmotionSize size);
/* What is at the place, and the number in a row of the array there. */
gpointer emotion_model_content_get (const EmotionModelContent *self, gsize place);
gpointer emotion_model_content_get_row (const EmotionModelContent *self, const EmotionField *field,
                                        gsize row);
/* Whether the field is in the file: not where another choice was made, nor floats without rows. */
gboolean emotion_model_content_has (const EmotionModelContent *self, const EmotionField *field);

G_END_DECLS
