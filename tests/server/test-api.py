#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The HTTP interface of emotion-server.
usage: test-api.py EMOTION-SERVER EMOTION-PREDICT FOLDER"""
import array
import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import xml.etree.ElementTree

from emotion_server import Server, WebSocket, make_voice, run_tests, write_wav

PROGRAM, PREDICT, FOLDER = sys.argv[1:4]
TOKEN = "0123456789abcdef-token"
work = tempfile.TemporaryDirectory(prefix="emotion-server-")
CLIP = os.path.join(work.name, "clip.wav")
write_wav(CLIP, make_voice(5.3))
DATA = open(CLIP, "rb").read()
server = Server(PROGRAM)


def predict(path, *options):
    text = subprocess.run([PREDICT, "--as-json", "--timeline", *options, path], check=True,
                          stdout=subprocess.PIPE).stdout
    return json.loads(text)[0]


def test_same_as_predict():
    corpus = os.path.join(FOLDER, "ravdess", "Actor_17", "03-01-06-02-01-01-17.flac")
    for path in [CLIP] + ([corpus] if os.path.exists(corpus) else []):
        for query, options in (("", []), ("priors=equal", ["--priors", "equal"]), ("peaks=1&spectrogram=1", []),
                               ("adaptation=none", ["--no-adaptation"])):
            answer = server.analyze(open(path, "rb").read(), query).json()
            expected = predict(path, *options)
            assert len(answer["windows"]) == len(expected["timeline"]) > 2
            for window, line in zip(answer["windows"], expected["timeline"]):
                for key, value in line.items():
                    assert window[key] == value, (key, window, line)
            for key in ("duration", "speech_ratio", "level", "topk"):
                assert answer["summary"][key] == expected[key], (key, answer["summary"], expected)


def test_formats():
    kept = server.analyze(DATA, "keep=1&name=my%20clip.wav")
    assert kept.status == 202
    path = kept.headers["Location"]
    server.get(path + "?stream=1")  # to the end
    for name, kind, suffix in (("json", "application/json", "json"), ("csv", "text/csv", "csv"),
                               ("vtt", "text/vtt", "vtt"), ("emotionml", "application/emotionml+xml", None),
                               ("html", "text/html", "html")):
        for answer in (server.analyze(DATA, f"format={name}"), server.analyze(DATA, Accept=kind),
                       server.get(f"{path}?format={name}&download=1")):
            assert answer.status == 200, answer.data
            assert answer.headers["Content-Type"].split(";")[0] == kind, answer.headers
            assert answer.data
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment") and "my clip." + (suffix or "") in disposition, disposition
    server.analyze(DATA, "format=mp3").problem(400, "bad-option")
    server.analyze(DATA, Accept="image/png").problem(406, "not-acceptable")


def test_accept():
    for accept, kind in (("*/*", "application/json"), ("text/vtt;q=0.9, */*;q=0.1", "text/vtt"),
                         ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
                         ("text/*", "text/csv"), ("text/*, text/csv;q=0", "text/vtt"),
                         ("image/png, Text/CSV; header=present", "text/csv"),
                         ("application/json;q=0, */*", "text/csv"), ("", "application/json")):
        answer = server.analyze(DATA, Accept=accept)
        assert answer.headers["Content-Type"].split(";")[0] == kind, (accept, answer.headers)
    server.analyze(DATA, Accept="application/json;q=0").problem(406, "not-acceptable")


def merge(windows):
    """The segments of windows, by their definition."""
    segments = []
    for window in windows:
        key, end = (window["emotion"], window.get("reason")), window["start"] + window["duration"]
        if segments and segments[-1][0] == key:
            segments[-1][2:] = [end, segments[-1][3] + [window["confidence"]]]
        else:
            segments.append([key, segments[-1][2] if segments else 0, end, [window["confidence"]]])
    return segments


def test_documents():
    """The documents agree with the JSON, also where the client's name wants to break them."""
    name = 'a,"b" <i>&-->\n=1.wav'
    path = server.analyze(DATA, "keep=1&name=" + urllib.parse.quote(name)).headers["Location"]
    server.get(path + "?stream=1")
    result, text = server.get(path).json(), {f: server.get(f"{path}?format={f}").data.decode()
                                             for f in ("csv", "vtt", "emotionml", "html")}
    segments = merge(result["windows"])
    for segment, (key, start, end, confidences) in zip(result["segments"], segments, strict=True):
        assert (segment["emotion"], segment.get("reason")) == key
        assert (segment["start"], segment["end"]) == (start, end)
        assert abs(segment["confidence"] - sum(confidences) / len(confidences)) < 1e-9

    expected = subprocess.run([PREDICT, "--csv", "--timeline", CLIP], check=True, text=True, stdout=subprocess.PIPE).stdout
    rows, expected = (list(csv.reader(io.StringIO(t))) for t in (text["csv"], expected))
    assert [row[1:] for row in rows] == [row[1:] for row in expected]
    assert {row[0] for row in rows[1:]} == {name}

    heads = re.findall(r"(?m)^(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})$", text["vtt"])
    times = [[int(h) * 3600 + int(m) * 60 + float(s) for h, m, s in (head[:3], head[3:])] for head in heads]
    spoken = [s for s in result["segments"] if s.get("reason") not in ("silence", "no-speech")]
    assert text["vtt"].startswith("WEBVTT\n") and len(times) == len(spoken) > 0
    for (start, end), segment in zip(times, spoken):
        assert abs(start - segment["start"]) < 1e-3 and abs(end - segment["end"]) < 1e-3

    space = "{http://www.w3.org/2009/10/emotionml}"
    document = xml.etree.ElementTree.fromstring(text["emotionml"])
    emotions = document.findall(space + "emotion")
    for emotion, window in zip(emotions, result["windows"], strict=True):
        scores = {c.get("name"): float(c.get("value")) for c in emotion.findall(space + "category")}
        assert all(abs(scores[label] - score) < 1e-5 for label, score in window["scores"].items()), scores
        file, _, part = emotion.find(space + "reference").get("uri").partition("#t=")
        assert urllib.parse.unquote(file) == name
        assert [float(t) for t in part.split(",")] == [window["start"], window["start"] + window["duration"]]
        for dimension in emotion.findall(space + "dimension"):
            assert abs(2 * float(dimension.get("value")) - 1 - window[dimension.get("name")]) < 1e-4
    assert "<i>" not in text["html"] and text["html"].count("<tr>") > len(result["segments"])


