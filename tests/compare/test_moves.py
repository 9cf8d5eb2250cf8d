"""Rank moves: exact to the last bit, against rebuilt indices in every order, COINr's comparisons and published HDI ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from podium.compare.firmness import firmness, noise_of
from podium.compare.moves import Moves, known_revision, moves
from podium.compare.removal import change_indicators
from podium.errors import DataError
from podium.index.build import Built, build
from podium.index.spec import Spec, load_spec

GALLERY = Path(__file__).resolve().parents[2] / "examples" / "gallery"
UNITS = ["A", "B", "C", "D", "E", "F", "G", "H"]


def adds_up(m: Moves) -> None:
    """The parts of every unit sum to its change, and leave nobody out."""
    assert m.unsplit == ()
    np.testing.assert_allclose(m.scores.sum(axis=0), m.new_scores - m.old_scores, rtol=0, atol=1e-9)
    np.testing.assert_allclose(m.ranks.sum(axis=0), m.new_ranks - m.old_ranks, rtol=0, atol=1e-9)


SMALL = """
name: small
data: {table: t.csv, layout: wide, columns: {unit: unit}}
tree:
  code: index
  children:
    - {code: one, weight: 2, children: [{code: p, weight: 3}, q]}
    - {code: two, children: [r, s]}
steps:
  treat: {max_points: 1, skew: 1.0, kurtosis: 1.0}
  normalise: {method: minmax, range: [1, 100]}
  aggregate: {method: arithmetic}
"""


@pytest.fixture
def small(tmp_path: Path) -> Spec:
    """A small index with outliers to treat."""
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    return load_spec(tmp_path / "small.yaml")


def figures(seed: int, units: list[str]) -> pd.DataFrame:
    """Figures of four indicators, skewed, for some units."""
    x = pd.DataFrame(np.random.default_rng(seed).lognormal(1, 1, (len(UNITS), 4)), UNITS, list("pqrs"))
    return x.loc[units].rename_axis("unit").reset_index()


def nested(groups: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Every order of nested lists in which each list stays together."""
    for row in permutations(groups):
        parts = [list(nested(g)) if isinstance(g, list) else [(g,)] for g in row]
        for chosen in product(*parts):
            yield tuple(x for part in chosen for x in part)


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_every_order_of_rebuilt_indices(small: Spec, aggregation: str) -> None:
    """Data, weights, normalisation and units at once: the mean step over all orders, every mix built from raw figures."""
    base = small.with_({"steps.aggregate.method": aggregation})
    other = base.with_({
        "steps.normalise": {"method": "zscore", "mean": 60, "sd": 8},
        "tree": {"code": "index", "children": [
            {"code": "one", "weight": 1, "children": [{"code": "p", "weight": 3}, "q"]},
            {"code": "two", "weight": 2, "children": ["r", "s"]}]},
    })  # fmt: skip
    before, after = figures(1, UNITS[:7]), figures(2, UNITS[1:])
    found = moves(build(base, data=before), build(other, data=after))
    assert (found.newcomers, found.leavers) == (("H",), ("A",))
    shared = UNITS[1:7]

    def mix(there: frozenset[str]) -> np.ndarray:
        spec = base.with_({"steps.normalise": other.steps.normalise.model_dump()}) if "normalisation" in there else base
        spec = spec.with_({"tree": other.tree.model_dump()}) if "index" in there else spec  # type: ignore[union-attr]
        x = before.set_index("unit").loc[shared].copy()
        for c in "pqrs":
            x[c] = after.set_index("unit").loc[shared, c] if c in there else x[c]
        rows = [x]
        rows += [] if "leavers" in there else [before.set_index("unit").loc[["A"]]]
        rows += [after.set_index("unit").loc[["H"]]] if "newcomers" in there else []
        built = build(spec, data=pd.concat(rows).rename_axis("unit").reset_index())
        return np.array([[built.score_of(u), built.rank_of(u)] for u in found.units]).T

    names = [p.name for p in found.parts]
    groups = [[["p", "q"], ["r", "s"]], ["index"], ["normalisation"], ["newcomers", "leavers"]]
    total, count, known = np.zeros((len(names), 2, len(found.units))), 0, dict[frozenset[str], np.ndarray]()
    for order in nested(groups):
        count += 1
        for k, name in enumerate(order):
            for part in (frozenset(order[:k]), frozenset(order[: k + 1])):
                if part not in known:
                    known[part] = mix(part)
            total[names.index(name)] += known[frozenset(order[: k + 1])] - known[frozenset(order[:k])]
    np.testing.assert_allclose(found.scores, total[:, 0] / count, atol=1e-9)
    np.testing.assert_allclose(found.ranks, total[:, 1] / count, atol=1e-9)
    adds_up(found)


