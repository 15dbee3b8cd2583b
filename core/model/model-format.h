/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The model file (docs/model-format.md) as a table: the sections in order, and their fields with
 * their places in EmotionModelContent. Reading, writing and aligning models all use this table. */
#pragma once

#include "model.h"

G_BEGIN_DECLS

#define EMOTION_MODEL_MAGIC "emotion-model 1\n"
/* The end of a file, after the content; %s is the SHA-256 of the content in hex. */
#define EMOTION_MODEL_TAIL "section checksum 72\nsha256 %s\nsection end 0\n"

/* The content of a file in memory, for reading and writing. */
typedef struct {
  char *set_name, *layout; /* name and layout hash of the feature set */
  EmotionModelParts model;
  EmotionClassifier *classifiers[EMOTION_MAX_CLASSIFIERS];
  EmotionClassifierParts
      classifier; /* of the section being read or written; n_features is the model's */
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
  EMOTION_SIZE_CLASSIFIERS,
  EMOTION_SIZE_MODEL_LABELS,
  EMOTION_SIZE_PRIORS, /* 0 or 1 */
  /* Sizes of the classifier: */
  EMOTION_SIZE_LABELS,
  EMOTION_SIZE_OTHER_LABELS, /* n_labels - 1 */
  EMOTION_SIZE_LABEL_PAIRS,
  EMOTION_SIZE_COMPONENTS,
  EMOTION_SIZE_INPUTS, /* the components or, without projection, the features */
  EMOTION_SIZE_VECTORS,
  EMOTION_SIZE_TREES,
  EMOTION_SIZE_NODES,
} EmotionSize;

/* A field is a line "key value" unless stated otherwise. A number with `rows` is an array, one line
 * each. */
typedef enum {
  EMOTION_FIELD_WORD,   /* char * */
  EMOTION_FIELD_COUNT,  /* guint */
  EMOTION_FIELD_TIME,   /* guint64, ns */
  EMOTION_FIELD_DOUBLE, /* double */
  EMOTION_FIELD_FLOATS, /* float *: rows x columns */
  EMOTION_FIELD_CHOICE, /* guint: an index into `names` */
  EMOTION_FIELD_LINES,  /* char **: all lines of the section */
  EMOTION_FIELD_PAIRS,  /* char **: all lines of the section, each a word and a text */
} EmotionFieldType;

typedef struct {
  const char *key; /* NULL ends the fields */
  EmotionFieldType type;
  gsize place;               /* offset of the value in EmotionModelContent */
  double min, max;           /* range of numbers and of the number of lines */
  EmotionSize max_of;        /* of integers: the maximum, in place of `max` */
  gsize total;               /* of counts with rows: offset of their sum, or 0 */
  EmotionSize rows, columns; /* of arrays */
  float fill;                /* of arrays with a column per feature: for a missing feature */
  const char *const *names;  /* of a choice; NULL-terminated */
  gsize choice;              /* with `only`: offset of a choice, on which this field depends */
  guint only;                /* bits: the indices with which this field exists; 0: always */
} EmotionField;

typedef enum {
  EMOTION_SECTION_PLAIN,
  EMOTION_SECTION_FEATURES,
  EMOTION_SECTION_CLASSIFIER, /* one for each classifier; with a place, one classifier with two labels */
  EMOTION_SECTION_DECISION,
} EmotionSectionKind;

typedef struct {
  const char *name; /* NULL ends the sections */
  const EmotionField *fields;
  EmotionSectionKind kind;
  gsize place; /* offset of a pointer, NULL if the section is missing; 0: always there */
} EmotionSection;

extern const EmotionSection emotion_sections[];
extern const EmotionField emotion_classifier_fields[], emotion_adaptation_fields[];

guint64 emotion_model_content_get_size (const EmotionModelContent *self, EmotionSize size);
/* The address of a value, and of element `row` of an array of numbers with `rows`. */
gpointer emotion_model_content_get (const EmotionModelContent *self, gsize place);
gpointer emotion_model_content_get_row (const EmotionModelContent *self, const EmotionField *field,
                                        gsize row);
/* Whether the field is in the file. It is not if its choice has another value, or if an array of
 * floats has no rows. */
gboolean emotion_model_content_has (const EmotionModelContent *self, const EmotionField *field);

G_END_DECLS
