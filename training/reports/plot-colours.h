/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Colours that are distinguishable with any colour vision. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* sRGB, 0..1. */
typedef struct {
  double red, green, blue;
} TrainingColour;

extern const TrainingColour training_black, training_grey, training_light_grey, training_white,
    training_blue, training_vermillion;

/* Assigns a colour to each of `n` labels. The nine emotions of emotion-scan always have the same
 * colours, so that plots are comparable. Other labels take the remaining colours of the palette
 * (Okabe & Ito 2008, with grey as the ninth) in order, cyclically. */
void training_colours_for_labels (const char *const *labels, guint n, TrainingColour *colours);

/* The colour of `fraction`, 0..1 (clamped), on a map from dark violet over blue and green to light
 * yellow. The lightness is linear, so that it also works in greyscale. */
TrainingColour training_colour_map (double fraction);

/* The same on a map from white to dark blue, for tables with numbers. */
TrainingColour training_colour_map_light (double fraction);

/* CIE lightness L*, 0..100. */
double training_colour_lightness (TrainingColour colour);

/* Black or white, whichever is more legible on `background`. */
TrainingColour training_colour_for_text (TrainingColour background);

G_END_DECLS
