/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A workaround for WAV files with an odd number of sample bytes, as in 8-bit and 24-bit recordings.
 * If wavparse of GStreamer 1.22 can seek, it takes the padding byte for the next chunk and ends
 * before the first sample. It reads such files correctly when the source pushes the data from the
 * start. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Makes the source of `decoder`, a new uridecodebin, push such files from their start. */
void media_odd_wav_prepare (GstElement *decoder);

G_END_DECLS
