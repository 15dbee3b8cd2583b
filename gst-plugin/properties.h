/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of the element. */
#pragma once

#include "control.h"

G_BEGIN_DECLS

/* Installs all properties and registers their enumeration types. */
void gst_emotion_properties_install (GObjectClass *klass);

/* The element's set_property() and get_property(). */
void gst_emotion_properties_set (GstEmotionControl *control, guint property, const GValue *value,
                                 GParamSpec *pspec);
void gst_emotion_properties_get (GstEmotionControl *control, guint property, GValue *value,
                                 GParamSpec *pspec);

G_END_DECLS
