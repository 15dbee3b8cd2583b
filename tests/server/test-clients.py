#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The example clients of emotion-server print what the server answers.
usage: test-clients.py EMOTION-SERVER FILE-OR-CORPORA"""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from emotion_server import TIMEOUT, Server, make_voice, read_wav, run_tests, write_wav

PROGRAM, SOUND = sys.argv[1:3]
EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples")
TOKEN = "0123456789abcdef-token"
WINDOW = re.compile(r" *([\d.]+) - ([\d.]+) s: (\w+) (\d+)%(?: \(([\w-]+)\))?(?:, (\d+) ms after its end)?")
SUMMARY = re.compile(r"all ([\d.]+) s: (\w+) (\d+)%(?: \(([\w-]+)\))?")
work = tempfile.TemporaryDirectory(prefix="emotion-clients-")


def write(name, data):
    path = os.path.join(work.name, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def make_clip():
    """A 16-bit WAV file of about 4 s, of a speaker if there is one."""
    clip = os.path.join(work.name, "clip.wav")
    source = SOUND
    if os.path.isdir(SOUND) or not os.path.exists(SOUND):
        source = os.path.join(SOUND, "ravdess", "Actor_17", "03-01-06-02-01-01-17.flac")
    if os.path.exists(source):
        subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={source}", "!", "decodebin", "!", "audioconvert",
                        "!", "audioresample", "!", "audio/x-raw,format=S16LE,rate=16000,channels=1", "!", "wavenc",
                        "!", "filesink", f"location={clip}"], check=True)
    else:
        write_wav(clip, make_voice(4))
    return clip


CLIP = make_clip()
SAMPLES, RATE, CHANNELS = read_wav(CLIP)
with open(CLIP, "rb") as clip_file:
    DATA = clip_file.read()
RIGHT, WRONG = write("right", TOKEN.encode() + b"\n"), write("wrong", b"wrong-" + TOKEN.encode())
server = Server(PROGRAM)


def client(name, *arguments, **options):
    return subprocess.run([os.path.join(EXAMPLES, name), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=TIMEOUT, **options)


def equal(expected, emotion, percent, reason):
    return (expected["emotion"], expected.get("reason")) == (emotion, reason) and \
        abs(100 * expected["confidence"] - int(percent)) < 0.51


def agrees(run, expected, live):
    """A client printed exactly the windows and the summary of the server's answer."""
    assert run.returncode == 0 and not run.stderr, run
    lines = run.stdout.decode().splitlines()
    windows = [match for line in lines if (match := WINDOW.fullmatch(line))]
    for window, line in zip(windows, expected["windows"], strict=True):
        assert abs(float(window[1]) - line["start"]) < 0.051, (window, line)
        assert abs(float(window[2]) - line["start"] - line["duration"]) < 0.051, (window, line)
        assert equal(line, *window.group(3, 4, 5)), (window, line)
    summary, = [match for line in lines if (match := SUMMARY.fullmatch(line))]
    assert abs(float(summary[1]) - expected["summary"]["duration"]) < 0.051
    assert equal(expected["summary"], *summary.group(2, 3, 4)), (summary, expected["summary"])
    if live:
        assert all(window[6] for window in windows[:-1]), lines  # the delay
        emotions = ["none"] + [window["emotion"] for window in expected["windows"]]
        assert [line[len("change: "):] for line in lines if line.startswith("change: ")] == \
            [f"{a} -> {b}" for a, b in zip(emotions, emotions[1:]) if a != b], lines


def failed(run, *words):
    """A client ended with one line that says why."""
    assert run.returncode == 1 and b"%" not in run.stdout, run
    line, = run.stderr.decode().splitlines()
    assert line.startswith(os.path.basename(run.args[0]) + ": "), line
    for word in words:
        assert word in line, (word, line)


def test_analyze():
    agrees(client("analyze.py", "--url", server.url, CLIP), server.analyze(DATA).json(), live=False)
    agrees(client("analyze.py", "--url", server.url, "--model", "emodb", CLIP),
           server.analyze(DATA, "model=emodb").json(), live=False)


def test_live_wav():
    begin = time.monotonic()
    run = client("live.py", "--url", server.url, CLIP)
    assert time.monotonic() - begin >= len(SAMPLES) / (2 * RATE * CHANNELS), "faster than it plays"
    agrees(run, server.analyze(DATA).json(), live=True)


def test_live_stereo():
    """Frames of more than 64 kB."""
    path = os.path.join(work.name, "stereo.wav")
    write_wav(path, make_voice(1.25, 192000), 192000, 2)
    with open(path, "rb") as file:
        expected = server.analyze(file.read()).json()
    agrees(client("live.py", "--url", server.url, path), expected, live=True)


