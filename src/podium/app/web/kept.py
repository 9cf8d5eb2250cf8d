"""Whole answers kept in memory: what depends on its address alone is made once, tagged, pressed, and sent again."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool

__all__ = ["KEEP", "Answers", "Kept"]

KEEP = "no-cache"
"""The cache-control of an answer that depends on its address, the reader's language and the ledger alone."""
PRESSED = ("text/", "application/json", "image/svg+xml")
WORTH_PRESSING, LEVEL = 1_000, 4
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    """A body with its headers, its tag, and whether the body is pressed (gzip)."""

    headers: Headers
    body: bytes
    tag: bytes
    pressed: bool


class Answers:
    """The last answers, as many as fit into so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._held: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Answer | None:
        """The answer held under a key, or None."""
        with self._lock:
            if (held := self._held.get(key)) is not None:
                self._held.move_to_end(key)
            return held

    def put(self, key: Hashable, answer: Answer) -> None:
        """Hold an answer, and drop those not asked for longest where there are too many bytes."""
        with self._lock:
            old = self._held.pop(key, None)
            self._held[key] = answer
            self.bytes += len(answer.body) - (len(old.body) if old else 0)
            while self.bytes > self.most_bytes and len(self._held) > 1:
                self.bytes -= len(self._held.popitem(last=False)[1].body)


class Kept:
    """ASGI middleware that keeps answers marked with `KEEP`.

    Parameters
    ----------
    key
        What an answer depends on, from the scope and its headers; None for a request whose answer is not kept.
    answers
        Where they are held.
    """

    def __init__(
        self, app: Any, *, key: Callable[[Scope, dict[bytes, bytes]], Hashable | None], answers: Answers
    ) -> None:
        self.app, self.key, self.answers = app, key, answers
        self._making: dict[Hashable, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Send what is held, else what the application makes, which is then held."""
        headers = dict(scope["headers"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        key = None if headers is None else self.key(scope, headers)
        if headers is None or key is None:
            await self.app(scope, receive, send)
            return
        start, held = time.perf_counter(), self.answers.get(key)
        if held is None and (other := self._making.get(key)) is not None:
            await other.wait()  # several ask at once for what is made but once
            held = self.answers.get(key)
        if held is None:
            held = await self._made(key, scope, receive, send)
        if held is not None:
            told = f"total;dur={1000 * (time.perf_counter() - start):.1f}".encode()
            await _sent(held, headers, send, told)

    async def _made(self, key: Hashable, scope: Scope, receive: Any, send: Any) -> Answer | None:
        """What the application answers, held; None where it is not to be kept and has been sent already."""
        done = self._making[key] = asyncio.Event()
        start: Message = {}
        parts: list[bytes] = []

        async def caught(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            if _to_keep(start):
                parts.append(message.get("body", b""))
            else:
                self._let_go(key, done)  # a stream may go on for minutes
                await send(message)

        try:
            await self.app(scope, receive, caught)
            if not _to_keep(start):
                return None
            answer = await run_in_threadpool(_pressed, start["headers"], b"".join(parts))
            self.answers.put(key, answer)
            return answer
        finally:
            self._let_go(key, done)

    def _let_go(self, key: Hashable, done: asyncio.Event) -> None:
        """Let those who wait go on."""
        if self._making.get(key) is done:
            del self._making[key]
        done.set()


def _to_keep(start: Message) -> bool:
    """Whether an answer that begins so is to be kept."""
    return start.get("status") == 200 and (b"cache-control", KEEP.encode()) in start["headers"]


def _pressed(headers: Headers, body: bytes) -> Answer:
    kind = dict(headers).get(b"content-type", b"").decode("latin-1")
    tag = b'"' + hashlib.sha256(body).hexdigest()[:24].encode() + b'"'
    rest = [(k, v) for k, v in headers if k not in (b"content-length", b"etag")]
    small = gzip.compress(body, LEVEL, mtime=0) if kind.startswith(PRESSED) and len(body) > WORTH_PRESSING else b""
    return Answer(rest, small, tag, True) if small else Answer(rest, body, tag, False)


async def _sent(held: Answer, headers: dict[bytes, bytes], send: Any, took: bytes) -> None:
    """Send an answer in the form the reader takes, or tell that it is unchanged."""
    common = [*held.headers, (b"etag", held.tag), (b"vary", b"Accept-Encoding, Accept-Language, HX-Request"),
              (b"server-timing", took)]  # fmt: skip
    if held.tag in [t.strip().removeprefix(b"W/") for t in headers.get(b"if-none-match", b"").split(b",")]:
        kept = [(k, v) for k, v in common if k != b"content-type"]
        await send({"type": "http.response.start", "status": 304, "headers": kept})
        await send({"type": "http.response.body", "body": b""})
        return
    body = held.body
    if held.pressed and _takes_gzip(headers.get(b"accept-encoding", b"")):
        common.append((b"content-encoding", b"gzip"))
    elif held.pressed:
        body = gzip.decompress(body)
    common.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": common})
    await send({"type": "http.response.body", "body": body})


def _takes_gzip(accepted: bytes) -> bool:
    """Whether an Accept-Encoding admits gzip; `gzip;q=0` does not."""
    for part in accepted.split(b","):
        name, _, quality = part.partition(b";")
        if name.strip().lower() in (b"gzip", b"*"):
            return quality.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False