def changed(built: Built, seed: int, out: tuple[str, ...] = ()) -> Any:
    """The dataset of an index with every figure moved a little, and without some units."""
    x = built.dataset.values * np.exp(np.random.default_rng(seed).normal(0, 0.05, built.dataset.values.shape))
    return built.dataset.with_values(x).pick([u for u in built.dataset.units if u not in out])


CHANGES: dict[str, dict[str, Any]] = {
    "weights": {"steps.weights": [{"method": "given", "values": {"Physical": 2, "Conn": 1.5, "LPI": 4}}]},
    "normalisation": {"steps.normalise": {"method": "zscore", "mean": 50, "sd": 10}},
    "aggregation": {"steps.normalise.range": (1, 100), "steps.aggregate.method": "geometric"},
    "treatment": {"steps.treat": None},
}


@pytest.mark.parametrize("change", CHANGES)
def test_asem_with_changed_weights_and_method_adds_up(asem_spec: Spec, asem: Built, change: str) -> None:
    """On ASEM a changed part of the method is the whole of every unit's move, and newer figures beside it add up too."""
    spec = asem_spec.with_(CHANGES[change])
    alone = moves(asem, build(spec))
    assert set(alone.kinds) == {"weights" if change == "weights" else "method"}
    adds_up(alone)
    fresh = changed(asem, 1)
    some = fresh.values.copy()
    some[..., 8:] = asem.dataset.values[..., 8:]  # the figures of a few indicators, so that the test is quick
    both = moves(asem, build(spec, dataset=asem.dataset.with_values(some)))
    assert "data" in both.kinds
    adds_up(both)


def test_asem_with_everything_changed_adds_up(asem_spec: Spec, asem: Built) -> None:
    """Figures, weights, an indicator dropped, one added, newcomers and leavers at once, all 49 indicators."""
    old = change_indicators(build(asem_spec, dataset=asem.dataset.pick([u for u in asem.units if u not in ("KOR", "JPN")])), drop=["LPI"])
    new = change_indicators(build(asem_spec.with_(CHANGES["weights"]), dataset=changed(asem, 2, ("DEU",))), drop=["Forest"])
    m = moves(old, new)
    assert set(m.kinds) == {"data", "indicators", "weights", "units"}
    assert (set(m.newcomers), set(m.leavers), m.orders) == ({"KOR", "JPN"}, {"DEU"}, 0)
    assert {p.name for p in m.parts if p.kind == "indicators"} == {"LPI", "Forest"}
    adds_up(m)


def test_a_plain_sum_is_split_as_weight_times_change(asem_spec: Spec, asem: Built) -> None:
    """With fixed posts, a weighted mean's parts are weight × change of each indicator's score, without any order."""
    posts = {c: (float(np.nanmin(x)), float(np.nanmax(x))) for c, x in asem.tables["Raw"].items()}
    rules = {f"indicators.{c}.goalposts": p for c, p in posts.items()}
    spec = asem_spec.with_({"steps.normalise": {"method": "goalposts", "range": (0, 100)}, "steps.treat": None, **rules})
    old = build(spec)
    new = build(spec, dataset=changed(asem, 4))
    m = moves(old, new)
    w = old.weights["effective"]
    for k, part in enumerate(m.parts):
        step = new.tables["Normalised"][part.name] - old.tables["Normalised"][part.name]
        np.testing.assert_allclose(m.scores[k], (w[part.name] * step).loc[list(m.units)], atol=1e-9)


def test_changes_equal_coinr(asem_spec: Spec, asem: Built, shared: Path) -> None:
    """The moves split are those that COINr's compare_coins reports, by score and by rank."""
    reference = shared / "ref" / "coinr" / "10_compare"
    prank = build(asem_spec.with_({"steps.normalise": {"method": "percentile_rank"}}))
    cases = [("prank_scores", prank, "score"), ("prank", prank, "rank"),
             ("drop_LPI_Forest", change_indicators(asem, drop=["LPI", "Forest"]), "rank")]  # fmt: skip
    for name, other, what in cases:
        theirs = pd.read_csv(reference / f"{name}.csv", index_col="uCode")["Diff"]
        table = moves(asem, other).table.loc[theirs.index]
        parts = table[[c for c in table if c.startswith(f"{what}_") and not c.endswith("change")]].sum(axis=1)
        np.testing.assert_allclose(parts, -theirs, rtol=0, atol=1e-9)


