/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Derivatives of a series by local polynomials (Savitzky & Golay 1964, Analytical Chemistry 36):
 * over 9 values, a line for the first derivative and a parabola for the second. Pure; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_SAVITZKY_GOLAY_WIDTH 9

/* The derivative of order 1 or 2, per step, of n rows of `n_columns` series side by side. The first
 * and the last four rows repeat the value of the nearest full window, whose polynomial has the same
 * derivative of this order everywhere. All 0 if n < EMOTION_SAVITZKY_GOLAY_WIDTH. */
void emotion_savitzky_golay (const float *x, guint n, guint n_columns, guint order, float *out);

G_END_DECLS
