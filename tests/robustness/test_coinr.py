"""COINr's uncertainty analysis of ASEM replayed: its draws, recorded one by one, give its scores and ranks.

COINr 1.1.14, doi:10.21105/joss.04567; `shared/ref/coinr/11_sensitivity`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from podium.index.build import build
from podium.index.rank import ranks
from podium.index.spec import load_spec
from podium.robustness.draws import scorer_of
from podium.robustness.scorer import Engine
from podium.robustness.statistics import quantiles
from podium.robustness.variants import variants

SPEC = """
name: asem
data: {{coinr: {{data: {folder}/ASEM_iData.csv, meta: {folder}/ASEM_iMeta.csv}}}}
steps:
  denominate: {{}}
  impute: {{method: group_mean, group: EurAsia_group}}
  screen: {{min_available: 0.9}}
  treat: {{method: winsorise, max_points: 5, skew: 2, kurtosis: 3.5, otherwise: log}}
  normalise: {{method: minmax, range: [0, 100]}}
  aggregate: {{method: arithmetic}}
uncertainties:
  weights: [{{level: 2, amount: 0.25}}, {{level: 3, amount: 0.25}}]
  choices:
    - {{name: winmax, at: steps.treat.max_points, options: {{'1': 1, '2': 2, '3': 3, '4': 4, '5': 5}}}}
    - name: norm
      at: steps.normalise
      options: {{own: {{method: minmax, range: [0, 100]}}, minmax: {{method: minmax, range: [1, 100]}}, zscore: {{method: zscore, mean: 10, sd: 2}}}}
    - {{name: agg, at: steps.aggregate.method, options: {{a_amean: arithmetic, a_gmean: geometric}}}}
"""


@pytest.mark.parametrize("engine", ["numpy", "kernels"])
def test_recorded_draws_give_coinrs_scores_and_ranks(tmp_path: Path, shared: Path, engine: Engine) -> None:
    """100 draws over winsorisation, normalisation, weights and aggregation: every score to 1e-9, every rank."""
    ref = shared / "ref" / "coinr"
    (tmp_path / "index.yaml").write_text(SPEC.format(folder=ref / "00_input"), encoding="utf-8")
    drawn = pd.read_csv(ref / "11_sensitivity" / "UA_para.csv").astype({"winmax": str})
    noisy = pd.read_csv(ref / "11_sensitivity" / "noisy_weights_long.csv").set_index(["set", "iCode"])["Weight"]
    spec = load_spec(tmp_path)
    # the index's own scale is 0 to 100, whose geometric mean has no value; COINr drew from 1 to 100 and z-scores alone
    choices = spec.uncertainties.model_dump()["choices"]
    choices[1]["options"].pop("own")
    built = build(spec.with_({"steps.normalise": choices[1]["options"]["minmax"], "uncertainties.choices": choices}))
    every = variants(built)
    theirs = pd.read_csv(ref / "11_sensitivity" / "UA_scores.csv").set_index("uCode").loc[list(built.units)]
    scores = []
    for row in drawn.itertuples():
        variant = next(v for v in every if v.options == {"winmax": row.winmax, "norm": row.norm, "agg": row.agg})
        w = np.array([noisy[(row.weights, code)] for code in built.tree.items])
        scores.append(scorer_of(variant.built).scores(w[:, None], engine=engine)[:, 0])
    ours = np.array(scores)
    np.testing.assert_allclose(ours, theirs[[f"r_{k}" for k in drawn["rep"]]].T.to_numpy(), rtol=1e-9)
    placed = pd.read_csv(ref / "11_sensitivity" / "UA_ranks.csv").set_index("uCode").loc[list(built.units)]
    np.testing.assert_array_equal(ranks(ours), placed[[f"r_{k}" for k in drawn["rep"]]].T.to_numpy())
    said = pd.read_csv(ref / "11_sensitivity" / "UA_rankstats.csv").set_index("uCode").loc[list(built.units)]
    np.testing.assert_allclose(quantiles(ranks(ours), (0.05, 0.5, 0.95)), said[["Q5", "Median", "Q95"]].T.to_numpy())
    np.testing.assert_allclose(ranks(ours).mean(axis=0), said["Mean"])
