/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses the file names of well-known speech emotion corpora:
 *
 *   ravdess  03-01-06-01-02-01-12   Livingstone & Russo 2018, PLoS ONE 13(5): e0196391
 *   emodb    03a01Fa                Burkhardt et al. 2005, Interspeech
 *   cremad   1001_DFA_ANG_XX        Cao et al. 2014, IEEE Trans. Affective Computing 5(4)
 *   savee    DC_a01 or DC/a01       Haq & Jackson 2010, Machine Audition
 *   tess     OAF_back_angry         Pichora-Fuller & Dupuis 2020, doi:10.5683/SP2/E8H2MF
 *   nemo     EB0_anger_1            Christop 2024, LREC-COLING
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  TRAINING_NAME_UNKNOWN,    /* no known pattern matches */
  TRAINING_NAME_IMPOSSIBLE, /* a known pattern matches but has an invalid code: see `why` */
  TRAINING_NAME_LEFT_OUT,   /* of a known corpus, but not a recording of speech only: see `why` */
  TRAINING_NAME_CLIP,
} TrainingNameKind;

/* Unknown values are "". */
typedef struct {
  TrainingNameKind kind;
  const char *corpus; /* NULL when UNKNOWN */
  char emotion[16];   /* neutral calm happy sad angry fearful disgust surprised boredom */
  char speaker[16];   /* CORPUS_CODE */
  char sex[8];        /* female or male */
  char intensity[16];
  char statement[32]; /* the corpus' code of the sentence */
  char why[96];
} TrainingName;

/* Parses the name of the file `path` without its suffix and, if a scheme needs it, of its folder.
 * Fields other than `kind`, `corpus` and `why` are set for TRAINING_NAME_CLIP only. Any thread. */
void training_name_parse (const char *path, TrainingName *name);

/* Whether `text` is one of the emotions above or a synonym used by corpora. */
gboolean training_name_is_emotion (const char *text);

/* The meaning of a word, as text of at most `size` bytes: one of the emotions above if it is a
 * synonym of one, otherwise the word itself; "" for a word that is not an emotion. */
void training_name_emotion (const char *text, char *meaning, gsize size);

G_END_DECLS