def test_stream():
    lines = server.analyze(DATA, "stream=1&peaks=1&name=a").lines()
    types = [line["type"] for line in lines]
    assert types[0] == "result" and types[-2:] == ["summary", "done"], types
    windows = [line for line in lines if line["type"] == "window"]
    whole = server.analyze(DATA, "peaks=1&name=a").json()
    assert [{k: v for k, v in w.items() if k != "type"} for w in windows] == whole["windows"]
    peaks = [peak for line in lines if line["type"] == "peaks" for peak in line["peaks"]]
    loudest = max(abs(sample) for sample in array.array("h", make_voice(5.3))) / 32768
    assert abs(len(peaks) * 0.02 - 5.3) < 0.05 and abs(max(peaks) / 255 - loudest) < 0.02, (max(peaks), loudest)
    position = 0
    for line in lines:
        if line["type"] == "peaks":
            assert abs(line["start"] - position) < 1e-6
            position += len(line["peaks"]) * line["interval"]


def test_results():
    answer = server.analyze(DATA, "keep=1&peaks=1&spectrogram=1&name=b")
    result, path = answer.json(), answer.headers["Location"]
    assert path == "/api/results/" + result["id"] and result["state"] in ("queued", "running")
    streams = [server.get(path + "?stream=1").lines() for _ in range(2)]  # from the beginning, any time
    assert [line for line in streams[0] if line["type"] in ("window", "summary")] == \
        [line for line in streams[1] if line["type"] in ("window", "summary")]
    done = server.get(path).json()
    assert done["state"] == "done" and done["peaks"] and done["spectrogram"] and done["segments"]
    assert done["expires"] > done["created"]
    peaks, picture = server.get(path + "/peaks").json(), server.get(path + "/spectrogram").json()
    assert len(peaks["peaks"]) * peaks["interval"] > 5 and picture["columns"] * picture["interval"] > 5
    listed = [r["id"] for r in server.get("/api/results").json()["results"]]
    assert result["id"] in listed
    assert server.request("DELETE", path).status == 204
    server.get(path).problem(410, "gone")
    server.get("/api/results/unknown").problem(404, "not-found")
    other = server.analyze(DATA, "keep=1").headers["Location"]
    server.get(other + "?stream=yes").problem(400, "bad-option")
    assert server.request("DELETE", other).status == 204
    other = server.analyze(DATA, "keep=1").headers["Location"]
    server.get(other + "/peaks").problem(404, "not-found")


