/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Colours that people with any colour vision can tell apart. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* sRGB, 0..1. */
typedef struct {
  double red, green, blue;
} TrainingColour;

extern const TrainingColour training_black, training_grey, training_light_grey, training_white,
    training_blue, training_vermillion;

/* A colour for each of `n` labels: the nine emotions of emotion-scan always have the same ones, so
 * that pictures compare; others take what is left of the palette (Okabe & Ito 2008, with grey for
 * its ninth) in order, over and over when there are more. */
void training_colours_for_labels (const char *const *labels, guint n, TrainingColour *colours);

/* The colour of `share`, 0..1 (clamped), on a map from dark violet over blue and green to light
 * yellow. Its lightness grows evenly, so that it also reads in grey. */
TrainingColour training_colour_map (double fraction);

/* The same from white to dark blue, for tables with numbers in them. */
TrainingColour training_colour_map_light (double fraction);

/* CIE lightness L*, 0..100. */
double training_colour_lightness (TrainingColour colour);

/* Black or white, whichever reads better on `background`. */
TrainingColour training_colour_for_text (TrainingColour auxiliary);

G_END_DECLS
