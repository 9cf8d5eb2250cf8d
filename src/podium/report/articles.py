"""One checked article as a page: the text with its claims marked, and below why each verdict stands."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from podium.claims.article import title_of
from podium.claims.claim import CheckedArticle
from podium.claims.corrections import correction
from podium.evidence.ledger import Ledger, bundled
from podium.report.documents import marked
from podium.report.labels import label
from podium.report.tokens import FONTS, VERDICTS, css

__all__ = ["article_html"]

TEMPLATES = Path(__file__).resolve().parent / "templates"


def article_html(checked: CheckedArticle, *, ledger: Ledger | None = None) -> str:
    """Return a checked article as one self-contained HTML page in its own language.

    Parameters
    ----------
    ledger
        Where the cited facts are looked up; None takes those that ship with Podium.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    lang = checked.language
    loader = FileSystemLoader(TEMPLATES)
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    held = {f.id: f for f in ledger or bundled()}
    cited = sorted({f for c in checked.claims for f in c.evidence if f in held})
    return env.get_template("claims.html").render(
        checked=checked, lang=lang, title=title_of(checked.text), css=css(), fonts=FONTS, sign=VERDICTS,
        article=marked(checked), verdicts=Counter(c.verdict for c in checked.claims), t=lambda key: label(key, lang),
        kind_of=lambda c: label("rank_kind" if c.kind == "rank" else c.kind, lang),
        correction=lambda c: correction(c, lang),
        facts=[(i, "; ".join(str(s) for s in held[i].sources)) for i in cited],
    )  # fmt: skip
