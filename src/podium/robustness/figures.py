"""Whole datasets with random errors, drawn as a specification declares them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from podium.data.dataset import Array
from podium.index.build import Built
from podium.index.spec import Spec
from podium.robustness.scorer import Engine
from podium.robustness.streams import bits

__all__ = ["Noise", "compile_noise", "draw_figures", "error_bits", "exponentials", "normals", "sample_errors"]


@dataclass(frozen=True, eq=False)
class Undercount:
    """One-sided coverage error of the measures of one indicator, as `Coverage` describes."""

    series: tuple[int, ...]
    common_max: float
    unit_max: float
    zero_max: float


@dataclass(frozen=True, eq=False)
class Noise:
    """Everything random about the figures.

    ``base`` ``(series, unit)`` are the published ones, ``censored`` says which cells are. Each error has its place in
    ``series`` ``(error,)``, is ``relative`` ``(error,)`` or additive, and has its ``amounts`` ``(error, unit)``.
    """

    base: Array
    censored: npt.NDArray[np.bool_]
    series: npt.NDArray[np.int64]
    relative: npt.NDArray[np.bool_]
    amounts: Array
    coverage: tuple[Undercount, ...]

    @cached_property
    def by_series(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """The errors in the order of their series, and where those of each series begin ``(series + 1,)``."""
        order = np.argsort(self.series, kind="stable")
        return order, np.searchsorted(self.series[order], np.arange(len(self.base) + 1))


def compile_noise(built: Built) -> Noise | None:
    """Return the random errors of an index's figures; None where none is declared."""
    data, declared = built.dataset, built.spec.uncertainties.free
    if not (declared.errors or declared.coverage):
        return None
    base = np.ascontiguousarray(data.values[-1].T)
    published = np.nan_to_num(data.errors[-1].T)
    place = {code: k for k, code in enumerate(data.indicators)}
    errors = [(k, e) for e in declared.errors for k in _measures(built.spec, e.indicator, place)]
    amounts = [published[k] if e.kind == "published" else np.full(base.shape[1], e.amount) for k, e in errors]
    coverage = tuple(
        Undercount(_measures(built.spec, c.indicator, place), c.common_max, c.unit_max, c.zero_max)
        for c in declared.coverage
    )
    return Noise(
        base, np.ascontiguousarray(data.censored[-1].T), np.array([k for k, _ in errors], dtype=np.int64),
        np.array([e.kind == "relative" for _, e in errors], dtype=bool),
        np.array(amounts).reshape(len(errors), base.shape[1]), coverage,
    )  # fmt: skip


def sample_errors(noise: Noise, draws: int, rng: np.random.Generator, *, engine: Engine = "numpy") -> Array:
    """Return whole datasets with random errors, ``(series, unit, draw)``, in the units of the data.

    Relative errors are multiplicative (log-normal), absolute and published ones additive (normal), see `normals`.
    Coverage errors are one-sided: every measure of the indicator is multiplied by the same factor. A missing figure
    stays missing. NumPy and the compiled kernels give the same, to the last bit.
    """
    units = noise.base.shape[1]
    out = np.empty((*noise.base.shape, draws))
    out[:] = noise.base[..., None]
    rows = len(noise.series)
    drawn = error_bits(noise, draws, rng, engine=engine)
    if engine == "kernels":
        from podium.robustness import _kernels_noise

        _kernels_noise.add_errors(drawn, noise.series, noise.relative, noise.amounts, out)
    else:
        z = normals(drawn).reshape(rows, units, draws)
        for k, relative, amount, deviate in zip(noise.series, noise.relative, noise.amounts, z, strict=True):
            if relative:
                out[k] *= exponentials(deviate * amount[:, None].astype(np.float32))
            else:
                out[k] += amount[:, None] * deviate
    for cover in noise.coverage:
        factor = rng.uniform(0, np.log(cover.common_max), draws) + rng.uniform(
            0, np.log(cover.unit_max), (units, draws)
        )
        np.exp(factor, out=factor)
        hidden = rng.uniform(0, cover.zero_max, (units, draws))
        for k in cover.series:
            out[k] = np.where(noise.censored[k][:, None], hidden, out[k]) * factor
    return out


