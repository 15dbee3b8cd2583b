#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connections that are endless, slow, gone, wrong, or too many.
usage: test-hostile-http.py EMOTION-SERVER
EMOTION_TEST_LONG in the environment makes it 10 000 requests instead of 2000."""
import http.client
import io
import json
import os
import select
import socket
import struct
import sys
import tempfile
import threading
import time

import hostile_media as media
from emotion_server import TIMEOUT, Answer, Server, WebSocket, make_voice, read_wav, run_tests, write_wav

PROGRAM = sys.argv[1]
N_REQUESTS = 12000 if os.environ.get("EMOTION_TEST_LONG") else 5000
N_THREADS = 8
N_HALF_OPEN = 500
DEADLINE = 10  # s for the server to answer or to cut
PATIENCE = 2   # s of the server with little patience
MIB = 1024 * 1024
RATE = 16000
work = tempfile.TemporaryDirectory(prefix="emotion-hostile-")
CLIP = os.path.join(work.name, "clip.wav")
write_wav(CLIP, make_voice(4.3))
VOICE = read_wav(CLIP)[0]
DATA = media.wav(VOICE)
HOUR = media.flac_silence(3600)  # of analysis that takes many seconds
server = Server(PROGRAM)
hasty = Server(PROGRAM, "--jobs", "1", "--queue", "1", "--time-limit", str(PATIENCE), "--max-upload", "1")


class Reader(io.BufferedReader):
    """Stays open between the answers of a connection."""

    def close(self):
        pass


class Raw:
    """A client that sends bytes as they are. %H stands for the host's name."""

    def __init__(self, target, data=b"", receive_buffer=None):
        self.host = b"127.0.0.1:%d" % target.port
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(("127.0.0.1", target.port))
        self.reader = Reader(socket.SocketIO(self.socket, "r"))
        self.send(data.replace(b"%H", self.host))

    def makefile(self, *_):
        return self.reader

    def send(self, data):
        self.socket.sendall(data)

    def answer(self):
        """The next answer; None if the connection ends without one."""
        try:
            response = http.client.HTTPResponse(self)
            response.begin()
            return Answer(response.status, response.headers, response.read())
        except (ConnectionError, http.client.HTTPException):
            return None

    def answers(self):
        """All answers to the end of the connection."""
        answers = []
        while (answer := self.answer()) is not None:
            answers.append(answer)
        self.socket.close()
        return answers

    def wait_for_cut(self):
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionError:
            pass
        self.socket.close()

    def send_until_cut(self, data, pause=0):
        """Sends the same bytes again and again; their number when the server cut the connection."""
        end, n = time.monotonic() + DEADLINE, 0
        try:
            while not select.select([self.socket], [], [], pause)[0] or self.socket.recv(65536):
                assert time.monotonic() < end, f"not cut after {n} bytes and {DEADLINE} s"
                self.send(data)
                n += len(data)
        except ConnectionError:
            pass
        self.socket.close()
        return n

    def close(self):
        self.socket.close()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def head(line, *lines):
    return "\r\n".join([line + " HTTP/1.1", "Host: %H", *lines, "", ""]).encode()


def post(size, query=""):
    return head(f"POST /api/analyze?{query}", f"Content-Length: {size}")


def start(target=server):
    client = WebSocket(target.port)
    assert client.status == 101
    client.send({"type": "start", "rate": RATE})
    assert client.next()["type"] == "started"
    return client


def assert_well(target=server):
    assert target.get("/readyz").status == 200
    target.wait_until_idle()


def assert_others_served(target=server):
    assert target.get("/healthz").data == b"ok\n"
    assert target.analyze(DATA).status == 200
    client = start(target)
    client.send(VOICE)
    client.send({"type": "stop"})
    messages = client.rest()
    assert messages[-1]["type"] == "summary", messages
    client.close()