def test_live_raw():
    agrees(client("live.py", "--url", server.url, "--model", "emodb", "--raw", str(RATE), input=SAMPLES),
           server.analyze(DATA, "model=emodb").json(), live=True)
    failed(client("live.py", "--url", server.url, "--raw", str(RATE), input=b""), "summary")
    with open(CLIP) as file:
        failed(client("live.py", "--url", server.url, "--raw", str(RATE), stdin=file), "pipe")


def test_live_server_stops():
    with Server(PROGRAM) as other:
        with subprocess.Popen([os.path.join(EXAMPLES, "live.py"), "--url", other.url, "--raw", str(RATE)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdin.write(SAMPLES[:2 * 2 * RATE])
            process.stdin.flush()
            assert WINDOW.fullmatch(process.stdout.readline().decode().rstrip())
            other.stop()
            assert process.wait(TIMEOUT) == 1  # though its own input goes on
            assert len(process.stderr.read().splitlines()) == 1


def test_token():
    with Server(PROGRAM, "--token-file", RIGHT) as guarded:
        expected = server.analyze(DATA).json()
        for name, live in (("analyze.py", False), ("live.py", True)):
            agrees(client(name, "--url", guarded.url, "--token-file", RIGHT, CLIP), expected, live)
            failed(client(name, "--url", guarded.url, "--token-file", WRONG, CLIP), "token", "Bearer")
            failed(client(name, "--url", guarded.url, CLIP), "token", "Bearer")
            failed(client(name, "--url", guarded.url, "--token-file", "/nowhere", CLIP), "/nowhere")
        large = write("large", b"")
        os.truncate(large, 256 * 1024 * 1024)  # the server does not read all of what it refuses
        failed(client("analyze.py", "--url", guarded.url, "--token-file", WRONG, large), "token", "Bearer")
    with Server(PROGRAM, "--max-upload", "1") as small:
        failed(client("analyze.py", "--url", small.url, large), "too large")
        os.truncate(large, 2 * 1024 * 1024)
        failed(client("analyze.py", "--url", small.url, large), "larger than 1.0", "--max-upload")


def test_errors():
    text = write("text.wav", b"This is no sound.\n" * 100)
    for name in ("analyze.py", "live.py"):
        failed(client(name, "--url", server.url, "--model", "nobody", CLIP), "nobody", "/api/models")
        failed(client(name, "--url", server.url, "/nowhere"), "/nowhere")
        failed(client(name, "--url", server.url + "x", CLIP), "/openapi.json")
        with socket.socket() as silent:  # nothing listens
            silent.bind(("127.0.0.1", 0))
            failed(client(name, "--url", f"http://127.0.0.1:{silent.getsockname()[1]}", CLIP), "is the server up")
        assert client(name, "--url", "127.0.0.1:80", CLIP).returncode == 2
    failed(client("analyze.py", "--url", server.url, text), ". ")
    failed(client("live.py", "--url", server.url, text), "not a WAV file")


def node_has_websocket():
    probe = "globalThis.WebSocket || require('ws')"  # fails if there is none
    return subprocess.run(["node", "-e", probe], cwd=EXAMPLES, stderr=subprocess.DEVNULL).returncode == 0


def test_node():
    if not shutil.which("node"):
        print("no node: live.mjs is not tested")
        return
    if not node_has_websocket():
        print("node has neither WebSocket nor the package ws: live.mjs only says so")
        failed(client("live.mjs", CLIP, server.url), "no WebSocket", "npm install ws")
        return
    expected = server.analyze(DATA).json()
    agrees(client("live.mjs", CLIP, server.url), expected, live=True)
    failed(client("live.mjs", RIGHT, server.url), "not a WAV file")
    failed(client("live.mjs", "/nowhere", server.url), "/nowhere")
    failed(client("live.mjs"), "usage")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        failed(client("live.mjs", CLIP, f"http://127.0.0.1:{silent.getsockname()[1]}"), "is the server up")
    with Server(PROGRAM, "--token-file", RIGHT) as guarded:
        agrees(client("live.mjs", CLIP, guarded.url, RIGHT), expected, live=True)
        failed(client("live.mjs", CLIP, guarded.url, WRONG), "token", "Bearer")
    with Server(PROGRAM, "--max-live", "1") as small, \
            subprocess.Popen([os.path.join(EXAMPLES, "live.py"), "--url", small.url, "--raw", str(RATE)],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        first.stdin.write(SAMPLES[:2 * 2 * RATE])
        first.stdin.flush()
        first.stdout.readline()  # it has the only place
        failed(client("live.mjs", CLIP, small.url), "429")
        first.communicate()


try:
    run_tests([value for name, value in list(globals().items()) if name.startswith("test_")])
finally:
    server.stop()
