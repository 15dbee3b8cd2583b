/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/base/blas-kernels.h"

#include <cblas.h>
#include <stdio.h>
#include <string.h>

#include "tests/training/run.h"

#define VARIABLE "OPENBLAS_CORETYPE"
#define DESCRIBE "--describe"

/* Stands in for the library's function: a library that does not know this processor. */
char *
openblas_get_corename (void)
{
  const char *set = g_getenv (VARIABLE);
  return (char *)(set ? set : "Prescott");
}

static void
test_choose (void)
{
  const TrainingProcessor old = {FALSE, FALSE}, avx2 = {TRUE, FALSE}, avx512 = {TRUE, TRUE};
  g_assert_cmpstr (training_blas_choose ("Prescott", avx2), ==, "Haswell");
  g_assert_cmpstr (training_blas_choose ("Prescott", avx512), ==, "SkylakeX");
  g_assert_null (training_blas_choose ("Prescott", old));
  g_assert_null (training_blas_choose ("Zen", avx512));
  g_assert_null (training_blas_choose ("Haswell", avx512));
}

/* What this program, started with the variable (NULL: without), describes. */
static char *
describe_with (const char *value)
{
  char *program = g_file_read_link ("/proc/self/exe", NULL);
  char **environment = g_environ_unsetenv (g_get_environ (), VARIABLE);
  if (value)
    environment = g_environ_setenv (environment, VARIABLE, value, TRUE);
  Run run = run_program_in (NULL, environment, program, DESCRIBE, NULL);
  g_assert_cmpint (run.status, ==, 0);
  char *text = g_strdup (run.out);
  run_clear (&run);
  g_strfreev (environment);
  g_free (program);
  return text;
}

static gboolean
has_avx2 (void)
{
#if defined(__x86_64__)
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#else
  return FALSE;
#endif
}

static void
test_fallback (void)
{
  char *text = describe_with (NULL);
  if (has_avx2 ()) {
    assert_lacks (text, "Prescott");
    assert_has (text, "chosen");
  } else {
    g_assert_cmpstr (text, ==, "OpenBLAS uses the kernels for Prescott");
  }
  g_free (text);
}

/* Also for a value that is the fallback. */
static void
test_respects_user (void)
{
  static const char *const values[] = {"Prescott", "Haswell"};
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    char *text = describe_with (values[i]);
    char *expected = g_strconcat ("OpenBLAS uses the kernels for ", values[i], NULL);
    g_assert_cmpstr (text, ==, expected);
    g_free (expected);
    g_free (text);
  }
}

static int
describe (char **argv)
{
  training_blas_init (argv);
  char *text = training_blas_describe ();
  fputs (text, stdout);
  g_free (text);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], DESCRIBE) == 0)
    return describe (argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/blas-kernels/choose", test_choose);
  g_test_add_func ("/training/blas-kernels/fallback", test_fallback);
  g_test_add_func ("/training/blas-kernels/respects-user", test_respects_user);
  return g_test_run ();
}
