"""The scale that the codebook gives an indicator, where the step leaves it open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from podium.index.steps import Normalise

__all__ = ["own_scale"]


def own_scale(step: Normalise, scale: Mapping[str, float]) -> Normalise:
    """Return a normalisation as one indicator has it: what it does not say itself is as the codebook says.

    As COINr's ``use_iMeta``: `minmax` takes its range, `zscore` mean and sd, `scaled` its factor, `goalposts` the
    upper end of a range from 0 and whether it clips, `dist2targ` whether it is capped above.

    Parameters
    ----------
    scale
        What the codebook says of the indicator, by the names of `podium.data.codebook.SCALES`.
    """
    found = _FOUND[step.method](scale, step) if step.method in _FOUND else {}
    open_ = {key: value for key, value in found.items() if key not in step.model_fields_set and value is not None}
    return step.model_copy(update=open_) if open_ else step


def _range(scale: Mapping[str, float], step: Normalise) -> dict[str, Any]:
    return {"range": (scale["minmax_lower"], scale["minmax_upper"])} if "minmax_lower" in scale else {}


def _moments(scale: Mapping[str, float], step: Normalise) -> dict[str, Any]:
    return {"mean": scale.get("zscore_mean"), "sd": scale.get("zscore_sd")}


def _factor(scale: Mapping[str, float], step: Normalise) -> dict[str, Any]:
    return {"factor": scale.get("scale_factor")}


def _goalposts(scale: Mapping[str, float], step: Normalise) -> dict[str, Any]:
    top, cut = scale.get("goalpost_scale"), scale.get("goalpost_trunc2posts")
    return {"range": None if top is None else (0.0, top), "clip": None if cut is None else bool(cut)}


def _capped(scale: Mapping[str, float], step: Normalise) -> dict[str, Any]:
    top = 1.0 if step.factor is None else step.factor
    return {"clip": (-np.inf, top) if scale.get("dist2targ_cap_max") else None}


_FOUND = {"dist2targ": _capped, "goalposts": _goalposts, "minmax": _range, "scaled": _factor, "zscore": _moments}
