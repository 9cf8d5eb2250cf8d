"""The errors Podium raises.

PodiumError
├── InputError            the user's input is at fault; the command line exits with 2
│   ├── SpecError         a specification
│   ├── DataError         a table, a unit, an indicator, a value
│   ├── ArticleError      an article
│   ├── EvidenceError     a fact, a source, a ledger
│   └── EventError        an event, an effect, a goal
├── ComputationError      the input was accepted, the calculation has no answer; exits with 1
└── StoreError            the ledger's storage failed (full disk, lock, server): nothing was written; exits with 1
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "ArticleError",
    "ComputationError",
    "DataError",
    "EventError",
    "EvidenceError",
    "Fault",
    "InputError",
    "PodiumError",
    "SpecError",
    "StoreError",
]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it is, and what to do about it."""

    message: str
    remedy: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """Return ``file:line: message; remedy`` with the parts that are known."""
        place = self.file if self.line is None else f"{self.file or 'line'}:{self.line}"
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}. {self.remedy}" if self.remedy else text


class PodiumError(Exception):
    """Base of every error that Podium raises on purpose.

    Parameters
    ----------
    faults
        One message, one `Fault`, or all faults found in one input.
    """

    exit_code = 1

    def __init__(self, faults: str | Fault | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            faults = Fault(faults)
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InputError(PodiumError):
    """The user's input is at fault."""

    exit_code = 2


class SpecError(InputError):
    """A specification is at fault."""


class DataError(InputError):
    """A table, unit, indicator or value is at fault."""


class ArticleError(InputError):
    """An article cannot be read."""


class EvidenceError(InputError):
    """A fact, source or ledger is at fault."""


class EventError(InputError):
    """An event, an effect or a goal is at fault."""


class ComputationError(PodiumError):
    """The input was accepted, but the calculation has no answer."""


class StoreError(PodiumError):
    """The ledger's storage failed: a full disk, a lock, a server that is not there. Nothing was written."""
