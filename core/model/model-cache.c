/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-cache.h"

typedef struct {
  gpointer object;
  gint *ref_count;
} Entry;

static GMutex lock;
static GHashTable *objects; /* hash, owned by the object -> Entry */

/* The caller holds the lock. */
static gpointer
find_and_ref (const char *hash)
{
  Entry *entry = objects ? g_hash_table_lookup (objects, hash) : NULL;
  if (!entry)
    return NULL;
  g_atomic_int_inc (entry->ref_count);
  return entry->object;
}

gpointer
emotion_model_cache_find (const char *hash)
{
  g_mutex_lock (&lock);
  gpointer object = find_and_ref (hash);
  g_mutex_unlock (&lock);
  return object;
}

gpointer
emotion_model_cache_intern (const char *hash, gpointer object, gint *ref_count)
{
  g_mutex_lock (&lock);
  gpointer living = find_and_ref (hash);
  if (!living) {
    if (!objects)
      objects = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    Entry *entry = g_new (Entry, 1);
    *entry = (Entry){object, ref_count};
    g_hash_table_insert (objects, (gpointer)hash, entry);
    living = object;
  }
  g_mutex_unlock (&lock);
  return living;
}

gboolean
emotion_model_cache_release (const char *hash, gpointer object, gint *ref_count)
{
  /* Under the lock, so that no thread finds an object whose count has just reached 0. */
  g_mutex_lock (&lock);
  gboolean last = g_atomic_int_dec_and_test (ref_count);
  if (last && objects) {
    Entry *entry = g_hash_table_lookup (objects, hash);
    if (entry && entry->object == object)
      g_hash_table_remove (objects, hash);
    if (g_hash_table_size (objects) == 0)
      g_clear_pointer (&objects, g_hash_table_unref);
  }
  g_mutex_unlock (&lock);
  return last;
}