@pytest.mark.parametrize("level", [2, 3])
def test_a_weight_of_zero_is_coinrs_removal(asem: Built, shared: Path, level: int) -> None:
    """An element whose weight falls to 0 moves every score as COINr's remove_elements says, all of it by weights."""
    theirs = pd.read_csv(shared / "ref" / "coinr" / "10_compare" / f"remove_L{level}_scores.csv", index_col="uCode")
    code = next(c for c in theirs if c != "Nominal")

    def without(node: Any) -> Any:
        children = tuple(without(c) for c in node.children)
        return node.model_copy(update={"children": children, **({"weight": 0.0} if node.code == code else {})})

    new = build(asem.spec.with_({"tree": without(asem.root).model_dump()}), dataset=asem.dataset)
    m = moves(asem, new)
    assert m.kinds == ("weights",)
    np.testing.assert_allclose(m.scores.sum(axis=0), (theirs[code] - theirs["Nominal"]).loc[list(m.units)], atol=1e-9)


def test_revision_and_change_are_split(small: Spec) -> None:
    """An indicator's part is revision, then change; what was only revised has no change, and the reverse."""
    one = figures(1, UNITS)
    two = one.assign(p=one["p"] * [1.3, 1, 0.8, 1, 1.1, 1, 1, 0.9])
    three = two.assign(q=figures(5, UNITS)["q"])
    old, new, revised = (build(small, data=x) for x in (one, three, two))
    m = moves(old, new, revised=revised)
    adds_up(m)
    said = {(p.name, p.kind): np.abs(m.scores[k]).max() for k, p in enumerate(m.parts)}
    assert said["p", "revision"] > 0.1 and said["q", "data"] > 0.1
    assert said["p", "data"] < 1e-12 and said["q", "revision"] < 1e-12
    plain = moves(old, new)
    for name in "pq":
        rows = [k for k, p in enumerate(m.parts) if p.name == name]
        whole = next(k for k, p in enumerate(plain.parts) if p.name == name)
        np.testing.assert_allclose(m.scores[rows].sum(axis=0), plain.scores[whole], atol=1e-9)


def test_a_publishers_revision_is_found(tmp_path: Path) -> None:
    """Two publications of one index: the new one's figures for the old edition are the revision."""
    for name, factor in (("first", 1.0), ("second", 1.2)):
        folder = tmp_path / name
        folder.mkdir()
        rows = ["unit,indicator,time,value"]
        years = (2020,) if name == "first" else (2020, 2021)
        rows += [f"{u},{c},{t},{(k + 2) * (j + 1) * factor ** (k % 2) + (t - 2020) * k ** 2}"
                 for k, u in enumerate("ABCD") for j, c in enumerate("xy") for t in years]  # fmt: skip
        (folder / "t.csv").write_text("\n".join(rows), encoding="utf-8")
        text = "name: i\ndata: {table: t.csv, layout: long}\neditions: [%s]\ntree: {code: all, children: [x, y]}\nsteps: {normalise: {method: minmax}, aggregate: {method: arithmetic}}\n"
        (folder / "i.yaml").write_text(text % ", ".join(f"{{name: {t}, year: {t}}}" for t in years), encoding="utf-8")
    old = build(load_spec(tmp_path / "first" / "i.yaml", edition="2020"))
    new = build(load_spec(tmp_path / "second" / "i.yaml", edition="2021"))
    revised = known_revision(old, new)
    assert revised is not None and revised.spec.edition_name == "2020"
    m = moves(old, new, revised=revised)
    assert {p.kind for p in m.parts} == {"data", "revision"}
    adds_up(m)
    assert known_revision(build(load_spec(tmp_path / "second" / "i.yaml", edition="2020")), new) is None


def test_overtakings_are_the_pairs_that_turned(asem_spec: Spec, asem: Built) -> None:
    """They are every pair whose order changed, found by comparing all pairs; the part named moved the gap the right way."""
    m = moves(asem, build(asem_spec, dataset=changed(asem, 9)))
    slow = {(a, b) for i, a in enumerate(m.units) for j, b in enumerate(m.units)
            if m.old_scores[i] < m.old_scores[j] and m.new_scores[i] > m.new_scores[j]}  # fmt: skip
    found = m.overtakings()
    assert {(o.ahead, o.behind) for o in found} == slow and len(slow) > 5
    assert all(o.points > 0 and o.gap_before < 0 < o.gap_after for o in found)
    one = found[0]
    k = next(k for k, p in enumerate(m.parts) if p == one.part)
    a, b = (m.units.index(u) for u in (one.ahead, one.behind))
    assert one.points == pytest.approx(m.scores[k, a] - m.scores[k, b])
    assert m.overtakings(one.ahead) == tuple(o for o in found if one.ahead in (o.ahead, o.behind))


@pytest.fixture(scope="module")
def hdi(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Built]:
    """Builds a Human Development Index of the gallery."""
    folder = tmp_path_factory.mktemp("hdi")
    for path in [*GALLERY.glob("hdi*"), *(shared / "ref" / "gallery" / "hdi").glob("HDR*")]:
        (folder / path.name).write_bytes(path.read_bytes())

    def run(name: str, edition: str | None = None, countries: bool = False) -> Built:
        spec = load_spec(folder / f"{name}.yaml", edition=edition)
        return build(spec.with_({"data.countries": True}) if countries else spec)

    return run


