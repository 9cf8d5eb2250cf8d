"""What keeps a browser and a stranger from doing harm: headers, host check, limits, tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

__all__ = ["CSP", "Gate", "Guard", "csv_safe"]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


class TooLargeError(Exception):
    """A body went over the limit while it was read."""


class Guard:
    """ASGI middleware: security headers, known hosts, nothing sent from foreign pages, bodies within a limit; HEAD.

    ``refuse`` makes the answer to a request that is turned away, from the scope, a status and a sentence.
    """

    def __init__(
        self, app: App, *, hosts: Iterable[str], most_bytes: int, refuse: Callable[[Scope, int, str], App]
    ) -> None:
        self.app, self.hosts, self.most_bytes, self.refuse = app, frozenset(hosts), most_bytes, refuse

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, or turn it away."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        head = scope["method"] == "HEAD"
        scope = {**scope, "method": "GET"} if head else scope

        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = {k.lower() for k, _ in message["headers"]}
                message["headers"] = [*message["headers"], *((k, v) for k, v in HEADERS if k not in held)]
            elif head:
                message = {**message, "body": b""}
            await send(message)

        headers = {k.lower(): v for k, v in scope["headers"]}
        host = headers.get(b"host", b"").decode("latin-1")
        if _bare(host) not in self.hosts:
            await self.refuse(scope, 400, "the Host header names another server")(scope, receive, shielded)
            return
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and _is_foreign(headers):
            await self.refuse(scope, 403, "this was sent from a page of another server")(scope, receive, shielded)
            return
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.most_bytes:
            await self.refuse(scope, 413, self._too_large)(scope, receive, shielded)
            return
        seen, begun = 0, False

        async def measured() -> Message:
            nonlocal seen
            message: Message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.most_bytes:
                raise TooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            if begun or seen <= self.most_bytes:  # what the application makes of a body cut off is not sent
                begun = True
                await shielded(message)

        with suppress(TooLargeError):
            await self.app(scope, measured, watched)
        if seen > self.most_bytes and not begun:
            await self.refuse(scope, 413, self._too_large)(scope, receive, shielded)

    @property
    def _too_large(self) -> str:
        return f"the body is larger than {self.most_bytes:,} bytes"


def _is_foreign(headers: dict[bytes, bytes]) -> bool:
    """Whether a browser says that a request comes from a page of another origin; programs say nothing."""
    if headers.get(b"sec-fetch-site", b"none") not in (b"none", b"same-origin"):
        return True
    origin = headers.get(b"origin")
    return origin is not None and urlsplit(origin.decode("latin-1")).netloc != headers[b"host"].decode("latin-1")


def _bare(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host


class Gate:
    """Who may write: a secret of this run, the operator's token, and tokens against forged forms."""

    def __init__(self, token: str | None) -> None:
        self._token, self._secret = token, secrets.token_bytes(32)

    @property
    def writable(self) -> bool:
        """Whether anything may be written at all."""
        return self._token is not None

    def opens(self, given: str) -> bool:
        """Whether a text is the operator's token; compared in constant time."""
        return self._token is not None and hmac.compare_digest(self._token.encode(), given.encode())

    def form_token(self, visitor: str) -> str:
        """What a visitor's forms carry, so that no other page can send them."""
        return self._sign("form", visitor)

    def is_own_form(self, visitor: str, carried: str) -> bool:
        """Whether a form was made for this visitor."""
        return bool(visitor) and hmac.compare_digest(self.form_token(visitor).encode(), carried.encode())

    def _sign(self, purpose: str, visitor: str) -> str:
        return hmac.new(self._secret, f"{purpose}:{visitor}".encode(), hashlib.sha256).hexdigest()


def csv_safe(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: a text that begins like one gets an apostrophe."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"):
        return "'" + cell
    return cell
