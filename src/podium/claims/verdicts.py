"""Claims against rates and cited facts: conversions, places in indices, lists and specifications, vendors' multiples."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from podium.claims.claim import Claim
from podium.claims.indices import LISTS, index_near, month_near, title
from podium.evidence.facts import Fact
from podium.evidence.ledger import Ledger

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["Check", "cross_rate", "in_conversion", "in_evidence", "index_of"]

TOLERANCE = 0.05
PEGGED = {"SAR": ("USD", 3.75), "AED": ("USD", 3.6725)}


@dataclass(frozen=True)
class Check:
    """One check of a claim: whether it holds, why, on which facts; ``holds`` None where it decides nothing."""

    holds: bool | None
    reason: str
    facts: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    right: float | None = None
    """What the figure should be by this check, in the claim's unit, or in its converted unit for a conversion."""


@cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter

    return CurrencyConverter(fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known")


@cache
def cross_rate(one: str, other: str, day: str) -> float | None:
    """Return how much of `other` one unit of `one` bought at the ECB reference rates of an ISO day, or the last before.

    None where the ECB gives no rate. The riyal and the dirham follow from their pegs to the dollar.
    """
    factor = 1.0
    if one in PEGGED:
        one, peg = PEGGED[one]
        factor /= peg
    if other in PEGGED:
        other, peg = PEGGED[other]
        factor *= peg
    converter = _converter()
    if one == other:
        return factor
    if one not in converter.currencies or other not in converter.currencies:
        return None
    when = min(datetime.date.fromisoformat(day), converter.bounds["USD"].last_date)
    try:
        return factor * float(converter.convert(1.0, one, other, date=when))
    except ValueError:
        return None


def in_conversion(claim: Claim, day: str) -> Check | None:
    """Return whether the amount in brackets is the amount before it at the day's rate, within 5 %."""
    if claim.converted_value is None or claim.converted_unit is None or claim.value is None or claim.unit is None:
        return None
    rate = cross_rate(claim.unit, claim.converted_unit, day)
    if rate is None:
        return Check(None, f"the ECB gives no rate between {claim.unit} and {claim.converted_unit}")
    value = claim.value * rate
    off = claim.converted_value / value - 1
    how = f"{_amount(claim.value)} {claim.unit} is {_amount(value)} {claim.converted_unit} at the ECB rate of {day} ({rate:.6g})"
    said = f"the article says {_amount(claim.converted_value)}, {off:+.1%}"
    return Check(abs(off) <= TOLERANCE, f"{how}; {said}", right=value)


def _amount(x: float) -> str:
    for scale, sign in ((1e12, " tn"), (1e9, " bn"), (1e6, " m")):
        if x >= scale:
            return f"{x / scale:.4g}{sign}"
    return f"{x:,.0f}"


_PARTS = {
    "government-strategy": r"정부 ?전략|government strategy|政府戦略", "operating-environment": r"운영 ?환경|operating environment|運用環境",
    "talent": r"인재 (?:부문|분야|항목)|\btalent (?:pillar|score|rank)|人材(?:部門|分野)", "infrastructure": r"인프라 (?:부문|분야|항목)|\binfrastructure (?:pillar|rank)",
    "research": r"연구 (?:부문|분야|항목)|\bresearch (?:pillar|rank)", "development": r"개발 (?:부문|분야|항목)|\bdevelopment (?:pillar|rank)",
    "commercial": r"상업(?:화|생태계)? ?(?:부문|분야|항목)|\bcommercial (?:pillar|rank)",
}  # fmt: skip


def index_of(page: Page, claim: Claim) -> str | None:
    """Return the index or list in which a rank is held: named nearest before it, else by the headline and its kind."""
    return index_near(page, claim.char_start)


def in_evidence(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """Return what cited facts say about a rank, a score, a list entry or a specification."""
    if claim.kind in ("rank", "rank_change"):
        return _rank(page, claim, ledger)
    if claim.kind == "other" and claim.unit in ("point", "country"):
        return _score(page, claim, ledger)
    if claim.kind == "compute_power":
        return _measured(page, claim, ledger)
    if claim.kind == "other" and claim.system is not None:
        return _of_chips(page, claim, ledger)
    if claim.kind == "ratio_speedup" and claim.system is not None:
        return _vendor(page, claim, ledger)
    return None


def _editions(ledger: Ledger, index: str, subject: str, day: str, part: str = "") -> list[Fact]:
    """The facts on a subject's rank in an index known by a day, the latest last; states of a site before its edition."""
    attribute = f"rank:{index}/{part}" if part else f"rank:{index}"
    facts = [f for f in ledger.find(subject, attribute, as_of=day) if f.value is not None]
    return sorted(facts, key=lambda f: (f.period, f.public))


def _meant(facts: list[Fact], year: str | None) -> Fact | None:
    """The edition that *this year's* or *last year's* index means: the latest published in or before that year."""
    if not facts:
        return None
    if year is None:
        return facts[-1]
    named = [f for f in facts if f.period == year]
    if named:
        return named[-1]
    until = [f for f in facts if (f.public or f.period)[:4] <= year]
    return until[-1] if until else None


def _edition_meant(ledger: Ledger, index: str, day: str, year: str | None, month: str | None) -> str | None:
    """The edition that a text means, by all ranks held of an index: a subject missing from it is not contradicted by an older one."""
    if month is not None:
        return month
    known = [f for f in ledger.find(attribute=f"rank:{index}", as_of=day) if f.value is not None and "/" not in f.period]
    meant = _meant(sorted(known, key=lambda f: (f.period, f.public)), year)
    return None if meant is None else meant.period


def _rank(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    index, subject = index_of(page, claim), claim.subject
    if index is None or subject is None:
        return None
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    near = page.folded[max(a, claim.char_start - 24) : claim.char_end]
    part = next((p for p, words in _PARTS.items() if re.search(words, near, re.I)), "")
    own = int(page.date[:4])
    facts = _editions(ledger, index, subject, page.date, part)
    year = claim.year_or_date
    month = month_near(page, claim.char_start) if index in LISTS else None
    wanted = _edition_meant(ledger, index, page.date, year, month)
    now = next((f for f in facts if f.period == month), None) or _meant(facts, year)
    if now is None or now.value is None:
        return None
    if wanted is not None and now.period[: len(wanted)] != wanted:
        held = f"no rank of {subject} is held for {title(index)} {wanted}; the last one held is {now.value:g} ({now.period})"
        return Check(None, held, (now.id,))
    name = f"{title(index)}{' (' + part.replace('-', ' ') + ')' if part else ''}"
    if claim.kind == "rank":
        if now.value == claim.value:
            return Check(True, f"{name} {now.period}: {subject} {now.value:g}", (now.id,))
        said = _match(facts, claim.value, now)
        far = not part and abs(now.value - (claim.value or 0.0)) > 15 and not said[0]
        if far or not _told_near(page, claim) or (not part and _PART_NEAR.search(near)):  # another table, a pillar, or nobody named
            return None
        return Check(
            False, f"{name} {now.period}: {subject} is {now.value:g}, not {claim.value:g}{said[0]}", (now.id, *said[1]),
            right=now.value,
        )
    earlier = [f for f in facts if f.period < now.period and f.period != now.period and "-" not in f.period]
    before = _meant(earlier, str(own - 1) if year in (None, str(own)) else None) or (earlier[-1] if earlier else None)
    reason = f"{name} {now.period}: {subject} {now.value:g}"
    if index in LISTS:
        lists = [f for f in facts if f.period < now.period]
        before = next((f for f in reversed(lists) if f.value == claim.from_value), lists[-1] if lists else None)
    if before is None:
        return Check(now.value == claim.value, f"{reason}; no earlier edition is held", (now.id,))
    holds = now.value == claim.value and before.value == claim.from_value
    said = ("", ()) if holds else _match(facts, claim.value, now)
    reason = f"{name}: {subject} {before.value:g} ({before.period}) → {now.value:g} ({now.period}){said[0]}"
    return Check(holds, reason, (before.id, now.id, *said[1]), _coverage(ledger, index, before.period, now.period), now.value)


_PART_NEAR = re.compile(r"부문|분야|항목|영역|세부|지표|pillar|categor|sub-?index|dimension|component|indicator|部門|分野|項目|指標|柱|[’'”」』][은는이가의も]?[はが]?\s?$", re.I)


def _told_near(page: Page, claim: Claim) -> bool:
    """Whether the holder of a rank is named in its sentence or one of the four before: else it is only supposed."""
    k = page.sentence_of(claim.char_start)
    a, b = page.sentences[max(0, k - 4)][0], page.sentences[k][1]
    return any(m.country == claim.subject_country_iso3 for m in page.within(page.mentions, a, b))


def _match(facts: list[Fact], value: float | None, now: Fact) -> tuple[str, tuple[str, ...]]:
    """Which other edition has the stated rank, in words, with its fact."""
    other = [f for f in facts if f.value == value and f.id != now.id]
    if not other:
        return "", ()
    f = other[-1]
    note = f" ({f.note.rstrip('.')})" if f.note else ""
    return f"; {value:g} is the rank of the {f.period} edition{note}", (f.id,)


def _coverage(ledger: Ledger, index: str, old: str, new: str) -> tuple[str, ...]:
    counts = {f.period: f for f in ledger.find(index, "countries-covered") if f.value is not None}
    if old in counts and new in counts and counts[old].value != counts[new].value:
        one, two = counts[old], counts[new]
        return (f"the index covered {one.value:g} countries in {old} and {two.value:g} in {new}, so the two ranks are not of one field "
                f"[{one.id}, {two.id}]",)  # fmt: skip
    return ()


def _score(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    index = index_of(page, claim)
    subject = index if claim.unit == "country" else claim.subject
    attribute = "countries-covered" if claim.unit == "country" else f"score:{index}"
    if index is None or subject is None:
        return None
    facts = sorted(
        (f for f in ledger.find(subject, attribute, as_of=page.date) if f.value is not None), key=lambda f: f.period
    )
    now = _meant(facts, claim.year_or_date)
    if now is None or now.value is None or claim.value is None:
        return None
    if claim.unit == "point":
        a = page.sentences[page.sentence_of(claim.char_start)][0]
        apart = _GAP.search(page.folded[max(a, claim.char_start - 24) : claim.char_end + 8])
        own = any(m.country == claim.subject_country_iso3 for m in page.within(page.mentions, max(0, a - 60), claim.char_start))
        if apart or (abs(now.value - claim.value) > 1e-9 and not own):
            return None
    digits = len(claim.span_text.partition(".")[2].rstrip("点점 points")) if "." in claim.span_text else 0
    holds = abs(round(now.value, digits) - claim.value) < 1e-9
    return Check(
        holds,
        f"{title(index)} {now.period}: {now.value:g}{' countries' if claim.unit == 'country' else ''}",
        (now.id,),
        right=now.value,
    )


_GAP = re.compile(r"격차|차이|차로|앞서|뒤지|差|\bgap\b|\bmargin\b|\bahead\b|\bbehind\b|\bapart\b|\bmore\b|\bpoints? (?:above|below|clear)", re.I)


def _measured(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """A system's Linpack performance against the latest TOP500 list; other precisions are not comparable."""
    if claim.subject is None or claim.value is None or index_of(page, claim) != "top500":
        return None
    facts = sorted(
        (f for f in ledger.find(claim.subject, "rmax:top500", as_of=page.date) if f.value), key=lambda f: f.period
    )
    if not facts:
        return None
    month = month_near(page, claim.char_start)
    now = next((f for f in facts if f.period == month), facts[-1])
    held = (now.value or 0.0) * 1e15
    if claim.value > 5 * held:  # an AI figure in low precision
        return None
    return Check(abs(claim.value / held - 1) <= 0.01, f"TOP500 {now.period}: {now.value:g} PFLOPS", (now.id,), right=held)


_ALIASES = {
    "blackwell ultra": "B300", "블랙웰 울트라": "B300", "ブラックウェル ウルトラ": "B300", "hgx h100": "DGX H100", "hgx h200": "DGX H200",
    "hgx b200": "DGX B200", "hgx b300": "DGX B300", "gb300": "B300", "gb200": "B200",
}  # fmt: skip


def _of_chips(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """A specification of the chip named in its sentence; of one carried over from before it, only where no other chip fits better."""
    check = _specification(claim, ledger, claim.system)
    if check is None or check.holds:
        return check
    k = page.sentence_of(claim.char_start)
    a, b = page.sentences[k]
    near = page.chips_before(b, page.sentences[max(0, k - 3)][0])
    own = [c for c in near if c[0] >= a]
    if any(c[2] == claim.system for c in own) and len({c[2] for c in own if c[1] <= claim.char_start}) <= 1:
        return check
    others = {c[2] for c in near} - {claim.system}
    if not others and (own or len({c[2] for c in near}) == 1):
        return check
    fits = [c for c in (_specification(claim, ledger, name) for name in sorted(others)) if c is not None and c.holds]
    if fits:
        return fits[0]
    return check if any(c[2] == claim.system for c in own) else None


def _specification(claim: Claim, ledger: Ledger, system: str | None) -> Check | None:
    name = re.sub(r"\s+", " ", system or "").strip()
    name = _ALIASES.get(name.lower(), name)
    attribute = {"B": "memory", "gpu": "accelerators", "cpu": "cpus", "W": "tdp"}.get(claim.unit or "")
    if attribute is None or claim.value is None:
        return None
    facts = [f for f in ledger.find(name, attribute) if f.value is not None or f.low is not None]
    if not facts:
        return None
    f = facts[-1]
    scale = 1e9 if f.unit == "GB" else 1.0
    low, high = (
        (f.low if f.low is not None else f.value or 0) * scale,
        (f.high if f.high is not None else f.value or 0) * scale,
    )
    holds = low * 0.99 <= claim.value <= high * 1.01
    held = f"{low / scale:g}" if low == high else f"{low / scale:g} to {high / scale:g}"
    return Check(
        holds,
        f"{name} has {held} {f.unit} of {attribute}"
        if attribute == "memory"
        else f"{name}: {attribute} {held} {f.unit}",
        (f.id,),
        right=low if low == high else None,
    )


def _vendor(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """A vendor's multiple against what the vendor says; what was measured goes into the context."""
    name = re.sub(r"\s+", " ", claim.system or "").strip()
    said = [f for f in ledger.find(name, "speedup:") if f.value is not None]
    chip = re.sub(r"^(?:DGX|HGX) ", "", name)
    measured = [f for f in ledger.find(chip, "measured-speedup:") if f.value is not None]
    context: tuple[str, ...] = ()
    if measured:
        latest = [f for f in measured if f.period == max(m.period for m in measured)]
        low, high = min(f.value or 0 for f in latest), max(f.value or 0 for f in latest)
        other = latest[0].attribute.split(":")[1]
        early = [f for f in measured if f not in latest]
        was = (
            f" (preview of {early[0].period}: {min(f.value or 0 for f in early):.1f}–{max(f.value or 0 for f in early):.1f})"
            if early
            else ""
        )
        later = "; published after the article" if latest[0].public > page.date else ""
        context = (
            f"measured in MLPerf ({latest[0].period}): {low:.1f}–{high:.1f} × {other} per GPU{was}{later} [{', '.join(f.id for f in latest)}]",
        )
    if not said:
        return Check(None, "", (), context) if context else None
    match = next((f for f in said if claim.value and abs((f.value or 0) / claim.value - 1) <= 0.02), None)
    if match is not None:
        against = match.attribute.rsplit(":", 1)[-1]
        note = f"the vendor's own figure for one workload against {against}, not a measurement [{match.id}]"
        return Check(
            True, f"{match.sources[0].publisher} says {match.value:g} × {against}", (match.id,), (note, *context)
        )
    held = ", ".join(f"{f.value:g} × {f.attribute.rsplit(':', 1)[-1]}" for f in said)
    return Check(None, f"the vendor's held figure is {held}", tuple(f.id for f in said), context)
