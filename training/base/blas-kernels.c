/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "blas-kernels.h"

#include <cblas.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE "OPENBLAS_CORETYPE"
#define CHOSEN "EMOTION_CORETYPE_CHOSEN" /* set if the program set the other one */
#define FALLBACK "Prescott"

const char *
training_blas_choose (const char *core, TrainingProcessor processor)
{
  /* A real Prescott has no AVX2. */
  if (strcmp (core, FALLBACK) != 0 || !processor.avx2_fma)
    return NULL;
  return processor.avx512 ? "SkylakeX" : "Haswell";
}

static TrainingProcessor
get_processor (void)
{
#if defined(__x86_64__)
  __builtin_cpu_init ();
  return (TrainingProcessor){
      .avx2_fma = __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"),
      .avx512 = __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512cd") &&
                __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512dq") &&
                __builtin_cpu_supports ("avx512vl")};
#else
  return (TrainingProcessor){FALSE, FALSE};
#endif
}

void
training_blas_init (char **argv)
{
  const char *core = training_blas_choose (openblas_get_corename (), get_processor ());
  /* Set, the variable also ends this after one restart. */
  if (!core || g_getenv (VARIABLE))
    return;
  /* The path, because an emulator's link is its own program. */
  char *program = g_file_read_link ("/proc/self/exe", NULL);
  if (!program)
    return;
  g_setenv (VARIABLE, core, TRUE);
  g_setenv (CHOSEN, core, TRUE);
  execv (program, argv);
  g_unsetenv (VARIABLE);
  g_unsetenv (CHOSEN);
  g_free (program);
}

char *
training_blas_describe (void)
{
  const char *chosen = g_getenv (CHOSEN);
  const gboolean ours = chosen && g_strcmp0 (chosen, g_getenv (VARIABLE)) == 0;
  return g_strdup_printf ("OpenBLAS uses the kernels for %s%s", openblas_get_corename (),
                          ours ? ", chosen because it does not know this processor" : "");
}
