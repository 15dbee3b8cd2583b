/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* WAV files with an odd number of bytes of samples, as 8-bit and 24-bit recordings may have. wavparse of
 * GStreamer 1.22 takes the byte that pads them for the next chunk, and ends before the first sample, where it
 * may read at any place of the file; not where it is given the file from its start. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Has such files given from their start by the source of `decoder`, a new uridecodebin. */
void media_odd_wav_prepare (GstElement *decoder);

G_END_DECLS
