"""A request, read: the view, the language, the page's own parameters."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from fastapi import Request

from podium.app.settings import store_place
from podium.app.web.ask import Ask
from podium.app.web.desk import Desk
from podium.app.web.i18n import negotiated, words
from podium.app.web.state import PLAIN

__all__ = ["VISITOR", "ask_of", "base_params", "kept_key", "own_params"]

VISITOR = "podium_visitor"
OF_THE_LEDGER = ("/evidence", "/files/evidence", "/api/v1/facts")
LONGEST = 2_000


def kept_key(scope: MutableMapping[str, Any], headers: Mapping[bytes, bytes], *, store: str | None) -> Hashable | None:
    """What the answer to a GET depends on; None where that cannot be told cheaply."""
    path, query = scope["path"], scope["query_string"]
    if len(path) + len(query) > LONGEST:
        return None
    ledger = _state_of(store_place(store)) if path.startswith(OF_THE_LEDGER) else ()
    if ledger is None:
        return None
    language = negotiated(None, headers.get(b"accept-language", b"").decode("latin-1"))
    return path, query, language, headers.get(b"hx-request") == b"true", ledger


def _state_of(place: str) -> tuple[Hashable, ...] | None:
    """What changes with every writing to a ledger in a file; None for one on a server, which would have to be asked."""
    if "://" in place:
        return None
    out: list[Hashable] = []
    for name in (place, place + "-wal"):
        try:
            found = Path(name).stat()
        except OSError:
            out.append(None)
        else:
            out.append((found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))
    return tuple(out)


def own_params(request: Request) -> dict[str, str]:
    """The page's own parameters: of the path, and of the query without the view's."""
    query = {k: v for k, v in request.query_params.items() if k not in PLAIN and k[:2] not in ("w.", "o.")}
    return {**query, **{k: str(v) for k, v in request.path_params.items()}}


def ask_of(
    request: Request,
    name: str,
    params: Mapping[str, str],
    *,
    partial: bool = False,
    extra: Mapping[str, Any] | None = None,
) -> Ask:
    """What a request asks for.

    Raises
    ------
    InputError
        If a part of the address means nothing.
    """
    desk: Desk = request.app.state.desk
    view = desk.view(request.query_params.multi_items())
    language = negotiated(view.lang, request.headers.get("accept-language", ""))
    kept = {k: v for k, v in params.items() if v}
    return Ask(desk, view, words(language), name, kept, partial=partial, extra=extra or {})


def base_params(ask: Ask) -> dict[str, Any]:
    """What a worker needs to make the same index."""
    view, desk = ask.view, ask.desk
    return {
        "spec": desk.spec_name,
        "draws": desk.draws,
        "seed": desk.seed,
        "edition": view.edition,
        "weights": [list(w) for w in view.weights],
        "options": [list(o) for o in view.options],
    }
