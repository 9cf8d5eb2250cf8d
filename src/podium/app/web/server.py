"""The server: which address gives which page, and what goes around every answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from podium.app.web.api import add_api
from podium.app.web.ask import Ask
from podium.app.web.desk import Desk
from podium.app.web.errors import install, refusal
from podium.app.web.figures import FORMATS, file_of
from podium.app.web.jobs import Jobs
from podium.app.web.kept import KEEP, Answers, Kept
from podium.app.web.pages.country import country
from podium.app.web.pages.ranking import ranking
from podium.app.web.painter import Painter
from podium.app.web.render import ASSETS, asset, asset_hash, page
from podium.app.web.request import ask_of, kept_key, own_params
from podium.app.web.routes import add_routes
from podium.app.web.security import Gate, Guard
from podium.app.web.warming import Warming
from podium.version import VERSION

__all__ = ["PAGES", "Settings", "create_app"]

Maker = Callable[[Ask], dict[str, Any]]
PAGES: dict[str, tuple[str, Maker]] = {"ranking": ("ranking.html", ranking), "country": ("country.html", country)}
"""By page: its template, and what makes the values it shows. Only pages that depend on nothing but their address."""
HOSTS = ("127.0.0.1", "localhost", "::1")
LONG = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Settings:
    """How a server is started."""

    spec: str = "ai-race"
    draws: int = 10_000
    seed: int = 1
    token: str | None = None
    store: str | None = None
    hosts: tuple[str, ...] = HOSTS
    most_bytes: int = 2_000_000
    kept_bytes: int = 64_000_000
    workers: int = 1


def create_app(settings: Settings, *, warm: bool = True) -> FastAPI:
    """Return the application for an index.

    Parameters
    ----------
    warm
        Make ready from the start, in a thread, what the first visitors ask for.

    Raises
    ------
    SpecError
        If the index cannot be read.
    """
    desk = Desk(settings.spec, draws=settings.draws, seed=settings.seed)
    desk.painter = Painter(apart=True)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if warm:
            app.state.warming.start()
        yield
        await run_in_threadpool(app.state.warming.stop)
        await run_in_threadpool(desk.painter.close)
        await run_in_threadpool(app.state.jobs.close)

    app = FastAPI(
        title="Podium",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.desk, app.state.settings, app.state.gate = desk, settings, Gate(settings.token)
    app.state.jobs, app.state.warming = Jobs(workers=settings.workers), Warming(desk)
    install(app)
    key = partial(kept_key, store=settings.store)
    app.add_middleware(Kept, key=key, answers=Answers(settings.kept_bytes))
    app.add_middleware(Guard, hosts=settings.hosts, most_bytes=settings.most_bytes, refuse=refusal)
    _assets(app)
    _pages(app)
    add_routes(app)
    add_api(app)
    return app


def _assets(app: FastAPI) -> None:
    @app.get("/static/{stamp}/{name}", include_in_schema=False)
    def static(stamp: str, name: str) -> Response:
        if name not in ASSETS or stamp != asset_hash(name):
            raise HTTPException(404, "there is no such file")
        return Response(asset(name), media_type=ASSETS[name][0], headers={"cache-control": LONG})


def _pages(app: FastAPI) -> None:
    for name, path in (("ranking", "/"), ("country", "/country/{unit}")):
        app.add_api_route(path, _shown(name), methods=["GET"], include_in_schema=False, response_class=Response)

    for name in PAGES:
        app.add_api_route(
            f"/files/{name}/{{chart}}.{{kind}}", _file_route(name), methods=["GET"], include_in_schema=False
        )


def _file_route(page_name: str) -> Callable[..., Response]:
    def files(request: Request, chart: str, kind: str) -> Response:
        if kind not in FORMATS:
            raise HTTPException(404, "there is no such file")
        params = {k: v for k, v in own_params(request).items() if k not in ("chart", "kind")}
        ask = ask_of(request, page_name, params)
        held = PAGES[page_name][1](ask)["charts"].get(chart)
        if held is None or (held.spec is None and kind in ("png", "svg")):
            raise HTTPException(404, "there is no such file")
        named = f'attachment; filename="podium-{page_name}-{held.name}.{kind}"'
        headers = {"content-disposition": named, "cache-control": KEEP}
        return Response(file_of(held, kind, painter=ask.desk.painter), media_type=FORMATS[kind], headers=headers)

    return files


def _shown(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def shown(request: Request) -> Response:
        return await run_in_threadpool(page_answer, request, name)

    return shown


def page_answer(request: Request, name: str) -> Response:
    """A page that depends on its address alone."""
    part = request.headers.get("hx-request") == "true"
    ask = ask_of(request, name, own_params(request), partial=part)
    template, maker = PAGES[name]
    headers = {"cache-control": KEEP, "content-language": ask.words.language}
    if part:
        headers["hx-replace-url"] = ask.href(name, **ask.params)
    return Response(page(template, ask, maker(ask)), media_type="text/html; charset=utf-8", headers=headers)
