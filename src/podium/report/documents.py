"""The report on one article: a page that opens anywhere, with all it needs inside."""

from __future__ import annotations

import html
import json
from collections import Counter
from pathlib import Path
from typing import Any

from podium.brief.reasons import reason_text
from podium.brief.story import Brief
from podium.brief.words import event_text, figure_text, name, share_short
from podium.claims.claim import CheckedArticle, Claim
from podium.evidence.ledger import Ledger, bundled
from podium.report.charts import curve_chart, interval_chart, scenario_chart, svg, themed
from podium.report.charts_enough import enough_chart
from podium.report.labels import label
from podium.report.pictures import bundle
from podium.report.tokens import FONTS, VERDICTS, css

__all__ = ["brief_html", "highlighted", "marked"]

TEMPLATES = Path(__file__).resolve().parent / "templates"


def brief_html(b: Brief, *, language: str | None = None, ledger: Ledger | None = None) -> str:
    """Return the report as one self-contained HTML page.

    Parameters
    ----------
    language
        ``en``, ``ko`` or ``ja``; None takes the article's.
    ledger
        Where the cited facts are looked up; None takes those that ship with Podium.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    lang = language or b.checked.language
    lang = lang if lang in b.answer.paragraph else "en"
    charts = {
        "standing": interval_chart(b, lang),
        "scenario": scenario_chart(b, lang),
        "enough": enough_chart(b, lang),
        "choices": curve_chart(b, lang),
    }
    drawn = {key: spec for key, spec in charts.items() if spec is not None}
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        t=lambda key, **values: label(key, lang, **values), place=lambda code: name(code, lang), sign=VERDICTS
    )
    env.filters.update(
        points=lambda x: f"{x:.1f}", figure=figure_text, share=share_short, event=lambda e: event_text(e, lang),
        reason=lambda told: reason_text(told, lang),
    )  # fmt: skip
    return env.get_template("brief.html").render(
        b=b,
        lang=lang,
        q=b.question,
        w=b.whatif,
        spec=b.built.spec,
        index_title=b.built.spec.label(lang),
        css=css(),
        fonts=FONTS,
        bundle=bundle().replace("</script", "<\\/script"),
        svgs={k: svg(s) for k, s in drawn.items()},
        charts_json=_script_safe(json.dumps({k: themed(s, "css") for k, s in drawn.items()}, ensure_ascii=False)),
        verdicts=Counter(c.verdict for c in b.checked.claims),
        article=highlighted(b),
        kind_of=lambda c: _kind(c, lang),
        facts=_facts(b, ledger or bundled()),
        sources=_sources(b),
        receipt=json.dumps(b.receipt, indent=2, ensure_ascii=False),
        even=_break_even(b, lang),
        indicator=lambda code: _indicator(b, code, lang),
        source_line=label(
            "source line",
            lang,
            index=b.built.spec.label(lang),
            edition=b.edition or "–",
            draws=f"{b.stress.draws:,}",
            seed=b.stress.seed,
        ),
        excluded=[name(u, lang) for u in b.built.excluded],
    )


def _indicator(b: Brief, code: str, lang: str) -> str:
    book = b.built.dataset.codebook
    return book[code].label(lang) if code in book else code


def _script_safe(text: str) -> str:
    return text.replace("</", "<\\/")


def _kind(c: Claim, lang: str) -> str:
    return label("rank_kind" if c.kind == "rank" else c.kind, lang)


def highlighted(b: Brief) -> str:
    """The article of a brief as HTML with every claim marked by its verdict and linked to its row."""
    return marked(b.checked)


def marked(checked: CheckedArticle) -> str:
    """An article as HTML with every claim marked by its verdict and linked to its row."""
    text = checked.text
    marks = sorted(
        ((s, e, c) for c in checked.claims for s, e in ((c.char_start, c.char_end), *c.also_at)),
        key=lambda m: (m[0], -m[1]),
    )
    out, at = [], 0
    for start, end, c in marks:
        if start < at:
            continue
        out.append(html.escape(text[at:start]))
        sign = VERDICTS[c.verdict]
        span = f'{html.escape(text[start:end])}<sup aria-hidden="true">{sign}</sup>'
        out.append(f'<a class="claim {c.verdict}" href="#{c.id}">{span}</a>')
        at = end
    out.append(html.escape(text[at:]))
    paragraphs = [p.strip() for p in "".join(out).split("\n") if p.strip()]
    return "".join(f"<p>{p}</p>" for p in paragraphs)


def _facts(b: Brief, ledger: Ledger) -> list[tuple[str, str]]:
    """Every fact cited by a verdict or an edition, with its citation."""
    ids = {f for c in b.checked.claims for f in c.evidence} | {f for e in b.published for f in e.facts}
    held = {f.id: f for f in ledger}
    return [(i, "; ".join(str(s) for s in held[i].sources)) for i in sorted(ids) if i in held]


def _sources(b: Brief) -> list[dict[str, str]]:
    """The sources of the index's figures, with licences."""
    book = b.built.dataset.codebook
    rows: dict[tuple[str, str], list[str]] = {}
    for leaf in b.built.pipeline.leaves:
        if leaf in book:
            rows.setdefault((book[leaf].source, book[leaf].licence), []).append(book[leaf].label())
    cited = b.built.dataset.citations
    return [
        {"source": cited.get(s, f"{s}, {lic}" if lic else s), "indicators": "; ".join(names)}
        for (s, lic), names in sorted(rows.items())
    ]


def _break_even(b: Brief, lang: str) -> list[dict[str, Any]]:
    """The break-even table: one row a combination."""
    spec = b.built.spec
    rows = []
    for e in b.whatif.break_even if b.whatif else ():
        options = " · ".join(spec.word(o, lang) for o in e.options.values())
        said = label("needs", lang, n=f"{e.count:,.0f}") if e.count is not None else label(e.answer, lang)
        rows.append({"options": options, "answer": said, "gap": e.gap, "most": e.most})
    return rows
