/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Real pipelines with lost, late or omitted packets: nearly all windows that fit into the duration
 * are full ones, and each has its times. */
#include "fixture.h"
#include "launch.h"

#define SECONDS 20
/* 20 s; a tone and a pause alternate, 2 s each. */
#define SOURCE                                                                                     \
  "audiotestsrc num-buffers=1000 samplesperbuffer=960 wave=ticks freq=180 "                        \
  "sine-periods-per-tick=360 "                                                                     \
  "tick-interval=4000000000 ! audio/x-raw, rate=48000, channels=1 ! audioconvert"

typedef struct {
  GRand *rand;
  double probability;
  guint n, n_lost;
} Loss;

/* Drops packets, except the first ones, which start the stream. */
static GstPadProbeReturn
lose (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Loss *loss = data;
  (void)pad;
  (void)info;
  if (loss->n++ < 20 || g_rand_double (loss->rand) >= loss->probability)
    return GST_PAD_PROBE_OK;
  loss->n_lost++;
  return GST_PAD_PROBE_DROP;
}

static void
check_times (const Launch *launch)
{
  static const char *const fields[] = {"timestamp", "stream-time", "running-time"};
  guint64 before[G_N_ELEMENTS (fields)] = {0};
  for (guint i = 0; i < launch->messages->len; i++) {
    const GstStructure *message = g_ptr_array_index (launch->messages, i);
    for (guint k = 0; k < G_N_ELEMENTS (fields); k++) {
      guint64 time = 0;
      fail_unless (gst_structure_get_uint64 (message, fields[k], &time), "no %s", fields[k]);
      if (!g_str_equal (gst_structure_get_string (message, "type"), "window"))
        continue;
      fail_unless (time >= before[k], "%s goes back", fields[k]);
      before[k] = time;
    }
  }
}

/* Fails unless there are 90 % of the full windows that `duration` has room for. */
static void
check_windows (const Launch *launch, const char *what, GstClockTime duration)
{
  guint possible = (guint)((duration - MODEL_WINDOW) / MODEL_INTERVAL) + 1, full = 0;
  for (guint i = 0; i < launch->messages->len; i++) {
    gboolean partial = TRUE;
    gst_structure_get_boolean (g_ptr_array_index (launch->messages, i), "partial", &partial);
    full += !partial;
  }
  g_print ("%s: %u of %u full windows\n", what, full, possible);
  fail_unless (full * 10 >= possible * 9, "%s: %u of %u full windows", what, full, possible);
  check_times (launch);
}

/* Plays a pipeline that loses `probability` of the data through its element "loss"; returns the
 * number of packets that arrived there, or 0 if an element is not available. */
static guint
play_lossy (const char *what, const char *description, double probability)
{
  Launch *launch = launch_new ("%s ! audioconvert ! emotiondetect model=%s ! fakesink sync=false",
                               description, fixture_model ());
  if (launch == NULL)
    return 0;
  Loss loss = {.rand = g_rand_new_with_seed (7), .probability = probability};
  GstElement *element = gst_bin_get_by_name (GST_BIN (launch->pipeline), "loss");
  GstPad *pad = gst_element_get_static_pad (element, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, lose, &loss, NULL);
  gst_object_unref (pad);
  gst_object_unref (element);
  fail_unless (launch_run (launch), "%s: %s", what, launch->error);
  fail_unless (loss.n_lost > 0 || probability == 0);
  check_windows (launch, what, SECONDS * GST_SECOND);
  launch_free (launch);
  g_rand_free (loss.rand);
  return loss.n;
}

static guint
play_rtp (const char *encoder, const char *payloader, gboolean do_lost, double probability)
{
  char *description = g_strdup_printf (
      SOURCE " ! opusenc %s ! rtpopuspay %s ! identity name=loss ! rtpjitterbuffer latency=50 "
             "do-lost=%s ! rtpopusdepay ! opusdec",
      encoder, payloader, do_lost ? "true" : "false");
  char *what = g_strdup_printf ("RTP %s, %g lost, do-lost=%d", encoder, probability, do_lost);
  guint n = play_lossy (what, description, probability);
  g_free (what);
  g_free (description);
  return n;
}

