"""What an article announces, as events: machines with their number or without, and money that no index counts."""

from __future__ import annotations

import re

from podium.claims.claim import CheckedArticle, Claim
from podium.claims.entities import Mention
from podium.claims.extract import Page
from podium.errors import EvidenceError
from podium.hardware.accelerators import accelerator
from podium.hardware.systems import system
from podium.scenarios.events import Event

__all__ = ["announced", "month_of"]

_DELIVERY = re.compile(
    r"공급|도입|구축|구매|들여|납품|설치|짓는|supply|supplies|deliver|deploy|build|install|buy|purchase|供給|導入|構築|購入|設置",
    re.I,
)
_SEASONS = {
    "봄": 4,
    "여름": 7,
    "가을": 10,
    "겨울": 12,
    "spring": 4,
    "summer": 7,
    "autumn": 10,
    "fall": 10,
    "winter": 12,
    "春": 4,
    "夏": 7,
    "秋": 10,
    "冬": 12,
}
_PARTS = {
    "상반기": 6,
    "하반기": 12,
    "上半期": 6,
    "下半期": 12,
    "first half": 6,
    "second half": 12,
    "초": 3,
    "말": 12,
    "末": 12,
    "연말": 12,
    "年末": 12,
    "early": 3,
    "late": 12,
    "end of": 12,
}
_MONTHS = {
    m: k
    for k, m in enumerate(
        (
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ),
        1,
    )
}
_NEXT, _THIS = (
    re.compile(r"내년|来年|next year|next (?=summer|spring|autumn|winter)", re.I),
    re.compile(r"올해|연내|今年|年内|this year", re.I),
)
_COMING = ("announced", "planned", "under_construction")


def announced(checked: CheckedArticle) -> tuple[Event, ...]:
    """Return the events of a checked article, in its order.

    A count of accelerators that is announced, planned or under construction is an event of that size; a total whose
    parts are told is not counted again. A machine named for a recipient without a number is an event of unknown
    size. Money, power and computing power become events too, though an index may count none of them.
    """
    page = Page(checked.text, checked.language, checked.date)
    by_id = {c.id: c for c in checked.claims}
    twice = _told_twice(checked.claims, by_id)
    out = [e for c in checked.claims if c.id not in twice and (e := _event(page, c)) is not None]
    sized = {(e.country, e.label) for e in out if e.kind == "accelerators"}
    return (*out, *(e for e in _unsized(page, checked.claims) if (e.country, e.label) not in sized))


def _told_twice(claims: tuple[Claim, ...], by_id: dict[str, Claim]) -> set[str]:
    """Totals whose parts are told, and racks or servers whose chips are told."""
    out = set()
    for c in claims:
        for name, parts in (c.relation or {}).items():
            known = [by_id[p] for p in parts if p in by_id]
            if name == "sum_of" and c.kind == "hardware_count":
                out.add(c.id)
            if name in ("product_of", "ratio_of") and c.kind == "hardware_count":
                out |= {p.id for p in known if p.kind == "hardware_count" and c.unit == "gpu" and p.unit != "gpu"}
                if c.unit != "gpu" and any(p.unit == "gpu" and p.kind == "hardware_count" for p in known):
                    out.add(c.id)
    return out


def _event(page: Page, c: Claim) -> Event | None:
    country = c.subject_country_iso3
    if country is None:
        return None
    owner = _owner(page, c.char_start)
    label = owner.id if owner else c.subject or ""
    span = (c.id,)
    if (
        c.kind == "hardware_count"
        and c.status in _COMING
        and (c.value or c.high)
        and c.unit in ("gpu", "system", "rack")
    ):
        count, systems = _machines(c)
        if count is None:
            return None
        scale = count / c.value if c.value else 1.0
        low, high = (None if x is None else x * scale for x in (c.low, c.high))
        both = (low if low is not None else count, high if high is not None else count)
        bounds = both if c.low is not None or c.high is not None else (None, None)
        return Event(
            "accelerators",
            country,
            count,
            systems,
            online=month_of(page, c.char_start),
            status=c.status or "announced",
            label=label,
            claim_ids=span,
            low=bounds[0],
            high=bounds[1],
            public=page.date,
        )
    if c.kind in ("money_support", "money_investment", "valuation") and c.status != "cancelled":
        amount = c.value if c.value is not None else c.high
        what = {"money_support": "public money", "money_investment": "investment", "valuation": "valuation"}[c.kind]
        return Event(
            "money",
            country,
            amount=amount,
            currency=c.unit,
            status=c.status or "completed",
            label=f"{what}, {label}" if label else what,
            claim_ids=span,
            public=page.date,
        )
    if c.kind in ("power_capacity", "compute_power") and c.status in _COMING:
        amount = c.value if c.value is not None else c.high
        return Event(
            "power" if c.kind == "power_capacity" else "compute",
            country,
            amount=amount,
            status=c.status or "announced",
            label=label,
            claim_ids=span,
            public=page.date,
        )
    return None


