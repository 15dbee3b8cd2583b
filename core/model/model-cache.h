/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A cache of living models by content hash, for the whole process: streams with the same model file
 * use one object. It is weak: it holds no reference. Each function takes a lock. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The living object with the hash `hash`, as a new reference, or NULL. */
gpointer emotion_model_cache_find (const char *hash);

/* Puts `object` into the cache under `hash`. `*ref_count` is its reference count; `hash` must live
 * as long as the object. If an object with this hash lives already, returns a new reference to that
 * one, else returns `object`. */
gpointer emotion_model_cache_intern (const char *hash, gpointer object, gint *ref_count);

/* Drops a reference. TRUE if it was the last one: the object has then left the cache, and the
 * caller frees it. */
gboolean emotion_model_cache_release (const char *hash, gpointer object, gint *ref_count);

G_END_DECLS
