#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An example application that reacts when the emotion of speech changes.

on-change.py [URI]      default: the microphone, until Ctrl-C
Needs python3-gi and gir1.2-gstreamer-1.0."""
import signal
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402


def react(change):
    """The application's reaction goes here: turn on a light, notify an agent, write a log."""
    times = [change.get_value(name) for name in ("stream-time", "running-time", "timestamp")]
    start = next((time for time in times if time is not None), 0)  # not all streams have all times
    end = (start + (change.get_value("duration") or 0)) / Gst.SECOND
    print(f"{end:.1f} s: {change.get_value('previous')} -> {change.get_value('emotion')}"
          f" ({change.get_value('confidence') or 0:.0%})", flush=True)
    scores = change.get_value("scores")
    for i in range(scores.n_fields() if scores else 0):
        label = scores.nth_field_name(i)
        print(f"    {label} {scores.get_value(label):.0%}", flush=True)


class App:
    def __init__(self, uri):
        # ":" also links pads that appear later, such as those of each song of an Icecast stream.
        source = "uridecodebin name=source :" if uri else "autoaudiosrc ! queue !"
        self.failed = False
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(f"{source} audioconvert ! emotiondetect message-mode=change ! fakesink")
        if uri:
            self.pipeline.get_by_name("source").set_property("uri", uri)
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::element", self.on_element)
        bus.connect("message::error", self.on_error)
        bus.connect("message::eos", lambda *_: self.loop.quit())
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGINT, self.on_interrupt)

    def on_element(self, _bus, message):
        s = message.get_structure()
        if s.get_name() == "emotiondetect" and s.get_value("type") == "change":
            react(s)

    def on_error(self, _bus, message):
        print("on-change.py:", message.parse_error().gerror.message, file=sys.stderr)
        self.failed = True
        self.loop.quit()

    def on_interrupt(self):
        self.pipeline.send_event(Gst.Event.new_eos())
        return GLib.SOURCE_CONTINUE

    def run(self):
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        self.pipeline.set_state(Gst.State.NULL)
        return 1 if self.failed else 0


Gst.init(None)
try:
    sys.exit(App(sys.argv[1] if len(sys.argv) > 1 else None).run())
except GLib.GError as error:  # for example, there is no element "emotiondetect"
    sys.exit(f"on-change.py: {error.message}")
