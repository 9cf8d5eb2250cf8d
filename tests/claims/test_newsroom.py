"""What a newsroom takes away: corrections, ClaimReview, a marked page, rechecks, corpora."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from podium.app.cli import app
from podium.claims.check import check_claims
from podium.claims.claim import CheckedArticle
from podium.claims.corpus import read_corpus
from podium.claims.corrections import correction, corrections, write_figure
from podium.claims.extract import article_of
from podium.claims.review import claim_reviews
from podium.report.articles import article_html

KOREAN = "올해 글로벌 AI 지수에서 캐나다는 5위를 기록했다. 프랑스 정부는 AI에 10억유로(약 1500억원)를 지원한다고 밝혔다."
ENGLISH = "The 2024 Global AI Index puts Germany sixth. France's government will fund AI with €1bn ($1.9bn)."
JAPANESE = "今年の世界AI指数で日本は12位だった。経産省はAIに77億円(約5億ドル)を助成する。"


def checked(text: str, date: str = "2024-12-02") -> CheckedArticle:
    """A text, checked."""
    return check_claims(article_of(text, name="a.txt", date=date))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [(KOREAN, ["‘5위’는 8위가 맞습니다", "‘10억유로(약 1500억원)’은 1조4800억원이 맞습니다"]),
     (ENGLISH, ["“sixth” should read 7th", "“€1bn ($1.9bn)” should read $1.05 billion"]),
     (JAPANESE, ["「12位」は正しくは11位です", "「77億円(約5億ドル)」は正しくは5130万ドルです"])],
    ids=["ko", "en", "ja"],
)  # fmt: skip
def test_correction_in_the_language_of_the_article(text: str, sentences: list[str]) -> None:
    """A wrong rank and a wrong conversion are corrected in Korean, English and Japanese, with the right figure."""
    made = [s for _, s in corrections(checked(text))]
    assert [m.startswith(s) for m, s in zip(made, sentences, strict=True)] == [True, True], made


def test_right_and_unknown_figures_need_no_correction() -> None:
    """Only a contradicted figure is corrected."""
    article = checked("독일 정부는 GPU 1만장을 들여온다. 한국은 올해 글로벌 AI 지수에서 6위다.")
    assert [c.verdict for c in article.claims] == ["unverifiable", "supported"]
    assert [correction(c, "ko") for c in article.claims] == [None, None]


@pytest.mark.parametrize(
    ("value", "unit", "ko", "en", "ja"),
    [(3.15e12, "KRW", "3조1500억원", "3.15 trillion won", "3兆1500億ウォン"), (4.7e8, "USD", "4억7000만달러", "$470 million", "4億7000万ドル"),
     (4e7, "W", "40MW", "40MW", "40MW"), (2.165e17, "FLOPS", "216.5페타플롭스", "216.5 PFLOPS", "216.5ペタフロップス"), (0.08, "ratio", "8%", "8%", "8%"),
     (17280, "gpu", "1만7280개", "17,280", "1万7280基"), (11, "rank", "11위", "11th", "11位"), (3, "rank", "3위", "3rd", "3位")],
)  # fmt: skip
def test_figures_as_newspapers_print_them(value: float, unit: str, ko: str, en: str, ja: str) -> None:
    """A value in base units is written as each language's papers write it."""
    assert [write_figure(value, unit, lang) for lang in ("ko", "en", "ja")] == [ko, en, ja]  # type: ignore[arg-type]


def test_claim_review_has_what_schema_org_asks() -> None:
    """Each claim is one ClaimReview with claim, rating and author; what cannot be verified bears no number."""
    article = checked(KOREAN + " 독일은 GPU 1만장을 산다.")
    reviews = claim_reviews(article, url="https://news.example/1", publisher="Desk", reviewed="2024-12-03")
    assert [r["@type"] for r in reviews] == ["ClaimReview"] * 3
    assert [r["reviewRating"].get("ratingValue") for r in reviews] == [1, 1, None]
    first = reviews[0]
    assert first["claimReviewed"] == "올해 글로벌 AI 지수에서 캐나다는 5위를 기록했다."
    assert first["author"]["name"] == "Desk"
    assert first["itemReviewed"]["appearance"]["url"] == "https://news.example/1"
    json.dumps(reviews)


def test_page_marks_every_claim_and_escapes_the_article() -> None:
    """The page links each marked figure to its row, and runs nothing that stands in the article."""
    page = article_html(checked(KOREAN + " <script>alert(1)</script>"))
    assert page.count('class="claim contradicted"') == 2
    assert 'href="#c01"' in page
    assert 'id="c01"' in page
    assert "<script>" not in page


def test_recheck_names_the_verdict_that_new_facts_change(tmp_path: Path) -> None:
    """An article checked before is checked again with a new fact; the changed verdict is listed with its reason."""
    article = tmp_path / "a.txt"
    article.write_text("입력 2026-10-02\n올해 글로벌 AI 지수에서 한국은 6위다.", encoding="utf-8")
    facts = tmp_path / "new.csv"
    facts.write_text(
        "subject,attribute,period,value,unit,source,public\nKOR,rank:tortoise-gaii,2026,4,rank,Tortoise,2026-09-20\n", encoding="utf-8"
    )
    run = CliRunner()
    first = run.invoke(app, ["recheck", str(tmp_path), "--update"])
    assert (first.exit_code, "first time" in first.output) == (0, True)
    assert (tmp_path / "a.txt.checked.json").is_file()
    again = run.invoke(app, ["recheck", str(tmp_path)])
    assert "0 verdicts changed" in again.output
    changed = run.invoke(app, ["recheck", str(tmp_path), "--facts", str(facts), "--json"])
    (one,) = json.loads(changed.output)
    assert [(c["span_text"], c["old"], c["new"]) for c in one["changes"]] == [("6위", "supported", "contradicted")]


