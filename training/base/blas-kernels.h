/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernels of OpenBLAS. It selects them when it is loaded, by the processor's model. For a model
 * newer than the library it takes those of 2004 (core type Prescott, SSE3), which are 2 to 4 times
 * slower in matrix products than AVX2 or AVX-512. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gboolean avx2_fma;
  gboolean avx512; /* F, CD, BW, DQ and VL */
} TrainingProcessor;

/* The core type for a processor that OpenBLAS does not know; NULL if `core`, the type that it
 * selected, is not that fallback, or if the processor has nothing better. */
const char *training_blas_choose (const char *core, TrainingProcessor processor);

/* If OpenBLAS fell back, starts the program again with the environment variable OPENBLAS_CORETYPE
 * set, which is not changed if the user has set it. Returns if there is nothing to change or the
 * program cannot be started again. Call first in main(), before there are threads. */
void training_blas_init (char **argv);

/* "OpenBLAS uses the kernels for Haswell", and whether by training_blas_init(). Free with
 * g_free(). */
char *training_blas_describe (void);

G_END_DECLS
