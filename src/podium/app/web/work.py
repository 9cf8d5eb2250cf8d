"""Long work, done in processes of its own: a scenario, an article, a sensitivity analysis, two countries in depth."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podium.app.web.desk import Desk, Memo
from podium.app.web.figures import plain
from podium.app.web.i18n import LANGUAGES
from podium.app.web.state import View
from podium.errors import InputError, PodiumError

if TYPE_CHECKING:
    from podium.claims.claim import CheckedArticle
    from podium.scenarios.events import Event

__all__ = ["TASKS", "serve"]

Tell = Callable[[float, str], None]
Params = Mapping[str, Any]
_STRESSED = Memo(2)
ERROR_DRAWS = 300
RANGE_SECONDS = 20.0


def serve(connection: Connection) -> None:
    """Do one task after another until the other end is gone; the body of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when work ends
    os.nice(5)
    while True:
        try:
            kind, params = connection.recv()
        except EOFError:
            return
        try:
            result = TASKS[kind](params, lambda share, what: connection.send(("progress", share, what)))
            connection.send(("done", plain(result)))
        except PodiumError as error:
            status = 400 if isinstance(error, InputError) else 422
            connection.send(("failed", status, [(f.message, f.remedy) for f in error.faults]))
        except Exception as error:  # told to whoever asked; the worker goes on
            connection.send(("failed", 500, [(f"{type(error).__name__}: {error}", "The server's log says more")]))


@cache
def _desk(spec: str, draws: int, seed: int) -> Desk:
    return Desk(spec, draws=draws, seed=seed)


def _view(params: Params) -> View:
    return View(
        edition=params.get("edition"),
        weights=tuple((k, v) for k, v in params.get("weights", ())),
        options=tuple((k, v) for k, v in params.get("options", ())),
    )


def _stressed(params: Params, tell: Tell) -> Any:
    from podium.robustness.engine import stress

    desk, view = _desk(params["spec"], params["draws"], params["seed"]), _view(params)
    tell(0.02, "building")
    built = desk.built(view)

    def make() -> Any:
        return stress(
            built,
            draws=params["draws"],
            seed=params["seed"],
            error_draws=ERROR_DRAWS,
            keep=True,
            progress=lambda share, what: tell(0.05 + 0.55 * share, what),
        )

    return _STRESSED.get((params["spec"], view, params["draws"], params["seed"]), make)


def scenario(params: Params, tell: Tell) -> dict[str, Any]:
    """Ranks before and after events; ``events`` are lines of `podium.scenarios.events.from_text`."""
    from podium.brief.reasons import reason_text
    from podium.brief.words import event_text
    from podium.scenarios.events import from_text
    from podium.scenarios.whatif import whatif

    events = [from_text(line) for line in params["events"]]
    stressed = _stressed(params, tell)
    tell(0.62, "events")
    found = whatif(
        stressed,
        events,
        focal=params["unit"],
        rank=params["rank"],
        rival=params.get("rival") or None,
        date=params["date"],
    )
    tell(0.98, "done")
    said = found.to_dict()
    said["events"] = [e.describe() for e in found.events]
    said["unsized"] = [e.describe() for e in found.unsized]
    said["outside"] = [(e.describe(), why) for e, why in found.outside]
    every = (*found.events, *found.unsized, *(e for e, _ in found.outside))
    reasons = (*(why for _, why in found.outside), *found.assumptions)
    said["reasons"] = {str(r): {k: reason_text(r, k) for k in LANGUAGES} for r in reasons}
    said["in_words"] = {e.describe(): {k: event_text(e, k) for k in LANGUAGES} for e in every}
    return said | {"draws": stressed.draws, "seed": stressed.seed}


