"""How the index is made, and what an auditor looks at: treatment, availability, correlations, weights."""

from __future__ import annotations

import re
from typing import Any

from podium.app.web.ask import Ask
from podium.app.web.figures import Chart, Column, Table
from podium.app.web.pages.availability import availability_matrix
from podium.app.web.pages.steps import laws_in_words, steps_in_words
from podium.report.charts_parts import interval_bars, matrix_chart

__all__ = ["method", "sobol_chart"]


def method(ask: Ask) -> dict[str, Any]:
    """The values of the page on method."""
    from podium.index.statistics import statistics

    built, _ = ask.built, ask.words
    spec = built.spec
    charts = {
        "weights": _weights(ask),
        "correlations": _correlations(ask),
        "availability": _availability(ask),
        "matrix": availability_matrix(ask),
        "treatment": _treatment(ask),
        "statistics": _table("statistics", statistics(built, step="Raw").reset_index().to_dict("records"), ask),
    }
    text = spec.description
    about = text if isinstance(text, str) else text.get(_.language) or text.get("en", "")
    choices = [(ask.option(c.name), [ask.option(o) for o in c.options]) for c in spec.uncertainties.choices]
    return {
        "charts": charts,
        "about": about,
        "steps": steps_in_words(ask),
        "choices": choices,
        "laws": laws_in_words(ask),
        "errors": spec.uncertainties.errors,
        "coverage": spec.uncertainties.coverage,
        "item": ask.item,
        "excluded": [ask.name(u) for u in built.excluded],
        "citations": sorted(set(built.dataset.citations.values())),
        "draws": ask.desk.draws,
    }


def _table(name: str, rows: list[dict[Any, Any]], ask: Ask) -> Chart:
    """A table without a drawing; its columns are those of its first row."""
    keys = list(rows[0]) if rows else []
    digits = {k: 2 if isinstance(rows[0][k], float) else None for k in keys}
    return Chart(name, None, Table(tuple(Column(str(k), str(k), digits[k]) for k in keys), rows), ask.source)


def _treatment(ask: Ask) -> Chart:
    return _table("treatment", ask.built.treatment_log.reset_index(drop=True).to_dict("records"), ask)


def _weights(ask: Ask) -> Chart:
    """Weight in the root beside the correlation with the root: what counts, and what decides."""
    from podium.index.associations import correlations

    _, built = ask.words, ask.built
    top = built.tree.level[-1] - 1
    found = correlations(built, step="Aggregated", kind="pearson", levels=(top, built.tree.level[-1]))
    r = dict(zip(found["first"], found["correlation"], strict=True))
    squares = {c: float(x) ** 2 for c, x in r.items() if x == x}
    total = sum(squares.values()) or 1.0
    rows = [
        {
            "name": ask.item(c),
            "item": c,
            "value": float(built.weights.loc[c, "effective"]),
            "other": s / total,
            "correlation": float(r[c]),
        }
        for c, s in sorted(squares.items(), key=lambda e: -e[1])
    ]
    drawn = [{**x, "low": min(x["value"], x["other"]), "high": max(x["value"], x["other"])} for x in rows]
    told = {
        "title": "",
        "subtitle": _("Dot: weight. Ring: share of the squared correlations with the index."),
        "axis": _("share"),
    }
    if rows:
        far = max(rows, key=lambda x: abs(x["value"] - x["other"]))
        told["title"] = _(
            "{item} weighs {weight} and has {share} of the influence",
            item=far["name"],
            weight=_.share(far["value"]),
            share=_.share(far["other"]),
        )
    columns = (
        Column("name", _("Pillar")),
        Column("value", _("Weight"), 3),
        Column("correlation", _("Correlation"), 2),
        Column("other", _("Share of influence"), 3),
    )
    return Chart("weights", interval_bars(drawn, told) if rows else None, Table(columns, rows), ask.source)