def test_two_years_of_one_panel(hdi: Callable[..., Built], shared: Path) -> None:
    """UNDP's series 2021 to 2022: published ranks on both sides, Somalia as newcomer, everything adds up."""
    m = moves(hdi("hdi_series", "2021"), hdi("hdi_series", "2022"))
    published = pd.read_csv(shared / "ref" / "gallery" / "hdi" / "HDR23-24_Composite_indices_complete_time_series.csv",
                            encoding="latin-1").set_index("iso3")  # fmt: skip
    assert (m.table["new_rank"] == published["hdi_rank_2022"][m.table.index]).sum() >= len(m.units) - 1
    np.testing.assert_allclose(m.table["old_score"], published["hdi_2021"][m.table.index], atol=6e-4)
    assert m.newcomers == ("SOM",)
    adds_up(m)


def test_two_reports_with_other_names(hdi: Callable[..., Built]) -> None:
    """HDI 2022 by one file and 2023 by another, whose columns and countries are named otherwise."""
    old, new = hdi("hdi2022", countries=True), hdi("hdi2023", countries=True)
    with pytest.raises(DataError, match="same"):
        moves(old, new)
    same = {"le_2022": "life", "eys_2022": "expected_schooling", "mys_2022": "mean_schooling", "gnipc_2022": "income"}
    m = moves(old, new, same=same)
    assert m.kinds == ("data",) and len(m.units) == 193
    adds_up(m)
    with pytest.raises(DataError, match="no Fame in the old"):
        moves(old, new, same={"Fame": "life"})


def test_editions_of_the_bundled_index() -> None:
    """ai-race 2022 to 2023: only figures differ, all 82 economies add up, and Korea overtakes Finland."""
    m = moves(*(build(load_spec("ai-race", edition=e)) for e in ("2022", "2023")))
    assert m.kinds == ("data",)
    adds_up(m)
    assert ("KOR", "FIN") in {(o.ahead, o.behind) for o in m.overtakings("KOR")}
    assert m.of("KOR")["score"].sum() == pytest.approx(m.table.loc["KOR", "score_change"])
    with pytest.raises(DataError, match="in neither"):
        m.of("XYZ")


def test_sampling_keeps_additivity(asem_spec: Spec, asem: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the exact split is too large the ranks' split is sampled, says so, adds up, and scores stay exact."""
    new = build(asem_spec, dataset=changed(asem, 9))
    exact = moves(asem, new)
    monkeypatch.setattr(import_module("podium.compare.moves"), "BUDGET", 1000)
    m = moves(asem, new, orders=30, seed=5)
    assert exact.orders == 0 and m.orders == 30 and m.errors is not None
    adds_up(m)
    np.testing.assert_allclose(m.scores, exact.scores, atol=1e-9)
    off, told = ((x**2).mean() for x in (m.ranks - exact.ranks, m.errors[1]))
    assert 0.5 < np.sqrt(off / told) < 1.5


def test_the_same_index_twice_does_not_move(asem: Built) -> None:
    """Nothing differs, so there is no part and no change."""
    m = moves(asem, asem)
    assert m.parts == () and m.overtakings() == () and (m.table["rank_change"] == 0).all()
    assert m.agreement().kendall == pytest.approx(1)


def test_noise_of_ranks_by_construction() -> None:
    """Ranks that never change have no noise; a unit that swaps places in half the draws has one of 1."""
    still, swapped = np.tile([1.0, 2, 3], (40, 1)), np.tile([1.0, 2, 3], (40, 1))
    swapped[:20, :2] = [2, 1]
    assert (noise_of(still) == 0).all()
    assert noise_of(swapped).tolist() == [1, 1, 0]
    assert np.isnan(noise_of(still[:1])).all()


def test_firmness_by_construction(small: Spec) -> None:
    """With tiny errors and no weights a move is firm; with huge errors it is noise; the draws are common."""
    old_x, new_x = figures(1, UNITS), figures(2, UNITS)
    for amount, word in ((1e-9, "firm"), (1.5, "noise")):
        errors = [{"indicator": c, "kind": "relative", "amount": amount, "assumed": True} for c in "pqrs"]
        spec = small.with_({"steps.treat": None, "uncertainties": {"errors": errors, "weights": [{"level": 2, "amount": 0.001}]}})
        m = moves(build(spec, data=old_x), build(spec, data=new_x))
        f = firmness(m, draws=60, seed=1, error_draws=400)
        assert f.paired
        words = {f.says(u) for u, c in zip(f.units, f.change, strict=True) if c != 0}
        assert words == {word}
    with pytest.raises(DataError, match="uncertainties"):
        firmness(moves(build(small, data=old_x), build(small, data=new_x)), draws=10, seed=1)