def test_endless_body():
    """Ends at the largest upload, or soon after it, and is in no memory then."""
    chunk = b"10000\r\n" + bytes(65536) + b"\r\n"
    before = hasty.memory()
    for path in ("/api/analyze", "/api/analyze?model=none", "/api/login", "/nowhere"):
        raw = Raw(hasty, head(f"POST {path}", "Transfer-Encoding: chunked"))
        n = raw.send_until_cut(chunk)
        assert n < 64 * MIB, (path, n)
    assert_well(hasty)
    assert hasty.memory() - before < 4 * MIB, hasty.memory() - before


def test_endless_head():
    for begin, more in ((b"GET /", b"x" * 10000), (b"GET / HTTP/1.1\r\nX: ", b"x" * 10000),
                        (b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 2000)):
        before = server.memory()
        n = Raw(server, begin).send_until_cut(more)
        assert n < 16 * MIB, (begin, n)
        assert server.memory() - before < 4 * MIB, (begin, server.memory() - before)


def test_slow_body():
    """A trickle occupies no job, and is cut in the end."""
    for start_ in (post(100000), head("POST /api/analyze", "Transfer-Encoding: chunked"), post(1000, "model=none"),
                   head("POST /api/login", "Content-Length: 1000")):
        sent = []
        begin = time.monotonic()
        raw = Raw(hasty, start_)
        thread = threading.Thread(target=lambda: sent.append(raw.send_until_cut(
            b"1\r\nx\r\n" if b"chunked" in start_ else b"x", 0.1)))
        thread.start()
        hasty.wait_for(lambda m: hasty.analyze(DATA).status == 200 and m['emotion_jobs{state="running"}'] == 0,
                       "an answer to another")
        thread.join()
        assert sent and sent[0] < 1000, (start_, sent)
        assert time.monotonic() - begin < PATIENCE + 3
    assert_well(hasty)


def test_slow_head():
    for begin, more in ((b"", b"G"), (b"GET /healthz HTTP/1.1\r\n", b"X: y\r\n")):
        Raw(hasty, begin).send_until_cut(more, 0.1)
    assert_well(hasty)


def test_vanished():
    """The only place is free again after each kind of departure."""
    with Server(PROGRAM, "--jobs", "1", "--queue", "0", "--max-live", "1") as narrow:
        def wait_for_place():
            narrow.wait_for(lambda m: narrow.analyze(DATA).status == 200, "a place")
            narrow.wait_until_idle()  # an answer may come before its place is free
        for query in ("", "stream=1&peaks=1", "stream=1&spectrogram=1"):
            for leave in (Raw.close, Raw.reset):
                raw = Raw(narrow, post(len(HOUR), query))
                raw.send(HOUR[:1000])
                leave(raw)  # in the upload
                wait_for_place()
                raw = Raw(narrow, post(len(HOUR), query))
                raw.send(HOUR)
                narrow.wait_for(lambda m: m['emotion_jobs{state="running"}'] == 1, "the analysis")
                if query:
                    raw.reader.readline()  # the status: in the stream
                leave(raw)
                wait_for_place()
        for sent in (b"", VOICE[:3200], VOICE):
            narrow.wait_for(lambda m: m["emotion_live_clients"] == 0, "a session")
            client = start(narrow)
            client.send(sent)
            client.socket.sendall(b"\x82\xfe")  # half a frame
            client.close()
        narrow.wait_for(lambda m: m["emotion_live_clients"] == 0, "a session")
        assert_others_served(narrow)
        assert_well(narrow)


def test_half_open():
    """Idle clients do not keep others out, and are cut when the server's patience ends."""
    starts = (b"", b"GET /hea", b"GET /healthz HTTP/1.1\r\nHost: %H\r\nX: ")
    fds = hasty.metrics()["process_open_fds"]
    clients = [Raw(hasty, starts[i % len(starts)]) for i in range(N_HALF_OPEN)]
    assert_others_served(hasty)
    for i, client in enumerate(clients):
        if i % len(starts):
            client.wait_for_cut()
        else:
            client.close()
    hasty.wait_for(lambda m: m["process_open_fds"] <= fds, "descriptors")


