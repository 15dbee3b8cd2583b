/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How well vectors of descriptors-1 agree with the values of the Python system for the same clips.
 * Differences are in units of a feature's standard deviation over a corpus, its spread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TEST_CLOSE 0.02 /* deviations: 98 % of all pairs of clip and feature are this close */
#define TEST_CLOSE_FRACTION 0.98
#define TEST_FAR 0.25 /* deviations: one pair in a thousand may differ by more */
#define TEST_FAR_FRACTION 0.001

typedef struct _TestAgreement TestAgreement;

/* The result of one clip. */
typedef struct {
  guint n_close, n_far; /* features */
  double worst;         /* deviations */
  char *worst_feature;
  double value, reference; /* of the clip */
} TestClip;

void test_clip_clear (TestClip *clip);

/* NULL with an error if the file of spreads cannot be used. */
TestAgreement *test_agreement_new (const char *spread_file, GError **error);
void test_agreement_free (TestAgreement *self);

/* Adds a clip: compares `values` of the features `names` (NULL-terminated) with the reference file
 * (features/NAME.json). FALSE with an error if the file cannot be used or does not have exactly
 * these names in this order. `clip` may be NULL. */
gboolean test_agreement_add (TestAgreement *self, const char *reference_file,
                             const char *const *names, const double *values, TestClip *clip,
                             GError **error);

/* Whether enough pairs are close and few enough are far; FALSE if there are none. */
gboolean test_agreement_holds (const TestAgreement *self);

/* A table of all groups of features, and a last line with the total. */
char *test_agreement_describe (const TestAgreement *self);

/* The path that the reference file gives for its clip, relative to its folder; free with g_free().
 * NULL with an error if the reference cannot be used. */
char *test_reference_clip (const char *reference_file, GError **error);

G_END_DECLS
