"""What a page shows, as its address says it: edition, choices, weights, filters; and back again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from podium.errors import Fault, InputError

__all__ = ["OPTION", "PLAIN", "WEIGHT", "View", "address", "read_view"]

WEIGHT, OPTION = "w.", "o."
PLAIN = ("edition", "region", "income", "search", "lang")
MOST_WEIGHT = 1e6
MOST_TEXT = 200


@dataclass(frozen=True)
class View:
    """Which ranking is meant. What is as specified is left out, so that equal views are equal.

    ``weights`` are those of items within their parents that differ from the specification; ``options`` the options
    chosen, by the name of the choice; ``region`` and ``income`` (the World Bank's words) narrow the table, and so
    does ``search``.
    """

    edition: str | None = None
    weights: tuple[tuple[str, float], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    region: str = ""
    income: str = ""
    search: str = ""
    lang: str = ""

    @property
    def changed(self) -> bool:
        """Whether weights or choices differ from the specification's own."""
        return bool(self.weights or self.options)

    def query(self) -> list[tuple[str, str]]:
        """The parts of the address, in a fixed order."""
        out = [(k, v) for k in PLAIN if (v := getattr(self, k))]
        out += [(OPTION + k, v) for k, v in self.options]
        out += [(WEIGHT + k, f"{v:g}") for k, v in self.weights]
        return out

    def without(self, *names: str) -> View:
        """The view with some of its parts as the specification has them."""
        return replace(self, **{n: getattr(View(), n) for n in names})


def address(path: str, parts: Iterable[tuple[str, str]]) -> str:
    """Return an address with a query; the path alone where the query is empty."""
    query = urlencode(list(parts), quote_via=quote)
    return f"{path}?{query}" if query else path


def read_view(
    items: Sequence[tuple[str, str]],
    *,
    editions: Sequence[str],
    nominal: Mapping[str, float],
    options: Mapping[str, tuple[str, Sequence[str]]],
) -> View:
    """Return the view that the parts of an address describe.

    Parameters
    ----------
    nominal
        The specification's weights by item.
    options
        By the name of a choice, the label of the specification's own option, and all labels.

    Raises
    ------
    InputError
        Naming every part that means nothing here.
    """
    plain: dict[str, str] = {}
    weights: dict[str, float] = {}
    chosen: dict[str, str] = {}
    faults: list[Fault] = []
    for key, value in items:
        if key in PLAIN:
            plain[key] = value.strip()[:MOST_TEXT]
        elif key.startswith(WEIGHT):
            faults += _weight(key[len(WEIGHT) :], value, nominal, weights)
        elif key.startswith(OPTION):
            faults += _option(key[len(OPTION) :], value, options, chosen)
    edition = plain.pop("edition", "") or None
    if edition is not None and edition not in editions:
        listed = ", ".join(editions) or "none"
        faults.append(Fault(f"there is no edition {edition!r}", f"Editions are {listed}"))
    if faults:
        raise InputError(faults)
    kept = tuple(sorted((k, v) for k, v in weights.items() if not math.isclose(v, nominal[k], rel_tol=1e-6)))
    return View(
        edition=None if edition is None or edition == editions[-1] else edition,
        weights=kept,
        options=tuple(sorted(chosen.items())),
        **plain,
    )


def _weight(code: str, value: str, nominal: Mapping[str, float], out: dict[str, float]) -> list[Fault]:
    if code not in nominal:
        return [Fault(f"{code[:MOST_TEXT]!r} is no item of the index", "Use the code of an indicator or a group")]
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number <= MOST_WEIGHT:
        return [Fault(f"the weight of {code} is {value[:40]!r}", f"Give a number from 0 to {MOST_WEIGHT:g}")]
    out[code] = number
    return []


def _option(
    name: str, value: str, options: Mapping[str, tuple[str, Sequence[str]]], out: dict[str, str]
) -> list[Fault]:
    if name not in options:
        return [Fault(f"there is no choice {name[:MOST_TEXT]!r}", f"Choices are {', '.join(options) or 'none'}")]
    own, labels = options[name]
    if value not in labels:
        return [Fault(f"{name} has no option {value[:MOST_TEXT]!r}", f"Options are {', '.join(labels)}")]
    if value != own:
        out[name] = value
    return []
