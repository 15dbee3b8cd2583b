/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a fuzz target on its seeds, on the files of folders, and on reproducible mutations of all of
 * these: some hundreds, or many more with EMOTION_TEST_LONG.
 *
 *   replay FOLDER...               runs them
 *   replay --write-seeds FOLDER    writes the seeds, for libFuzzer to start with */
#include <string.h>

#include "fuzz.h"

#define MUTATIONS 60 /* per input */
#define MUTATIONS_LONG 4000

static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static GPtrArray *
list_files (const char *folder)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;
  if (!dir)
    g_error ("%s: no folder", folder);
  while ((name = g_dir_read_name (dir)))
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_dir_close (dir);
  g_ptr_array_sort (paths, compare_paths);
  return paths;
}

static void
add_files (GPtrArray *inputs, const char *folder)
{
  GPtrArray *paths = list_files (folder);
  for (guint i = 0; i < paths->len; i++) {
    char *data;
    gsize size;
    if (!g_file_get_contents (paths->pdata[i], &data, &size, NULL))
      g_error ("%s: cannot be read", (char *)paths->pdata[i]);
    g_ptr_array_add (inputs, g_bytes_new_take (data, size));
  }
  g_ptr_array_unref (paths);
}

/* Changes bytes, or removes, doubles or inserts a segment, at random positions. */
static GByteArray *
mutate (GBytes *input, GRand *random)
{
  static const char *const words[] = {"\n", " ", "-1", "1e999", "nan", "4294967297", "\xff", "0 "};
  gsize size;
  const guint8 *data = g_bytes_get_data (input, &size);
  GByteArray *mutated = g_byte_array_append (g_byte_array_new (), data, (guint)size);
  for (gint n = g_rand_int_range (random, 1, 5); n > 0 && mutated->len > 0; n--) {
    guint at = (guint)g_rand_int_range (random, 0, (gint)mutated->len);
    guint length = 1u << g_rand_int_range (random, 0, 10);
    const char *word = words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))];
    length = MIN (length, mutated->len - at);
    switch (g_rand_int_range (random, 0, 5)) {
    case 0:
      mutated->data[at] = (guint8)g_rand_int (random);
      break;
    case 1:
      mutated->data[at] ^= (guint8)(1 << g_rand_int_range (random, 0, 8));
      break;
    case 2:
      g_byte_array_remove_range (mutated, at, length);
      break;
    case 3:
      g_byte_array_set_size (mutated, mutated->len + length);
      memmove (mutated->data + at + length, mutated->data + at, mutated->len - length - at);
      break;
    default:
      memcpy (mutated->data + at, word, MIN (strlen (word), mutated->len - at));
      break;
    }
  }
  return mutated;
}

static guint
run_all (const GPtrArray *inputs)
{
  const guint n_mutations = g_getenv ("EMOTION_TEST_LONG") ? MUTATIONS_LONG : MUTATIONS;
  guint n = 0;
  for (guint i = 0; i < inputs->len; i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (inputs->pdata[i], &size);
    GRand *random = g_rand_new_with_seed (i);
    LLVMFuzzerTestOneInput (data, size);
    for (guint m = 0; m < n_mutations; m++) {
      GByteArray *mutated = mutate (inputs->pdata[i], random);
      LLVMFuzzerTestOneInput (mutated->data, mutated->len);
      g_byte_array_unref (mutated);
    }
    n += 1 + n_mutations;
    g_rand_free (random);
  }
  return n;
}

static void
write_seeds (const GPtrArray *seeds, const char *folder)
{
  for (guint i = 0; i < seeds->len; i++) {
    char *path = g_strdup_printf ("%s/seed-%02u", folder, i);
    GError *error = NULL;
    if (!g_file_set_contents (path, g_bytes_get_data (seeds->pdata[i], NULL),
                              (gssize)g_bytes_get_size (seeds->pdata[i]), &error))
      g_error ("%s", error->message);
    g_free (path);
  }
}

int
main (int argc, char **argv)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  fuzz_add_seeds (inputs);
  if (argc == 3 && strcmp (argv[1], "--write-seeds") == 0) {
    write_seeds (inputs, argv[2]);
  } else {
    for (int i = 1; i < argc; i++)
      add_files (inputs, argv[i]);
    g_print ("%u inputs\n", run_all (inputs));
  }
  g_ptr_array_unref (inputs);
  return 0;
}
