"""Results on the terminal: the same story in the same order, within 80 columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podium.brief.words import name
from podium.report.labels import label
from podium.report.terminal_scenarios import print_rows
from podium.report.tokens import VERDICTS

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from podium.brief.story import Brief
    from podium.claims.claim import CheckedArticle
    from podium.evidence.facts import Fact
    from podium.hardware.accelerators import Accelerator
    from podium.hardware.systems import System
    from podium.index.build import Built
    from podium.robustness.engine import Stress

__all__ = [
    "print_brief", "print_built", "print_claims", "print_facts", "print_hardware", "print_profile", "print_stress",
    "table_of",
]  # fmt: skip

STYLES = {"supported": "green", "contradicted": "dark_orange", "unverifiable": "bright_black"}


def table_of(*columns: str, right: Sequence[int] = ()) -> Table:
    """Return an empty table without frames, some columns to the right."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bright_black")
    for k, column in enumerate(columns):
        table.add_column(column, justify="right" if k in right else "left", overflow="fold")
    return table


def _head(text: str, out: Console) -> None:
    out.print(f"\n[bold]{text}[/bold]")


def print_brief(b: Brief, out: Console, *, report: Path | None) -> None:
    """Print the story of an article: claims, ranking, scenario, and last the answer."""
    lang = b.checked.language
    _head(b.title, out)
    print_claims(b.checked, out, verdicts=True)
    _head(label("standing", lang), out)
    _intervals(b.stress, out, top=8, extra=[u for u in (b.question.unit, b.question.rival) if u], lang=lang)
    if b.whatif is not None:
        _head(label("scenario", lang), out)
        print_rows(b.whatif, out, lang)
    languages = list(dict.fromkeys((lang, "en")))
    for k, language in enumerate(languages):
        _head(label("answer" if k == 0 else "in english", lang), out)
        out.print(b.answer.paragraph[language], markup=False)
    _head(label("unknown", lang), out)
    for line in b.answer.unknown[lang]:
        out.print(f"· {line}", markup=False)
    if report is not None:
        out.print(f"\n→ {report.resolve()}", soft_wrap=True, markup=False)


def print_claims(checked: CheckedArticle, out: Console, *, verdicts: bool) -> None:
    """Print the claims, with their verdicts and reasons where they are checked."""
    lang = checked.language
    table = table_of(
        label("claim", lang),
        label("about", lang),
        label("verdict" if verdicts else "kind", lang),
        *([label("why", lang)] if verdicts else []),
    )
    for c in checked.claims:
        where = name(c.subject_country_iso3, lang) if c.subject_country_iso3 else ""
        kind = label("rank_kind" if c.kind == "rank" else c.kind, lang)
        if verdicts:
            style = STYLES[c.verdict]
            verdict = f"[{style}]{VERDICTS[c.verdict]} {label(c.verdict, lang)}[/{style}]"
            table.add_row(_plain(c.span_text), where, verdict, _plain(c.reason))
        else:
            table.add_row(_plain(c.span_text), where, kind)
    out.print(table)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _intervals(s: Stress, out: Console, *, top: int, extra: Sequence[str] = (), lang: str = "en") -> None:
    table = table_of("", label("nominal", lang), "5 %", "50 %", "95 %", right=(1, 2, 3, 4))
    rows = s.intervals
    shown = list(rows.index[:top]) + [u for u in extra if u in rows.index and u not in rows.index[:top]]
    for unit, row in rows.loc[shown].iterrows():
        bold = unit in extra
        cells = [name(str(unit), lang), *(f"{row[q]:.0f}" for q in ("nominal", "q05", "median", "q95"))]
        table.add_row(*cells, style="bold" if bold else None)
    out.print(table)


def print_built(built: Built, top: int, editions: Sequence[str] = ()) -> None:
    """Print the ranking, and of a panel which editions there are; without Rich, so that a build starts fast."""
    import sys
    import textwrap

    edition = built.spec.edition_name
    groups = [c.code for c in built.root.children][:6]
    head = f"{built.spec.label()}{', edition ' + edition if edition else ''}: {len(built.units)} units"
    order = sorted(
        range(len(built.units)),
        key=lambda k: (built.rank_table[k, -1] != built.rank_table[k, -1], built.rank_table[k, -1]),
    )
    told = [_editions(editions)] if editions else []
    wide, cell = (22, 8) if len(groups) <= 4 else (20, 6)
    heads = " ".join(f"{h:>{cell}}" for h in _heads(groups, cell))
    lines = [head, *told, "", f"{'rank':>5}  {'unit':<{wide}} {'score':>7}  {heads}"]
    at = [built.tree.items.index(g) for g in groups]
    digits = 2 if max((abs(x) for x in built.score_table[:, -1] if x == x), default=0.0) >= 10 else 4
    for k in order[:top]:
        u = built.units[k]
        unit = _cut(f"{u} {_short(u)}".strip(), wide)
        scores = " ".join(_number(built.score_table[k, j], cell, digits - 1) for j in at)
        rank, score = _number(built.rank_table[k, -1], 5, 0), _number(built.score_table[k, -1], 7, digits)
        lines.append(f"{rank}  {unit}{' ' * (wide - _cells(unit))} {score}  {scores}")
    if len(order) > top:
        lines.append(f"       … and {len(order) - top} more (--top {len(order)}, or --out DIR)")
    if built.excluded:
        said = f"left out for too little data: {', '.join(built.excluded)}"
        lines += textwrap.wrap(said, 80, subsequent_indent="  ", break_on_hyphens=False)
    for said in _doubtful(built):
        lines += textwrap.wrap(said, 80, subsequent_indent="  ", break_on_hyphens=False)
    sys.stdout.write("\n".join(lines) + "\n")


