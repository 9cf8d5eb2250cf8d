"""What a revision of figures does to an index, and the facts of each country for its review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from podium.errors import EvidenceError, Fault

if TYPE_CHECKING:
    from podium.evidence.facts import Fact
    from podium.evidence.vintages import Change, Revision

__all__ = ["by_country", "figures_of", "index_moves"]


def index_moves(spec: str, revision: Revision) -> dict[str, Any]:
    """Return the ranks of an index built with the figures of either release, where they differ.

    A revised figure meets a cell of the index where its subject is a unit, its attribute an indicator and its period
    the year of the cell's value; every other cell keeps the index's own figure.

    Raises
    ------
    EvidenceError
        If no revised figure meets a cell.
    """
    from podium.index.assemble import assemble
    from podium.index.build import build
    from podium.index.spec import load_spec

    loaded = load_spec(spec)
    dataset, _ = assemble(loaded)
    values = [np.array(dataset.values), np.array(dataset.values)]
    met = 0
    for change in revision.changes:
        place = _cell(change, dataset.units, dataset.indicators, dataset.years[-1])
        if place is None:
            continue
        met += 1
        for table, fact in zip(values, (change.before, change.after), strict=True):
            table[(-1, *place)] = np.nan if fact is None or fact.value is None else fact.value
    if not met:
        raise EvidenceError(Fault(f"no revised figure is one of the index {loaded.name!r}",
                                  "Name subjects as its units and attributes as its indicators"))  # fmt: skip
    one, two = (build(loaded, dataset=dataset.with_values(v)) for v in values)
    moves = [{"unit": u, "before": one.rank_of(u), "after": two.rank_of(u)} for u in one.units
             if u in two.units and one.rank_of(u) != two.rank_of(u)]  # fmt: skip
    lines = [f"{loaded.name}: {met} revised figures, {len(moves)} of {len(one.units)} ranks change"]
    lines += [f"  {m['unit']}: {m['before']:g} → {m['after']:g}" for m in moves]
    return {"index": loaded.name, "figures": met, "units": len(one.units), "moves": moves, "lines": lines}


def _cell(
    change: Change, units: Sequence[str], indicators: Sequence[str], years: np.ndarray[Any, Any]
) -> tuple[int, int] | None:  # fmt: skip
    code = change.attribute.removeprefix("indicator:")
    if change.subject not in units or code not in indicators:
        return None
    u, i = units.index(change.subject), indicators.index(code)
    year = years[u, i]
    return (u, i) if np.isnan(year) or change.period[:4] == f"{year:.0f}" else None


def figures_of(spec: str) -> list[Fact]:
    """Return the figures of an index's latest edition as facts ``indicator:CODE`` of its units, with their sources."""
    from podium.evidence.facts import Fact, Source
    from podium.index.assemble import assemble
    from podium.index.spec import load_spec

    loaded = load_spec(spec)
    dataset, _ = assemble(loaded)
    facts = []
    for u, i in np.argwhere(~np.isnan(dataset.values[-1])):
        code, year = dataset.indicators[i], dataset.years[-1, u, i]
        cited = "" if dataset.sources is None else str(dataset.sources[-1, u, i] or "")
        told = Source(dataset.citations.get(cited, cited) or loaded.name, f"index {loaded.name}")
        facts.append(Fact(
            f"{dataset.units[u]}:indicator:{code}", dataset.units[u], f"indicator:{code}",
            "" if np.isnan(year) else f"{year:.0f}", float(dataset.values[-1, u, i]), dataset.codebook[code].unit,
            sources=(told,),
        ))  # fmt: skip
    return facts


def by_country(facts: Iterable[Fact], wanted: Sequence[str] | None) -> dict[str, list[Fact]]:
    """Return the facts of each country: its own, and those of the sites in it.

    Raises
    ------
    EvidenceError
        If nothing is held on a wanted country.
    """
    from podium.data.countries import iso3_codes

    held = list(facts)
    home = {f.subject: f.text for f in held if f.attribute == "site:country"}
    codes = iso3_codes()
    out: dict[str, list[Fact]] = {}
    for fact in held:
        code = fact.subject if fact.subject in codes else home.get(fact.subject, "")
        if code in codes and (not wanted or code in wanted):
            out.setdefault(code, []).append(fact)
    lost = [c for c in wanted or () if c not in out]
    if lost or not out:
        raise EvidenceError(
            Fault(f"nothing is held on {', '.join(lost) or 'any country'}", "Give ISO 3166-1 alpha-3 codes")
        )
    order = ("rank:", "score:", "stock:")
    for listed in out.values():
        listed.sort(
            key=lambda f: (not f.attribute.startswith(order), f.subject not in codes, f.subject, f.attribute, f.period)
        )
    return {code: out[code] for code in sorted(out)}
