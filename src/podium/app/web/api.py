"""The JSON API under /api/v1: the same values as the pages, one error shape, long work as jobs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Body, FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from podium.app.web.ask import Ask
from podium.app.web.errors import ErrorBody
from podium.app.web.figures import plain
from podium.app.web.i18n import words
from podium.app.web.jobs import Job
from podium.app.web.kept import KEEP
from podium.app.web.pages.country import country
from podium.app.web.pages.evidence import fact_values, ledger_of, wanted_facts
from podium.app.web.pages.pair import the_two
from podium.app.web.pages.ranking import ranking_rows
from podium.app.web.pages.scenario import asked, event_lines
from podium.app.web.request import base_params
from podium.app.web.routes import submitted
from podium.app.web.state import OPTION, WEIGHT
from podium.app.web.writing import add_fact
from podium.compare.gap import split_gap
from podium.errors import Fault, InputError
from podium.hardware.sites import all_clusters

__all__ = ["add_api"]

Route = tuple[str, Callable[..., Any], str]
TEXT = 200
MOST_DRAWS = 50_000
Short = Annotated[str, Field(max_length=TEXT)]
Day = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="ISO date")]
Edition = Annotated[str | None, Query(max_length=TEXT, description="Edition; by default the latest.")]
Weights = Annotated[
    list[Annotated[str, Field(max_length=TEXT, pattern=r"^.+:[-+.0-9eE]+$")]] | None,
    Query(max_length=200, description="`code:number`, a weight within its parent; may be repeated."),
]
Options = Annotated[
    list[Annotated[str, Field(max_length=TEXT, pattern=r"^[^:]+:.+$")]] | None,
    Query(max_length=50, description="`choice:option`, as /index lists them; may be repeated."),
]
Lang = Annotated[Literal["en", "ko"], Query(description="Language of names.")]
Unit = Annotated[str, Path(max_length=TEXT, description="Code or name of a unit.")]
JobId = Annotated[str, Path(pattern="^[0-9a-f]{24}$")]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorBody, "description": text}
    for code, text in (
        (400, "Something in the request means nothing here"), (404, "There is no such thing"),
        (413, "The body is too large"), (422, "The request is not of the form asked for, or has no answer"),
        (429, "Too much work waits"),
    )
}  # fmt: skip
QUEUED: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "The job, queued, running or done already",
        "links": {
            name: {"operationId": name, "parameters": {"id": "$response.body#/id"}} for name in ("job", "cancel")
        },
    }
}
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing has changed since the ETag given"}}
SECURED: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "The token is missing or another"},
    403: {"model": ErrorBody, "description": "The server is read-only"},
}


class Answer(BaseModel):
    """Any plain values; the keys are described where they are made."""

    model_config = ConfigDict(extra="allow")


class JobOut(BaseModel):
    """A piece of long work: ask again at its address until its state is `done`, `failed` or `cancelled`."""

    id: str
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    share: float
    what: str
    result: dict[str, Any] | None
    faults: list[dict[str, str]]


class Health(BaseModel):
    """``ready`` is False while kernels are being compiled: all is answered, but a slider takes half a second."""

    status: Literal["ok"]
    ready: bool


class StrictIn(BaseModel):
    """A body that admits no unknown key."""

    model_config = ConfigDict(extra="forbid")


class ArticleIn(StrictIn):
    """An article to check."""

    text: Annotated[str, Field(min_length=1, max_length=500_000)]
    date: Day = ""


class ScenarioIn(StrictIn):
    """Events as lines (`accelerators JPN "NVIDIA B200" 1600 2025-07`), and whom the question is about."""

    events: Annotated[list[Annotated[str, Field(min_length=1, max_length=400)]], Field(min_length=1, max_length=40)]
    unit: Short = ""
    rival: Short = ""
    rank: Annotated[int, Field(ge=1, le=1000)] = 3
    date: Day = ""
    edition: Annotated[str | None, Field(max_length=TEXT)] = None
    draws: Annotated[int | None, Field(ge=100, le=MOST_DRAWS)] = None


class SensitivityIn(StrictIn):
    """Rows of the design: a power of 2."""

    n: Literal[64, 128, 256, 512, 1024, 2048]
    edition: Annotated[str | None, Field(max_length=TEXT)] = None


class FactIn(StrictIn):
    """A fact with its source."""

    subject: Annotated[str, Field(min_length=1, max_length=TEXT)]
    attribute: Annotated[str, Field(min_length=1, max_length=TEXT)]
    publisher: Annotated[str, Field(min_length=1, max_length=TEXT)]
    period: Short = ""
    value: Short = ""
    unit: Short = ""
    title: Short = ""
    url: Short = ""
    date: Short = ""


def add_api(app: FastAPI) -> None:
    """Add the API to an application."""

    def add(path: str, function: Callable[..., Any], about: str, **how: Any) -> None:
        answers = {**PROBLEMS, **how.pop("responses", {})}
        app.add_api_route("/api/v1" + path, function, summary=about, responses=answers, **how)

    reading: tuple[Route, ...] = (
        ("/index", _index, "The index: editions, tree, weights, choices"),
        ("/ranking", _ranking, "Ranks with intervals and shares under any weights and choices"),
        ("/units/{unit}", _unit, "One unit: score tree, figures and their sources, what would raise it"),
        ("/pairs/{a}/{b}", _pair, "The gap of two units by indicator"),
        ("/facts", _facts, "Facts with their sources, as known on a day"),
        ("/sites", _sites, "Sites of accelerators"),
    )
    for path, function, about in reading:
        add(path, function, about, methods=["GET"], response_model=Answer, responses=UNCHANGED)
    add("/health", _health, "Whether the server answers, and is fully ready", methods=["GET"])
    working: tuple[Route, ...] = (
        ("/articles", _article, "Check an article"),
        ("/scenarios", _scenario, "Ranks before and after events"),
        ("/sensitivity", _sensitivity, "Sobol' indices of every assumption"),
        ("/pairs/{a}/{b}/depth", _depth, "Two units in depth: shares, probabilities, what flips them, exact ranges"),
    )
    for path, function, about in working:
        add(path, function, about, methods=["POST"], status_code=202, response_model=JobOut, responses=QUEUED)
    job = {"response_model": JobOut}
    add("/jobs/{id}", _job, "How far a job is", methods=["GET"], operation_id="job", **job)
    add("/jobs/{id}", _cancel, "Stop a job; its process is killed", methods=["DELETE"], operation_id="cancel", **job)
    written = {"status_code": 201, "response_model": Answer, "responses": SECURED}
    add("/facts", _add, "Record a fact (needs the token)", methods=["POST"], **written)


def _ask(
    request: Request,
    lang: str,
    edition: str | None,
    weight: list[str] | None,
    option: list[str] | None,
    page: str = "ranking",
    **params: str,
) -> Ask:
    items = [("edition", edition)] if edition else []
    for prefix, given in ((WEIGHT, weight), (OPTION, option)):
        for text in given or ():
            name, colon, value = text.rpartition(":") if prefix == WEIGHT else text.partition(":")
            if not colon:
                raise InputError(Fault(f"{text[:60]!r} has no colon", "Write it as name:value"))
            items.append((prefix + name, value))
    desk = request.app.state.desk
    return Ask(desk, desk.view(items), words(lang), page, params)


def _told_once(values: dict[str, Any]) -> Response:
    """Values that depend on the address alone, as JSON; the server tags and keeps them."""
    body = json.dumps(plain(values), ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass")
    return Response(body, media_type="application/json", headers={"cache-control": KEEP})


def _health(request: Request) -> Health:
    state = request.app.state
    return Health(status="ok", ready=state.warming.over and state.desk.engine == "kernels")


def _index(request: Request, lang: Lang = "en") -> Response:
    ask = _ask(request, lang, None, None, None)
    desk, tree = ask.desk, ask.built.tree
    items = [
        {
            "code": c,
            "name": ask.item(c),
            "level": int(tree.level[k]),
            "weight": float(tree.weights[k]),
            "parent": tree.items[tree.parent[k]] if tree.parent[k] >= 0 else None,
        }
        for k, c in enumerate(tree.items)
    ]
    choices = [{"name": c.name, "own": c.own, "options": list(c.options)} for c in desk.choices()]
    return _told_once({
        "name": desk.spec.name, "title": desk.spec.label(lang), "editions": desk.editions, "items": items,
        "choices": choices, "units": [{"unit": u, "name": ask.name(u)} for u in ask.built.units], "draws": desk.draws,
        "seed": desk.seed, "record": ask.built.record,
    })  # fmt: skip


def _ranking(
    request: Request, lang: Lang = "en", edition: Edition = None, weight: Weights = None, option: Options = None
) -> Response:
    ask = _ask(request, lang, edition, weight, option)
    return _told_once({"rows": ranking_rows(ask), "draws": ask.desk.draws, "seed": ask.desk.seed, "source": ask.source}
    )


def _unit(
    request: Request, unit: Unit, lang: Lang = "en", edition: Edition = None, weight: Weights = None,
    option: Options = None,
) -> Response:  # fmt: skip
    values = country(_ask(request, lang, edition, weight, option, page="country", unit=unit))
    keys = ("unit", "name", "rank", "score", "low", "high", "rows", "beside", "rise", "sources", "finding")
    return _told_once({k: values[k] for k in keys} | {
        "distribution": values["charts"]["distribution"].table.rows,
        "history": values["charts"]["history"].table.rows if "history" in values["charts"] else [],
    })  # fmt: skip


def _pair(
    request: Request, a: Unit, b: Unit, lang: Lang = "en", edition: Edition = None, weight: Weights = None,
    option: Options = None,
) -> Response:  # fmt: skip
    ask = _ask(request, lang, edition, weight, option, page="pair", a=a, b=b)
    one, two = the_two(ask)
    gap = split_gap(ask.built, one, two)
    rows = [
        {"indicator": c, "name": ask.item(c), **r}
        for c, r in zip(gap.table.index, gap.table.to_dict("records"), strict=True)
    ]
    return _told_once({"a": one, "b": two, "gap": gap.gap, "rows": rows, "stood_in": gap.stood_in})


def _facts(
    request: Request, subject: Annotated[str | None, Query(max_length=TEXT)] = None,
    attribute: Annotated[str | None, Query(max_length=TEXT)] = None,
    as_of: Annotated[Day | None, Query()] = None,
) -> Response:  # fmt: skip
    ledger = ledger_of(request.app.state.settings.store)
    found = wanted_facts(ledger, {"subject": subject, "attribute": attribute, "as_of": as_of})
    return _told_once({"facts": [fact_values(f) for f in found], "all": len(ledger)})


def _sites(request: Request, country: Annotated[str | None, Query(max_length=3)] = None) -> Response:
    held = [vars(c) for c in all_clusters() if c.credible and country in (None, c.country)]
    return _told_once({"sites": held})


def _told(job: Job) -> JobOut:
    result = None if job.result is None else {k: v for k, v in job.result.items() if k != "marked"}
    return JobOut(
        id=job.id,
        kind=job.kind,
        state=job.state,
        share=job.share,
        what=job.what,
        result=result,
        faults=[{"message": f.message, "remedy": f.remedy} for f in job.faults],
    )


def _article(request: Request, response: Response, body: ArticleIn) -> JobOut:
    sent = body.text.encode("utf-8", "replace")
    return _sent(
        response,
        submitted(request, "article", {
            "text": sent, "date": body.date, "store": request.app.state.settings.store,
            "spec": request.app.state.desk.spec_name,
        }),
    )


def _scenario(request: Request, response: Response, body: ScenarioIn) -> JobOut:
    ask = _ask(request, "en", body.edition, None, None)
    lines = event_lines("\n".join(line.replace("\n", " ") for line in body.events))
    if not lines:
        raise InputError(Fault("no event is given", "Give at least one line"))
    said = asked(ask, body.model_dump(include={"unit", "rival", "rank", "date"}))
    draws = {"draws": body.draws} if body.draws else {}
    return _sent(response, submitted(request, "scenario", base_params(ask) | said | {"events": lines} | draws))


def _sensitivity(request: Request, response: Response, body: SensitivityIn) -> JobOut:
    ask = _ask(request, "en", body.edition, None, None)
    return _sent(response, submitted(request, "sensitivity", base_params(ask) | {"n": body.n}))


def _depth(request: Request, response: Response, a: Unit, b: Unit, body: Annotated[StrictIn, Body()]) -> JobOut:
    ask = _ask(request, "en", None, None, None, page="pair", a=a, b=b)
    one, two = the_two(ask)
    if one == two:
        raise InputError(Fault("both units are the same", "Name two"))
    return _sent(response, submitted(request, "firmness", base_params(ask) | {"a": one, "b": two}))


def _sent(response: Response, job: Job) -> JobOut:
    response.headers["location"] = f"/api/v1/jobs/{job.id}"
    return _told(job)


def _found(request: Request, id: str) -> Job:
    job: Job | None = request.app.state.jobs.get(id)
    if job is None:
        raise HTTPException(404, "there is no such job; it may have been forgotten")
    return job


def _job(request: Request, id: JobId) -> JobOut:
    return _told(_found(request, id))


def _cancel(request: Request, id: JobId) -> JobOut:
    _found(request, id)
    return _told(request.app.state.jobs.cancel(id))


def _add(request: Request, body: FactIn) -> Response:
    gate = request.app.state.gate
    if not gate.writable:
        raise HTTPException(403, "this server is read-only; it was started without --token")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not gate.opens(token):
        raise HTTPException(401, "the token is missing or another", {"www-authenticate": "Bearer"})
    add_fact(request.app.state.settings.store, body.model_dump())
    return Response(json.dumps({"recorded": True}), 201, media_type="application/json")
