#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The memory of each program does not grow with the length of a file, or stays within a stated limit: the
peak resident set at two lengths, and the cost of an additional minute of two channels at 48 kHz (23 MB of
samples). Prints a table; its smallest figure is the memory of this program. At full length with
EMOTION_TEST_LONG.

usage: test-memory.py BUILD MODEL"""
import os
import subprocess
import sys
import tempfile
import wave

from damaged_files import make_voice

BUILD, MODEL = sys.argv[1:]
LONG = bool(os.environ.get("EMOTION_TEST_LONG"))
MINUTES = (5, 60) if LONG else (2, 6)
CORPUS_MINUTES = (2, 10) if LONG else (1, 3)  # of each clip
N_SPEAKERS = 4
MOST = 0.6  # MB per minute of sound: its windows and the data computed from them
MOST_LEARNT = 3  # the same in training, which keeps the 60 windows of 1430 features per minute and works on copies


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
    """The peak resident set in MB, and the status."""
    # One arena, because the distribution of threads over several arenas is random.
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "MALLOC_ARENA_MAX": "1"}, **streams)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024, child.returncode


def program(name):
    return f"{BUILD}/{'pipelines' if name == 'emotion-monitor' else 'training'}/{name}"


def of_files(folder, minutes):
    wav, out = f"{folder}/{minutes}.wav", f"{folder}/out"
    yield ["emotion-predict", "--model", MODEL, wav]
    yield ["emotion-predict", "--model", MODEL, "--timeline", wav]
    yield ["emotion-monitor", "--model", MODEL, wav]
    yield ["emotion-features", wav]
    yield ["emotion-features", "--features", "speech-2", wav]
    yield ["emotion-features", "--features", "descriptors-1", "--window", "3", "--interval", "3", wav]
    yield ["emotion-features", "--log-mel", "-o", f"{out}.npy", wav]
    for kind in ("waveform", "spectrogram", "mel"):
        yield ["emotion-plot", kind, wav, "-o", f"{out}.png"]
    yield ["emotion-plot", "timeline", wav, "--model", MODEL, "-o", f"{out}.png"]


def of_corpora(folder, minutes):
    table, out = f"{folder}/corpus-{minutes}/m.csv", f"{folder}/out"
    data = ["--metadata", table, "--n-jobs", "1"]  # one file at a time
    train = ["emotion-train", *data, "--output-dir", out, "--candidates", "lda", "--skip-search", "--cv-folds", "3", "-q",
             "--feature-jobs", "1"]
    yield ["emotion-scan", "--pattern", "(?<label>happy|neutral)-(?<speaker>s.)", f"{folder}/corpus-{minutes}", "-o",
           f"{out}.csv"]
    yield ["emotion-evaluate", "--model", MODEL, *data, "-q"]
    yield ["emotion-plot", "scatter", table, "-o", f"{out}.png", "-q"]
    yield train
    if LONG:
        yield [*train, "--ordinary", f"{folder}/corpus-{minutes}/ordinary.csv"]


def write_corpus(folder, minutes):
    clips = [(f"{label}-s{i}", label, f"s{i}") for i in range(N_SPEAKERS) for label in ("happy", "neutral")]
    ordinary = [("ordinary-a", "neutral", "a"), ("ordinary-b", "neutral", "b")]
    os.mkdir(f"{folder}/corpus-{minutes}")
    for i, (name, _, _) in enumerate(clips + ordinary):
        write_wav(f"{folder}/corpus-{minutes}/{name}.wav", 48000, 2, minutes + i / 60)
    for table, rows in (("m", clips), ("ordinary", ordinary)):
        with open(f"{folder}/corpus-{minutes}/{table}.csv", "w", encoding="utf-8") as out:
            out.write("path,label,speaker\n" + "".join(f"{name}.wav,{label},{speaker}\n" for name, label, speaker in rows))


def check_limit(folder):
    """Modes that need the whole file report how much they use."""
    write_wav(f"{folder}/long.wav", 8000, 1, 31)
    for options in (["--features", "descriptors-1"], ["--log-mel", "--frames", f"{folder}/series", "-o", f"{folder}/o.npy"]):
        child = subprocess.run([f"{BUILD}/training/emotion-features", *options, f"{folder}/long.wav"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        assert child.returncode == 1 and "longer than 30 minutes" in child.stderr, child
        assert not os.path.exists(f"{folder}/series/long")


def compare(commands, minutes, n_files):
    """Prints a line for each program; returns how many of them grow."""
    failed = 0
    print(f"{'MB at ' + str(minutes[0]):>10} {'at ' + str(minutes[1]) + ' min':>10} {'a minute':>10}")
    for short, long in commands:
        peaks = []
        for command in (short, long):
            peak, status = measure([program(command[0]), *command[1:]], stderr=subprocess.DEVNULL)
            assert status == 0, command
            peaks.append(peak)
        slope = (peaks[1] - peaks[0]) / (minutes[1] - minutes[0]) / n_files
        grows = slope > (MOST_LEARNT if short[0] == "emotion-train" else MOST)
        failed += grows
        words = " ".join(word for word in short if not word.startswith("/"))
        print(f"{peaks[0]:10.1f} {peaks[1]:10.1f} {slope:10.2f}  {words}{'  <- grows' if grows else ''}", flush=True)
    return failed


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_limit(folder)
        for minutes in MINUTES:
            write_wav(f"{folder}/{minutes}.wav", 48000, 2, minutes)
        failed = compare(zip(*(of_files(folder, minutes) for minutes in MINUTES)), MINUTES, 1)
        for minutes in CORPUS_MINUTES:
            write_corpus(folder, minutes)
        failed += compare(zip(*(of_corpora(folder, minutes) for minutes in CORPUS_MINUTES)), CORPUS_MINUTES, 2 * N_SPEAKERS)
    sys.exit(failed > 0)


main()