GST_START_TEST (test_rtp)
{
  for (guint do_lost = 0; do_lost < 2; do_lost++) {
    play_rtp ("", "", do_lost, 0.02);
    play_rtp ("", "", do_lost, 0.1);
  }
}
GST_END_TEST

/* Pauses have hardly any packets. */
GST_START_TEST (test_discontinuous_transmission)
{
  for (guint do_lost = 0; do_lost < 2; do_lost++) {
    for (guint lossy = 0; lossy < 2; lossy++) {
      guint n = play_rtp ("dtx=true audio-type=voice bitrate=16000", "dtx=true", do_lost,
                          lossy ? 0.02 : 0);
      fail_unless (n < 50 * SECONDS * 2 / 3, "%u packets", n);
    }
  }
}
GST_END_TEST

GST_START_TEST (test_transport_stream)
{
  play_lossy ("MPEG-TS with MP3, 0.01 lost",
              SOURCE " ! lamemp3enc ! mpegaudioparse ! mpegtsmux ! tsparse alignment=1 ! identity "
                     "name=loss ! tsdemux ! mpegaudioparse ! mpg123audiodec",
              0.01);
  play_lossy ("MPEG-TS with AAC, 0.01 lost",
              SOURCE " ! avenc_aac ! aacparse ! mpegtsmux ! tsparse alignment=1 ! identity "
                     "name=loss ! tsdemux ! aacparse ! avdec_aac",
              0.01);
}
GST_END_TEST

/* Timestamps from the time of arrival, over a connection that delays every fifth buffer. */
GST_START_TEST (test_tcp)
{
  gint port = 0;
  Launch *server = launch_new (
      "audiotestsrc is-live=true num-buffers=300 samplesperbuffer=320 wave=saw freq=180 ! "
      "audio/x-raw, rate=16000, channels=1, format=S16LE ! netsim delay-probability=0.2 "
      "min-delay=50 max-delay=300 allow-reordering=false ! "
      "tcpserversink name=sink host=127.0.0.1 port=0 sync=false");
  if (server == NULL)
    return;
  GstElement *sink = gst_bin_get_by_name (GST_BIN (server->pipeline), "sink");
  gst_element_set_state (server->pipeline, GST_STATE_PAUSED);
  g_object_get (sink, "current-port", &port, NULL);
  Launch *client = launch_new (
      "tcpclientsrc host=127.0.0.1 port=%d do-timestamp=true ! rawaudioparse use-sink-caps=false "
      "pcm-format=s16le sample-rate=16000 num-channels=1 ! emotiondetect model=%s ! fakesink "
      "sync=false",
      port, fixture_model ());
  fail_unless (client != NULL);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  gst_element_set_state (server->pipeline, GST_STATE_PLAYING);
  fail_unless (launch_wait (server, GST_MESSAGE_EOS), "%s", server->error);
  gst_element_set_state (server->pipeline, GST_STATE_NULL); /* closes the connection */
  fail_unless (launch_wait (client, GST_MESSAGE_EOS), "%s", client->error);

  guint64 duration = 0;
  gst_structure_get_uint64 (g_ptr_array_index (client->messages, client->messages->len - 1),
                            "duration", &duration);
  fail_unless (duration > 4 * GST_SECOND && duration < 7 * GST_SECOND, "%f s",
               (double)duration / GST_SECOND);
  check_windows (client, "TCP", duration);
  gst_object_unref (sink);
  launch_free (client);
  launch_free (server);
}
GST_END_TEST

static Suite *
network_suite (void)
{
  Suite *suite = suite_create ("network");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_rtp);
  tcase_add_test (tests, test_discontinuous_transmission);
  tcase_add_test (tests, test_transport_stream);
  tcase_add_test (tests, test_tcp);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (network)
