/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* With GST_TRACERS=leaks and G_DEBUG=fatal-warnings, any GStreamer object that is left at the end
 * kills this program. A thousand starts, with every option switched on. */
#include <glib/gstdio.h>

#include "common/test-model.h"
#include "launch.h"

static char *folder, *model, *other_model;

static void
run (const char *source, const char *detector)
{
  Launch *launch = launch_new ("%s ! emotiondetect name=detector model=%s %s ! fakesink", source,
                               model, detector);
  g_assert_true (launch_run (launch));
  g_assert_cmpuint (launch_count (launch, "summary"), >=, 1);
  launch_free (launch);
}

static void
run_everything (void)
{
  char *dump = g_build_filename (folder, "features.csv", NULL);
  char *all = g_strdup_printf (
      "attach-meta=true send-features=true message-mode=both channel-mode=separate "
      "priors=\"priors,sad=0.5\" dump-features=%s",
      dump);
  const char *tags = "audiotestsrc num-buffers=200 samplesperbuffer=441 ! taginject "
                     "tags=\"title=one,extended-comment=EMOTION=old\"";
  run ("audiotestsrc num-buffers=200 samplesperbuffer=441 ! audio/x-raw, channels=2", all);
  run (tags, "");
  g_remove (dump);
  g_free (all);
  g_free (dump);
}

/* Starts, stops and seeks, with models that match and models that do not. */
static void
run_interrupted (void)
{
  Launch *launch = launch_new ("audiotestsrc samplesperbuffer=441 ! tee name=tee ! emotiondetect "
                               "name=detector model=%s attach-meta=true ! fakesink",
                               model);
  for (guint i = 0; i < 5; i++) {
    gst_element_set_state (launch->pipeline, GST_STATE_PLAYING);
    g_assert_true (launch_wait (launch, GST_MESSAGE_ASYNC_DONE));
    g_object_set (launch->detector, "model", other_model, "interval", 300 * GST_MSECOND, NULL);
    g_object_set (launch->detector, "model", "/nowhere/x.emotion", NULL);
    g_signal_emit_by_name (launch->detector, "reset");
    gst_element_seek_simple (launch->pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                             i * GST_SECOND);
    g_assert_true (launch_wait (launch, GST_MESSAGE_ASYNC_DONE));
    gst_element_set_state (launch->pipeline, i % 2 ? GST_STATE_NULL : GST_STATE_READY);
  }
  gst_element_set_state (launch->pipeline, GST_STATE_NULL);
  g_object_set (launch->detector, "model", "/nowhere/x.emotion", NULL);
  g_assert_cmpint (gst_element_set_state (launch->pipeline, GST_STATE_PAUSED), ==,
                   GST_STATE_CHANGE_FAILURE);
  launch_free (launch);
}

static void
run_thousand_times (void)
{
  Launch *launch = launch_new ("audiotestsrc num-buffers=15 samplesperbuffer=4410 ! emotiondetect "
                               "name=detector model=%s ! fakesink",
                               model);
  for (guint i = 0; i < 1000; i++) {
    g_ptr_array_set_size (launch->messages, 0);
    g_assert_true (launch_run (launch));
    g_assert_cmpuint (launch_count (launch, "summary"), ==, 1);
  }
  launch_free (launch);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  folder = g_dir_make_tmp ("emotiondetect-XXXXXX", NULL);
  model = g_build_filename (folder, "one.emotion", NULL);
  other_model = g_build_filename (folder, "two.emotion", NULL);
  test_model_save (model, 1);
  test_model_save (other_model, 2);
  run_everything ();
  run_interrupted ();
  run_thousand_times ();
  g_remove (model);
  g_remove (other_model);
  g_rmdir (folder);
  g_free (model);
  g_free (other_model);
  g_free (folder);
  gst_deinit ();
  return 0;
}
