"""What goes wrong, said in one shape: as JSON below /api, as a page elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from podium.errors import Fault, InputError, PodiumError

__all__ = ["ErrorBody", "Problem", "answer", "install", "refusal"]

API = "/api/"
MOST_FAULTS = 20


class Problem(BaseModel):
    """One thing that is wrong, and what to do about it."""

    message: str
    remedy: str = ""


class ErrorDetail(BaseModel):
    """What went wrong."""

    status: int
    code: str
    message: str
    faults: list[Problem]


class ErrorBody(BaseModel):
    """The one shape of every error of the API."""

    error: ErrorDetail


def shaped(status: int, faults: Sequence[Fault]) -> dict[str, Any]:
    """An error in the one shape; places in files are left out: they are the operator's business."""
    held = [Problem(message=f.message, remedy=f.remedy) for f in few(faults)]
    message = "; ".join(f.message for f in held)
    code = HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
    detail = ErrorDetail(status=status, code=code, message=message, faults=held)
    return ErrorBody(error=detail).model_dump()


def few(faults: Sequence[Fault]) -> Sequence[Fault]:
    """The first faults, and how many more there are: an answer is not as long as what was asked makes it."""
    left = len(faults) - MOST_FAULTS
    return faults if left <= 0 else [*faults[:MOST_FAULTS], Fault(f"{left} faults more are of the same request")]


def answer(
    path: str,
    status: int,
    faults: Sequence[Fault],
    *,
    headers: Mapping[str, str] | None = None,
    request: Request | None = None,
) -> Response:
    """The answer to a request that failed: JSON below /api, a page elsewhere."""
    if path.startswith(API):
        return JSONResponse(shaped(status, faults), status, headers=headers)
    return HTMLResponse(_page(request, status, faults), status, headers=headers)


def _page(request: Request | None, status: int, faults: Sequence[Fault]) -> str:
    from podium.app.web.ask import Ask
    from podium.app.web.i18n import negotiated, words
    from podium.app.web.render import page
    from podium.app.web.state import View

    if request is None:
        return "<!doctype html><title>" + str(status) + "</title><p>" + HTTPStatus(status).phrase
    asked = request.query_params.get("lang")
    language = negotiated(asked, request.headers.get("accept-language", ""))
    view = View(lang=asked if asked == language else "")
    ask = Ask(request.app.state.desk, view, words(language), "ranking")
    heading = (
        words(language)("This page cannot be shown") if status < 500 else words(language)("Something went wrong here")
    )
    return page("error.html", ask, {"status": status, "heading": heading, "faults": few(faults)})


def refusal(scope: MutableMapping[str, Any], status: int, message: str) -> Any:
    """The answer of the guard, before the application has seen the request."""
    return answer(scope["path"] if scope["path"].startswith(API) else API, status, [Fault(message)])


def _methods(request: Request) -> str:
    """What may be asked of an address, over all routes that lead to it."""
    from starlette.routing import Match

    fitting = (r for r in request.app.routes if r.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted({m for r in fitting for m in getattr(r, "methods", None) or ()}))


def status_of(error: PodiumError) -> int:
    """The status of one of Podium's own errors."""
    missing = all("is not in the index" in f.message or f.message.startswith("there is no") for f in error.faults)
    return 404 if missing else 400 if isinstance(error, InputError) else 422


def install(app: FastAPI) -> None:
    """Give every failure its one shape."""

    @app.exception_handler(PodiumError)
    async def ours(request: Request, error: PodiumError) -> Response:
        return answer(request.url.path, status_of(error), error.faults, request=request)

    @app.exception_handler(HTTPException)
    async def raised(request: Request, error: HTTPException) -> Response:
        headers = {"allow": _methods(request)} if error.status_code == 405 else error.headers
        return answer(request.url.path, error.status_code, [Fault(str(error.detail))], headers=headers, request=request)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [Fault(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}") for e in error.errors()]
        return answer(request.url.path, 422, faults, request=request)

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        return answer(
            request.url.path,
            500,
            [Fault("an error that Podium did not foresee", "The server's log says more")],
            request=request,
        )
