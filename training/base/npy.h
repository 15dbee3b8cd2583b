/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The NumPy file format NPY, version 1.0: little-endian float32 in C order. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TRAINING_NPY_HEADER 128 /* bytes, for any shape */

/* Appends the header of an array with n_dimensions (1 to 3) dimensions of the given sizes. */
void training_npy_put_header (GString *file, const guint *shape, guint n_dimensions);

/* Appends one number. */
void training_npy_put_number (GString *file, float number);

G_END_DECLS