def test_queue():
    """Who waits learns how many are before."""
    with Server(PROGRAM, "--jobs", "1") as small:
        long = DATA[:44] + DATA[44:] * 20
        streams = []
        threads = [threading.Thread(target=lambda: streams.append(small.analyze(long, "stream=1").lines()))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        places = [[line["ahead"] for line in stream if "ahead" in line] for stream in streams]
        assert all(place == sorted(place, reverse=True) for place in places), places
        assert sum(len(place) > 1 for place in places) >= 2, places


def test_not_kept():
    for result in server.get("/api/results").json()["results"]:  # all have ended
        server.get(f"/api/results/{result['id']}?stream=1")
    before = server.get("/api/results").json()["results"]
    server.analyze(DATA)
    server.analyze(DATA, "stream=1")
    assert server.get("/api/results").json()["results"] == before


def test_models():
    models = server.get("/api/models").json()["models"]
    names = [m["name"] for m in models]
    assert names == sorted(names) and sum(m["default"] for m in models) == 1
    for model in models:
        assert server.get("/api/models/" + model["name"]).json() == model
        assert server.analyze(DATA, "model=" + model["name"]).json()["labels"] == model["labels"]
        if model["card"]:
            card = server.get(f"/api/models/{model['name']}/card")
            assert card.headers["Content-Type"].startswith("text/markdown") and card.data
    server.get("/api/models/none").problem(404, "unknown-model")
    server.get("/api/models/none/card").problem(404, "unknown-model")
    server.analyze(DATA, "model=..%2f..%2fetc%2fpasswd").problem(404, "unknown-model")


def test_options():
    assert server.analyze(DATA, "priors=neutral%3D0.9").status == 200
    fast = server.analyze(DATA, "window=1&interval=0.5").json()["windows"]
    assert len(fast) >= 9
    for query in ("priors=neutral%3D2", "priors=joy%3D0.5", "priors=", "priors=neutral%3D0.7,sad%3D0.7", "window=0",
                  "window=x", "interval=4", "window=0.5", "adaptation=maybe", "peaks=2", "stream=yes",
                  "priors=neutral%3D(fraction)1/2%3Bx"):
        server.analyze(DATA, query).problem(400, "bad-option")


def form(fields, file_name="x.wav", data=DATA):
    boundary = "----boundary42"
    parts = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                    for name, value in fields.items())
    head = (f'{parts}--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"\r\n'
            f"Content-Type: audio/wav\r\n\r\n")
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def test_form():
    body, kind = form({"model": "emodb", "priors": "equal"})
    answer = server.request("POST", "/api/analyze", body, {"Content-Type": kind}).json()
    assert answer["model"] == "emodb" and answer["name"] == "x.wav" and answer["priors"] == "equal"
    assert answer["windows"] == server.analyze(DATA, "model=emodb&priors=equal").json()["windows"]
    table, kind_of_table = form({"format": "csv"})
    answer = server.request("POST", "/api/analyze", table, {"Content-Type": kind_of_table})
    assert answer.headers["Content-Type"].startswith("text/csv"), answer.headers
    page = server.request("POST", "/api/analyze?format=html", body, {"Content-Type": kind})
    assert page.status == 200 and b"<table" in page.data
    server.request("POST", "/api/analyze", b"--x--", {"Content-Type": "multipart/form-data; boundary=x"}).problem(
        400, "bad-request")
    server.request("POST", "/api/analyze", body, {"Content-Type": "multipart/form-data"}).problem(400, "bad-request")


