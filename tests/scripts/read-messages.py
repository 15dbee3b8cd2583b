#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads every field of the element's messages, of its meta and of model-info through Python's bindings.

usage: read-messages.py AUDIO"""
import sys
import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst

TYPES = {"type": str, "timestamp": int, "stream-time": int, "running-time": int, "duration": int, "channel": int,
         "emotion": str, "confidence": float, "reason": str, "scores": Gst.Structure, "speech-ratio": float, "level": float,
         "intensity": float, "valence": float, "arousal": float,
         "partial": bool, "model": str, "features": "array", "previous": str, "fractions": Gst.Structure,
         "longest-stretch": Gst.Structure, "transitions": int, "windows": int}

INFO = {"priors": Gst.Structure, "smoothing": int, "hysteresis": float, "hold-time": int, "model": str, "sha256": str, "labels": list, "label-texts": list, "features": str, "n-features": int, "window": int, "interval": int,
        "min-window": int, "threshold": float, "silence-threshold": float, "min-speech-ratio": float, "adaptation": str,
        "provenance": Gst.Structure}


def names(structure):
    return [structure.nth_field_name(i) for i in range(structure.n_fields())]


def read(structure, name):
    if structure.get_field_type(name).name == "GstValueArray":
        found, array = structure.get_array(name)
        assert found, name
        return [array.get_nth(i) for i in range(array.n_values)]
    return structure.get_value(name)


def check(structure):
    for name in names(structure):
        value = read(structure, name)
        if TYPES[name] == "array":
            assert value and all(isinstance(item, float) for item in value), name
        else:
            assert type(value) is TYPES[name], (name, value)
        if name in ("scores", "fractions"):
            assert abs(sum(value.get_value(label) for label in names(value)) - 1) < 1e-6, name
    return set(names(structure))


def main(path):
    Gst.init(None)
    pipeline = Gst.parse_launch("filesrc name=file ! wavparse ! emotiondetect name=detector ! fakesink")
    pipeline.get_by_name("file").props.location = path
    detector = pipeline.get_by_name("detector")
    detector.props.send_features = True
    detector.props.attach_meta = True
    detector.props.silence_threshold = 0
    detector.props.priors = Gst.Structure.new_from_string("priors, neutral=0.5")
    Gst.util_set_object_arg(detector, "message-mode", "both")
    Gst.util_set_object_arg(detector, "channel-mode", "separate")
    metas = []

    def read_meta(pad, info):
        meta = info.get_buffer().get_custom_meta("GstEmotionMeta")
        if meta:
            structure = meta.get_structure()
            metas.append(check(structure))
        return Gst.PadProbeReturn.OK

    detector.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, read_meta)
    pipeline.set_state(Gst.State.PAUSED)
    pipeline.get_state(Gst.CLOCK_TIME_NONE)
    info = detector.get_property("model-info")
    labels = read(info, "labels")
    assert labels and all(isinstance(label, str) for label in labels)
    assert {name: type(read(info, name)) for name in names(info)} == INFO
    assert read(info, "provenance").get_value("licence")
    pipeline.set_state(Gst.State.PLAYING)
    seen = set()
    while True:
        message = pipeline.get_bus().timed_pop_filtered(
            Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR | Gst.MessageType.ELEMENT)
        if message.type == Gst.MessageType.EOS:
            break
        assert message.type != Gst.MessageType.ERROR, message.parse_error()
        if message.has_name("emotiondetect"):
            structure = message.get_structure()  # a substructure lives no longer than its parent
            seen |= check(structure)
            assert names(structure.get_value("scores")) == labels
            detector.props.silence_threshold = 1
    assert seen == set(TYPES), set(TYPES) ^ seen
    assert metas
    detector.emit("reset")
    pipeline.set_state(Gst.State.NULL)


main(sys.argv[1])