def _correlations(ask: Ask) -> Chart:
    from podium.index.associations import correlations

    _, built = ask.words, ask.built
    found = correlations(built, step="Normalised", kind="pearson")
    rows: list[dict[str, Any]] = [
        {"first": ask.item(a), "second": ask.item(b), "value": float(r)}
        for a, b, r in zip(found["first"], found["second"], found["correlation"], strict=True)
    ]
    codes = [
        c
        for g in reversed(built.tree.groups)
        for k in g.children
        if (c := built.tree.items[k]) and k < built.tree.indicators
    ]
    others = [r for r in rows if r["first"] != r["second"] and r["value"] == r["value"]]
    told = {"title": "", "subtitle": _("Pearson's r of the normalised indicators: blue above 0, orange below")}
    if others:
        high = max(others, key=lambda r: r["value"])
        names = {"a": high["first"], "b": high["second"], "r": _.number(high["value"], 2)}
        told["title"] = (
            _("{a} and {b} say nearly the same: r = {r}", **names)
            if high["value"] > built.spec.audit.within[1]
            else _("{a} and {b} go together most closely: r = {r}", **names)
        )
    columns = (Column("first", _("First")), Column("second", _("Second")), Column("value", "r", 2))
    spec = matrix_chart(rows, told, order=[ask.item(c) for c in codes]) if others else None
    return Chart("correlations", spec, Table(columns, rows), ask.source, still=len(codes) < 30)


def _availability(ask: Ask) -> Chart:
    """Which unit has which figure: the matrix as a table, its share by indicator as a drawing."""
    built, _ = ask.built, ask.words
    leaves = built.tree.items[: built.tree.indicators]
    raw = next(iter(built.arrays.values()))
    there = raw == raw
    rows: list[dict[str, Any]] = [
        {
            "name": ask.item(c),
            "item": c,
            "value": float(there[:, k].mean()),
            "low": 0.0,
            "high": float(there[:, k].mean()),
        }
        for k, c in enumerate(leaves)
    ]
    rows.sort(key=lambda r: r["value"])
    told = {
        "title": _("{n} of {all} figures are there", n=_.number(int(there.sum())), all=_.number(there.size)),
        "subtitle": _("Share of the ranked countries that have a figure"),
        "axis": _("share"),
    }
    columns = (Column("name", _("Indicator")), Column("item", _("Code")), Column("value", _("Share"), 3))
    return Chart("availability", interval_bars(rows, told), Table(columns, rows), ask.source)


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]


def sobol_chart(ask: Ask, found: dict[str, Any]) -> Chart:
    """Sobol' total indices with their intervals, the first-order ones as rings."""
    _ = ask.words
    rows = [
        {
            "name": _assumption(ask, r["assumption"]),
            **r,
            "value": r["total"],
            "low": r["total_low"],
            "high": r["total_high"],
            "other": r["first"],
        }
        for r in found["rows"]
    ]
    told = {
        "title": _("{item} explains most of how far ranks shift", item=_first_large(rows[0]["name"])),
        "subtitle": _("Sobol' indices of the mean rank shift, 95 % intervals. Dot: total. Ring: first order."),
        "axis": _("index"),
    }
    columns = (
        Column("name", _("Assumption")),
        Column("first", _("First order"), 3),
        Column("total", _("Total"), 3),
        Column("total_low", _("from"), 3),
        Column("total_high", _("to"), 3),
    )
    return Chart("sobol", interval_bars(rows, told), Table(columns, rows), ask.source)


def _assumption(ask: Ask, label: str) -> str:
    """An assumption that Sobol' indices name, in words."""
    _ = ask.words
    if (level := re.fullmatch(r"weights of level (\d+)", label)) is not None:
        n = int(level[1])
        return _("weights of the indicators") if n == 1 else _("weights on level {n}", n=n)
    known = {
        "weights": _("weights"), "left out": _("an indicator left out"), "coverage": _("incomplete coverage"),
        "errors of figures": _("errors of the figures"), "imputation": _("imputation"),
    }  # fmt: skip
    return known.get(label) or ask.option(label)
