#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Live sessions of emotion-server.
usage: test-live.py EMOTION-SERVER EMOTION-PREDICT"""
import array
import json
import os
import socket
import subprocess
import sys
import tempfile

from emotion_server import Server, WebSocket, make_voice, run_tests, write_wav

PROGRAM, PREDICT = sys.argv[1:3]
RATE = 16000
SAMPLES = make_voice(6.5, RATE)
FRAME = 2 * RATE // 10  # bytes of 100 ms
server = Server(PROGRAM)


def start(port=None, **options):
    client = WebSocket(port or server.port)
    assert client.status == 101
    client.send({"type": "start", "rate": RATE, **options})
    return client


def push(client, samples=SAMPLES, size=FRAME):
    for i in range(0, len(samples), size):
        client.send(samples[i:i + size])


def finish(client):
    client.send({"type": "stop"})
    messages = [m for m in client.rest() if m["type"] != "pong"]
    assert client.close_code == 1000, client.close_code
    return messages


def predict():
    with tempfile.TemporaryDirectory(prefix="emotion-live-") as folder:
        path = os.path.join(folder, "voice.wav")
        write_wav(path, SAMPLES, RATE)
        text = subprocess.run([PREDICT, "--as-json", "--timeline", path], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(text)[0]


def test_same_as_predict():
    expected = predict()
    for size in (FRAME, 2 * 160, 2 * 1):
        client = start()
        push(client, SAMPLES[:RATE] if size == 2 else SAMPLES, size)
        if size == 2:  # single samples, then the rest
            push(client, SAMPLES[RATE:])
        messages = finish(client)
        assert messages[0]["type"] == "started" and messages[0]["labels"]
        windows = [m for m in messages if m["type"] == "window"]
        assert len(windows) == len(expected["timeline"]) > 4
        for window, line in zip(windows, expected["timeline"]):
            for key, value in line.items():
                assert window[key] == value, (key, window, line)
        summary = messages[-1]
        assert summary["type"] == "summary" and summary["topk"] == expected["topk"], summary


def test_identity():
    client = start()
    push(client)
    messages = finish(client)
    windows = [m for m in messages if m["type"] == "window"]
    ids = [w["id"] for w in windows]
    assert len(set(ids)) == len(ids)
    for window in windows:
        source, epoch, end_ms = window["id"].split("/")
        assert source == messages[0]["source"]
        assert int(end_ms) == round((window["start"] + window["duration"]) * 1000)
        assert epoch.endswith("Z") and window["time"].endswith("Z") and window["time"] >= epoch
    behind = [w["behind"] for w in windows if "behind" in w]
    assert len(behind) >= len(windows) - 1 and all(0 <= b < 60 for b in behind), behind
    changes = [m for m in messages if m["type"] == "change"]
    emotions = ["none"] + [w["emotion"] for w in windows]
    assert [(c["previous"], c["emotion"]) for c in changes] == \
        [(a, b) for a, b in zip(emotions, emotions[1:]) if a != b]


def test_results_come_while_live():
    client = start()
    push(client, SAMPLES[:8 * FRAME * 5])
    while client.next()["type"] != "window":
        pass
    client.close()
    server.wait_until_idle()


def test_kept():
    client = start(keep=True, peaks=True, name="talk")
    push(client)
    messages = finish(client)
    assert messages[-1] == {"type": "kept", "id": messages[0]["id"]}
    result = server.get("/api/results/" + messages[-1]["id"]).json()
    assert result["kind"] == "live" and result["name"] == "talk" and result["state"] == "done"
    assert len(result["windows"]) == len([m for m in messages if m["type"] == "window"])
    peaks = server.get(f"/api/results/{result['id']}/peaks").json()
    assert abs(len(peaks["peaks"]) * peaks["interval"] - 6.5) < 0.1


def test_formats():
    samples = array.array("h", SAMPLES)
    floats = array.array("f", [s / 32768 for s in samples]).tobytes()
    labels = {}
    for form, data, options in (("S16LE", SAMPLES, {}), ("F32LE", floats, {}),
                                ("S16LE", array.array("h", [s for s in samples for _ in range(2)]).tobytes(),
                                 {"channels": 2})):
        client = start(format=form, model="emodb", priors="equal", **options)
        push(client, data, len(data) // 50 // 8 * 8)
        messages = finish(client)
        labels[form, len(options)] = [m["emotion"] for m in messages if m["type"] == "window"]
    assert len(set(map(tuple, labels.values()))) == 1, labels
    for form in ("PCMU", "PCMA"):
        client = start(format=form, rate=8000)
        push(client, b"\xff" * 32000 if form == "PCMU" else b"\xd5" * 32000, 800)
        windows = [m for m in finish(client) if m["type"] == "window"]
        assert windows and all(w["emotion"] == "none" and w["reason"] == "silence" for w in windows), windows
    client = start(priors={"neutral": 0.9})
    push(client)
    assert finish(client)[-1]["type"] == "summary"


def refused(messages, code, close_code, client):
    assert messages[-1]["type"] == "error" and messages[-1]["code"] == code, messages
    assert messages[-1]["detail"] and messages[-1]["fix"]
    assert client.close_code == close_code, client.close_code


def test_wrong_messages():
    for first, code, close_code in (
            ({"type": "start"}, "bad-option", 1008), ({"type": "start", "rate": 1}, "bad-option", 1008),
            ({"type": "start", "rate": 16000, "format": "MP3"}, "bad-option", 1008),
            ({"type": "start", "rate": 16000, "channels": 99}, "bad-option", 1008),
            ({"type": "start", "rate": 16000, "model": "none"}, "unknown-model", 1008),
            ({"type": "start", "rate": 16000, "priors": {"joy": "x"}}, "bad-option", 1008),
            ({"type": "stop"}, "bad-request", 1008), ({"type": "dance"}, "bad-request", 1008),
            ({"rate": 16000}, "bad-request", 1007), ([], "bad-request", 1007), ("{", "bad-request", 1007),
            ({"type": 5}, "bad-request", 1007), (b"\0\0", "bad-request", 1003)):
        client = WebSocket(server.port)
        if isinstance(first, str):
            client.send_frame(1, first.encode())
        else:
            client.send(first)
        refused(client.rest(), code, close_code, client)
    client = start()
    client.send({"type": "start", "rate": RATE})
    refused(client.rest(), "bad-request", 1008, client)
    client = start()
    client.send(b"\0")  # half a sample
    refused(client.rest(), "bad-request", 1003, client)
    client = start()
    client.send({"type": "stop"})
    client.send(SAMPLES[:FRAME])
    client.rest()
    server.wait_until_idle()


def test_wrong_frames():
    for opcode, payload, final in ((1, b"\xff\xfe", True), (3, b"x", True), (0, b"x", True), (9, b"x" * 200, True),
                                   (2, b"\0" * (2 * 1024 * 1024), True), (8, b"x", True)):
        client = WebSocket(server.port)
        try:
            client.send_frame(opcode, payload, final)
            client.rest()
        except OSError:
            pass  # the server has cut it
        client.close()
    for path, headers in (("/api/live", ["Sec-WebSocket-Version: 99"]),):
        assert WebSocket(server.port, path, headers).status >= 400
    server.wait_until_idle()


def test_too_fast():
    """More than 20 s ahead of the analysis."""
    client = start(model="ravdess", interval=0.1)
    sound = SAMPLES * 100
    try:
        for i in range(0, len(sound), 10 * FRAME):
            client.send(sound[i:i + 10 * FRAME])
    except OSError:
        pass
    messages = client.rest()
    assert client.close_code == 4013 and messages[-1]["code"] == "too-slow", (client.close_code, messages[-1])
    client.close()
    server.wait_until_idle()


def test_vanished():
    """Clients that go without a word leave nothing behind."""
    server.wait_until_idle()
    before = server.metrics()
    for i in range(20):
        client = start()
        client.send(SAMPLES[:FRAME * i])
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0" if i % 2 else b"\0" * 8)
        client.close()
    server.wait_until_idle()
    server.wait_for(lambda m: m["process_threads"] <= before["process_threads"] and
                    m["process_open_fds"] <= before["process_open_fds"], "threads and descriptors")


def test_kept_of_a_vanished_client():
    """A closed laptop: what was heard has its summary."""
    client = start(keep=True)
    push(client)
    while client.next()["type"] != "window":
        pass
    client.close()
    server.wait_until_idle()
    result = server.get("/api/results").json()["results"][0]
    server.get(f"/api/results/{result['id']}?stream=1")  # to its end
    done = server.get(f"/api/results/{result['id']}").json()
    assert done["state"] == "done" and done["summary"]["emotion"] and done["segments"], done


def test_priors_as_text():
    client = WebSocket(server.port)
    client.send({"type": "start", "rate": RATE, "priors": {"neutral": "0.9"}})
    message = client.next()
    assert message["type"] == "error" and message["code"] == "bad-option", message
    client.close()


def test_stopping_with_sessions():
    """Their ends do not outlive what they need."""
    with Server(PROGRAM) as other:
        clients = [start(port=other.port, interval=0.1) for _ in range(20)]
        for client in clients:
            push(client)
        other.stop()
        for client in clients:
            client.close()


def test_busy():
    with Server(PROGRAM, "--max-live", "1") as small:
        first = WebSocket(small.port)
        assert first.status == 101
        second = WebSocket(small.port)
        assert second.status == 429
        first.close()
        small.wait_for(lambda m: m["emotion_live_clients"] == 0, "the first to leave")
        assert WebSocket(small.port).status == 101


def test_stopping_server():
    with Server(PROGRAM) as other:
        client = WebSocket(other.port)
        client.send({"type": "start", "rate": RATE})
        assert client.next()["type"] == "started"
        other.process.terminate()
        client.rest()
        assert client.close_code == 1001, client.close_code
        client.close()


def test_stopping_while_a_session_closes():
    """The server has said goodbye, and its client is silent, when the server is stopped."""
    with Server(PROGRAM) as other:
        client = WebSocket(other.port)
        client.send({"type": "start", "rate": RATE})
        assert client.next()["type"] == "started"
        client.send({"type": "stop"})
        client.rest()
        assert client.close_code == 1000, client.close_code
        other.stop()
        client.close()


try:
    run_tests([value for name, value in list(globals().items()) if name.startswith("test_")])
finally:
    server.stop()
