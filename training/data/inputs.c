/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "inputs.h"

#include <string.h>

#include "training/base/walk.h"

typedef struct {
  GPtrArray *inputs;
  const char *folder;
} Folder;

static void
input_free (gpointer data)
{
  TrainingInput *input = data;
  g_free (input->path);
  g_free (input->name);
  g_free (input);
}

/* Takes ownership of the texts. */
static TrainingInput *
add (GPtrArray *inputs, char *path, char *name)
{
  TrainingInput *input = g_new (TrainingInput, 1);
  *input = (TrainingInput){.path = path, .name = name};
  g_ptr_array_add (inputs, input);
  return input;
}

/* Includes dangling links: playing them reports the error. */
static void
take_file (const char *path, goffset size, const char *problem, gpointer data)
{
  Folder *folder = data;
  (void)size;
  (void)problem;
  if (training_walk_is_audio (path) || training_walk_is_video (path)) {
    char *file = g_build_filename (folder->folder, path, NULL);
    add (folder->inputs, file, g_strdup (file));
  }
}

static void
add_folder (GPtrArray *inputs, const char *path, GPtrArray *rejects)
{
  Folder folder = {inputs, path};
  const guint n_before = inputs->len;
  GError *error = NULL;
  if (!training_walk (path, take_file, &folder, &error)) {
    g_ptr_array_add (rejects, g_strdup (error->message));
    g_error_free (error);
  } else if (inputs->len == n_before) {
    g_ptr_array_add (
        rejects, g_strdup_printf ("%s: no audio file (wav, flac, mp3, ...) in this folder", path));
  }
}

GPtrArray *
training_inputs_from_arguments (char *const *arguments, GPtrArray *rejects)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func (input_free);
  for (; *arguments; arguments++)
    if (strcmp (*arguments, "-") != 0 && g_file_test (*arguments, G_FILE_TEST_IS_DIR))
      add_folder (inputs, *arguments, rejects);
    else
      add (inputs, g_strdup (*arguments), g_strdup (*arguments));
  return inputs;
}

GPtrArray *
training_inputs_from_corpus (const TrainingCorpus *corpus)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func (input_free);
  for (guint i = 0; i < corpus->clips->len; i++) {
    const TrainingClip *clip = corpus->clips->pdata[i];
    TrainingInput *input =
        add (inputs, training_corpus_resolve (corpus, clip), g_strdup (clip->id));
    input->label = clip->label;
    input->speaker = clip->speaker;
  }
  return inputs;
}