def _machines(c: Claim) -> tuple[float | None, tuple[str, ...]]:
    """Number of accelerators and their names; servers and racks count by what they hold, where that is known."""
    number = c.value if c.value is not None else ((c.low or 0.0) + (c.high or 0.0)) / 2
    name = (c.system or "").strip()
    try:
        machine = system(name) if name else None
    except EvidenceError:
        machine = None
    if c.unit in ("system", "rack"):
        return (number * machine.count, (machine.accelerator.name,)) if machine else (None, ())
    if machine is not None:
        return number, (machine.accelerator.name,)
    try:
        return number, (accelerator(name).name,) if name else ()
    except EvidenceError:
        return number, ()


def _owner(page: Page, at: int) -> Mention | None:
    """The firm, institute or state body named nearest before a place in its sentence."""
    a = page.sentences[page.sentence_of(at)][0]
    firms = [
        m
        for m in page.mentions
        if a <= m.start and m.end <= at and m.type in ("company", "institute", "state", "system")
    ]
    return firms[-1] if firms else None


def _unsized(page: Page, claims: tuple[Claim, ...]) -> list[Event]:
    """Machines that a sentence promises to a recipient without saying how many."""
    out: dict[tuple[str, str], Event] = {}
    for start, _, name in page.chips:
        a, b = page.sentences[page.sentence_of(start)]
        text = page.folded[a:b]
        counted = any(c.kind in ("hardware_count", "stock") and a <= c.char_start < b for c in claims)
        firms = [
            m for m in page.mentions if a <= m.start < b and m.type in ("company", "institute", "state") and m.country
        ]
        if counted or not firms or not _DELIVERY.search(text) or start < page.headline_ends:
            continue
        owner = firms[-1]
        try:
            machine = system(name).accelerator.name
        except EvidenceError:
            try:
                machine = accelerator(name).name
            except EvidenceError:
                continue
        event = Event(
            "accelerators",
            owner.country,
            None,
            (machine,),
            online=month_of(page, start),
            status="announced",
            label=owner.id,
            public=page.date,
            unit="system" if name.startswith(("DGX", "HGX")) else "gpu",
        )
        out.setdefault((owner.country, owner.id), event)
    return list(out.values())


def month_of(page: Page, at: int) -> str | None:
    """Return the ISO month by which a sentence says that something comes; None where it does not say.

    A season counts as its middle month, a half-year as its last.
    """
    a, b = page.sentences[page.sentence_of(at)]
    text = page.folded[a:b].lower()
    own = int(page.date[:4])
    if m := re.search(r"(20\d\d)\s?[년年]\s?(\d{1,2})\s?[월月]", text):
        return f"{m[1]}-{int(m[2]):02d}" if 1 <= int(m[2]) <= 12 else None
    if m := re.search(rf"\b({'|'.join(_MONTHS)})\s(20\d\d)", text):
        return f"{m[2]}-{_MONTHS[m[1]]:02d}"
    year = re.search(r"(?<!\d)(20[2-4]\d)(?!\d)", text)
    when = int(year[1]) if year else own + 1 if _NEXT.search(text) else own if _THIS.search(text) else None
    if when is None:
        return None
    around = text[year.end() : year.end() + 8] + text[max(0, year.start() - 14) : year.start()] if year else text
    for words in (_SEASONS, _PARTS):
        for word, month in words.items():
            if word in around:
                return f"{when}-{month:02d}"
    return f"{when}-12" if year or _NEXT.search(text) else None