def error_bits(
    noise: Noise, draws: int, rng: np.random.Generator, *, engine: Engine = "numpy"
) -> npt.NDArray[np.uint32]:
    """Return the random bits of all errors, ``(error, unit × draw)``: the first that `sample_errors` takes."""
    number = noise.base.shape[1] * draws
    half = -(-number // 2)
    drawn = bits(rng, len(noise.series) * half, engine=engine).view(np.uint32)
    return drawn.reshape(len(noise.series), 2 * half)[:, :number]


F = np.float32
ROOT_HALF = F(0.70710678)
LOGARITHM = tuple(map(F, (
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
    2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)))  # fmt: skip
CENTRE = tuple(map(F, (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164,
    0.246640727, 1.50140941)))  # fmt: skip
TAIL = tuple(map(F, (
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
    1.00167406, 2.83297682)))  # fmt: skip
EXPONENTIAL = tuple(map(F, (
    1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)))  # fmt: skip


def normals(raw: npt.NDArray[np.uint32]) -> npt.NDArray[np.float32]:
    """Return standard normal deviates from random bits, one for each 32: by inversion, off by less than 6e-6.

    The inverse error function is Giles's in single precision (2010, Approximating the erfinv function, GPU Computing
    Gems 2), the logarithm in it Moshier's (Cephes). The magnitude has 24 bits, so no deviate is beyond 5.6.
    """
    share = ((raw >> np.uint32(8)).astype(np.int32).astype(F) + F(0.5)) * F(2.0**-24)  # of both tails together
    sign = np.where(raw & np.uint32(1), F(1) - share, share - F(1))
    whole = (share * (F(2) - share)).view(np.int32)
    power = ((whole >> np.int32(23)) - np.int32(126)).astype(F)
    part = ((whole & np.int32(0x7FFFFF)) | np.int32(0x3F000000)).view(F)
    small = part < ROOT_HALF
    x = np.where(small, part + part, part) - F(1)
    power = np.where(small, power - F(1), power)
    square = x * x
    w = -(x + (_polynomial(LOGARITHM, x) * x * square - F(0.5) * square) + power * F(0.69314718))
    middle = _polynomial(CENTRE, w - F(2.5))
    far = w >= F(5)
    middle[far] = _polynomial(TAIL, np.sqrt(w[far]) - F(3))
    return np.asarray(sign * F(1.41421356) * middle)


def exponentials(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return ``exp(x)`` in single precision, off by less than 2e-7 of itself (Moshier, Cephes); x within ±80."""
    power = np.floor(x * F(1.44269504) + F(0.5))
    r = x - power * F(0.693359375)
    r = r - power * F(-2.12194440e-4)
    scale = ((power.astype(np.int32) + np.int32(127)) << np.int32(23)).view(F)
    return np.asarray((_polynomial(EXPONENTIAL, r) * (r * r) + r + F(1)) * scale)


def _polynomial(c: tuple[np.float32, ...], x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    out = c[0] * x + c[1]
    for term in c[2:]:
        out = out * x + term
    return out


def draw_figures(built: Built, draws: int, rng: np.random.Generator) -> Array:
    """Return whole datasets with random errors, ``(draw, unit, series)``, as `sample_errors` draws them."""
    noise = compile_noise(built)
    if noise is None:
        return np.broadcast_to(built.dataset.values[-1], (draws, *built.dataset.values[-1].shape)).copy()
    return np.ascontiguousarray(np.moveaxis(sample_errors(noise, draws, rng), -1, 0).swapaxes(1, 2))


def _measures(spec: Spec, indicator: str, place: dict[str, int]) -> tuple[int, ...]:
    """Columns of every series that may stand for an indicator: its own, its measure, and the choices of one."""
    rule = spec.indicators.get(indicator)
    names = {indicator, (rule.measure if rule else None) or indicator}
    for choice in spec.uncertainties.choices:
        if choice.at == f"indicators.{indicator}.measure":
            names |= set(choice.options.values())
    return tuple(sorted(place[n] for n in names if n in place))
