/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot-colours.h"

#include <math.h>
#include <string.h>

#define HEX(colour)                                                                                \
  {                                                                                                \
    ((colour) >> 16 & 255) / 255.0, ((colour) >> 8 & 255) / 255.0, ((colour)&255) / 255.0          \
  }

const TrainingColour training_black = HEX (0x000000), training_grey = HEX (0x666666),
                     training_light_grey = HEX (0xdddddd), training_white = HEX (0xffffff),
                     training_blue = HEX (0x0072b2), training_vermillion = HEX (0xd55e00);

/* Okabe & Ito, "Color Universal Design" (2008), and a grey. */
static const struct {
  const char *label;
  TrainingColour colour;
} palette[] = {
    {"angry", HEX (0xd55e00)},   {"happy", HEX (0xe69f00)},     {"sad", HEX (0x0072b2)},
    {"calm", HEX (0x56b4e9)},    {"neutral", HEX (0x999999)},   {"fearful", HEX (0xcc79a7)},
    {"disgust", HEX (0x009e73)}, {"surprised", HEX (0xf0e442)}, {"boredom", HEX (0x000000)},
};
#define N_COLOURS G_N_ELEMENTS (palette)

void
training_colours_for_labels (const char *const *labels, guint n, TrainingColour *colours)
{
  guint order[N_COLOURS], n_free = 0, n_others = 0;
  for (guint c = 0; c < N_COLOURS; c++) {
    gboolean taken = FALSE;
    for (guint i = 0; i < n; i++)
      taken = taken || strcmp (labels[i], palette[c].label) == 0;
    if (!taken)
      order[n_free++] = c;
  }
  for (guint i = 0; i < n; i++) {
    guint c = 0;
    while (c < N_COLOURS && strcmp (labels[i], palette[c].label) != 0)
      c++;
    if (c == N_COLOURS) {
      c = n_others < n_free ? order[n_others] : (n_others - n_free) % N_COLOURS;
      n_others++;
    }
    colours[i] = palette[c].colour;
  }
}

static double
to_linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
from_linear (double channel)
{
  return channel <= 0.0031308 ? channel * 12.92 : 1.055 * pow (channel, 1 / 2.4) - 0.055;
}

/* Linear sRGB of a colour in Oklab (Ottosson 2020) given by lightness, chroma and hue. */
static void
from_oklab (double lightness, double chroma, double hue, double rgb[3])
{
  const double a = chroma * cos (hue), b = chroma * sin (hue);
  const double l = pow (lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = pow (lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = pow (lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
}

/* The colour with the given chroma, reduced as needed to be in sRGB at that lightness and hue. */
static TrainingColour
make_colour (double lightness, double chroma, double hue)
{
  double rgb[3];
  for (guint step = 0; step <= 100; step++) {
    from_oklab (lightness, chroma * (100 - step) / 100, hue, rgb);
    const double min = MIN (MIN (rgb[0], rgb[1]), rgb[2]);
    const double max = MAX (MAX (rgb[0], rgb[1]), rgb[2]);
    if (min >= 0 && max <= 1)
      break;
  }
  return (TrainingColour){from_linear (CLAMP (rgb[0], 0, 1)), from_linear (CLAMP (rgb[1], 0, 1)),
                          from_linear (CLAMP (rgb[2], 0, 1))};
}

double
training_colour_lightness (TrainingColour colour)
{
  const double y = 0.2126 * to_linear (colour.red) + 0.7152 * to_linear (colour.green) +
                   0.0722 * to_linear (colour.blue);
  return y > 216.0 / 24389 ? 116 * cbrt (y) - 16 : y * 24389 / 27;
}

#define MAP_SIZE 256
#define MAP_DARKEST 13.0 /* L* */
#define MAP_LIGHTEST 92.0
#define MAP_FIRST_HUE (315 * G_PI / 180) /* violet */
#define MAP_LAST_HUE (105 * G_PI / 180)  /* yellow */

/* The colour at that fraction of the map, linear in lightness and hue. */
static TrainingColour
solve_map (double fraction)
{
  const double hue = MAP_FIRST_HUE + fraction * (MAP_LAST_HUE - MAP_FIRST_HUE);
  const double chroma = 0.12 + 0.06 * fraction; /* as high as these lightnesses allow */
  const double wanted = MAP_DARKEST + fraction * (MAP_LIGHTEST - MAP_DARKEST);
  double low = 0, high = 1;
  for (guint step = 0; step < 20; step++) {
    const double middle = (low + high) / 2;
    if (training_colour_lightness (make_colour (middle, chroma, hue)) < wanted)
      low = middle;
    else
      high = middle;
  }
  return make_colour (high, chroma, hue);
}

TrainingColour
training_colour_map (double fraction)
{
  static TrainingColour map[MAP_SIZE];
  static gsize ready;
  if (g_once_init_enter (&ready)) {
    for (guint i = 0; i < MAP_SIZE; i++)
      map[i] = solve_map (i / (MAP_SIZE - 1.0));
    g_once_init_leave (&ready, 1);
  }
  return map[lround (CLAMP (fraction, 0, 1) * (MAP_SIZE - 1))];
}

TrainingColour
training_colour_map_light (double fraction)
{
  const double clamped = CLAMP (fraction, 0, 1);
  return make_colour (1 - 0.6 * clamped, 0.13 * clamped, 250 * G_PI / 180);
}

TrainingColour
training_colour_for_text (TrainingColour background)
{
  /* At L* 50, black and white have the same contrast ratio by WCAG 2. */
  return training_colour_lightness (background) > 50 ? training_black : training_white;
}
