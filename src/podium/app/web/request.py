"""A request, read: the view, the language, the page's own parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from podium.app.web.ask import Ask
from podium.app.web.desk import Desk
from podium.app.web.i18n import negotiated, words
from podium.app.web.state import PLAIN

__all__ = ["VISITOR", "ask_of", "base_params", "own_params"]

VISITOR = "podium_visitor"


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
