"""What the server writes: a fact into the operator's ledger, an article as a page."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podium.errors import EvidenceError, Fault

__all__ = ["add_fact", "article_page"]


def add_fact(store: str | None, said: Mapping[str, str]) -> None:
    """Record a fact with its source.

    Raises
    ------
    EvidenceError
        If it has no subject, attribute or publisher, or its value is no number.
    """
    from podium.app.settings import store_place
    from podium.evidence.facts import Fact, Source
    from podium.evidence.store import Store

    missing = [k for k in ("subject", "attribute", "publisher") if not said.get(k, "").strip()]
    if missing:
        raise EvidenceError([Fault(f"{k} is missing", "Fill it in") for k in missing])
    text, value = said.get("value", "").strip(), None
    try:
        value = float(text) if text else None
    except ValueError:
        value = math.nan
    if value is not None and not math.isfinite(value):
        raise EvidenceError(Fault(f"the value is {text[:40]!r}", "Give a number"))
    source = Source(
        publisher=said["publisher"].strip(),
        title=said.get("title", ""),
        url=said.get("url", ""),
        date=said.get("date", ""),
    )
    fact = Fact(
        "",
        said["subject"].strip(),
        said["attribute"].strip(),
        said.get("period", "").strip(),
        value,
        said.get("unit", "").strip(),
        sources=(source,),
    )
    Store(store_place(store)).add([fact])


def article_page(params: Mapping[str, Any]) -> str:
    """A checked article as one page that opens anywhere."""
    from podium.app.settings import own_ledger
    from podium.claims.check import check_article
    from podium.report.articles import article_html

    ledger = own_ledger(params.get("store"))
    with tempfile.TemporaryDirectory(prefix="podium-") as folder:
        path = Path(folder) / "article.txt"
        path.write_bytes(params["text"])
        return article_html(check_article(path, date=params.get("date") or None, ledger=ledger), ledger=ledger)
