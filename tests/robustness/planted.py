"""Indices made of one common factor, clean or with faults planted in them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from podium.index.spec import Spec, load_spec

Array = npt.NDArray[np.float64]
YEAR = 2023


@dataclass
class World:
    """A long table in the making: figures ``(unit, indicator)`` by code, with directions, groups, weights and years."""

    rng: np.random.Generator
    factor: Array
    x: dict[str, Array] = field(default_factory=dict)
    direction: dict[str, int] = field(default_factory=dict)
    group: dict[str, str] = field(default_factory=dict)
    weight: dict[str, float] = field(default_factory=dict)
    year: dict[str, int] = field(default_factory=dict)
    per: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    population: Array = field(default_factory=lambda: np.empty(0))

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.factor)

    def add(self, code: str, group: str, loading: float, *, shape: str = "normal", direction: int = 1) -> None:
        """Add an indicator that measures the factor by a loading, on a scale of its own."""
        z = loading * self.factor + np.sqrt(1 - loading**2) * self.rng.standard_normal(self.units)
        scale, middle = 10 ** self.rng.uniform(-1, 3), self.rng.uniform(5, 9)
        figure = {"normal": middle + z, "skewed": np.exp(0.5 * z), "even": _even(z)}[shape] * scale
        self.x[code] = figure if direction > 0 else 20 * scale - figure
        self.direction[code], self.group[code], self.year[code] = direction, group, YEAR

    def write(self, folder: Path) -> Spec:
        """Write the tables and the specification, and load it."""
        codes = list(self.x)
        with (folder / "data.csv").open("w", newline="", encoding="utf-8") as f:
            out = csv.writer(f)
            out.writerow(["unit", "indicator", "year", "value"])
            for c in codes:
                out.writerows([f"u{k:03d}", c, self.year[c], repr(float(v))] for k, v in enumerate(self.x[c]) if not np.isnan(v))
            out.writerows([f"u{k:03d}", "population", YEAR, repr(float(v))] for k, v in enumerate(self.population))
        with (folder / "codebook.csv").open("w", newline="", encoding="utf-8") as f:
            out = csv.writer(f)
            out.writerow(["code", "name", "direction", "denominator"])
            out.writerows([c, c.upper(), self.direction[c], self.per.get(c, "")] for c in codes)
            out.writerow(["population", "Population", 1, ""])
        groups = list(dict.fromkeys(self.group.values()))
        lines = ["name: world", "data: {table: data.csv, columns: {unit: unit, indicator: indicator, time: year, value: value}, codebook: codebook.csv}"]
        lines += ["indicators:", *(f"  {c}: {rule}" for c, rule in self.rules.items())] if self.rules else []
        lines += ["tree:", "  code: total", "  children:"]
        for g in groups:
            lines += [f"    - code: {g}", f"      weight: {self.weight.get(g, 1.0)}", "      children:"]
            lines += [f"        - {{code: {c}, weight: {self.weight.get(c, 1.0)}}}" for c in codes if self.group[c] == g]
        divided = [c for c in codes if c in self.per]
        lines += ["steps:", *([f"  denominate: {{indicators: [{', '.join(divided)}]}}"] if divided else [])]
        lines += ["  normalise: {method: minmax, range: [0, 100]}", "  aggregate: {method: arithmetic}"]
        lines += ["audit: {draws: 200, rows: 32}"]
        (folder / "index.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return load_spec(folder)


def _even(z: Array) -> Array:
    return np.argsort(np.argsort(z)) / len(z) + 0.01


def clean(seed: int, *, units: int = 60, pillars: int = 4, each: int = 4, low: float = 0.6, high: float = 0.9, shapes: tuple[str, ...] = ("normal",)) -> World:
    """An index of one factor without a fault."""
    rng = np.random.default_rng(seed)
    world = World(rng, rng.standard_normal(units))
    for p in range(pillars):
        for k in range(each):
            turned = -1 if rng.random() < 0.2 else 1
            world.add(f"p{p}i{k}", f"p{p}", rng.uniform(low, high), shape=str(rng.choice(shapes)), direction=turned)
    world.population = 10 ** rng.normal(1.0, 0.6, units)
    for code in ("p0i1", "p1i1"):
        world.per[code] = "population"
        world.x[code] = world.x[code] * world.population
    return world


def planted(seed: int, *, units: int = 60, how: int = 0) -> World:
    """The same index with ten faults; `how` picks among ways of building each of them."""
    w = clean(seed, units=units, pillars=5, each=5)
    rng = w.rng
    w.x["twin"] = [w.x["p0i2"].copy(), 3 * w.x["p0i2"] + 7, w.x["p0i2"] + 1e-3 * w.x["p0i2"].std() * rng.standard_normal(units)][how % 3]
    w.direction["twin"], w.year["twin"], w.group["twin"] = w.direction["p0i2"], YEAR, ["p0", "p2", "p0"][how % 3]
    w.direction["p1i2"] *= -1
    w.x["flat"], w.direction["flat"], w.group["flat"], w.year["flat"] = np.full(units, 5.0), 1, "p1", YEAR
    if how % 3 == 0:
        w.x["p2i3"][7] *= 1000
    elif how % 3 == 1:
        w.x["p2i3"][7] = w.x["p2i3"].mean() + 15 * w.x["p2i3"].std()
    else:
        w.x["p2i3"][7] = -9999.0
    for code in list(w.x)[: round(0.8 * len(w.x))] if how % 2 == 0 else [c for k, c in enumerate(w.x) if k % 5]:
        w.x[code] = w.x[code].copy()
        w.x[code][3] = np.nan
    w.factor = -w.factor
    for k in range(4):
        w.add(f"ni{k}", "negative", 0.8)
    w.factor = -w.factor
    if how % 2 == 0:
        w.weight |= {"p4": 4.0}
        for c in (c for c in list(w.x) if w.group[c] == "p4"):
            w.rules[c] = "{normalise: {method: minmax, range: [49, 51]}}"
    else:
        w.add("quiet", "p4", 0.8)
        w.weight["quiet"] = 5.0
        w.rules["quiet"] = "{normalise: {method: minmax, range: [50, 54]}}"
    if how % 3 == 2:
        w.population[11] *= 1000
    else:
        w.population[[5, 9, 21, 25]] /= 1000
    w.x["sum"] = (w.x["p3i0"] / np.nanstd(w.x["p3i0"]) * w.direction["p3i0"] + w.x["p3i1"] / np.nanstd(w.x["p3i1"]) * w.direction["p3i1"]) * 4
    if how % 2 and how % 3:
        w.x["sum"] = w.x["sum"] + 0.05 * np.nanstd(w.x["sum"]) * rng.standard_normal(units)
    w.direction["sum"], w.group["sum"], w.year["sum"] = 1, ["p3", "p0"][how % 2], YEAR
    w.year["p3i3"] = 2009
    return w


EXPECTED = {
    "duplicate": {("duplicate", "twin")},
    "direction": {("direction", "p1i2")},
    "constant": {("constant", "flat")},
    "outlier": {("outlier", "p2i3")},
    "coverage": {("unit_coverage", "u003")},
    "negative pillar": {("negative_pillar", "negative")},
    "weights": {("idle_weight", "p4"), ("idle_weight", "quiet")},
    "denominator": {("denominator_scale", "p0i1"), ("denominator_scale", "p1i1")},
    "double counting": {("composite", "sum")},
    "stale": {("stale", "p3i3")},
}
"""What an audit must say of each fault: any of these kinds and codes."""
