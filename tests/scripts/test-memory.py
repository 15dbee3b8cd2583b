#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The memory of every program does not grow with the length of a file, or there is a limit that is told: the peak of
the resident set at two lengths, and what a minute more of two channels at 48 kHz (23 MB of samples) takes. Prints a
table. At full length with EMOTION_TEST_LONG.

usage: test-memory.py BUILD MODEL"""
import os
import subprocess
import sys
import tempfile
import wave

from damaged_files import make_voice

BUILD, MODEL = sys.argv[1:]
MINUTES = (5, 60) if os.environ.get("EMOTION_TEST_LONG") else (2, 6)
N_SPEAKERS = 4
MOST = 0.6  # MB a minute of sound: its windows, and what is computed of them


def write_wav(path, rate, channels, minutes):
    second = make_voice(rate, 1)
    frames = b"".join(second[i:i + 2] * channels for i in range(0, len(second), 2))
    with wave.open(path, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        for i in range(round(60 * minutes)):
            out.writeframesraw(frames[4 * i:] + frames[:4 * i])  # no two seconds are alike


def measure(command, **streams):
    """The peak of the resident set in MB, and the status."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, **streams)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024, child.returncode


def programs(folder, minutes):
    wav, out = f"{folder}/{minutes}.wav", f"{folder}/out"
    table = f"{folder}/{minutes}.csv"
    data = ["--metadata", table, "--n-jobs", "1"]  # one file at a time
    train = ["emotion-train", *data, "--output-dir", out, "--candidates", "lda", "--skip-search", "--cv-folds", "3", "-q"]
    yield ["emotion-predict", "--model", MODEL, wav]
    yield ["emotion-predict", "--model", MODEL, "--timeline", wav]
    yield ["emotion-features", wav]
    yield ["emotion-features", "--features", "speech-2", wav]
    yield ["emotion-features", "--features", "descriptors-1", "--window", "3", "--interval", "3", wav]
    yield ["emotion-features", "--log-mel", "-o", f"{out}.npy", wav]
    for kind in ("waveform", "spectrogram", "mel"):
        yield ["emotion-plot", kind, wav, "-o", f"{out}.png"]
    yield ["emotion-plot", "timeline", wav, "--model", MODEL, "-o", f"{out}.png"]
    yield ["emotion-plot", "scatter", table, "-q", "-o", f"{out}.png"]
    yield train
    yield [*train, "--ordinary", f"{folder}/{minutes}-ordinary.csv"]
    yield ["emotion-evaluate", "--model", MODEL, *data, "-q"]
    yield ["emotion-scan", "--pattern", "(?<label>neutral)", f"{folder}/{minutes}", "-o", f"{out}.csv"]


def write_inputs(folder, minutes):
    write_wav(f"{folder}/{minutes}.wav", 48000, 2, minutes)
    write_wav(f"{folder}/{minutes}-b.wav", 48000, 2, minutes + 0.5)
    os.mkdir(f"{folder}/{minutes}")
    os.link(f"{folder}/{minutes}.wav", f"{folder}/{minutes}/neutral.wav")
    with open(f"{folder}/{minutes}-ordinary.csv", "w", encoding="utf-8") as table:
        table.write(f"path,speaker\n{minutes}.wav,a\n{minutes}-b.wav,b\n")
    with open(f"{folder}/{minutes}.csv", "w", encoding="utf-8") as table:
        table.write("path,label,speaker\n")
        for i, label in enumerate(("happy", "neutral") * N_SPEAKERS):
            write_wav(f"{folder}/{minutes}-{i}.wav", 48000, 2, minutes + (i + 1) / 60)
            table.write(f"{minutes}-{i}.wav,{label},s{i // 2}\n")


def check_limit(folder):
    """What needs all of a file says how much it takes."""
    write_wav(f"{folder}/long.wav", 8000, 1, 31)
    for options in (["--features", "descriptors-1"], ["--log-mel", "--frames", f"{folder}/series", "-o", f"{folder}/o.npy"]):
        child = subprocess.run([f"{BUILD}/training/emotion-features", *options, f"{folder}/long.wav"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        assert child.returncode == 1 and "31.0 minutes, and" in child.stderr and "up to 30 minutes" in child.stderr, child


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for minutes in MINUTES:
            write_inputs(folder, minutes)
        print(f"{'MB at ' + str(MINUTES[0]):>10} {'at ' + str(MINUTES[1]) + ' min':>10} {'a minute':>10}")
        for short, long in zip(*(programs(folder, minutes) for minutes in MINUTES)):
            peaks = []
            for command in (short, long):
                peak, status = measure([f"{BUILD}/training/{command[0]}", *command[1:]])
                assert status == 0, command
                peaks.append(peak)
            n_files = 2 * N_SPEAKERS if f"{folder}/{MINUTES[0]}.csv" in short else 1
            slope = (peaks[1] - peaks[0]) / (MINUTES[1] - MINUTES[0]) / n_files
            failed += slope > MOST
            print(f"{peaks[0]:10.1f} {peaks[1]:10.1f} {slope:10.2f}  {' '.join(word for word in short if not word.startswith('/'))}"
                  f"{'  <- grows' if slope > MOST else ''}", flush=True)
        check_limit(folder)
    sys.exit(failed > 0)


main()