def article(params: Params, tell: Tell) -> dict[str, Any]:
    """A checked article: its claims with verdicts, its text marked, what it announces as lines of events."""
    from podium.app.settings import own_ledger
    from podium.app.web.lines import event_line
    from podium.brief.events import announced
    from podium.claims.article import title_of
    from podium.claims.check import check_article
    from podium.claims.corrections import correction
    from podium.evidence.ledger import bundled
    from podium.report.documents import marked

    tell(0.1, "reading")
    ledger = own_ledger(params.get("store")) or bundled()
    with tempfile.TemporaryDirectory(prefix="podium-") as folder:
        path = Path(folder) / "article.txt"
        path.write_bytes(params["text"])
        checked = check_article(path, date=params.get("date") or None, ledger=ledger)
    tell(0.8, "events")
    events = announced(checked)
    held = {f.id: f for f in ledger}
    claims = [
        c.to_dict()
        | {
            "correction": correction(c, checked.language),
            "facts": [(i, "; ".join(str(s) for s in held[i].sources)) for i in c.evidence if i in held],
        }
        for c in checked.claims
    ]
    return {
        **checked.to_dict(),
        "claims": claims,
        "title": title_of(checked.text),
        "text": checked.text,
        "marked": marked(checked),
        "lines": [line for e in events if (line := event_line(e))],
        "unsized": [e.describe() for e in events if not e.sized],
        "events": [e.describe() for e in events],
        "question": _question(params["spec"], checked, events),
    }


def _question(spec: str, checked: CheckedArticle, events: Sequence[Event]) -> dict[str, Any]:
    """What the article asks of the index, and of which edition; empty where it asks nothing of it."""
    from podium.brief.question import ask
    from podium.brief.tell import edition_before
    from podium.errors import PodiumError
    from podium.index.build import build
    from podium.index.spec import load_spec

    try:
        index = edition_before(load_spec(spec), checked.date)
        asked = ask(checked, events, build(index).units)
    except PodiumError:
        return {}
    edition = index.current()
    return {"edition": edition and edition.name, "unit": asked.unit, "rival": asked.rival, "rank": asked.rank}


def sensitivity(params: Params, tell: Tell) -> dict[str, Any]:
    """Sobol' indices of every declared assumption."""
    from podium.robustness.sensitivity import sensitivity as run

    built = _desk(params["spec"], params["draws"], params["seed"]).built(_view(params))
    found = run(built, n=params["n"], seed=params["seed"], progress=tell)
    rows = [{"assumption": str(k), **r} for k, r in zip(found.table.index, found.table.to_dict("records"), strict=True)]
    return {"rows": rows, "builds": found.builds, "mean_shift": found.mean_shift, "n": params["n"]}


def firmness(params: Params, tell: Tell) -> dict[str, Any]:
    """Two units in depth: who is ahead how often, what flips them, the exact ranges of their ranks."""
    from podium.robustness.preference import swap
    from podium.robustness.ranges import rank_ranges

    a, b = params["a"], params["b"]
    stressed = _stressed(params, tell)
    share, chance = stressed.share_ahead(a, b), stressed.probability_ahead(a, b)
    flips = stressed.flips(a, b).to_dict("records")
    tell(0.65, "exact ranges")
    found = rank_ranges(stressed.built, units=[a, b], seed=params["seed"], time_limit=RANGE_SECONDS)
    change = swap(stressed.built, a, b)
    ranges = {u: {**asdict(r), "exact": r.exact} for u, r in found.ranges.items()}
    weights = {} if change is None or change.weights is None else _changed(stressed.built, change.weights)
    return {
        "share": asdict(share),
        "probability": None if chance is None else asdict(chance),
        "flips": flips,
        "ranges": ranges,
        "note": found.note,
        "can_lead": found.can_lead(b, a),
        "must_lead": found.must_lead(a, b),
        "swap": None
        if change is None
        else {"relative": change.relative, "moved": change.moved, "ahead": change.ahead, "weights": weights},
        "draws": stressed.draws,
    }


def _changed(built: Any, weights: Any) -> dict[str, tuple[float, float]]:
    """The weights within parents that differ from the nominal ones, before and after."""
    tree = built.tree
    return {
        code: (float(w), float(v))
        for code, w, v in zip(tree.items[:-1], tree.weights, weights, strict=False)
        if abs(w - v) > 1e-9
    }


TASKS: Mapping[str, Callable[[Params, Tell], dict[str, Any]]] = {
    "scenario": scenario,
    "article": article,
    "sensitivity": sensitivity,
    "firmness": firmness,
}
