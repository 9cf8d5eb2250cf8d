"""The JSON API keeps what its OpenAPI document promises."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from podium.app.web.server import Settings, create_app
from podium.data.countries import iso3_codes

WELL_FORMED = [positive_data_acceptance]
"""Left out: a name may be well formed and yet no country."""
REFUSALS = ["400", "401", "403", "404", "405", "406", "413", "415", "422", "429"]
CONFIG = schemathesis.Config.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}})
SCHEMA = schemathesis.openapi.from_dict(create_app(Settings(draws=400), warm=False).openapi(), config=CONFIG)


def _done(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    for _ in range(600):
        held = client.get(f"/api/v1/jobs/{job['id']}").json()
        if held["state"] not in ("queued", "running"):
            return held
        time.sleep(0.1)
    raise AssertionError("the job did not end")


def test_ranking_equals_the_library(client: httpx.Client) -> None:
    """Scores and ranks are those of podium.build, under other weights those of an index with these weights."""
    from podium.index.build import build
    from podium.index.spec import load_spec
    from podium.robustness.ranges import rebuilt

    built = build(load_spec("ai-race"))
    changed = rebuilt(built, {"talent": 9.0})
    for query, wanted in (("", built), ("?weight=talent:9", changed)):
        for row in client.get(f"/api/v1/ranking{query}").json()["rows"]:
            assert row["rank"] == wanted.rank_of(row["unit"])
            assert row["score"] == pytest.approx(wanted.score_of(row["unit"]), abs=1e-9)
            assert row["low"] <= row["median"] <= row["high"]
            assert row["unit"] in iso3_codes()


def test_cancelling_kills_the_process(client: httpx.Client, children: Callable[[], set[str]]) -> None:
    """A job that runs is gone once it is cancelled, and its process with it."""
    job = client.post("/api/v1/sensitivity", json={"n": 2048}).json()
    for _ in range(300):
        if client.get(f"/api/v1/jobs/{job['id']}").json()["state"] == "running":
            break
        time.sleep(0.1)
    before = children()
    assert client.delete(f"/api/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    assert before - children()


def test_article_over_the_api(client: httpx.Client, brief: str) -> None:
    """An article sent as JSON is checked in a process of its own, with the verdicts of the library."""
    from podium.claims.check import check_article

    answer = client.post("/api/v1/articles", json={"text": brief})
    assert answer.status_code == 202 and answer.headers["location"].endswith(answer.json()["id"])
    found = _done(client, answer.json())["result"]["claims"]
    from podium.index.spec import BUNDLED

    own = check_article(BUNDLED / "demo" / "brief_ko.txt")
    assert [c["verdict"] for c in found] == [c.verdict for c in own.claims]


class Following(SCHEMA.as_state_machine()):  # type: ignore[misc]
    """Requests that use what earlier ones answered: jobs are begun, asked for and stopped."""

    server = ""

    def get_call_kwargs(self, case: Any) -> dict[str, Any]:
        """Where requests go."""
        return {"base_url": self.server, "timeout": 120}

    def validate_response(self, response: Any, case: Any, additional_checks: Any = (), **more: Any) -> None:
        """Hold an answer to the document."""
        case.validate_response(response, excluded_checks=WELL_FORMED, additional_checks=additional_checks)


@SCHEMA.parametrize()
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@pytest.mark.filterwarnings("ignore")
def test_every_answer_is_documented(case: Any, battered: str) -> None:
    """No request brings a 5xx, an undocumented status or header, an answer of another form, or takes what is malformed."""
    case.call_and_validate(base_url=battered, timeout=120, excluded_checks=WELL_FORMED)


@pytest.mark.filterwarnings("ignore")
def test_jobs_are_followed_at_random(battered: str) -> None:
    """Jobs begun, asked for and stopped in any order answer as documented."""
    Following.server = battered
    few = settings(max_examples=8, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck),
                   derandomize=True)  # fmt: skip
    Following.run(settings=few)