def test_two_meanings():
    """What can be read in two ways is not followed by another answer in the same connection."""
    cases = {
        "both lengths": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "both, other order": "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "two lengths": "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        "list of lengths": "Content-Length: 5, 6\r\n\r\nabcde",
        "signed length": "Content-Length: +5\r\n\r\nabcde", "negative length": "Content-Length: -5\r\n\r\nabcde",
        "length of words": "Content-Length: 5x\r\n\r\nabcde",
        "huge length": "Content-Length: 99999999999999999999\r\n\r\nabcde",
        "unknown coding": "Transfer-Encoding: chunkedx\r\n\r\n",
        "two codings": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "negative chunk": "Transfer-Encoding: chunked\r\n\r\n-5\r\n",
        "huge chunk": "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "chunk of words": "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "folded line": "X: y\r\n Content-Length: 5\r\nContent-Length:\r\n 5\r\n\r\nabcde"}
    next_ = "GET /healthz HTTP/1.1\r\nHost: %H\r\nConnection: close\r\n\r\n"
    clients = {name: Raw(hasty, f"POST /api/login HTTP/1.1\r\nHost: %H\r\n{text}{next_}".encode())
               for name, text in cases.items()}
    for name, client in clients.items():
        answers = client.answers()
        assert len(answers) <= 1, (name, [(a.status, a.data) for a in answers])
        assert not answers or answers[0].data != b"ok\n", name


def test_wrong_requests():
    """Are refused or cut."""
    big = 100 * 1024
    requests = {
        "NUL in the path": b"GET /hea\0lthz HTTP/1.1\r\nHost: %H\r\n\r\n",
        "encoded NUL": b"GET /healthz%00 HTTP/1.1\r\nHost: %H\r\n\r\n",
        "NUL in a header": b"GET /healthz HTTP/1.1\r\nHost: %H\0.example\r\n\r\n",
        "no UTF-8": b"GET /\xff\xfe%ff HTTP/1.1\r\nHost: %H\r\n\r\n",
        "broken code": b"GET /web/%zz%4 HTTP/1.1\r\nHost: %H\r\n\r\n",
        "header of 100 kB": b"GET /healthz HTTP/1.1\r\nHost: %H\r\nX: " + b"x" * big + b"\r\n\r\n",
        "10 000 headers": b"GET /healthz HTTP/1.1\r\nHost: %H\r\n" + b"X-Header: y\r\n" * 10000 + b"\r\n",
        "long URL": b"GET /" + b"x" * big + b" HTTP/1.1\r\nHost: %H\r\n\r\n",
        "long query": b"GET /api/unknown?" + b"a=b&" * 5000 + b" HTTP/1.1\r\nHost: %H\r\n\r\n",
        "CONNECT": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n",
        "TRACE": b"TRACE / HTTP/1.1\r\nHost: %H\r\nCookie: secret\r\n\r\n",
        "OPTIONS": b"OPTIONS * HTTP/1.1\r\nHost: %H\r\n\r\n", "odd method": b"G\x01T / HTTP/1.1\r\nHost: %H\r\n\r\n",
        "absolute form of another": b"GET http://evil.example/healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "two hosts": b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\nHost: %H\r\n\r\n",
        "no host": b"GET /healthz HTTP/1.1\r\n\r\n", "HTTP/9.9": b"GET /healthz HTTP/9.9\r\nHost: %H\r\n\r\n",
        "HTTP/0.9": b"GET /healthz\r\n\r\n", "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
        "TLS": bytes.fromhex("16030100050100000103030a0d0a0d0a"), "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
        "no method": b" / HTTP/1.1\r\nHost: %H\r\n\r\n", "no path": b"GET  HTTP/1.1\r\nHost: %H\r\n\r\n",
        "empty lines": b"\r\n\r\n\r\n", "zeros": bytes(1000), "header without a name": b"GET /x HTTP/1.1\r\n: y\r\n\r\n",
        "old upgrade": b"GET /api/live HTTP/1.0\r\nHost: %H\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"}
    for i, path in enumerate((b"../../../etc/passwd", b"%2e%2e/%2e%2e/%2e%2e/etc/passwd", b"..%2f..%2f..%2fetc%2fpasswd",
                              b"%252e%252e%252fetc%252fpasswd", b"..\\..\\etc\\passwd", b"..;/..;/etc/passwd",
                              b"%c0%ae%c0%ae/etc/passwd", b"/etc/passwd", b"text/../../../../etc/passwd")):
        requests[f"traversal {i}"] = b"GET /web/%s HTTP/1.1\r\nHost: %%H\r\n\r\n" % path
    clients = {}
    for name, request in requests.items():
        try:
            clients[name] = Raw(hasty, request)
        except ConnectionError:
            pass  # cut while it was sent
    for name, client in clients.items():
        answers = client.answers()
        assert len(answers) <= 1, (name, [(a.status, a.data[:100]) for a in answers])
        for answer in answers:
            assert 400 <= answer.status < 600 and answer.status != 500, (name, answer.status, answer.data[:200])
            assert b"root:" not in answer.data and b"secret" not in answer.data, (name, answer.data[:200])
    assert_well(hasty)


