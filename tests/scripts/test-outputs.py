#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every program reports results that it cannot write, with a status other than 0: for a full standard output
(/dev/full), and for every option that names a file or folder. The message names the option; the refusal comes
before the work and changes no input. A wrong command line has the status 2.

usage: test-outputs.py BUILD MODEL"""
import os
import subprocess
import sys
import tempfile
import wave

from damaged_files import make_voice

BUILD, MODEL = sys.argv[1:]
METADATA = "file_path,emotion,speaker\n" + "".join(
    f"{label}-{speaker}.wav,{label},s{speaker}\n" for speaker in range(4) for label in ("happy", "sad"))


def program(name):
    return f"{BUILD}/{'pipelines' if name == 'emotion-monitor' else 'training'}/{name}"


def write_inputs(folder):
    for k, row in enumerate(METADATA.splitlines()[1:]):
        with wave.open(f"{folder}/{row.split(',')[0]}", "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(16000)
            out.writeframes(make_voice(16000, 1.5)[16 * k:])
    with open(f"{folder}/m.csv", "w", encoding="utf-8") as metadata:
        metadata.write(METADATA)
    os.mkdir(f"{folder}/some.png")
    with open(f"{folder}/some.emotion", "wb") as copy, open(MODEL, "rb") as model:
        copy.write(model.read())


def read_all(folder):
    contents = {}
    for name in sorted(os.listdir(folder)):
        if os.path.isfile(f"{folder}/{name}"):
            with open(f"{folder}/{name}", "rb") as file:
                contents[name] = file.read()
    return contents


def run(arguments, folder, stdout):
    return subprocess.run([program(arguments[0]), *arguments[1:]], cwd=folder, stdout=stdout, stderr=subprocess.PIPE,
                          check=False, timeout=120)


def to_full(folder):
    """The commands that end with status 0 although none of their output could be written."""
    model, clip = ["-m", "some.emotion"], "happy-0.wav"
    commands = [["emotion-scan", "--pattern", r"(?<label>[a-z]+)-\d", "."], ["emotion-features", clip], ["emotion-features", "--list"],
                ["emotion-features", "--format", "libsvm", clip], ["emotion-predict", *model, clip],
                ["emotion-predict", *model, "--csv", clip], ["emotion-predict", *model, "--as-json", clip],
                ["emotion-predict", *model, "--timeline", clip], ["emotion-monitor", *model, clip],
                ["emotion-evaluate", *model, "--metadata", "m.csv", "-q"],
                ["emotion-evaluate", *model, "--metadata", "m.csv", "-q", "--json", "-"]]
    commands += [[name, "--version"] for name in ("emotion-scan", "emotion-features", "emotion-predict", "emotion-train",
                                                  "emotion-evaluate", "emotion-plot", "emotion-monitor")]
    wrong = []
    for command in commands:
        assert run(command, folder, subprocess.DEVNULL).returncode == 0, command
        with open("/dev/full", "wb") as full:
            done = run(command, folder, full)
        if done.returncode == 0 or b"No space left" not in done.stderr:
            wrong.append(f"{command} > /dev/full: status {done.returncode}: {done.stderr!r}")
    return wrong


def to_options(folder):
    """The options that accept an unwritable path, or report it only after the work."""
    train = ["emotion-train", "--metadata", "m.csv"]
    evaluate = ["emotion-evaluate", "-m", "some.emotion", "--metadata", "m.csv"]
    features = ["emotion-features", "happy-0.wav"]
    files, folders = ["none/such", ".", "", "/proc/such"], ["/proc/such", "m.csv", "m.csv/sub", ""]
    cases = [(train, "--output-dir", folders),
             (evaluate, "--json", [*files, "m.csv", "some.emotion"]),
             (features, "--output", [*files, "happy-0.wav", "./happy-0.wav"]),
             (["emotion-features", "--metadata", "m.csv"], "--output", [*files, "m.csv"]),
             (features, "--frames", folders), (["emotion-scan", "."], "--output", files),
             (["emotion-plot", "waveform", "happy-0.wav"], "--output", ["none/such.png", "/proc/such.svg"]),
             (["emotion-plot", "scatter", "m.csv"], "--output", ["none/such.png", "some.png"])]
    train += ["--output-dir", "."]
    cases += [(train, option, [*files, "m.csv", "model.emotion", "training_metrics.json", "training_timing.json"])
              for option in ("--predictions", "--card", "--trials")]
    cases += [(train, option, folders) for option in ("--plots", "--feature-cache")]
    cases += [(train, option, ["sub/name", "/tmp/name", "..", ""]) for option in ("--pipeline-name", "--metrics-name")]
    cases += [(train, "--metrics-name", ["m.csv", "model.emotion", "training_timing.json"])]
    wrong = []
    for command, option, values in cases:
        for value in values:
            before = read_all(folder)
            done = run([*command, option, value], folder, subprocess.PIPE)
            lines = done.stderr.decode().splitlines()
            # One line only: no work that reports progress was started.
            if (done.returncode not in (1, 2) or done.stdout or len(lines) != 1 or option not in lines[0]
                    or read_all(folder) != before):
                wrong.append(f"{command} {option} '{value}': status {done.returncode}: {lines}")
    return wrong


def to_usage():
    """A wrong command line has the status 2 in every program."""
    wrong = []
    for name in ("emotion-scan", "emotion-features", "emotion-predict", "emotion-train", "emotion-evaluate", "emotion-plot",
                 "emotion-monitor"):
        for options in (["--no-such-option"], []):
            child = subprocess.run([program(name), *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            if child.returncode != 2 or not child.stderr:
                wrong.append(f"{name} {options}: status {child.returncode}, {child.stderr}")
    return wrong


def main():
    with tempfile.TemporaryDirectory() as folder:
        write_inputs(folder)
        wrong = to_usage() + to_options(folder)
        wrong += to_full(folder) if os.path.exists("/dev/full") else []
    sys.exit("\n".join(wrong) if wrong else 0)


main()