def _doubtful(built: Built) -> list[str]:
    """What a reader should know of the figures: units with few, denominators left alone, figures that no edition reads."""
    there = (built.arrays["Raw"] == built.arrays["Raw"]).mean(axis=1)
    few = [f"{built.units[k]} {100 * x:.0f} %" for k, x in enumerate(there) if x < 0.5]
    out = [f"fewer than half of the indicators are there for: {', '.join(few)}"] if few else []
    book, steps = built.dataset.codebook, built.spec.steps
    idle = [c for c in built.pipeline.leaves if c in book and book[c].denominator is not None]
    if idle and "denominate" not in steps.model_fields_set and built.spec.data.codebook is not None:
        out.append(f"not divided by the denominators of the codebook, as `steps` has no `denominate`: {', '.join(idle)}")
    if built.dataset.unread:
        out.append(f"{built.dataset.unread} figures are of years after the last edition: no edition reads them")
    return out


def _number(x: float, width: int, digits: int) -> str:
    return f"{x:{width}.{digits}f}" if x == x else f"{'–':>{width}}"


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes; Korean and Japanese letters take two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _cut(text: str, width: int) -> str:
    if _cells(text) <= width:
        return text
    while _cells(text) > width - 1:
        text = text[:-1]
    return text + "…"


def _heads(codes: Sequence[str], width: int) -> list[str]:
    """Codes cut to a width; where that makes two alike, what is cut away is the middle."""
    cut = [_cut(c, width) for c in codes]
    if len(set(cut)) == len(cut):
        return cut
    end = width // 2
    return [c if len(c) <= width else f"{c[: width - end - 1]}…{c[-end:]}" for c in codes]


def _editions(names: Sequence[str]) -> str:
    """How many editions a panel has, and which, in one line of a terminal."""
    said = ", ".join(names)
    if len(said) > 40:
        said = f"{names[0]} to {names[-1]}"
    return f"one of {len(names)} editions: {said} (--edition; --out has all)"


def _short(code: str) -> str:
    said = name(code, "en") if len(code) == 3 and code.isupper() else code
    return "" if said == code else said


def print_stress(
    s: Stress, out: Console, *, top: int, unit: str | None, rank: int, rival: str | None = None,
    tiers: float | None = None,
) -> None:  # fmt: skip
    """Print rank intervals, the share and probability of one unit, what flips it and a rival, and rank tiers."""
    out.print(f"{s.draws:,} draws over {len(s.variants)} variants and their weights, seed {s.seed}", markup=False)
    if s.partial:
        out.print("interrupted: these draws are all there are, random errors and indicators left out are missing", markup=False)
    _intervals(s, out, top=top, extra=[unit] if unit else [])
    if unit:
        out.print(
            f"{name(unit, 'en')} at most {rank}: {s.share_at_most(unit, rank)} of the admissible variants", markup=False
        )
        p = s.probability_at_most(unit, rank)
        if p is not None:
            out.print(
                f"probability under random errors: {p.nominal:.2f} at the nominal choices, {p.low:.2f} to {p.high:.2f} over all",
                markup=False,
            )
    if unit and rival:
        out.print(f"{name(unit, 'en')} ahead of {name(rival, 'en')}: {s.share_ahead(unit, rival)} of the admissible variants", markup=False)
        out.print(s.smallest_flip(unit, rival).sentence, markup=False)
    shift, error = s.mean_shift
    out.print(f"on average a rank is {shift:.2f} ± {error:.2g} from the nominal one", markup=False)
    for tier in s.tiers(level=tiers) if tiers is not None else ():
        out.print(tier.sentence, markup=False)
    for m in s.mixing:
        out.print(f"weights below {m.parent}: {m.points:,} points by hit-and-run, R-hat {m.r_hat:.3f}, effective {m.effective:,.0f}", markup=False)