def test_absolute_form():
    raw = Raw(server, b"GET http://%H/healthz HTTP/1.1\r\nHost: %H\r\n\r\n")
    assert [(a.status, a.data) for a in raw.answers()] == [(200, b"ok\n")]


def test_pipelined():
    """Answers come in the order of the requests, as many as the server gives in a connection."""
    raw = Raw(server, (head("GET /healthz") + head("GET /nowhere")) * 20)
    statuses = [answer.status for answer in raw.answers()]
    assert statuses and statuses == ([200, 404] * 20)[:len(statuses)], statuses
    raw = Raw(server, post(len(DATA)))
    raw.send(DATA + head("GET /healthz").replace(b"%H", raw.host))
    answers = raw.answers()
    assert answers[0].json()["windows"] and all(answer.data == b"ok\n" for answer in answers[1:]), answers


def test_expect():
    raw = Raw(server, head("POST /api/analyze", f"Content-Length: {len(DATA)}", "Expect: 100-continue"))
    assert b" 100 " in raw.reader.readline()
    while raw.reader.readline() != b"\r\n":
        pass  # its headers
    raw.send(DATA)
    assert raw.answer().status == 200
    raw.close()
    for request, status, code in (
            (head("POST /api/analyze?model=none", "Content-Length: 1000", "Expect: 100-continue"), 404, "unknown-model"),
            (head("POST /api/analyze", f"Content-Length: {10000 * MIB}", "Expect: 100-continue"), 413, "too-large")):
        raw = Raw(server, request)
        raw.answer().problem(status, code)  # without the body
        raw.close()


def part(name, data, file=b""):
    return b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (name, file, data)


def test_forms():
    kind, end = "multipart/form-data; boundary=", b"--b--\r\n"
    file = part(b"f", DATA, b'; filename="a\x01/../b.wav"')
    parts = b"".join(part(b"field%d" % i, b"x") for i in range(400))
    for name, body, boundary in (("other boundary", file + end, "c"), ("no boundary", file + end, ""),
                                 ("long boundary", b"x", "x" * 10000), ("odd boundary", b'--"\r\n', '"\\"'),
                                 ("no file", parts + end, "b"), ("many parts", 9 * parts + file + end, "b"),
                                 ("very many parts", b"--b\r\n\r\n\r\n" * 400000 + end, "b"), ("empty parts", b"--b\r\n" * 20000, "b"),
                                 ("no head", b"--b\r\n\r\n\r\n--b--", "b"), ("endless head", b"--b\r\n" + b"x" * MIB, "b"),
                                 ("only the end", end, "b"), ("only a start", b"--b\r\n", "b"), ("dashes", b"--", "")):
        answer = server.request("POST", "/api/analyze", body, {"Content-Type": kind + boundary})
        assert answer.status in (400, 422), (name, answer.status, answer.data)
    good = server.request("POST", "/api/analyze", parts + file + parts + end, {"Content-Type": kind + "b"})
    assert good.status == 200 and good.json()["windows"], good.data
    without_end = server.request("POST", "/api/analyze", file, {"Content-Type": kind + "b"})
    assert without_end.status in (200, 400), without_end.data


