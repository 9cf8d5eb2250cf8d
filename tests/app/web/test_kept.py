"""Answers kept whole: made once, tagged, pressed, forgotten in order, and never a stale one."""

from __future__ import annotations

import asyncio
import gzip
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from podium.app.web.kept import KEEP, Answer, Answers, Kept
from podium.app.web.request import kept_key

TOKEN = "open sesame, please"


def _told(control: str, made: Counter[str]) -> Any:
    """An application that counts what it makes."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        made[scope["path"]] += 1
        own = made[scope["path"]]
        await asyncio.sleep(0.01)
        headers = [(b"content-type", b"text/html"), (b"cache-control", control.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": f"<p>{own}".encode() + b" " * 2000})

    return app


@pytest.mark.parametrize(("control", "times"), [(KEEP, 1), ("no-store", 6)])
def test_what_may_be_kept_is_made_once(awaited: Any, control: str, times: int) -> None:
    """Readers who ask together or later share one making; what may not be kept is made for each."""
    made: Counter[str] = Counter()
    app = Kept(_told(control, made), key=lambda scope, _: scope["path"], answers=Answers(10_000))

    async def ask() -> set[str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
            first = await asyncio.gather(*(client.get("/a") for _ in range(5)))
            return {r.text for r in (*first, await client.get("/a"))}

    assert len(awaited(ask())) == times == made["/a"]


def test_nobody_waits_for_a_stream(awaited: Any) -> None:
    """A second reader of a stream is served while the first still listens."""

    async def ask() -> int:
        begun, end = asyncio.Semaphore(0), asyncio.Event()

        async def stream(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            begun.release()
            await end.wait()
            await send({"type": "http.response.body", "body": b"."})

        app = Kept(stream, key=lambda scope, _: scope["path"], answers=Answers(100))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
            both = [asyncio.create_task(client.get("/events")) for _ in range(2)]
            async with asyncio.timeout(10):
                await begun.acquire()
                await begun.acquire()
            end.set()
            return sum(r.status_code == 200 for r in await asyncio.gather(*both))

    assert awaited(ask()) == 2


def test_memory_is_bounded() -> None:
    """The answers not asked for longest go first; the bytes are counted."""
    answers = Answers(250)
    for name in "abc":
        answers.put(name, Answer([], b"x" * 100, b"", False))
        assert answers.get("a") is not None
    assert (answers.get("b"), answers.bytes) == (None, 200)
    answers.put("a", Answer([], b"x", b"", False))
    assert answers.bytes == 101


def test_pages_are_pressed_for_who_takes_it(client: httpx.Client) -> None:
    """The same page comes pressed or plain, under one tag; an answer tells caches what it depends on."""
    with client.stream("GET", "/", headers={"accept-encoding": "gzip"}) as pressed:
        raw = b"".join(pressed.iter_raw())
    plain = client.get("/", headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers and gzip.decompress(raw) == plain.content
    assert pressed.headers["etag"] == plain.headers["etag"] and len(raw) < len(plain.content) / 3
    assert "Accept-Language" in plain.headers["vary"] and "set-cookie" not in plain.headers


def test_no_page_with_a_secret_is_kept(client: httpx.Client) -> None:
    """Pages whose forms carry a token are made for each visitor."""
    for path in ("/article", "/evidence/add"):
        answer = client.get(path)
        assert "form_token" in answer.text and answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers and "content-encoding" not in answer.headers
    for path in ("/", "/pair", "/method", "/evidence", "/scenario"):
        assert "form_token" not in client.get(path).text


def test_a_writing_shows_at_once(client: httpx.Client) -> None:
    """What is kept of the evidence is forgotten when the ledger changes."""
    before = client.get("/api/v1/facts?subject=Newland")
    assert before.json()["facts"] == []
    fact = {"subject": "Newland", "attribute": "rank:Test", "publisher": "A test", "value": "2"}
    client.post("/api/v1/facts", json=fact, headers={"authorization": f"Bearer {TOKEN}"})
    after = client.get("/api/v1/facts?subject=Newland", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200 and after.json()["facts"][0]["value"] == 2


def test_what_an_answer_depends_on(tmp_path: Path) -> None:
    """Address, language and kind of request tell answers apart; the ledger only where it is shown."""
    store = tmp_path / "ledger.db"

    def key(path: str, *, place: str = str(store), **headers: str) -> Any:
        sent = {k.replace("_", "-").encode(): v.encode() for k, v in headers.items()}
        return kept_key({"path": path, "query_string": b"q"}, sent, store=place)

    assert key("/", accept_language="ko") != key("/") != key("/", hx_request="true")
    assert key("/", accept_language="fr") == key("/", accept_language="en-GB")
    page, facts = key("/"), key("/evidence")
    store.write_text("x", encoding="ascii")
    assert key("/") == page and key("/evidence") != facts
    assert key("/evidence", place="postgresql://host/db") is None is key("/" + "x" * 3000)
