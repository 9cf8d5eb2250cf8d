"""The aggregations that a specification may name."""

from __future__ import annotations

from podium.index import frontier, means, outranking, sums
from podium.index.combine import Method

__all__ = ["METHODS", "register_aggregation"]

METHODS: dict[str, Method] = {
    "ampi": Method(means.mpi, ("penalty", "ddof"), homogeneous=True, monotone=False, domain="positive"),
    "arithmetic": Method(means.arithmetic, internal=True, homogeneous=True, translation=True),
    "benefit_of_doubt": Method(frontier.benefit_of_doubt, ("least", "most"), domain="nonnegative", across=True),
    "borda": Method(outranking.borda, across=True),
    "copeland": Method(outranking.copeland, raw=True, across=True),
    "count": Method(sums.count, ("above",), raw=True),
    "difference": Method(sums.difference, raw=True, homogeneous=True, monotone=False, symmetric=False, children=2),
    "displaced_ideal": Method(means.displaced_ideal, ("top", "exponent"), domain="below_top", internal=True),
    "first": Method(sums.first, raw=True, internal=True, homogeneous=True, translation=True, symmetric=False),
    "geometric": Method(means.geometric, domain="positive", internal=True, homogeneous=True),
    "harmonic": Method(means.harmonic, domain="positive", internal=True, homogeneous=True),
    "inverted_geometric": Method(means.inverted_geometric, ("top",), domain="below_top", internal=True),
    "maximum": Method(means.maximum, internal=True, homogeneous=True, translation=True),
    "median": Method(means.median, internal=True, homogeneous=True, translation=True),
    "minimum": Method(means.minimum, internal=True, homogeneous=True, translation=True),
    "mpi": Method(means.mpi, ("penalty", "ddof"), homogeneous=True, monotone=False, domain="positive"),
    "owa": Method(means.owa, ("order", "orness"), internal=True, homogeneous=True, translation=True),
    "power": Method(means.power, ("exponent",), domain="positive", internal=True, homogeneous=True),
    "product": Method(sums.product, raw=True, domain="positive"),
    "quotient": Method(sums.quotient, raw=True, domain="positive", monotone=False, symmetric=False, children=2),
    "sum": Method(sums.total, raw=True, homogeneous=True),
}


def register_aggregation(name: str, method: Method) -> None:
    """Make an aggregation known to specifications under a name."""
    METHODS[name] = method
