"""What is tried against a server, and what becomes of it: nothing."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

TOKEN = "open sesame, please"
FACT = {"subject": "Harmland", "attribute": "rank:Test", "publisher": "A test", "value": "2"}
OPEN = {"authorization": f"Bearer {TOKEN}"}


def _raw(server: str, head: str, body: bytes = b"") -> bytes:
    """The beginning of what the server answers to bytes that no client library would send."""
    place = urlsplit(server)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=60) as wire:
        wire.sendall(head.replace("\n", "\r\n").encode("latin-1") + body)
        return wire.recv(65536)


@pytest.mark.parametrize(
    "path",
    ["/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd", "/files/ranking/%2e%2e%2f%2e%2e%2fx.csv",
     "/files/../../etc/passwd.json", "/article/..%2f..%2fetc%2fpasswd", "/country/..%2f..%2fetc", "/files/article/..%2fx.html",
     "/static/" + "0" * 12 + "/..%2fapp.js", "//etc/passwd"],
)  # fmt: skip
def test_no_path_leads_out(server: str, path: str) -> None:
    """Dots and slashes, raw or encoded, find nothing."""
    answer = _raw(server, f"GET {path} HTTP/1.1\nhost: localhost\nconnection: close\n\n")
    assert answer.startswith(b"HTTP/1.1 404") and b"root:" not in answer


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "localhost@evil.example", "", "localhost,evil.example"]
)
def test_no_other_name_leads_in(server: str, host: str) -> None:
    """A page of another name that points here (DNS rebinding) is told nothing, whatever it asks for."""
    for path in ("/", "/api/v1/index", "/article"):
        assert _raw(server, f"GET {path} HTTP/1.1\nhost: {host}\n\n").startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
def test_pages_of_others_send_nothing(client: httpx.Client, headers: dict[str, str]) -> None:
    """What a browser says to come from elsewhere starts, stops and writes nothing, not even with the token."""
    sent = [
        client.post("/api/v1/sensitivity", json={"n": 64}, headers=headers),
        client.post("/api/v1/facts", json=FACT, headers=headers | OPEN),
        client.request("DELETE", "/api/v1/jobs/" + "0" * 24, headers=headers),
        client.post("/article", data={"text": "x"}, headers=headers),
    ]
    assert [a.status_code for a in sent] == [403] * 4
    assert client.get("/api/v1/facts?subject=Harmland").json()["facts"] == []


def test_simple_requests_are_no_json(client: httpx.Client) -> None:
    """A body that a form of any page could send is not taken for JSON."""
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = client.post("/api/v1/sensitivity", content=b'{"n": 64}', headers={"content-type": kind})
        assert answer.status_code == 422


def test_bodies_end(server: str, client: httpx.Client) -> None:
    """Bodies too large are cut off, also without a length; pressed ones are not opened; deep ones are no JSON."""

    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    assert client.post("/api/v1/articles", content=endless(), headers={"content-type": "application/json"}).status_code == 413
    bomb = gzip.compress(json.dumps({"text": "a" * 30_000_000}).encode())
    pressed = {"content-type": "application/json", "content-encoding": "gzip"}
    assert client.post("/api/v1/articles", content=bomb, headers=pressed).status_code in (400, 422)
    deep = client.post("/api/v1/articles", content="[" * 300_000, headers={"content-type": "application/json"})
    assert deep.status_code in (400, 422) and len(deep.content) < 2000
    claimed = "POST /api/v1/articles HTTP/1.1\nhost: localhost\ncontent-type: application/json\ncontent-length: 99999999999\n\n"
    assert _raw(server, claimed).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "body",
    [{"draws": 10**9}, {"draws": -1}, {"rank": 10**30}, {"events": ["accelerators JPN x 1 2026-07"] * 41}, {"events": []},
     {"events": ["accelerators JPN x nan 2026-07"]}, {"events": ["x" * 401]}, {"unit": "x" * 201}, {"extra": 1}],
)  # fmt: skip
def test_too_much_is_refused(client: httpx.Client, body: dict[str, object]) -> None:
    """Numbers, lists and texts beyond the limits get a 4xx in the one shape, and no job."""
    asked = {"events": ['accelerators JPN "NVIDIA B200" 1600 2026-07'], **body}
    answer = client.post("/api/v1/scenarios", json=asked)
    assert answer.status_code in (400, 422)
    assert set(answer.json()["error"]) == {"status", "code", "message", "faults"}


def test_long_addresses_get_short_answers(client: httpx.Client) -> None:
    """An address full of faults is answered with the first of them."""
    answer = client.get("/api/v1/ranking?" + "&".join(f"weight=x{k}:1" for k in range(200)))
    assert answer.status_code == 400 and len(answer.json()["error"]["faults"]) == 21
    assert len(client.get("/?" + "&".join(f"w.x{k}=1" for k in range(3000))).content) < 10_000


def test_nothing_is_written_without_the_token(client: httpx.Client) -> None:
    """Neither the API nor the form records a fact without the token, or one that is no number."""
    page = client.get("/evidence/add").text
    held = {"form_token": str(re.findall(r'name="form_token" value="(\w+)"', page)[0])}
    assert client.post("/evidence/add", data={**FACT, **held}).status_code == 403
    assert client.post("/evidence/add", data={**FACT, **held, "token": "sesame"}).status_code == 403
    assert client.post("/evidence/add", data={**FACT, "token": TOKEN}).status_code == 403
    assert client.post("/api/v1/facts", json=FACT, headers={"authorization": "Bearer x"}).status_code == 401
    for value in ("nan", "inf", "1e999", "two"):
        assert client.post("/api/v1/facts", json={**FACT, "value": value}, headers=OPEN).status_code == 400
    assert client.get("/api/v1/facts?subject=Harmland").json()["facts"] == []


def test_a_read_only_server_takes_no_fact(awaited: Any) -> None:
    """Started without a token, the server has no form for facts and refuses them."""
    from podium.app.web.server import Settings, create_app

    async def ask() -> list[int]:
        app = create_app(Settings(spec="starter", draws=100), warm=False)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            api = await client.post("/api/v1/facts", json=FACT, headers=OPEN)
            return [api.status_code, (await client.get("/evidence/add")).status_code]

    assert awaited(ask()) == [403, 404]


def test_spreadsheets_and_pages_get_no_formula_and_no_script(client: httpx.Client) -> None:
    """A fact written to run in a spreadsheet or a browser is text in both."""
    nasty = {**FACT, "subject": "=cmd|' /C calc'!A0", "title": "<script>alert(1)</script>", "url": "javascript:alert(1)"}
    assert client.post("/api/v1/facts", json=nasty, headers=OPEN).status_code == 201
    table = client.get("/files/evidence/facts.csv").content.decode("utf-8-sig")
    assert "'=cmd|" in table and not re.search(r'(^|,)"?=cmd', table, re.M)
    page = client.get("/evidence", params={"text": "cmd|"}).text
    assert "=cmd|" in page and "<script>alert" not in page and 'href="javascript' not in page


def test_uploads_that_are_no_text(client: httpx.Client) -> None:
    """Archives, binaries and markup without end are turned down in words or read as text, soon; nothing is unpacked."""
    held = {"form_token": str(re.findall(r'name="form_token" value="(\w+)"', client.get("/article").text)[0])}
    files = {
        "zip.txt": b"PK\x03\x04" + b"\0" * 100_000,
        "gz.txt": gzip.compress(b"a" * 10_000_000),
        "tags.html": b"<a " * 30_000,
        "nested.html": b"<div>" * 15_000,
        "entities.html": b"&lol;" * 18_000,
    }
    for name, raw in files.items():
        answer = client.post("/article", data=held, files={"file": (name, raw)})
        assert answer.status_code == 303
        begun, where = time.monotonic(), answer.headers["location"]
        while "progress" in (told := client.get(where)).text and time.monotonic() - begun < 60:
            time.sleep(0.1)
        assert told.status_code == 200 and ("did not work" in told.text or 'class="cards"' in told.text), name


def test_jobs_are_found_by_their_id_alone(client: httpx.Client) -> None:
    """Progress, results and files of jobs that were not begun here, or are of another kind, are not there."""
    job = client.post("/api/v1/sensitivity", json={"n": 64}).json()["id"]
    for path in ("/jobs/" + "0" * 24 + "/events", f"/article/{job}", f"/files/article/{job}.html", f"/files/scenario/{job}.json"):
        assert client.get(path).status_code == 404
    client.request("DELETE", f"/api/v1/jobs/{job}")


def test_many_listeners_hold_nobody_up(awaited: Any, server: str, client: httpx.Client) -> None:
    """Sixty who listen to one job do not keep a page waiting."""
    job = client.post("/api/v1/sensitivity", json={"n": 2048}).json()["id"]

    async def listen() -> float:
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(base_url=server, timeout=60, limits=limits) as many:
            requests = [many.build_request("GET", f"/jobs/{job}/events") for _ in range(60)]
            streams = await asyncio.gather(*(many.send(r, stream=True) for r in requests))
            begun = time.monotonic()
            for k in range(5):
                assert (await many.get(f"/article?x={k}")).status_code == 200
            took = time.monotonic() - begun
            await asyncio.gather(*(s.aclose() for s in streams))
            return took

    client.get("/article")
    assert awaited(listen()) < 10
    client.request("DELETE", f"/api/v1/jobs/{job}")
