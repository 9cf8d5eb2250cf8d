"""What a right figure still leaves out: machines of unlike worth, later rounds of money, other counts of a stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from podium.claims.claim import Claim
from podium.claims.phrases import money, particle, phrase
from podium.errors import EvidenceError
from podium.evidence.facts import Fact
from podium.evidence.ledger import Ledger
from podium.hardware.accelerators import candidates
from podium.hardware.capacity import worth

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["notes"]


def notes(
    page: Page, claim: Claim, claims: Sequence[Claim], ledger: Ledger, relation: Mapping[str, Sequence[str]] | None
) -> tuple[str, ...]:
    """Return short notes that leave the verdict alone; each cites its facts."""
    out: list[str] = []
    if relation and len(relation.get("ratio_of", ())) == 2:
        by_id = {c.id: c for c in claims}
        out += _unlike(page, *(by_id[i] for i in relation["ratio_of"]))
    if claim.kind == "stock":
        out += _stocks(page, claim, ledger)
    if claim.kind == "money_support":
        out += _rounds(page, claim, ledger)
    if claim.kind == "hardware_count":
        out += _planned(page, claim, ledger)
    return tuple(out)


def _unlike(page: Page, part: Claim, whole: Claim) -> list[str]:
    """Two counts of machines in H100 equivalents, where the first is of a later kind."""
    if part.unit != "gpu" or whole.unit != "gpu" or not part.value or not whole.value:
        return []
    if part.kind == whole.kind and part.system == whole.system:
        return []
    chip = _chip(page, part)
    try:
        each, base = worth(chip, "dense8"), 1.0 if whole.system is None else worth(whole.system, "dense8")
    except EvidenceError:
        return []
    if abs(each - base) < 1e-9:
        return []
    named = "" if part.system else phrase(page.language, "likeliest", chip=chip)
    worth_ = part.value * each
    share = f"{worth_ / (whole.value * base):.0%}"
    return [phrase(page.language, "equivalents", part=f"{part.value:,.0f}", chip=chip.removeprefix("NVIDIA "), worth=f"{worth_:,.0f}", share=share,
                   whole=f"{whole.value:,.0f}", named=named)]  # fmt: skip


def _chip(page: Page, claim: Claim) -> str:
    """The chip of a count: as named with it, else the one most named in the article, else the newest on sale."""
    if claim.system:
        return claim.system
    named = [
        name.removeprefix("DGX ").removeprefix("HGX ")
        for _, _, name in page.chips
        if name[:1].isascii() and name[-1].isdigit()
    ]
    return max(named, key=named.count) if named else candidates(page.date)[0]


def _stocks(page: Page, claim: Claim, ledger: Ledger) -> list[str]:
    facts = [f for f in ledger.find(claim.subject_country_iso3 or "", "stock:") if f.value is not None]
    return [
        phrase(page.language, "other count", value=f"{f.value:,.0f}", what=f.attribute.split(":")[1], period=f.period,
               note=f" ({f.note.rstrip('.')})" if f.note else "", later=_later(page, f), ids=f.id)
        for f in facts
    ]  # fmt: skip


def _later(page: Page, f: Fact) -> str:
    return "" if not f.public or f.public <= page.date else phrase(page.language, "known later")


def _rounds(page: Page, claim: Claim, ledger: Ledger) -> list[str]:
    """Other rounds of subsidy to the same recipient."""
    if not claim.value:
        return []
    facts = [f for f in ledger.find(attribute="subsidy") if f.unit == claim.unit and _size(f)]
    same = [f for f in facts if abs(_size(f) / claim.value - 1) <= 0.02]
    out = []
    for mine in same:
        for f in facts:
            if f.subject == mine.subject and f.id != mine.id:
                ratio = _size(f) / claim.value
                times = phrase(page.language, "times as large", ratio=f"{ratio:.0f}") if ratio >= 1.5 else ""
                size = money(page.language, _size(f), f.unit)
                out.append(phrase(page.language, "round", subject=mine.subject, value=size, eul=particle(size, "을", "를"), period=f.period, times=times, ids=f"{mine.id}, {f.id}"))
    return out


def _size(f: Fact) -> float:
    return f.value if f.value is not None else f.high or f.low or 0.0


def _planned(page: Page, claim: Claim, ledger: Ledger) -> list[str]:
    """What cited facts say of the site's machines and opening."""
    subject = _owner(page, claim)
    out = []
    for attribute in ("servers-planned", "servers", "gpus", "system-announced", "site-opening"):
        for f in ledger.find(subject, attribute):
            what = f.text or f"{_size(f):,.0f} {f.unit} {f.status}"
            out.append(
                f"{f.subject}, {f.period}: {what}{': ' + f.note.rstrip('.') if f.note else ''}{_later(page, f)} [{f.id}]"
            )
    return out


def _owner(page: Page, claim: Claim) -> str:
    """The firm named nearest before a figure in its sentence, even where its country is the subject."""
    a, _ = page.sentences[page.sentence_of(claim.char_start)]
    firms = [
        m for m in page.within(page.mentions, a, claim.char_start) if m.end <= claim.char_start and m.type == "company"
    ]
    return firms[-1].id if firms else claim.subject or ""
