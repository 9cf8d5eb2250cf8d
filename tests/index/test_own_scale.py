"""Scales that the codebook, or COINr's iMeta, gives single indicators where the step leaves them open."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.errors import DataError
from podium.index.build import Built, build
from podium.index.spec import load_spec

FIGURES = pd.DataFrame({"unit": ["a", "b", "c", "d"], "up": [1.0, 2, 5, 9], "down": [40.0, 10, 30, 20]})
HEADS = ("code,direction,target,lower,upper,minmax_lower,minmax_upper,zscore_mean,zscore_sd,scaled_lower,scaled_upper,scale_factor,"
         "goalpost_scale,goalpost_trunc2posts,dist2targ_cap_max")  # fmt: skip
BOOK = f"{HEADS}\nup,1,4,2,6,1,7,50,10,0,10,100,10,TRUE,TRUE\ndown,-1,15,15,35,,,5,,20,30,,,no,\n"


def built(step: str, folder: Path, book: str = BOOK) -> Built:
    """The four units built with a step and a codebook."""
    (folder / "index.yaml").write_text(
        f"name: t\ndata: {{table: t.csv, layout: wide, codebook: b.csv}}\ntree: {{code: index, children: [up, down]}}\n"
        f"steps: {{normalise: {{{step}}}, aggregate: {{method: arithmetic}}}}\n", encoding="utf-8")  # fmt: skip
    frame = pd.read_csv(io.StringIO(book), dtype=str)
    return build(load_spec(folder), data={"table": FIGURES, "codebook": frame})


UP, DOWN = FIGURES["up"].to_numpy(), -FIGURES["down"].to_numpy()
Z = [(x - x.mean()) / x.std(ddof=1) for x in (UP, DOWN)]
MINMAX = [(x - x.min()) / np.ptp(x) for x in (UP, DOWN)]


@pytest.mark.parametrize(
    ("step", "up", "down"),
    [("method: minmax", 1 + 6 * MINMAX[0], MINMAX[1]), ("method: minmax, range: [0, 100]", 100 * MINMAX[0], 100 * MINMAX[1]),
     ("method: zscore", 50 + 10 * Z[0], 5 + Z[1]), ("method: zscore, sd: 2", 50 + 2 * Z[0], 5 + 2 * Z[1]),
     ("method: scaled", 100 * UP / 10, (DOWN + 30) / 10), ("method: scaled, factor: 3", 3 * UP / 10, 3 * (DOWN + 30) / 10),
     ("method: goalposts", 10 * np.clip((UP - 2) / 4, 0, 1), (DOWN + 35) / 20),
     ("method: goalposts, clip: false", 10 * (UP - 2) / 4, (DOWN + 35) / 20),
     ("method: dist2targ", np.minimum((UP - 1) / 3, 1), (DOWN + 40) / 25),
     ("method: dist2targ, factor: 100", 100 * np.minimum((UP - 1) / 3, 1), 100 * (DOWN + 40) / 25)],
)  # fmt: skip
def test_what_the_step_leaves_open_is_as_the_codebook_says(step: str, up: np.ndarray, down: np.ndarray, tmp_path: Path) -> None:
    """By the formulas of COINr's use_iMeta, written out here; empty cells leave the step's default."""
    out = built(step, tmp_path).tables["Normalised"].loc[list("abcd")]
    np.testing.assert_allclose(out["up"], up, rtol=1e-12)
    np.testing.assert_allclose(out["down"], down, rtol=1e-12)


def test_cells_of_a_scale_that_do_not_fit_are_named(tmp_path: Path) -> None:
    """No number, no yes or no, half a range, equal posts: all at once."""
    book = f"{HEADS}\nup,1,,,,1,,x,,3,3,,,maybe,\ndown,-1,,,,,,,,,,inf,,,\n"
    with pytest.raises(DataError) as caught:
        built("method: minmax", tmp_path, book)
    for said in ("zscore_mean is 'x'", "goalpost_trunc2posts is 'maybe', not yes or no", "minmax_lower is '1', not given together with minmax_upper",
                 "not another number than scaled_lower", "scale_factor is 'inf', not a finite number"):  # fmt: skip
        assert said in str(caught.value)


@pytest.mark.parametrize(
    ("step", "result"),
    [("goalposts", "goalposts_trunc"), ("scaled", "scaled_iMeta"), ("dist2targ", "dist2targ_iMeta_cap"), ("minmax", ""), ("zscore", "")],
)
def test_scales_of_imeta_as_coinr_has_them(shared: Path, tmp_path: Path, step: str, result: str) -> None:
    """COINr's iMeta with the columns of its use_iMeta, against its results or, where none is at hand, the formula."""
    coinr = shared / "ref" / "coinr"
    shutil.copy(coinr / "00_input" / "ASEM_iData.csv", tmp_path)
    meta = pd.read_csv(coinr / "00_input" / "ASEM_iMeta.csv")
    posts = pd.read_csv(coinr / "03_normalise" / "iMeta_goalposts.csv").set_index("iCode")
    for kind in ("goalpost", "scaled"):
        for end in ("lower", "upper"):
            meta[f"{kind}_{end}"] = meta["iCode"].map(posts[f"goalpost_{end}"])
    meta = meta.assign(goalpost_scale=100, goalpost_trunc2posts="TRUE", dist2targ_cap_max="TRUE", minmax_lower=1, minmax_upper=7,
                       zscore_mean=50, zscore_sd=10, scale_factor=100)  # fmt: skip
    meta.to_csv(tmp_path / "ASEM_iMeta.csv", index=False, na_rep="NA")
    steps = (
        "denominate: {}, impute: {method: group_mean, group: EurAsia_group}, screen: {min_available: 0.9}, treat: {}, "
        f"normalise: {{method: {step}}}, aggregate: {{method: arithmetic}}"
    )
    (tmp_path / "index.yaml").write_text(
        f"name: t\ndata: {{coinr: {{data: ASEM_iData.csv, meta: ASEM_iMeta.csv}}}}\nsteps: {{{steps}}}\n", encoding="utf-8"
    )
    made = build(load_spec(tmp_path))
    ours, directed = made.tables["Normalised"], made.tables["Treated"] * posts["Direction"].astype(float)
    directed = directed[ours.columns]
    if result:
        theirs = pd.read_csv(coinr / "03_normalise" / f"Treated_{result}.csv").set_index("uCode").loc[ours.index, ours.columns]
    elif step == "minmax":
        theirs = 1 + 6 * (directed - directed.min()) / (directed.max() - directed.min())
    else:
        theirs = 50 + 10 * (directed - directed.mean()) / directed.std()
    np.testing.assert_allclose(ours.to_numpy(float), theirs.to_numpy(float), rtol=1e-9, atol=1e-9)
