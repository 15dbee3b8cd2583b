/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-lookup.h"

#include "core/emotion.h"

#define DEFAULT_MODEL "default" EMOTION_MODEL_SUFFIX

static gboolean
is_set (const char *text)
{
  return text != NULL && *text != '\0';
}

/* The possible paths of a default model, in order of preference. */
static GPtrArray *
default_paths (void)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *folders = g_getenv ("EMOTIONDETECT_MODEL_PATH");
  char **list = g_strsplit (folders ? folders : "", G_SEARCHPATH_SEPARATOR_S, -1);
  for (char **folder = list; *folder != NULL; folder++)
    if (is_set (*folder))
      g_ptr_array_add (paths, g_build_filename (*folder, DEFAULT_MODEL, NULL));
  g_strfreev (list);
  g_ptr_array_add (paths, g_build_filename (EMOTION_MODEL_DIR, DEFAULT_MODEL, NULL));
  return paths;
}

static char *
find_default (GError **error)
{
  GPtrArray *paths = default_paths ();
  GString *tried = g_string_new (NULL);
  char *found = NULL;
  for (guint i = 0; i < paths->len && found == NULL; i++) {
    const char *path = g_ptr_array_index (paths, i);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      found = g_strdup (path);
    else
      g_string_append_printf (tried, "%s%s", i ? ", " : "", path);
  }
  if (found == NULL)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_NOT_FOUND,
                 "No emotion model found; tried %s. Set the property \"model\" or the variable "
                 "EMOTIONDETECT_MODEL to a file, or EMOTIONDETECT_MODEL_PATH to the folder of "
                 "a " DEFAULT_MODEL ".",
                 tried->str);
  g_string_free (tried, TRUE);
  g_ptr_array_unref (paths);
  return found;
}

EmotionModel *
gst_emotion_model_lookup (const char *path, char **found, GError **error)
{
  const char *named = is_set (path) ? path : g_getenv ("EMOTIONDETECT_MODEL");
  char *chosen = is_set (named) ? g_strdup (named) : find_default (error);
  EmotionModel *model = chosen ? emotion_model_load (chosen, error) : NULL;

  if (model != NULL)
    *found = g_steal_pointer (&chosen);
  g_free (chosen);
  return model;
}
