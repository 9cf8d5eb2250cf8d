"""What an event is: something that happens somewhere at some time, how likely and how sized."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast, get_args

from podium.errors import EventError, Fault, SpecError
from podium.index.source import Source, read_yaml

__all__ = ["Event", "from_records", "from_text", "load"]

EventKind = Literal["accelerators", "indicator", "money", "power", "compute"]
Change = Literal["set", "add", "multiply"]
STATUSES = ("announced", "planned", "under_construction", "operational", "completed", "cancelled", "imagined")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])$")


@dataclass(frozen=True)
class Event:
    """One announced or imagined event.

    ``systems`` are candidate chips or systems: several where the text leaves the chip open ("next-generation
    GPU"), one where it names it, none where nothing is known. ``unit`` says what ``count`` counts. ``count`` is
    None for an unsized event, which is listed but moves nothing; ``low`` and ``high`` bound a vague size.
    ``amount`` is the figure of an `indicator` event in the indicator's unit, of `money` in ``currency``, of
    `power` in W, of `compute` in FLOPS. ``online`` is an ISO month, ``delay`` the least and the most months by
    which it may slip (between them alike), or the least, the likeliest and the most (triangular), ``probability`` that
    of happening at all, ``public`` the ISO date on which it became known.
    """

    kind: EventKind
    country: str
    count: float | None = None
    systems: tuple[str, ...] = ()
    indicator: str | None = None
    change: Change = "add"
    amount: float | None = None
    currency: str | None = None
    online: str | None = None
    probability: float = 1.0
    status: str = "announced"
    label: str = ""
    claim_ids: tuple[str, ...] = ()
    unit: Literal["gpu", "system", "rack"] = "gpu"
    low: float | None = None
    high: float | None = None
    delay: tuple[float, ...] = (0.0, 0.0)
    public: str = ""

    def __post_init__(self) -> None:
        if problems := _problems(self):
            raise EventError([Fault(p, r) for p, r in problems])

    @property
    def sized(self) -> bool:
        """Whether the event says how much; an unsized one moves nothing."""
        return (self.count if self.kind == "accelerators" else self.amount) is not None

    def describe(self) -> str:
        """The event in a few English words."""
        if self.kind == "accelerators":
            chips = " or ".join(self.systems) or "unnamed accelerators"
            what = f"{chips}, size not stated" if self.count is None else f"{self.count:,.0f} × {chips}"
        elif self.kind == "indicator":
            what = f"{self.indicator} {self.change} {self.amount:g}"
        else:
            unit = {"money": self.currency or "", "power": "W", "compute": "FLOPS"}[self.kind]
            what = f"{self.label or self.kind} {'' if self.amount is None else f'{self.amount:,.0f} {unit}'}".strip()
        when = f", online {self.online}" if self.online else ""
        return f"{self.country}: {what}{when} ({self.status})"

    def to_dict(self) -> dict[str, Any]:
        """Return the event as plain JSON values."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


def _problems(e: Event) -> list[tuple[str, str]]:
    """What is wrong with an event, each with its remedy."""
    out: list[tuple[str, str]] = []
    if e.kind not in get_args(EventKind):
        out.append((f"{e.kind!r} is no kind of event", f"Use one of {', '.join(get_args(EventKind))}"))
    if not re.fullmatch(r"\S(?:.*\S)?", e.country):
        out.append((f"the event names no country ({e.country!r})", "Give a unit's code or name, such as JPN"))
    numbers = {"count": e.count, "low": e.low, "high": e.high}
    for name, value in numbers.items():
        if value is not None and not (math.isfinite(value) and value >= 0):
            out.append((f"{name} is {value:g}", "Give a number of at least 0"))
    if e.amount is not None and not math.isfinite(e.amount):
        out.append((f"amount is {e.amount}", "Give a finite number"))
    if not 0 <= e.probability <= 1:
        out.append((f"the probability is {e.probability:g}", "Give a number from 0 to 1"))
    if e.online is not None and not MONTH.match(e.online):
        out.append((f"online is {e.online!r}", "Give a month as YYYY-MM"))
    if (e.low is None) != (e.high is None) or (e.low is not None and e.high is not None and e.low > e.high):
        out.append((f"low {e.low} and high {e.high} bound nothing", "Give both, the smaller one as low"))
    if len(e.delay) not in (2, 3) or not all(0 <= a <= b < math.inf for a, b in pairwise(e.delay)):
        said = " to ".join(f"{d:g}" for d in e.delay)
        out.append((f"the delay is {said} months", "Give two months, or the likeliest between them too, in order"))
    if e.change not in get_args(Change):
        out.append((f"{e.change!r} is no change", "Use set, add or multiply"))
    if e.kind == "indicator" and (e.indicator is None or e.amount is None):
        out.append(("an indicator event needs an indicator and an amount", "For example: indicator KOR rd add 0.5"))
    if e.status not in STATUSES:
        out.append((f"{e.status!r} is no status", f"Use one of {', '.join(STATUSES)}"))
    return out


def from_text(text: str) -> Event:
    """Return the event that one line describes.

    The line reads ``accelerators COUNTRY "SYSTEM|SYSTEM" COUNT``, ``indicator COUNTRY CODE set|add|multiply
    AMOUNT`` or ``money COUNTRY AMOUNT CURRENCY``, then in any order a month ``YYYY-MM``, a status, and settings
    ``probability=``, ``low=``, ``high=``, ``delay=A-B`` or
    ``A-MODE-B`` (months), ``unit=gpu|system|rack``, ``label=``. ``?``
    stands for an unknown system or count.

    Raises
    ------
    EventError
        Quoting the line and the word at fault.
    """
    try:
        words = shlex.split(text)
        return Event(**_fields(words))
    except EventError as error:
        raise EventError([replace(f, message=f"event {text!r}: {f.message}") for f in error.faults]) from None
    except ValueError as error:
        raise EventError(Fault(f"event {text!r}: {error}", _FORM)) from None


_FORM = 'Write it as: accelerators JPN "NVIDIA B200" 1600 2025-07 planned'


def _fields(words: list[str]) -> dict[str, Any]:
    need = {"accelerators": 4, "indicator": 5, "money": 4}
    kind = words[0] if words else ""
    if kind not in need:
        raise ValueError(f"{kind!r} is no kind of event; use one of {', '.join(need)}")
    if len(words) < need[kind]:
        raise ValueError(f"{len(words)} words, where {kind} needs at least {need[kind]}")
    out: dict[str, Any] = {"kind": kind, "country": words[1].upper()}
    if kind == "accelerators":
        out["systems"] = tuple(s.strip() for s in words[2].split("|") if s.strip() not in ("", "?"))
        out["count"] = None if words[3] == "?" else _number(words[3])
    elif kind == "indicator":
        out |= {"indicator": words[2], "change": words[3], "amount": _number(words[4])}
    else:
        out |= {"amount": None if words[2] == "?" else _number(words[2]), "currency": words[3].upper()}
    for word in words[need[kind] :]:
        out |= _setting(word)
    return out


def _setting(word: str) -> dict[str, Any]:
    key, is_setting, value = word.partition("=")
    if is_setting and key == "delay":
        parts = [_number(part) for part in value.split("-")]
        return {"delay": tuple(parts if len(parts) > 1 else 2 * parts)}
    if is_setting and key in ("probability", "low", "high"):
        return {key: _number(value)}
    if is_setting and key in ("unit", "label", "public"):
        return {key: value}
    if word in STATUSES:
        return {"status": word}
    if re.match(r"\d{4}-\d", word):
        return {"online": word}
    raise ValueError(f"the word {word!r} is neither a month, a status nor a setting")


def _number(word: str) -> float:
    try:
        return float(word.replace(",", "").replace("_", ""))
    except ValueError:
        raise ValueError(f"{word!r} is not a number") from None


def load(path: str | Path) -> tuple[Event, ...]:
    """Return the events of a YAML file: a list of mappings (or of lines), alone or under the key ``events``.

    Raises
    ------
    EventError
        Naming every fault of the file with its line.
    """
    try:
        source = read_yaml(Path(path))
    except SpecError as error:
        raise EventError(error.faults) from None
    within: tuple[str | int, ...] = ("events",) if isinstance(source.values, dict) and "events" in source.values else ()
    entries = source.values["events"] if within else source.values
    if not isinstance(entries, list):
        raise EventError(Fault("events are a list", "Start each event with a dash", source.file, 1))
    events: list[Event] = []
    faults: list[Fault] = []
    for k, entry in enumerate(entries):
        try:
            events.append(from_text(entry) if isinstance(entry, str) else _from_mapping(entry))
        except EventError as error:
            faults += [replace(f, file=source.file, line=_line(source, (*within, k), entry, f)) for f in error.faults]
    if faults:
        raise EventError(faults)
    return tuple(events)


def _line(source: Source, place: tuple[str | int, ...], entry: Any, fault: Fault) -> int | None:
    """The line of the key that a fault begins with, where the entry has it, else that of the entry."""
    word = fault.message.removeprefix("the ").split(" ")[0].strip("'")
    return source.line((*place, word) if isinstance(entry, dict) and word in entry else place)


_NUMBERS = ("count", "amount", "probability", "low", "high")
_LISTS = ("systems", "claim_ids", "delay")


def _from_mapping(entry: Any) -> Event:
    if not isinstance(entry, dict):
        raise EventError(Fault(f"an event is a mapping or a line, not {entry!r}", _FORM))
    values = dict(entry)
    if "system" in values:  # one system is written as such
        values["systems"] = values.pop("system")
    known = set(Event.__dataclass_fields__)
    faults = [Fault(f"{key} is no key of an event", f"Use some of {', '.join(sorted(known))}")
              for key in values if key not in known]  # fmt: skip
    faults += [Fault(f"{key} is missing", "Add it") for key in ("kind", "country") if key not in values]
    for key in _NUMBERS:
        if isinstance(values.get(key), str | bool | list | dict):
            faults.append(Fault(f"{key} is {values[key]!r}, not a number", "Give a number"))
    for key in _LISTS:
        if key in values:
            values[key] = _tuple(values[key])
    delay = values.get("delay", (0.0, 0.0))
    if len(delay) not in (2, 3) or not all(isinstance(d, int | float) for d in delay):
        faults.append(Fault("delay is not two or three numbers of months", "Give it as [0, 6] or [0, 2, 6]"))
    if faults:
        raise EventError(faults)
    for key in ("country", "online"):
        values[key] = None if values.get(key) is None else str(values[key])
    return Event(**values)


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


_AHEAD = ("announced", "planned", "under_construction")
_MONEY = {"money_support": "public support", "money_investment": "investment", "valuation": "valuation"}
_AMOUNTS = {"power_capacity": "power", "compute_power": "compute"}


def from_records(records: Iterable[Mapping[str, Any]]) -> tuple[Event, ...]:
    """Return the events that claims announce.

    Each record has the keys of a claim (``id, kind, status, value, low, high, unit, system, subject,
    subject_country_iso3, year_or_date, relation``); ``systems`` may list candidates. Hardware that is announced,
    planned or under construction becomes an `accelerators` event; without value and bounds it is unsized. A
    figure derived from others (``relation``: a total, a product) makes no event, its parts do. The same figure
    told twice is one event. Money, power and compute become events that no effect need cover.
    """
    found: list[Event] = []
    for record in records:
        event = _from_record(record)
        if event is None:
            continue
        same = next((k for k, e in enumerate(found) if _same(e, event)), None)
        if same is None:
            found.append(event)
        else:
            found[same] = _merged(found[same], event)
    return tuple(found)


def _from_record(r: Mapping[str, Any]) -> Event | None:
    country, kind, status = r.get("subject_country_iso3"), r.get("kind"), r.get("status")
    derived = any(str(key).endswith("_of") for key in (r.get("relation") or {}))
    if not country or derived or status == "cancelled":
        return None
    month = _month(r.get("year_or_date"))
    label = str(r.get("subject") or r.get("attribute") or "")
    ids = (str(r["id"]),) if r.get("id") else ()
    if kind == "hardware_count" and status in _AHEAD and r.get("unit") in (None, "gpu", "system", "rack"):
        low, high, value = r.get("low"), r.get("high"), r.get("value")
        if value is None and low is not None and high is not None:
            value = (low + high) / 2
        bounds = (low, high) if low is not None and high is not None else (None, None)
        named: Sequence[str] = r.get("systems") or ((r["system"],) if r.get("system") else ())
        return Event(
            "accelerators", country, value, tuple(named), online=month, status=str(status), label=label,
            claim_ids=ids, unit=r.get("unit") or "gpu", low=bounds[0], high=bounds[1],
        )  # fmt: skip
    if kind in _MONEY:
        amount = r.get("value") if r.get("value") is not None else r.get("low")
        return Event("money", country, amount=amount, currency=r.get("unit"), status=str(status or "announced"),
                     label=f"{label} ({_MONEY[str(kind)]})".strip(), claim_ids=ids)  # fmt: skip
    if kind in _AMOUNTS and status in _AHEAD:
        of_kind = cast(EventKind, _AMOUNTS[str(kind)])
        return Event(of_kind, country, amount=r.get("value"), online=month, status=str(status), label=label,
                     claim_ids=ids)  # fmt: skip
    return None


def _month(text: Any) -> str | None:
    """The ISO month of a date; a bare year means its last month, by which the thing is there."""
    m = re.match(r"(\d{4})(?:-(\d{2}))?", str(text or ""))
    return None if m is None else f"{m[1]}-{m[2] or '12'}"


def _same(a: Event, b: Event) -> bool:
    """Whether two events tell the same thing: one of them may know less of the systems or the month."""
    chips = not a.systems or not b.systems or set(a.systems) == set(b.systems)
    month = a.online is None or b.online is None or a.online == b.online
    size = (a.kind, a.country, a.count, a.amount, a.currency, a.unit)
    other = (b.kind, b.country, b.count, b.amount, b.currency, b.unit)
    if not a.sized:  # two unsized events are one where they name the same thing
        chips, month = a.systems == b.systems and a.label == b.label, True
    return size == other and chips and month and a.indicator == b.indicator


def _merged(a: Event, b: Event) -> Event:
    ids = a.claim_ids + tuple(i for i in b.claim_ids if i not in a.claim_ids)
    return replace(a, systems=a.systems or b.systems, online=a.online or b.online, claim_ids=ids)
