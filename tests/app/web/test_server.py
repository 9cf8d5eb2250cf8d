"""What the server answers, and what it refuses."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable

import httpx
import pytest

from podium.app.web.listen import bound
from podium.app.web.render import ASSETS, asset_hash

TOKEN = "open sesame, please"
PAGES = ("/", "/country/KOR", "/pair?a=KOR&b=JPN", "/scenario", "/article", "/evidence", "/method")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_guarded(client: httpx.Client, path: str) -> None:
    """Every page comes with a policy that admits own scripts only, and holds none inline."""
    answer = client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", answer.text)
    assert inline == [] and not re.search(r"<style|\son\w+=", answer.text)


def test_pages_are_told_unchanged(client: httpx.Client) -> None:
    """A page asked for again with its ETag is not sent again."""
    tag = client.get("/").headers["etag"]
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304


def test_headers_alone(client: httpx.Client) -> None:
    """HEAD answers as GET does, without a body; what an address does not take is refused with what it takes."""
    answer = client.head("/")
    assert (answer.status_code, answer.content) == (200, b"") and answer.headers["etag"] == client.get("/").headers["etag"]
    refused = client.put("/evidence/add")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")


def test_language_by_header(client: httpx.Client) -> None:
    """Accept-Language decides where the address does not."""
    assert '<html lang="ko">' in client.get("/", headers={"accept-language": "fr, ko;q=0.9, en;q=0.1"}).text
    assert '<html lang="en">' in client.get("/?lang=en", headers={"accept-language": "ko"}).text


@pytest.mark.parametrize("kind", ["csv", "json", "svg", "png"])
def test_what_is_shown_can_be_had(client: httpx.Client, kind: str) -> None:
    """The chart of the ranking comes as a table and as a picture, each what it says it is."""
    raw = client.get(f"/files/ranking/standing.{kind}").content
    begins = {"csv": b"\xef\xbb\xbfrank,", "json": b"{", "svg": b"<svg", "png": b"\x89PNG"}
    assert raw.startswith(begins[kind])


def test_filters_narrow_the_table(client: httpx.Client) -> None:
    """Region, income and search leave only what fits; ranks stay those among all."""
    rows = client.get("/files/ranking/standing.json?region=South+Asia").json()["rows"]
    assert {r["unit"] for r in rows} >= {"IND"} and "KOR" not in {r["unit"] for r in rows}
    assert min(r["rank"] for r in rows) > 1
    assert [r["unit"] for r in client.get("/files/ranking/standing.json?search=korea").json()["rows"]] == ["KOR"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/country/XXX", 404), ("/?edition=1901", 404), ("/?w.talent=-3", 400), ("/?w.nothing=1", 400), ("/nowhere", 404),
     ("/?o.aggregation=median", 400), ("/scenario?events=nonsense&run=1", 400), ("/evidence?as_of=soon", 400),
     ("/static/x/../../etc/passwd", 404), ("/files/ranking/..%2f..%2fsecrets.csv", 404), ("/jobs/zz/events", 404)],
)  # fmt: skip
def test_nonsense_is_refused_in_words(client: httpx.Client, path: str, status: int) -> None:
    """What means nothing gets a page that says so, never a trace."""
    answer = client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text and "<h1>" in answer.text


def test_scripts_in_an_article_are_text(client: httpx.Client) -> None:
    """An article full of script elements and handlers is shown as text."""
    bad = '<script>alert(1)</script> 2024-11-14 한국은 글로벌 AI 지수에서 6위다. <img src=x onerror="alert(2)"> "><script>x</script>'
    bad = bad.replace("<", "&lt;") + "\n2024년 11월 14일 일본은 GPU 1600개를 도입한다 <script>alert(3)</script>"
    held = _form(client, "/article")
    answer = client.post("/article", data={"text": bad, **held}, follow_redirects=True)
    for _ in range(300):  # the first job of a process starts it
        if "cards" in answer.text or "did not work" in answer.text:
            break
        time.sleep(0.2)
        answer = client.get(answer.url)
    assert "cards" in answer.text
    assert "<script>alert" not in answer.text and "<img" not in answer.text


def _form(client: httpx.Client, path: str) -> dict[str, str]:
    token = re.search(r'name="form_token" value="(\w+)"', client.get(path).text)
    assert token is not None
    return {"form_token": token[1]}


def test_forms_of_other_pages_are_refused(client: httpx.Client) -> None:
    """A form without this visitor's token, or sent from another origin, does nothing."""
    assert client.post("/article", data={"text": "x"}).status_code == 403
    held = _form(client, "/article")
    answer = client.post("/article", data={"text": "x", **held}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def test_other_hosts_and_large_bodies_are_refused(client: httpx.Client) -> None:
    """A name that leads here from elsewhere and a body over the limit are turned away in the API's shape."""
    assert client.get("/api/v1/index", headers={"host": "evil.example"}).json()["error"]["status"] == 400
    answer = client.post("/api/v1/articles", content=b"x" * 2_100_000, headers={"content-type": "application/json"})
    assert answer.status_code == 413 and answer.json()["error"]["code"]


def test_writing_needs_the_token(client: httpx.Client) -> None:
    """A fact is recorded with the token alone, and is then found; the ledger stays whole."""
    fact = {"subject": "Nowhereland", "attribute": "rank:Test", "publisher": "A test", "value": "7", "period": "2025"}
    assert client.post("/api/v1/facts", json=fact).status_code == 401
    assert client.post("/api/v1/facts", json=fact, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 201
    assert client.get("/api/v1/facts?subject=nowhereland").json()["facts"][0]["value"] == 7
    assert "whole" in client.get("/evidence?lang=en").text


def test_assets_are_addressed_by_their_content(client: httpx.Client) -> None:
    """Every asset comes under its hash, to be kept for good, and under no other."""
    for name in ASSETS:
        answer = client.get(f"/static/{asset_hash(name)}/{name}")
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
        assert client.get(f"/static/000000000000/{name}").status_code == 404


def test_availability_tells_every_cell(client: httpx.Client) -> None:
    """The matrix of figures has a row a unit and a column an indicator: the year where there is a figure, else nothing."""
    from podium.index.build import build
    from podium.index.spec import load_spec

    built = build(load_spec("ai-race"))
    rows = {r["name"]: r for r in client.get("/files/method/matrix.json?lang=en").json()["rows"]}
    assert len(rows) == len(built.units)
    data = built.dataset
    for code in ("ai_patents", "compute"):
        column = data.indicators.index(code)
        for unit, name in (("KOR", "South Korea"), ("UZB", "Uzbekistan")):
            row = data.units.index(unit)
            known = data.values[-1, row, column] == data.values[-1, row, column]
            assert rows[name][code] == (data.years[-1, row, column] if known else None)
    page = client.get("/method?lang=ko").text
    assert "2,024" not in page and "짙을수록 최근 수치" in page


def test_a_cancelled_scenario_says_so(client: httpx.Client, children: Callable[[], set[str]]) -> None:
    """The form on the page of a job stops it: its process ends, and the page says so and offers to begin again."""
    here = "/scenario?events=accelerators+DEU+%22NVIDIA+B200%22+4711+2026-07&unit=KOR&rival=DEU&date=2026-01-01"
    answer = client.get(here + "&run=1")
    for _ in range(300):
        if "Working" in answer.text:
            break
        time.sleep(0.1)
        answer = client.get(here + "&run=1")
    job = re.search(r"/jobs/(\w+)/cancel", answer.text)
    token = re.search(r'name="form_token" value="(\w+)"', answer.text)
    assert job is not None and token is not None
    before = children()
    sent = {"form_token": token[1], "back": here + "&run=1"}
    told = client.post(f"/jobs/{job[1]}/cancel", data=sent, follow_redirects=True)
    assert "Cancelled." in told.text and "accelerators DEU" in told.text and "Run it again" in told.text
    assert before - children() and client.get(f"/api/v1/jobs/{job[1]}").json()["state"] == "cancelled"
    elsewhere = client.post(f"/jobs/{job[1]}/cancel", data={**sent, "back": "//evil.example/"})
    assert elsewhere.headers["location"] == "/?stopped=1"


def test_peers_narrow_the_comparison(client: httpx.Client) -> None:
    """Among the peers of its region a country's places are counted among these alone; other words are no peers."""
    from podium.data.geography import country_groups
    from podium.index.build import build
    from podium.index.spec import load_spec

    built, groups = build(load_spec("ai-race")), country_groups()
    alike = [u for u in built.units if groups[u].region == groups["KOR"].region]
    rows = client.get("/files/country/tree.json?unit=KOR&peers=region").json()["rows"]
    assert rows[0]["ranked"] == len(alike) < len(built.units)
    assert rows[0]["place"] == 1 + sum(built.score_of(u) > built.score_of("KOR") for u in alike)
    assert client.get("/country/KOR?peers=friends").status_code == 400
    assert "Rank among peers" in client.get("/country/KOR?peers=income&lang=en").text


def test_answers_are_sent_at_once() -> None:
    """The socket names its protocol: only then does asyncio send without waiting 40 ms for a receipt."""
    with bound("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