def test_forms_that_end_early():
    """Also where the body fills its last page of memory, so that a byte too far would be out of it."""
    whole = part(b"f", b"RIFF", b'; filename="x"') + b"--b--\r\n"
    for n in range(1, len(whole) + 1):
        filler = b"x" * (4096 - n)
        for body in (filler[:-2] + b"\r\n" + whole[:n], whole[:n]):
            answer = server.request("POST", "/api/analyze", body, {"Content-Type": "multipart/form-data; boundary=b"})
            assert answer.status in (400, 422), (n, answer.status, answer.data)


def talk():
    client = start()
    client.send(VOICE[:6400])
    client.send({"type": "stop"})
    client.rest()
    client.close()
    return client.close_code == 1000


def answered(method, path, status, body=None, headers=None):
    return lambda: server.request(method, path, body, headers).status == status


def gone():
    Raw(server, post(len(DATA))).reset()
    return True


KINDS = [answered("GET", "/healthz", 200), answered("GET", "/api/models", 200), answered("GET", "/", 200),
         answered("GET", "/nowhere", 404), answered("HEAD", "/api/info", 200), answered("PUT", "/api/results", 405),
         answered("GET", "/healthz", 403, None, {"Host": "evil.example"}), answered("POST", "/api/login", 204, b"{}"),
         answered("POST", "/api/analyze?model=none", 404, DATA), answered("GET", "/api/results/x", 404),
         answered("GET", "/api/live", 400), answered("GET", "/openapi.json", 200), gone,
         lambda: server.analyze(b"no sound").status in (422, 429),
         lambda: server.analyze(DATA).status in (200, 429),
         lambda: server.analyze(DATA, "stream=1").status in (200, 429),
         lambda: server.analyze(DATA, "keep=1&peaks=1").status in (202, 429), talk]


