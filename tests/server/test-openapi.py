#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The document /openapi.json describes what emotion-server answers.
usage: test-openapi.py EMOTION-SERVER"""
import os
import re
import sys
import tempfile

from emotion_server import Server, make_voice, run_tests, write_wav

work = tempfile.TemporaryDirectory(prefix="emotion-openapi-")
CLIP = os.path.join(work.name, "clip.wav")
write_wav(CLIP, make_voice(5.3) + bytes(32000 * 4))  # and silence, for windows with a reason
DATA = open(CLIP, "rb").read()
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
KEYWORDS = {"$ref", "type", "description", "default", "const", "enum", "pattern", "minimum", "maximum", "allOf",
            "oneOf", "items", "maxItems", "properties", "required", "additionalProperties", "example", "format",
            "contentEncoding"}
server = Server(sys.argv[1])
document = server.get("/openapi.json").json()


def resolve(node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def check_simple(value, schema, where):
    kind = schema.get("type")
    assert kind is None or isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool)), where
    assert "const" not in schema or value == schema["const"], (where, value)
    assert "enum" not in schema or value in schema["enum"], (where, value)
    assert "pattern" not in schema or re.search(schema["pattern"], value), (where, value)
    assert "minimum" not in schema or value >= schema["minimum"] - 1e-9, (where, value)
    assert "maximum" not in schema or value <= schema["maximum"] + 1e-9, (where, value)
    assert "maxItems" not in schema or len(value) <= schema["maxItems"], where


def check_part(value, schema, where):
    """Checks a value, and returns the names of the members that the schema describes."""
    schema, names = resolve(schema), set()
    assert set(schema) <= KEYWORDS, (where, set(schema) - KEYWORDS)  # a keyword that this does not check
    check_simple(value, schema, where)
    for part in schema.get("allOf", []):
        names |= check_part(value, part, where)
    if "oneOf" in schema:  # by their types
        names |= check_part(value, next(s for s in map(resolve, schema["oneOf"]) if is_line(value, s)), where)
    for item in value if "items" in schema else []:
        check(item, schema["items"], where + "[]")
    missing = set(schema.get("required", [])) - set(value if isinstance(value, dict) else [])
    assert not missing, (where, missing)
    for name, member in schema.get("properties", {}).items():
        names.add(name)
        if name in value:
            check(value[name], member, f"{where}.{name}")
    for name in value if "additionalProperties" in schema else []:
        check(value[name], schema["additionalProperties"], f"{where}.{name}")
        names.add(name)
    return names


def is_line(value, schema):
    parts = [schema, *map(resolve, schema.get("allOf", []))]
    return any(part.get("properties", {}).get("type", {}).get("const") == value["type"] for part in parts)


def check(value, schema, where):
    names = check_part(value, schema, where)
    assert not isinstance(value, dict) or not (set(value) - names), (where, set(value) - names)


def check_answer(answer, operation):
    """The status and the type of an answer are in the document, and so are all its members."""
    assert str(answer.status) in operation["responses"], (operation["operationId"], answer.status, answer.data)
    response = resolve(operation["responses"][str(answer.status)])
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    assert not response.get("content") or kind in response["content"], (operation["operationId"], kind)
    schema = response.get("content", {}).get(kind, {}).get("schema")
    if kind == "application/x-ndjson":
        for line in answer.lines():
            check(line, schema, operation["operationId"] + " " + line["type"])
    elif schema and kind.endswith("json") and schema != {"type": "object"}:  # those are files of their own
        check(answer.json(), schema, operation["operationId"])
    return answer


def test_paths():
    """Every operation is answered as described; the deletion is the last one of its path."""
    path = server.analyze(DATA, "keep=1&peaks=1&spectrogram=1").headers["Location"]
    server.get(path + "?stream=1")  # to its end
    values = {"{id}": path.rsplit("/", 1)[1], "{name}": server.get("/api/info").json()["default_model"]}
    operations = [(o.get("operationId") == "forgetResult", method.upper(), address, o)
                  for address, item in document["paths"].items() for method, o in item.items() if method != "parameters"]
    for _, method, address, operation in sorted(operations, key=lambda o: o[0]):
        file = next((p["example"] for p in document["paths"][address].get("parameters", []) if "example" in p), "")
        for name, value in {**values, "{file}": file}.items():
            address = address.replace(name, value)
        body = {"analyze": DATA, "login": '{"token": "any"}'}.get(operation["operationId"])
        answer = check_answer(server.request(method, address, body), operation)
        assert answer.status < 400 or operation["operationId"] == "live", (method, address, answer.data)


def test_analyses():
    analyze = document["paths"]["/api/analyze"]["post"]
    queries = {p["name"] for p in map(resolve, analyze["parameters"])}
    assert queries == {"model", "priors", "adaptation", "window", "interval", "name", "peaks", "spectrogram", "stream",
                       "keep", "format"}
    for model in server.get("/api/models").json()["models"]:
        for query in ("", "&stream=1&peaks=1", "&priors=equal&window=1&interval=0.5"):
            result = check_answer(server.analyze(DATA, f"model={model['name']}{query}"), analyze)
        assert any("reason" in w for w in result.json()["windows"]) and result.json()["summary"]
    for data, query, status in ((b"x" * 1000, "", 422), (b"x" * 1000, "stream=1", 200), (b"", "", 400),
                                (DATA, "model=none", 404), (DATA, "keep=1", 202), (DATA, "keep=1&stream=1", 200)):
        assert check_answer(server.analyze(data, query), analyze).status == status
    for kind in analyze["responses"]["200"]["content"]:
        if kind != "application/x-ndjson":
            assert check_answer(server.analyze(DATA, Accept=kind), analyze).headers["Content-Type"].startswith(kind)
    failed = server.analyze(b"x" * 1000, "keep=1").headers["Location"]
    server.get(failed + "?stream=1")
    operation = document["paths"]["/api/results/{id}"]["get"]
    assert check_answer(server.get(failed), operation).json()["error"]["code"] == "undecodable"


def test_validator():
    """The checks of this file find a member that is missing, unknown or wrong."""
    window = server.analyze(DATA).json()["windows"][0]
    schema = document["components"]["schemas"]["Window"]
    check(window, schema, "window")
    for change in ({"start": "0"}, {"confidence": 2}, {"reason": "tired"}, {"unknown": 1}, {"scores": {"sad": None}},
                   {"partial": False}, {"emotion": None}):
        try:
            check({**window, **change}, schema, "window")
        except AssertionError:
            continue
        raise AssertionError(change)


try:
    run_tests([value for name, value in list(globals().items()) if name.startswith("test_")])
finally:
    server.stop()
