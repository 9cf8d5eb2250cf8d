"""The weights hidden in a published table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from podium.compare.consistent import Rows, gap, integer_ratios
from podium.compare.recover import recover
from podium.compare.rounded import published
from podium.errors import DataError

RNG = np.random.default_rng


def write(folder: Path, columns: dict[str, np.ndarray], decimals: dict[str, int], **texts: list[str]) -> Path:
    """Write a table as a publisher does: each column rounded to its decimals, trailing zeros shown."""
    n = len(next(iter(columns.values())))
    frame = pd.DataFrame({"country": [f"C{k}" for k in range(n)], **texts})
    for name, values in columns.items():
        frame[name] = ["" if np.isnan(v) else f"{v:.{decimals[name]}f}" for v in values]
    path = folder / "table.csv"
    frame.to_csv(path, index=False)
    return path


def uniform(n: int, k: int, seed: int = 0, low: float = 5, high: float = 95) -> np.ndarray:
    """Components between two values."""
    return RNG(seed).uniform(low, high, (n, k))


def test_global_ai_index(shared: Path) -> None:
    """Global AI Index: 5:3:2:5:3:1:5 over 24, stretched by min-max, and no other whole numbers up to a sum of 60."""
    found = recover(shared / "data" / "ai_race" / "gaii_2021_pillars.csv", score="Total score")
    best = found.best
    assert best is not None
    assert (best.family, best.integers, best.over, best.unique) == ("min-max", (5, 3, 2, 5, 3, 1, 5), 24, True)
    assert best.miss < 0.0065  # ../shared/ref/gallery/gaii2021: greatest error 0.0064 with input rounding
    for w in best.weights:
        assert w.low <= w.share <= w.high
        assert w.high - w.low < 0.002
    assert [r.family for r in found.refusals][0:1] in ([], ["log-linear"], ["semi-log"])


def test_equal_weights(tmp_path: Path) -> None:
    """A plain mean of five columns is found as 1:1:1:1:1 over 5."""
    x = uniform(40, 5)
    path = write(tmp_path, {**{f"x{k}": x[:, k] for k in range(5)}, "score": x.mean(axis=1)}, {**{f"x{k}": 1 for k in range(5)}, "score": 2})
    best = recover(path, score="score").best
    assert best is not None
    assert (best.family, best.integers, best.unique) == ("mean", (1,) * 5, True)


def test_components_normalised_before_weighting_with_one_reversed(tmp_path: Path) -> None:
    """Raw figures on unlike scales, min-max first, one less-is-better: 4:3:2:1 of the min-max scale with directions."""
    rng = RNG(3)
    raw = np.column_stack([rng.normal(70, 8, 60), np.exp(rng.normal(9, 1, 60)), rng.uniform(0, 1, 60), rng.uniform(2, 30, 60)])
    scaled = (raw - raw.min(0)) / (raw.max(0) - raw.min(0))
    scaled[:, 3] = 1 - scaled[:, 3]
    score = 100 * scaled @ np.array([0.4, 0.3, 0.2, 0.1])
    path = write(tmp_path, {"life": raw[:, 0], "income": raw[:, 1], "share": raw[:, 2], "deaths": raw[:, 3], "score": score},
                 {"life": 2, "income": 0, "share": 4, "deaths": 2, "score": 2})  # fmt: skip
    best = recover(path, score="score").best
    assert best is not None
    assert (best.scale, best.integers, best.over) == ("min-max", (4, 3, 2, 1), 10)
    assert [w.direction for w in best.weights] == [1, 1, 1, -1]


def test_standardised_components(tmp_path: Path) -> None:
    """Z-scores with weights 3:2:1 are found through the standard deviations."""
    rng = RNG(5)
    raw = np.column_stack([rng.normal(70, 8, 50), rng.normal(3, 0.5, 50), rng.uniform(0, 1000, 50)])
    z = (raw - raw.mean(0)) / raw.std(0, ddof=1)
    path = write(tmp_path, {"a": raw[:, 0], "b": raw[:, 1], "c": raw[:, 2], "score": 50 + 10 * z @ np.array([3, 2, 1]) / 6}, {"a": 3, "b": 4, "c": 1, "score": 3})
    best = recover(path, score="score").best
    assert best is not None
    assert (best.scale, best.integers) == ("standardised", (3, 2, 1))


def test_weighted_geometric_mean(tmp_path: Path) -> None:
    """A geometric mean with weights 2:1:1."""
    x = uniform(40, 3, 6, 1, 100)
    path = write(tmp_path, {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "score": np.exp(np.log(x) @ np.array([0.5, 0.25, 0.25]))}, dict.fromkeys(["a", "b", "c", "score"], 2))
    found = recover(path, score="score")
    assert found.best is not None
    assert (found.best.family, found.best.integers) == ("geometric mean", (2, 1, 1))
    assert found.refusals[0].family == "affine"
    assert found.refusals[0].checked
    assert found.refusals[0].complete


def test_product_of_powers_with_a_factor(tmp_path: Path) -> None:
    """3 a^0.6 b^-0.2: log-linear, 3:1 with the second downwards."""
    x = uniform(50, 2, 7, 1, 50)
    path = write(tmp_path, {"a": x[:, 0], "b": x[:, 1], "score": 3 * x[:, 0] ** 0.6 * x[:, 1] ** -0.2}, {"a": 3, "b": 3, "score": 3})
    best = recover(path, score="score").best
    assert best is not None
    assert (best.family, best.integers, [w.direction for w in best.weights]) == ("log-linear", (3, 1), [1, -1])
    assert best.offset == pytest.approx(np.log(3), abs=0.01)


def test_offset_and_weights_that_do_not_sum_to_one(tmp_path: Path) -> None:
    """12 + 0.3 a + 0.15 b, and 0.3 a + 0.15 b without the offset."""
    x = uniform(40, 2, 8)
    for offset, family in ((12.0, "affine"), (0.0, "weighted sum")):
        path = write(tmp_path, {"a": x[:, 0], "b": x[:, 1], "score": offset + x @ np.array([0.3, 0.15])}, {"a": 2, "b": 2, "score": 2})
        best = recover(path, score="score").best
        assert best is not None
        assert (best.family, best.integers) == (family, (2, 1))
        assert best.offset == pytest.approx(offset, abs=0.05)
        assert best.weights[0].coefficient == pytest.approx(0.3, abs=0.001)


@pytest.fixture
def hdi(shared: Path) -> pd.DataFrame:
    """Health, schooling and income indices of the published Human Development Index 2022, and the published HDI."""
    raw = pd.read_csv(shared / "ref" / "gallery" / "hdi" / "HDR23-24_Composite_indices_complete_time_series.csv", encoding="latin-1")
    raw = raw[~raw["iso3"].str.startswith("ZZ")].dropna(subset=["hdi_2022", "le_2022", "eys_2022", "mys_2022", "gnipc_2022"])
    return pd.DataFrame({
        "country": raw["country"], "health": (raw["le_2022"].clip(20, 85) - 20) / 65, "expected": raw["eys_2022"].clip(0, 18) / 18,
        "mean": raw["mys_2022"].clip(0, 15) / 15, "income": (np.log(raw["gnipc_2022"].clip(100, 75000)) - np.log(100)) / np.log(750),
        "HDI": raw["hdi_2022"],
    })  # fmt: skip


def test_human_development_index(hdi: pd.DataFrame, tmp_path: Path) -> None:
    """Published HDI 2022 (UNDP, Human Development Report 2023-24): the geometric mean of three indices, 1:1:1."""
    three = {"health": hdi["health"].to_numpy(), "education": ((hdi["expected"] + hdi["mean"]) / 2).to_numpy(), "income": hdi["income"].to_numpy(), "HDI": hdi["HDI"].to_numpy()}
    best = recover(write(tmp_path, three, dict.fromkeys(three, 3)), score="HDI").best
    assert best is not None
    assert (best.family, best.integers, best.unique) == ("geometric mean", (1, 1, 1), True)


def test_human_development_index_with_its_nested_mean(hdi: pd.DataFrame, tmp_path: Path) -> None:
    """With both schooling indices apart the formula is a geometric mean with an arithmetic one inside."""
    four = {c: hdi[c].to_numpy() for c in ("health", "expected", "mean", "income", "HDI")}
    found = recover(write(tmp_path, four, dict.fromkeys(four, 3)), score="HDI")
    assert found.best is not None
    assert found.best.family == "nested"
    assert found.best.integers == (1, 1, 1)
    assert "arithmetic mean of (expected + mean)" in found.best.formula
    assert {r.family for r in found.refusals} >= {"affine", "log-linear"}


def test_no_combination_is_proved(tmp_path: Path) -> None:
    """A median of the components: every family is refused, and the contradiction needs no more rows than unknowns + 1."""
    x = uniform(40, 3, 9)
    path = write(tmp_path, {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "score": np.median(x, axis=1)}, dict.fromkeys(["a", "b", "c", "score"], 2))
    found = recover(path, score="score")
    assert found.best is None
    assert {r.family for r in found.refusals} == {"affine", "log-linear", "semi-log", "harmonic"}
    for r in found.refusals:
        assert r.miss > 1
        assert r.checked
        assert r.complete
        assert 2 <= len(r.rows) <= 5


def test_refusal_agrees_with_a_solver_on_its_rows_alone() -> None:
    """The rows a refusal names are infeasible by themselves (Helly), which another linear program confirms."""
    rng = RNG(2)
    x = rng.uniform(1, 10, (30, 3))
    y = x.max(axis=1)
    rows = Rows(x - 0.005, x + 0.005, y - 0.005, y + 0.005)
    answer = gap(rows)
    assert answer.empty
    assert answer.proves(rows)
    used = np.flatnonzero(answer.multipliers > 1e-9)
    system, right = rows.system()
    assert len(used) <= 5
    assert linprog(np.zeros(4), A_ub=system[used], b_ub=right[used], bounds=[(0, None)] * 3 + [(None, None)]).status == 2
    assert linprog(np.zeros(4), A_ub=system[used], b_ub=right[used] + answer.miss * 1.0001, bounds=[(0, None)] * 3 + [(None, None)]).status == 0


def test_columns_that_are_no_components_are_left_out(tmp_path: Path) -> None:
    """A year, a rank, a population and another score do not enter; the rank is not even tried."""
    x = uniform(60, 3, 10)
    score = x @ np.array([0.5, 0.3, 0.2])
    rank = np.argsort(np.argsort(-score)) + 1.0
    rng = RNG(1)
    path = write(tmp_path, {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "score": score, "rank": rank, "year": np.full(60, 2023.0), "population": rng.uniform(1e5, 1e8, 60)},
                 {"a": 2, "b": 2, "c": 2, "score": 2, "rank": 0, "year": 0, "population": 0}, region=["r"] * 60)  # fmt: skip
    found = recover(path, score="score")
    assert found.components == ("a", "b", "c", "population")
    assert found.best is not None
    assert found.best.integers == (5, 3, 2)
    assert [w.component for w in found.best.weights] == ["a", "b", "c"]


def test_missing_components_give_their_weight_to_the_others(tmp_path: Path) -> None:
    """Rows that lack a component are not used to find the weights, and confirm them."""
    x = uniform(40, 3, 11)
    w = np.array([0.5, 0.25, 0.25])
    x[[2, 5, 9], [0, 1, 2]] = np.nan
    there = ~np.isnan(x)
    score = np.nansum(x * w, axis=1) / (there * w).sum(axis=1)
    found = recover(write(tmp_path, {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "score": score}, dict.fromkeys(["a", "b", "c", "score"], 2)), score="score")
    assert found.best is not None
    assert found.best.integers == (2, 1, 1)
    assert (found.used, found.incomplete, found.reproduced) == (37, 3, 3)


def test_decimals_come_from_the_text(tmp_path: Path) -> None:
    """Trailing zeros count; a column shows as many decimals as its longest cell; commas and per cent signs are read."""
    path = tmp_path / "t.csv"
    path.write_text('name,a,b,c,d\nX,1.50,"1,234",5%,7\nY,2.25,"2,000.5",6.0%,−3\nZ,,..,7%,1e-2\n', encoding="utf-8")
    held = published(path)
    assert {n: c.decimals for n, c in held.columns.items()} == {"a": 2, "b": 1, "c": 1, "d": 2}
    assert held.columns["b"].values[:2].tolist() == [1234, 2000.5]
    assert held.columns["d"].values[1] == -3
    assert held.rows == ("X", "Y", "Z")


def test_every_interval_holds_the_truth_and_is_reached(tmp_path: Path) -> None:
    """Uneven weights, coarse rounding: each true share lies in its interval, whose ends reproduce the score."""
    x = uniform(25, 4, 12, 0, 10)
    w = np.array([0.37, 0.29, 0.21, 0.13])
    path = write(tmp_path, {**{f"x{k}": x[:, k] for k in range(4)}, "score": x @ w}, {**{f"x{k}": 1 for k in range(4)}, "score": 1})
    best = recover(path, score="score", most=4).best
    assert best is not None
    for true, found in zip(w, best.weights, strict=True):
        assert found.low <= true <= found.high
        assert found.high - found.low > 0.005
    data = pd.read_csv(path)
    xs, y = data[[f"x{k}" for k in range(4)]].to_numpy(), data["score"].to_numpy()
    system, right = np.vstack([xs - 0.05, -(xs + 0.05)]), np.r_[y + 0.05, -(y - 0.05)]
    for c, found in enumerate(best.weights):
        ends = [s * linprog(s * np.eye(4)[c], A_ub=system, b_ub=right, A_eq=[[1] * 4], b_eq=[1], bounds=(0, None)).fun for s in (1, -1)]
        assert (found.low, found.high) == pytest.approx(tuple(ends), abs=1e-6)


def test_whole_numbers_equal_a_blind_search() -> None:
    """Of all proportions of three whole numbers up to a sum of 15 the same are found as by trying each."""
    rng = RNG(4)
    x = np.round(rng.uniform(0, 10, (12, 3)), 1)
    y = np.round(x @ np.array([3, 2, 1]) / 6, 1)
    rows = Rows(x - 0.05, x + 0.05, y - 0.05, y + 0.05, offset=False, pure=True)
    found, complete = integer_ratios(rows, np.zeros(3), np.ones(3), 15)
    slow = []
    for a in range(16):
        for b in range(16 - a):
            for c in range(16 - a - b):
                if a + b + c and np.gcd.reduce([a, b, c]) == 1:
                    s = x @ np.array([a, b, c]) / (a + b + c)
                    if (np.abs(s - y) <= 0.1 + 1e-9).all():
                        slow.append((a, b, c))
    assert complete
    assert sorted(found) == sorted(slow)
    assert (3, 2, 1) in found


def test_too_few_rows_are_called_inconclusive(tmp_path: Path) -> None:
    """With as many unknowns as rows a fit is a matter of course, and the result says so."""
    x = uniform(3, 3, 1)
    found = recover(write(tmp_path, {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "score": RNG(1).uniform(0, 9, 3)}, dict.fromkeys(["a", "b", "c", "score"], 2)), score="score", components=["a", "b", "c"])
    assert found.best is None or not found.best.conclusive
    assert found.best is None or "matter of course" in " ".join(found.notes)


FAULTS: list[tuple[str, dict[str, object], str]] = [
    ("score,a\n1,2\n3,4\n", {"score": "total"}, "'total' is not there"),
    ("score,a\n1,2\n3,4\n", {"score": "score", "components": ["b"]}, "'b' is not there"),
    ("score,a\n1,x\n3,4\n", {"score": "score", "components": ["a"]}, "'a' is not numeric"),
    ("score,a\n1,2\n1,4\n", {"score": "score"}, "constant"),
    ("name,score\nA,1\nB,2\n", {"score": "score"}, "no numeric column"),
]


@pytest.mark.parametrize(("text", "options", "message"), FAULTS)
def test_faults_say_what_to_do(tmp_path: Path, text: str, options: dict[str, object], message: str) -> None:
    """What cannot be read is named with the columns there are."""
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    call: Callable[..., object] = recover
    with pytest.raises(DataError, match=message):
        call(path, **options)