def test_facts_of_a_file_decide_before_those_held(tmp_path: Path) -> None:
    """A rank that a file of one's own gives otherwise than the bundled fact changes the verdict, and its id names the file."""
    article = tmp_path / "a.txt"
    article.write_text("입력 2025-03-03\n지난해 글로벌 AI 지수에서 한국은 6위다.", encoding="utf-8")
    facts = tmp_path / "memo.csv"
    facts.write_text("subject,attribute,period,value,unit,source\nKOR,rank:tortoise-gaii,2024,7,rank,Our memo\n", encoding="utf-8")
    verdicts = []
    for more in ([], ["--facts", str(facts)]):
        told = json.loads(CliRunner().invoke(app, ["check", str(article), "--json", *more]).stdout)
        (claim,) = told["claims"]
        verdicts.append((claim["verdict"], any(e.startswith("memo.csv:") for e in claim["evidence"])))
    assert verdicts == [("supported", False), ("contradicted", True)]


def test_recheck_without_articles_is_one_clear_error(tmp_path: Path) -> None:
    """An empty folder, and a broken earlier result, are named."""
    run = CliRunner()
    assert "holds no article" in run.invoke(app, ["recheck", str(tmp_path)]).output
    (tmp_path / "a.txt").write_text("2025-01-02 GPU 1600개", encoding="utf-8")
    (tmp_path / "a.txt.checked.json").write_text("{", encoding="utf-8")
    broken = run.invoke(app, ["recheck", str(tmp_path)])
    assert (broken.exit_code, "no earlier result" in broken.output) == (2, True)


def test_corpus_is_read_in_order_and_resumed(tmp_path: Path) -> None:
    """One result a line in the order of the source; a second run reads only what is missing, and mends a cut line."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [json.dumps({"id": k, "text": f"한국은 GPU {k}00장을 산다.\u2028", "date": "2025-01-02"}, ensure_ascii=False) for k in range(2, 12)]
    lines += ["{bad", json.dumps({"id": "s", "text": "GPU \ud800 1600개", "date": "2025-01-02"}), json.dumps({"id": "none", "text": "x"})]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read_corpus(source, out, check=True) == (13, 0)
    whole = out.read_bytes()
    rows = [json.loads(x) for x in whole.decode().split("\n") if x]
    assert [r.get("id") for r in rows[:10]] == list(range(2, 12))
    assert [r["claims"][0]["value"] for r in rows[:10]] == [100 * k for k in range(2, 12)]
    assert ["error" in r for r in rows[10:]] == [True, False, True]
    out.write_bytes(whole[:-40])
    assert read_corpus(source, out, check=True) == (1, 12)
    assert out.read_bytes() == whole


def test_workers_give_the_same_lines(tmp_path: Path) -> None:
    """Two processes write what one writes."""
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"id": k, "text": f"GPU {k}장", "date": "2025-01-02"}) + "\n" for k in range(5)), encoding="utf-8")
    results = []
    for workers in (1, 2):
        out = tmp_path / f"{workers}.jsonl"
        assert read_corpus(source, out, check=False, workers=workers) == (5, 0)
        results.append(out.read_bytes())
    assert results[0] == results[1]


def test_check_writes_page_and_reviews(tmp_path: Path) -> None:
    """`check --out --claim-review` writes both files, and prints the correction."""
    article = tmp_path / "a.txt"
    article.write_text(KOREAN, encoding="utf-8")
    page, reviews = tmp_path / "a.html", tmp_path / "a.json"
    ran = CliRunner().invoke(app, ["check", str(article), "--date", "2024-12-02", "--out", str(page), "--claim-review", str(reviews)])
    assert ran.exit_code == 0
    assert "맞습니다" in ran.output
    assert "<!doctype html>" in page.read_text(encoding="utf-8")
    assert len(json.loads(reviews.read_text(encoding="utf-8"))) == 2


def test_article_zero_is_read_once(tmp_path: Path) -> None:
    """An id of 0 is an id: the second run finds its result and reads nothing."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps({"id": k, "text": "한국은 GPU 300장을 산다.", "date": "2025-01-02"}) + "\n" for k in (0, 1)), encoding="utf-8")
    assert read_corpus(source, out, check=False) == (2, 0)
    assert read_corpus(source, out, check=False) == (0, 2)


def test_claim_review_bears_headline_language_and_id() -> None:
    """Each ClaimReview names the article by its headline, and says its language and the claim's id."""
    article = checked("캐나다, AI 지수 뒷걸음\n\n" + KOREAN)
    reviews = claim_reviews(article, url="https://paper.example/a")
    assert {r["itemReviewed"]["appearance"]["headline"] for r in reviews} == {"캐나다, AI 지수 뒷걸음"}
    assert [r["identifier"] for r in reviews] == [c.id for c in article.claims]
    assert all(r["inLanguage"] == "ko" and r["url"].startswith("https://paper.example/a#c") for r in reviews)
