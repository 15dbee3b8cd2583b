/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element emotiondetect as a program uses it: to keep a model in memory, and to ask about it. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* An element with the model at that path (NULL: the element's default). The model stays in memory
 * as long as the element lives, and other elements find it there. NULL with MEDIA_ERROR_DECODE if
 * there is no such element, or with the element's own error. gst_init() first. Free with
 * media_detector_free(). */
GstElement *media_detector_new (const char *model, GError **error);
void media_detector_free (GstElement *self); /* NULL is fine */

/* The texts of a field of the property model-info, such as "labels": *n of them, interned, then
 * NULL. Free with g_free(). */
const char **media_detector_read_texts (const GstStructure *info, const char *field, guint *n);

G_END_DECLS