def print_profile(built: Built, unit: str, table: pd.DataFrame, interval: Mapping[str, float], out: Console) -> None:
    """Print one unit: where it stands, its scores down the tree, strengths and weaknesses, sources."""
    from podium.index.profile import neighbours, sources, strengths, unit_name

    edition = built.spec.edition_name
    _head(_plain(f"{unit_name(built, unit)} in {built.spec.label()}{', edition ' + edition if edition else ''}"), out)
    root = table.iloc[0]
    digits = 1 if abs(root["score"]) >= 10 else 3
    if root["rank"] != root["rank"]:
        out.print("no score: too little data")
    else:
        spread = "" if interval["q05"] != interval["q05"] else f"; {interval['q05']:.0f} to {interval['q95']:.0f} in 90 % of the variants"
        out.print(f"rank {root['rank']:.0f} of {int((built.rank_table[:, -1] > 0).sum())}, score {root['score']:.{digits}f}{spread}", markup=False)
        near = neighbours(built, unit)
        said = [f"{unit_name(built, str(who[0]))} is {who[1]:.{max(digits, 2)}f} {key}" for key, who in near.items() if who is not None]
        out.print("; ".join(said), markup=False)
    out.print("\n".join(["", *_profile_rows(table, digits), ""]), markup=False, soft_wrap=True)
    best, worst, without = strengths(table)
    for title, items in (("strengths", best), ("weaknesses", worst)):
        chosen = table.loc[items]
        said = [f"{text} (rank {place:.0f})" for text, place in zip(chosen["name"], chosen["rank"], strict=True)]
        _hanging(f"{title}: ", ", ".join(said), out)
    if without:
        _hanging("no figure: ", ", ".join(str(table.loc[i, "name"]) for i in without), out)
    for k, source in enumerate(sources(built, table)):
        years = "" if source["from"] is None else f", {source['from']}" + (f"–{source['to']}" if source["to"] != source["from"] else "")
        licence = f" ({source['licence']})" if source["licence"] and source["licence"] not in source["citation"] else ""
        _hanging("sources: " if k == 0 else " " * 9, f"{source['citation']}{licence}{years}", out)


def _hanging(head: str, text: str, out: Console) -> None:
    """Print a text whose further lines stand below its first word."""
    import textwrap

    lines = textwrap.wrap(text, max(40, out.width - len(head)), break_long_words=False, break_on_hyphens=False)
    out.print("\n".join((head if k == 0 else " " * len(head)) + line for k, line in enumerate(lines)), markup=False, soft_wrap=True)


def _profile_rows(table: pd.DataFrame, digits: int) -> list[str]:
    """The lines of a profile's table, 80 columns wide."""
    from rich.cells import set_cell_size

    lines = [f"{'':<30}{'score':>6} {'rank':>4} {'weight':>6} {'year':>4} {'figure':>10}"]
    for _, row in table.iterrows():
        label = "  " * int(row["depth"]) + str(row["name"])
        score = "–" if row["score"] != row["score"] else f"{row['score']:.{digits}f}"
        place = "–" if row["rank"] != row["rank"] else f"{row['rank']:.0f}"
        year = "" if row["year"] != row["year"] else f"{row['year']:.0f}"
        figure = "" if not row["leaf"] else "–" if row["figure"] != row["figure"] else _figure(row["figure"])
        cut = set_cell_size(_shortened(label, 30), 30)
        unit = _shortened(str(row["unit"]), 15) if figure not in ("", "–") else ""
        line = f"{cut}{score:>6} {place:>4} {100 * row['weight']:>5.1f}% {year:>4} {figure:>10} {unit}"
        lines.append(line.rstrip())
    return lines


def _shortened(text: str, width: int) -> str:
    """A text that fits so many columns of the terminal, with … where something is cut."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def _figure(x: float) -> str:
    """A figure as people write it, in ten columns."""
    for size, word in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if abs(x) >= size * 10 or (abs(x) >= size and size > 1e6):
            return f"{x / size:,.4g} {word}"
    return f"{x:,.0f}" if abs(x) >= 1_000 else f"{x:.4g}"


def print_facts(facts: Sequence[Fact], out: Console) -> None:
    """Print facts, one a line."""
    table = table_of("id", "value", "unit", "public", "source")
    for f in facts:
        value = f.text or (
            f"{f.value:,.6g}"
            if f.value is not None
            else f"{'' if f.low is None else f'{f.low:,.6g}'}–{'' if f.high is None else f'{f.high:,.6g}'}"
        )
        table.add_row(
            _plain(f.id), _plain(value), f.unit, f.public, _plain(str(f.sources[0].publisher) if f.sources else "")
        )
    out.print(table)
    out.print(f"{len(facts)} facts")


def print_hardware(chips: Mapping[str, Accelerator], systems: Mapping[str, System], out: Console) -> None:
    """Print accelerators and systems with their datasheet figures."""
    table = table_of("accelerator", "released", "8-bit T/s", "16-bit T/s", "TB/s", "GB", "W", right=(2, 3, 4, 5, 6))

    def cell(x: Any, scale: float) -> str:
        return "–" if x is None else f"{x / scale:,.4g}"

    for a in sorted(chips.values(), key=lambda a: (a.release, a.name)):
        table.add_row(
            a.name,
            a.release[:7],
            cell(a.dense8, 1e12),
            cell(a.dense16, 1e12),
            cell(a.bandwidth, 1e12),
            cell(a.memory, 1e9),
            cell(a.power, 1),
        )
    out.print(table)
    out.print("–: no source states it. Dense rates, without sparsity.\n")
    for s in systems.values():
        out.print(f"{s.name}: {s.count} × {s.accelerator.name}", markup=False)
