"""Articles checked earlier, checked again: whose verdicts change when new facts arrive."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podium.claims.check import check_claims
from podium.claims.claim import CheckedArticle
from podium.claims.extract import read_article
from podium.errors import ArticleError, Fault
from podium.evidence.ledger import Ledger

__all__ = ["Change", "Rechecked", "articles_in", "recheck", "result_path", "write_result"]

ARTICLES = (".txt", ".html", ".htm", ".md")
SUFFIX = ".checked.json"


@dataclass(frozen=True)
class Change:
    """One verdict that is no longer what it was; ``old`` or ``new`` is None where the claim is new or gone."""

    span_text: str
    char_start: int
    old: str | None
    new: str | None
    reason: str


@dataclass(frozen=True)
class Rechecked:
    """One article checked again, with the verdicts that changed; ``first`` where no earlier result lay beside it."""

    path: Path
    article: CheckedArticle
    changes: tuple[Change, ...]
    first: bool


def articles_in(folder: Path) -> list[Path]:
    """Return the articles of a folder in order.

    Raises
    ------
    ArticleError
        If there is no such folder, or no article in it.
    """
    if not folder.is_dir():
        raise ArticleError(Fault("there is no such folder", "Give a folder of articles", str(folder)))
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in ARTICLES)
    if not found:
        raise ArticleError(Fault("holds no article", f"Put articles there as {', '.join(ARTICLES)}", str(folder)))
    return found


def result_path(article: Path) -> Path:
    """Return where the earlier result of an article lies: beside it, as ``NAME.checked.json``."""
    return article.with_name(article.name + SUFFIX)


def recheck(path: Path, *, ledger: Ledger, date: str | None = None) -> Rechecked:
    """Return an article checked against a ledger, with what changed since the result that lies beside it.

    Raises
    ------
    ArticleError
        If the article or its earlier result cannot be read.
    """
    earlier = _earlier(result_path(path))
    when = date or (earlier or {}).get("date")
    article = check_claims(read_article(path, date=when), ledger=ledger)
    return Rechecked(path, article, () if earlier is None else _changes(earlier.get("claims", []), article), earlier is None)


def _earlier(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(held, dict) or not isinstance(held.get("claims"), list):
            raise ValueError("it holds no claims")
    except (OSError, ValueError) as error:
        raise ArticleError(Fault(f"is no earlier result: {error}", "Delete it to check the article anew", str(path))) from None
    return held


def _changes(earlier: Sequence[dict[str, Any]], article: CheckedArticle) -> tuple[Change, ...]:
    """Claims matched by their span; a claim that moved is one gone and one new."""
    old = {(c.get("char_start"), c.get("char_end")): c for c in earlier}
    out = []
    for c in article.claims:
        before = old.pop((c.char_start, c.char_end), None)
        verdict = None if before is None else before.get("verdict")
        if verdict != c.verdict:
            out.append(Change(c.span_text, c.char_start, verdict, c.verdict, c.reason))
    for (start, _), gone in old.items():
        out.append(Change(str(gone.get("span_text")), int(start or 0), gone.get("verdict"), None, "the figure is no longer read as a claim"))
    return tuple(sorted(out, key=lambda x: x.char_start))


def write_result(done: Rechecked) -> None:
    """Write the result beside the article; whole or not at all."""
    target = result_path(done.path)
    part = target.with_name(target.name + ".part")
    part.write_text(json.dumps(done.article.to_dict(), ensure_ascii=False, indent=1), encoding="utf-8", errors="backslashreplace")
    part.replace(target)
