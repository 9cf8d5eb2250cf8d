"""The pages that start work, take text in, or write: scenario, article, two countries in depth, evidence, jobs."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from podium.app.web.ask import PATHS, Ask
from podium.app.web.figures import FORMATS, file_of, plain
from podium.app.web.jobs import FullError, Job, Jobs
from podium.app.web.kept import KEEP
from podium.app.web.pages.evidence import evidence
from podium.app.web.pages.method import method, sobol_chart
from podium.app.web.pages.pair import depth, pair, the_two
from podium.app.web.pages.scenario import asked, event_lines, new_line, shown
from podium.app.web.render import page
from podium.app.web.request import VISITOR, ask_of, base_params, own_params
from podium.app.web.state import address
from podium.errors import Fault, InputError

__all__ = ["add_routes", "submitted"]

SOBOL_ROWS = 512
DEMO = "brief_ko.txt"
LISTEN = 0.15


def submitted(request: Request, kind: str, params: Mapping[str, Any]) -> Job:
    """The job of a request.

    Raises
    ------
    HTTPException
        429 where too much waits already.
    """
    jobs: Jobs = request.app.state.jobs
    try:
        return jobs.submit(kind, params)
    except FullError:
        raise HTTPException(429, "too much work is waiting; try again soon", {"retry-after": "10"}) from None


def add_routes(app: FastAPI) -> None:
    """Add the pages to an application."""
    for path, make in (
        ("/pair", _pair),
        ("/method", _method),
        ("/scenario", _scenario),
        ("/evidence", _evidence),
        ("/article", _article),
    ):
        app.add_api_route(path, make, methods=["GET"], include_in_schema=False, response_class=Response)
    app.add_api_route("/article/{id}", _article_seen, methods=["GET"], include_in_schema=False)
    app.add_api_route("/article", _article_sent, methods=["POST"], include_in_schema=False)
    app.add_api_route("/evidence/add", _fact_asked, methods=["GET"], include_in_schema=False)
    app.add_api_route("/evidence/add", _fact_sent, methods=["POST"], include_in_schema=False)
    app.add_api_route("/jobs/{id}/cancel", _cancel, methods=["POST"], include_in_schema=False)
    app.add_api_route("/jobs/{id}/events", _events, methods=["GET"], include_in_schema=False)
    app.add_api_route("/files/{kind}/{id}.{ext}", _job_file, methods=["GET"], include_in_schema=False)


def _steady(request: Request, ask: Ask, template: str, values: Mapping[str, Any]) -> Response:
    """A page that will be the same whenever its address is asked for again, and whoever asks."""
    html = page(template, ask, {"job": None, "here": _here(request), "stopped": _stopped(request), **values})
    return HTMLResponse(html, 200, {"cache-control": KEEP, "content-language": ask.words.language})


def _stopped(request: Request) -> str:
    """Where work that was cancelled can be begun again; empty where none was."""
    if not request.query_params.get("stopped"):
        return ""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in ("run", "stopped")]
    return address(request.url.path, kept if request.url.path == "/article" else [*kept, ("run", "1")])


def _here(request: Request) -> str:
    return address(request.url.path, request.query_params.multi_items())


def _live(request: Request, ask: Ask, template: str, values: Mapping[str, Any]) -> Response:
    """A page that depends on more than its address: not kept, with a token in its forms."""
    visitor = request.cookies.get(VISITOR) or secrets.token_urlsafe(18)
    form_token = request.app.state.gate.form_token(visitor)
    held = {"job": None, "here": _here(request), "stopped": _stopped(request), "form_token": form_token}
    html = page(template, ask, {**held, **values})
    answer = HTMLResponse(html, 200, {"cache-control": "no-store"})
    if VISITOR not in request.cookies:
        answer.set_cookie(VISITOR, visitor, httponly=True, samesite="strict", path="/")
    return answer


def _pair(request: Request) -> Response:
    ask = ask_of(request, "pair", own_params(request))
    values = pair(ask)
    if not ask.params.get("run"):
        return _steady(request, ask, "pair.html", values)
    a, b = the_two(ask)
    job = submitted(request, "firmness", base_params(ask) | {"a": a, "b": b})
    if job.state == "done" and job.result is not None:
        return _steady(request, ask, "pair.html", {**values, "deep": depth(ask, dict(job.result), a, b)})
    return _live(request, ask, "pair.html", {**values, "job": job})


def _method(request: Request) -> Response:
    ask = ask_of(request, "method", own_params(request))
    values = method(ask)
    if not ask.params.get("run"):
        return _steady(request, ask, "method.html", values)
    job = submitted(request, "sensitivity", base_params(ask) | {"n": SOBOL_ROWS})
    if job.state == "done" and job.result is not None:
        values["charts"]["sobol"] = sobol_chart(ask, dict(job.result))
        return _steady(request, ask, "method.html", values)
    return _live(request, ask, "method.html", {**values, "job": job})


def _scenario(request: Request) -> Response:
    from podium.hardware.accelerators import accelerators

    params = own_params(request)
    ask = ask_of(request, "scenario", params)
    text = params.get("events", "")
    line = new_line(params)
    kept = {k: v for k, v in params.items() if k in ("unit", "rival", "rank", "date", "run")}
    if line is not None:
        return RedirectResponse(ask.href("scenario", **{**kept, "events": f"{text.strip()}\n{line}".strip()}), 303)
    lines, said = event_lines(text), asked(ask, params)
    values: dict[str, Any] = {"job": None, "charts": {}, "result": None}
    values["finding"] = ask.words("What would an event change?")
    if params.get("run"):
        if not lines:
            raise InputError(Fault("no event is given", "Write one in the form, or take it from an article"))
        values["job"] = job = submitted(request, "scenario", base_params(ask) | said | {"events": lines})
        if job.state == "done" and job.result is not None:
            values |= shown(ask, job.result)
    units = sorted(((u, ask.name(u)) for u in ask.built.units), key=lambda p: p[1])
    names = sorted(accelerators())
    values |= {"units": units, "unit": said["unit"], "systems": names}
    return (_live if params.get("run") else _steady)(request, ask, "scenario.html", values)


def _article(request: Request) -> Response:
    ask = ask_of(request, "article", {})
    return _live(request, ask, "article.html", {"result": None})


async def _article_sent(request: Request) -> Response:
    async with request.form(max_files=1, max_fields=12) as form:  # which closes and forgets the upload
        _checked_form(request, form.get("form_token"))
        sent = await _text_sent(form)
        said = {name: str(form.get(name) or "") for name in ("date", "lang")}
    if not sent:
        raise InputError(Fault("no article is given", "Paste a text, or choose a file"))
    state = request.app.state
    params = {"text": sent, "date": said["date"], "store": state.settings.store}
    job = submitted(request, "article", params | {"spec": state.desk.spec_name})
    return RedirectResponse(address(f"/article/{job.id}", [("lang", said["lang"])] if said["lang"] else []), 303)


async def _text_sent(form: FormData) -> bytes:
    """The article of a form: the bundled one, a file, or what was pasted; empty where there is none."""
    if form.get("sample"):
        from podium.index.spec import BUNDLED

        return (BUNDLED / "demo" / DEMO).read_bytes()
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return await file.read()
    text = str(form.get("text") or "")
    return text.encode("utf-8") if text.strip() else b""


def _article_seen(request: Request, id: str) -> Response:
    ask = ask_of(request, "article", {})
    job = _job(request, id, "article")
    values: dict[str, Any] = {"result": None, "job": job}
    if job.state == "done" and job.result is not None:
        r = job.result
        about = {"events": "\n".join(r["lines"]), "date": r["date"], "run": "1"} | r["question"]
        view = replace(ask.view, edition=about.pop("edition", ask.view.edition))
        values |= {
            "result": r,
            "marked": Markup(r["marked"]),
            "tally": Counter(c["verdict"] for c in r["claims"]),
            "scenario": ask.href("scenario", view, **about) if r["lines"] else "",
        }
    return _live(request, ask, "article.html", values)


def _evidence(request: Request) -> Response:
    ask = ask_of(request, "evidence", own_params(request), extra={"store": request.app.state.settings.store})
    return _steady(request, ask, "evidence.html", {**evidence(ask), "writable": request.app.state.gate.writable})


def _fact_asked(request: Request) -> Response:
    if not request.app.state.gate.writable:
        raise HTTPException(404, "this server is read-only; it was started without --token")
    ask = ask_of(request, "evidence", {})
    _ = ask.words
    fields = (("subject", _("Subject")), ("attribute", _("Attribute")), ("period", _("Period")), ("value", _("Value")),
              ("unit", _("Unit")), ("publisher", _("Publisher")), ("title", _("Title")), ("url", _("Address")),
              ("date", _("Date")))  # fmt: skip
    return _live(request, ask, "fact.html", {"fields": fields})


async def _fact_sent(request: Request) -> Response:
    from podium.app.web.writing import add_fact

    form = {k: str(v) for k, v in (await request.form(max_files=0, max_fields=20)).items()}
    _checked_form(request, form.pop("form_token", None))
    if not request.app.state.gate.opens(form.pop("token", "")):
        raise HTTPException(403, "the token is not the one this server was started with")
    await run_in_threadpool(add_fact, request.app.state.settings.store, form)
    return RedirectResponse(address("/evidence", [("subject", form["subject"])]), 303)


def _checked_form(request: Request, token: object) -> None:
    """Turn a form away that no page of this server has sent."""
    if not request.app.state.gate.is_own_form(request.cookies.get(VISITOR, ""), str(token or "")):
        raise HTTPException(403, "this form was not sent from a page of this server; load the page again")


def _job(request: Request, id: str, kind: str | None = None) -> Job:
    job: Job | None = request.app.state.jobs.get(id)
    if job is None or kind not in (None, job.kind):
        raise HTTPException(404, "there is no such job; it may have been forgotten")
    return job


async def _cancel(request: Request, id: str) -> Response:
    form = await request.form(max_files=0, max_fields=5)
    _checked_form(request, form.get("form_token"))
    _job(request, id)
    job = await run_in_threadpool(request.app.state.jobs.cancel, id)
    back = urlsplit(str(form.get("back") or "/"))
    if back.path.startswith("/article"):
        return RedirectResponse("/article?stopped=1" if job.state == "cancelled" else f"/article/{id}", 303)
    kept = [(k, v) for k, v in parse_qsl(back.query) if k not in ("run", "stopped")]
    more = ("stopped", "1") if job.state == "cancelled" else ("run", "1")  # it may have been done before it was stopped
    return RedirectResponse(address(back.path, [*kept, more]) if back.path in PATHS.values() else "/", 303)


def _events(request: Request, id: str) -> Response:
    job, ask = _job(request, id), ask_of(request, "scenario", {})

    async def told() -> AsyncIterator[str]:
        version = -1
        while True:
            if job.version > version:
                version = job.version
                html = page("progress.html", ask, {"job": job}).strip().replace("\n", " ")
                yield f"event: progress\ndata: {html}\n\n"
            if job.over:
                yield "event: end\ndata: over\n\n"
                return
            if await request.is_disconnected():
                return
            await asyncio.sleep(LISTEN)  # not a thread for each who listens: there are but forty

    return StreamingResponse(told(), media_type="text/event-stream", headers={"cache-control": "no-store"})


def _job_file(request: Request, kind: str, id: str, ext: str) -> Response:
    """What a job found as JSON, an article as a page of its own; else a chart of a page as a file."""
    if kind in PAGE_FILES and ext in FORMATS and request.app.state.jobs.get(id) is None:
        return _chart_file(request, kind, id, ext)
    job = _job(request, id, kind)
    if (
        job.state != "done"
        or job.result is None
        or ext not in ("json", "html")
        or (ext == "html") > (kind == "article")
    ):
        raise HTTPException(404, "there is no such file")
    said = {"content-disposition": f'attachment; filename="podium-{kind}.{ext}"'}
    if ext == "json":
        left = {k: v for k, v in job.result.items() if k != "marked"}
        return Response(json.dumps(plain(left), ensure_ascii=False), media_type="application/json", headers=said)
    from podium.app.web.writing import article_page

    return Response(article_page(job.params), media_type="text/html; charset=utf-8", headers=said)


PAGE_FILES = {"pair": pair, "method": method, "evidence": evidence, "scenario": None}


def _chart_file(request: Request, name: str, chart: str, ext: str) -> Response:
    params = {k: v for k, v in own_params(request).items() if k not in ("kind", "id", "ext")}
    ask = ask_of(request, name, params, extra={"store": request.app.state.settings.store})
    held = _held_charts(request, ask, name).get(chart)
    if held is None or (held.spec is None and ext in ("png", "svg")):
        raise HTTPException(404, "there is no such file")
    said = {"content-disposition": f'attachment; filename="podium-{name}-{held.name}.{ext}"'}
    if name != "scenario":  # which may depend on the day
        said["cache-control"] = KEEP
    return Response(file_of(held, ext, painter=ask.desk.painter), media_type=FORMATS[ext], headers=said)


def _held_charts(request: Request, ask: Ask, name: str) -> dict[str, Any]:
    """The charts of a page; those of finished work where the address asks for it."""
    if name == "scenario":
        said = base_params(ask) | asked(ask, ask.params) | {"events": event_lines(ask.params.get("events", ""))}
        job = submitted(request, "scenario", said)
        return shown(ask, job.result)["charts"] if job.state == "done" and job.result is not None else {}
    charts: dict[str, Any] = PAGE_FILES[name](ask)["charts"]  # type: ignore[misc]
    if name == "method" and ask.params.get("run"):
        job = submitted(request, "sensitivity", base_params(ask) | {"n": SOBOL_ROWS})
        if job.state == "done" and job.result is not None:
            charts["sobol"] = sobol_chart(ask, dict(job.result))
    return charts
