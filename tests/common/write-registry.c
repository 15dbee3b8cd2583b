/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scans all plugins and writes the registry that the tests share ($GST_REGISTRY). It runs before
 * the tests because scanned plugins leave allocations behind, which leak checkers would blame on
 * the first test. */
#include <gst/gst.h>

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  return 0;
}