def run_requests(n):
    """Requests of all kinds, by several clients at once."""
    numbers, failures, n_good = iter(range(n)), [], [0] * N_THREADS
    lock = threading.Lock()

    def run(thread):
        while True:
            with lock:
                i = next(numbers, None)
            if i is None:
                return
            try:
                if KINDS[i % len(KINDS)]():
                    n_good[thread] += 1
                else:
                    failures.append(i % len(KINDS))
            except Exception as problem:  # a failure of the test, which the main thread tells
                failures.append((i % len(KINDS), problem))
    threads = [threading.Thread(target=run, args=(i,)) for i in range(N_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and sum(n_good) == n, (failures[:5], len(failures), sum(n_good))
    for result in server.get("/api/results").json()["results"]:
        server.get(f"/api/results/{result['id']}?stream=1")
        server.request("DELETE", f"/api/results/{result['id']}")
    assert_well()


def test_many_requests():
    """A server of its own, as others have left holes in the memory of the first."""
    global server
    shared, server = server, Server(PROGRAM)
    run_requests(N_REQUESTS // 3)
    first, sizes = server.metrics(), [server.memory()]
    for _ in range(2):
        run_requests(N_REQUESTS // 3)
        sizes.append(server.memory())
    server.wait_for(lambda m: m["process_open_fds"] <= first["process_open_fds"] and
                    m["process_threads"] <= first["process_threads"], "descriptors and threads")
    print("# memory after each third of", N_REQUESTS, "requests:", [f"{size / MIB:.2f} MiB" for size in sizes])
    assert sizes[2] - sizes[0] < 2 * MIB, sizes
    server.stop()
    server = shared


def test_slow_reader():
    """Gets everything in the end, harms no other, and is not buffered."""
    sound = media.flac_silence(900)
    query = "stream=1&peaks=1"
    with Server(PROGRAM) as target:
        target.analyze(DATA, query)
        before = target.memory()
        readers = [Raw(target, post(len(sound), query), receive_buffer=4096) for _ in range(4)]
        for reader in readers:
            reader.send(sound)
        assert_others_served(target)
        target.wait_until_idle()
        growth = target.memory() - before
        assert growth < 32 * MIB, growth
        lines = readers.pop().answer().lines()
        assert lines[-1]["type"] == "done", lines[-1]
        assert sum(line["type"] == "window" for line in lines) > 890
        for reader in readers:
            reader.reset()
        assert_well(target)


def text_frame(text):
    return b"\x81\xfe" + struct.pack(">H", len(text)) + bytes(4) + text


def flood(client, message, over):
    """Sends without reading, until the server cuts the connection or the test is over."""
    client.socket.setblocking(False)
    try:
        while not over.is_set():
            if select.select([], [client.socket], [], 0.1)[1]:
                client.socket.send(message)
    except ConnectionError:
        over.set()


def serve_others_during_flood(target, message, end):
    """Serves others until the flood or the time has ended; the growth of memory, and whether the flood was cut."""
    assert_others_served(target)
    before, most, over = target.memory(), 0, threading.Event()
    client = start(target)
    thread = threading.Thread(target=flood, args=(client, message, over))
    thread.start()
    while not over.is_set() and time.monotonic() < end:
        begin = time.monotonic()
        assert_others_served(target)
        assert time.monotonic() - begin < DEADLINE, "others have to wait"
        most = max(most, target.memory())
    cut = over.is_set()
    over.set()
    thread.join()
    client.close()
    assert_well(target)
    return most - before, cut


def test_live_message_without_end():
    """Fragments of a message that does not end are not collected for ever."""
    with Server(PROGRAM) as target:
        assert_others_served(target)
        before = target.memory()
        client = start(target)
        try:
            for i in range(100):
                client.send_frame(0 if i else 2, bytes(MIB // 2), final=False)
        except ConnectionError:
            pass
        else:
            raise AssertionError("not cut")
        assert_others_served(target)
        assert target.memory() - before < 16 * MIB, target.memory() - before


def test_live_client_that_is_deaf_costs_nothing():
    """The server waits for it, and does not look for it all the time."""
    with Server(PROGRAM) as target:
        client = start(target)
        frames = (b"\x89\xfd" + bytes(4) + b"x" * 125) * 100
        client.socket.settimeout(1)
        try:
            while True:
                client.socket.sendall(frames)
        except OSError:
            pass
        before, begin = target.metrics()["process_cpu_seconds_total"], time.monotonic()
        target.wait_until_idle()  # it is cut after some seconds
        cost = target.metrics()["process_cpu_seconds_total"] - before
        assert cost < 0.2 * max(1, time.monotonic() - begin), cost
        client.close()


def test_live_client_that_does_not_read():
    """Answers that nobody reads do not pile up: the client is cut, and others are served until then."""
    ping = json.dumps({"type": "ping", "t": "x" * 15000}).encode()
    for name, message in (("ping messages", text_frame(ping)), ("ping frames", (b"\x89\xfd" + bytes(4) + b"x" * 125) * 9)):
        with Server(PROGRAM) as target:
            growth, cut = serve_others_during_flood(target, message, time.monotonic() + 2 * DEADLINE)
            assert cut and growth < 32 * MIB, (name, cut, growth // MIB)


def test_live_client_that_only_sends():
    """Messages without an answer keep no other from being served."""
    for name, message in (("empty", b"\x82\x80" + bytes(4)), ("pong", b"\x8a\x80" + bytes(4)),
                          ("fragment", b"\x02\x80" + bytes(4) + (b"\x00\x80" + bytes(4)) * 5000)):
        growth, _ = serve_others_during_flood(server, message * (1 if len(message) > 1000 else 5000),
                                              time.monotonic() + 1)
        assert growth < 32 * MIB, (name, growth // MIB)


def test_live_client_that_sends_and_does_not_read():
    """A session whose windows nobody reads ends, or fits in the socket's buffers."""
    with Server(PROGRAM) as target:
        assert_others_served(target)
        before = target.memory()
        clients = [start(target) for _ in range(4)]
        for client in clients:
            client.send(VOICE)
        assert_others_served(target)
        assert target.memory() - before < 32 * MIB, target.memory() - before
        for client in clients:
            client.close()
        assert_well(target)


try:
    run_tests([value for name, value in list(globals().items()) if name.startswith("test_")])
finally:
    for each in (server, hasty):
        each.stop()