def test_metrics():
    """Prometheus's own checker finds nothing, where it is installed."""
    answer = server.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    if shutil.which("promtool"):
        check = subprocess.run(["promtool", "check", "metrics"], input=answer.data, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
        assert check.returncode == 0 and not check.stdout.strip(), check.stdout.decode()


def test_page_is_whole():
    """Each file of the page is in the program, as it is in the sources."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "server", "web")
    for path, _, names in os.walk(folder):
        for name in names:
            url = "/web/" + os.path.relpath(os.path.join(path, name), folder)
            with open(os.path.join(path, name), "rb") as file:
                assert server.get("/" if url == "/web/index.html" else url).data == file.read(), url


def test_routes():
    assert server.get("/healthz").data == b"ok\n"
    assert server.get("/readyz").json()["ready"] is True
    assert server.get("/openapi.json").json()["openapi"].startswith("3")
    info = server.get("/api/info").json()
    assert info["authorized"] and not info["token_required"]
    server.get("/api/unknown").problem(404, "not-found")
    server.get("/web/../main.c").problem(404, "not-found")
    server.get("/web/%2e%2e/%2e%2e/etc/passwd")
    wrong = server.request("PUT", "/api/analyze", DATA)
    wrong.problem(405, "method-not-allowed")
    assert wrong.headers["Allow"] == "POST"
    server.get("/api/live").problem(400, "bad-request")
    head = server.request("HEAD", "/healthz")
    assert head.status == 200 and head.data == b""
    page = server.get("/")
    assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
    assert server.get("/", **{"If-None-Match": page.headers["ETag"]}).status == 304
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_origin_and_host():
    own = f"127.0.0.1:{server.port}"
    assert server.get("/api/info", Origin=f"http://{own}").status == 200
    for origin in ("http://evil.example", f"http://evil.example:{server.port}", "null", f"http://{own}.evil.example"):
        server.get("/api/info", Origin=origin).problem(403, "forbidden-origin")
        server.analyze(DATA, Origin=origin).problem(403, "forbidden-origin")
        assert WebSocket(server.port, headers=[f"Origin: {origin}"]).status == 403
    for host in ("evil.example", f"evil.example:{server.port}", "localhost.evil.example", "127.0.0.1.evil.example"):
        server.get("/api/info", Host=host).problem(403, "forbidden-host")
        server.get("/", Host=host).problem(403, "forbidden-host")
    for host in (f"localhost:{server.port}", "[::1]:80", "127.0.0.1"):
        assert server.get("/api/info", Host=host).status == 200
    with Server(PROGRAM, "--host", "emotion.example") as named:
        assert named.get("/api/info", Host="emotion.example", Origin="https://emotion.example").status == 200


def test_token():
    path = os.path.join(work.name, "token")
    with open(path, "w") as file:
        file.write(TOKEN + "\n")
    with Server(PROGRAM, "--token-file", path) as guarded:
        assert guarded.get("/").status == 200 and guarded.get("/healthz").status == 200
        info = guarded.get("/api/info").json()
        assert info["token_required"] and not info["authorized"]
        for private in ("/api/models", "/api/results", "/metrics"):
            guarded.get(private).problem(401, "unauthorized")
        guarded.analyze(DATA).problem(401, "unauthorized")
        assert WebSocket(guarded.port).status == 401
        wrong = {"Authorization": "Bearer " + TOKEN[:-1] + "x"}
        guarded.request("GET", "/api/models", headers=wrong).problem(401, "unauthorized")
        right = {"Authorization": "Bearer " + TOKEN}
        assert guarded.request("GET", "/api/models", headers=right).status == 200
        assert WebSocket(guarded.port, headers=["Authorization: Bearer " + TOKEN]).status == 101
        guarded.request("POST", "/api/login", json.dumps({"token": "x"})).problem(401, "unauthorized")
        for body in ("", "[]", "{", '{"token": 5}', '{"token": null}'):
            guarded.request("POST", "/api/login", body).problem(401, "unauthorized")
        login = guarded.request("POST", "/api/login", json.dumps({"token": TOKEN}))
        assert login.status == 204
        cookie = login.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and TOKEN not in cookie
        session = {"Cookie": "other=1; " + cookie.split(";")[0]}
        assert guarded.request("GET", "/api/models", headers=session).status == 200
        assert guarded.request("GET", "/api/info", headers=session).json()["authorized"]
        assert WebSocket(guarded.port, headers=["Cookie: " + session["Cookie"]]).status == 101
        guarded.request("GET", "/api/models", headers={"Cookie": "emotion-session="}).problem(401, "unauthorized")
        assert guarded.request("POST", "/api/logout").status == 204


def test_refused_start():
    for options in (["--listen", "0.0.0.0:0"], ["--listen", "[::]:0"], ["--listen", "nowhere:1"], ["--listen", "x"],
                    ["--token-file", "/nowhere"], ["--jobs", "0"], ["--tls-key", CLIP], ["extra"],
                    ["--models", work.name], ["--listen", f"127.0.0.1:{server.port}"],
                    ["--tls-key", CLIP, "--tls-certificate", CLIP]):
        run = subprocess.run([PROGRAM, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert run.returncode in (1, 2) and run.stderr.startswith("emotion-server: "), (options, run)
        assert len(run.stderr.splitlines()) == 1, run.stderr
    taken = subprocess.run([PROGRAM, "--listen", f"127.0.0.1:{server.port}"], stderr=subprocess.PIPE, text=True).stderr
    assert f"port {server.port}" in taken and "--listen 127.0.0.1:PORT" in taken, taken
    short = os.path.join(work.name, "short")
    with open(short, "w") as file:
        file.write("abc")
    run = subprocess.run([PROGRAM, "--token-file", short], stderr=subprocess.PIPE, text=True)
    assert run.returncode == 2 and "16 characters" in run.stderr


def test_limits():
    with Server(PROGRAM, "--max-upload", "1", "--max-duration", "1", "--jobs", "1", "--queue", "0") as small:
        small.analyze(b"x" * (1024 * 1024 + 1)).problem(413, "too-large")
        long = os.path.join(work.name, "long.flac")
        subprocess.run(["gst-launch-1.0", "-q", "audiotestsrc", "wave=silence", "num-buffers=1000",
                        "samplesperbuffer=8000", "!", "audio/x-raw,rate=16000,channels=1", "!", "flacenc", "!",
                        "filesink", f"location={long}"], check=True)
        small.analyze(open(long, "rb").read()).problem(413, "too-long")
        # The one place is taken by an upload that does not end.
        slow = socket.create_connection(("127.0.0.1", small.port))
        slow.sendall(f"POST /api/analyze HTTP/1.1\r\nHost: 127.0.0.1:{small.port}\r\nContent-Length: 1000\r\n\r\n"
                     .encode())
        answer = small.analyze(DATA)
        while answer.status == 200:  # until the server has read the headers of the slow one
            answer = small.analyze(DATA)
        answer.problem(429, "busy")
        assert int(answer.headers["Retry-After"]) > 0
        slow.close()
        small.wait_for(lambda m: small.analyze(DATA).status == 200, "a place after the slow client left")
    with Server(PROGRAM, "--time-limit", "1") as hasty:
        slow = socket.create_connection(("127.0.0.1", hasty.port), timeout=60)
        slow.sendall(f"POST /api/analyze HTTP/1.1\r\nHost: 127.0.0.1:{hasty.port}\r\nContent-Length: 1000\r\n\r\nabc"
                     .encode())
        while slow.recv(1000):
            pass  # until it is cut
        assert hasty.analyze(DATA).status == 200


def test_window_limit():
    """Short intervals make many windows: their number is limited, not only the length."""
    if "EMOTION_TEST_LONG" not in os.environ:
        return
    silence = os.path.join(work.name, "silence.wav")
    write_wav(silence, bytes(2 * 8000 * 2100), 8000)
    with open(silence, "rb") as file:
        detail = server.analyze(file.read(), "interval=0.1").problem(413, "too-long")
    assert "20000 windows" in detail, detail


def test_forgets():
    with Server(PROGRAM, "--keep", "0") as forgetful:
        path = forgetful.analyze(DATA, "keep=1").headers["Location"]
        forgetful.wait_for(lambda m: forgetful.get(path).status == 410, "the result to be forgotten")


def test_many_at_once():
    answers = []
    with Server(PROGRAM, "--queue", "40") as busy:
        threads = [threading.Thread(target=lambda: answers.append(busy.analyze(DATA).json()["windows"]))
                   for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(answers) == 30 and all(answer == answers[0] for answer in answers)


try:
    run_tests([value for name, value in list(globals().items()) if name.startswith("test_")])
finally:
    server.stop()
