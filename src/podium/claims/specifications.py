"""Claims about chips and servers against data sheets: memory, bandwidth, power, performance by precision, vendors' multiples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from podium.claims.amounts import PLAIN
from podium.claims.claim import Claim
from podium.claims.machines import built_of, is_origin
from podium.claims.phrases import Language, phrase
from podium.claims.verdicts import Check
from podium.evidence.facts import Fact
from podium.evidence.ledger import Ledger

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["in_specification"]

_ALIASES = {
    "blackwell ultra": "B300", "블랙웰 울트라": "B300", "ブラックウェル ウルトラ": "B300", "hgx a100": "DGX A100", "hgx h100": "DGX H100", "hgx h200": "DGX H200",
    "hgx b200": "DGX B200", "hgx b300": "DGX B300", "gb300": "B300", "gb200": "B200", "trillium": "TPU v6e", "트릴리움": "TPU v6e", "ironwood": "TPU v7",
    "아이언우드": "TPU v7", "アイアンウッド": "TPU v7", "dgx gb200": "GB200 NVL72", "dgx gb300": "GB300 NVL72",
}  # fmt: skip
_WORDS = {
    "가우디": "Gaudi", "ガウディ": "Gaudi", "트레이니엄": "Trainium", "トレイニウム": "Trainium", "어센드": "Ascend", "昇騰": "Ascend", "アセンド": "Ascend",
    "베라 루빈": "Vera Rubin", "ヴェラ・ルービン": "Vera Rubin", "ヴェラルービン": "Vera Rubin",
}  # fmt: skip
# Variants of a chip with other memory and power than the one its name alone means.
_VARIANT = re.compile(r"\s?(?:NVL|PCIe|CNX|SXM4 40|40\s?GB)", re.I)
_SCALES = {"GB": 1e9, "TB/s": 1e12, "kW": 1e3, "TFLOPS": 1e12, "PFLOPS": 1e15}
_ATTRIBUTES = {"B": ("memory",), "B/s": ("bandwidth",), "gpu": ("accelerators",), "cpu": ("cpus",), "W": ("tdp", "power")}


def in_specification(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """Return what data sheets say of the chip or server that a figure is about; None where they say nothing."""
    if claim.kind == "ratio_speedup" and (found := _memories(page, claim, ledger)) is not None:
        return found
    if claim.system is None:
        return None
    if claim.kind == "other":
        return _of_chips(page, claim, ledger)
    if claim.kind == "compute_power":
        return _performance(page, claim, ledger)
    return _vendor(page, claim, ledger) if claim.kind == "ratio_speedup" else None


_MEMORY = re.compile(r"memory|HBM|메모리|メモリ", re.I)


def _memories(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """So many times the memory of another chip, by both data sheets: 3.6 times the H100; supported or nothing."""
    _, b = page.sentences[page.sentence_of(claim.char_start)]
    before = page.sentences[max(0, page.sentence_of(claim.char_start) - 1)][0]
    if claim.value is None or not _MEMORY.search(page.folded, before, b):
        return None
    names = list(dict.fromkeys(_known_as(name) for _, _, name in page.chips_before(b, before)))
    facts = [next(iter(ledger.find(name, "memory")), None) for name in names]
    held = [f for f in facts if f is not None and f.value is not None]
    for one in held:
        for other in held:
            ratio = (one.value or 0.0) / (other.value or 1.0)
            if one is not other and abs(ratio - claim.value) <= max(0.02 * claim.value, 0.051):
                said = "; ".join(phrase(page.language, "memory", name=f.subject, held=_written(f, page.language), unit=f.unit) for f in (one, other))
                return Check(True, said, (one.id, other.id))
    return None


def _of_chips(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """A specification of the chip named in its sentence; of one carried over from before it, only where no other chip fits better."""
    check = _specification(claim, ledger, claim.system, page.language)
    if check is None or check.holds:
        return check
    if claim.unit == "B" and (server := _specification(claim, ledger, _server_meant(page, claim), page.language)) is not None:
        return server
    if claim.unit == "B" and _ELSEWHERE.search(page.folded[max(0, claim.char_start - 16) : claim.char_end + 26]):
        return None  # of the processors, or of both together
    k = page.sentence_of(claim.char_start)
    a, b = page.sentences[k]
    near = page.chips_before(b, page.sentences[max(0, k - 3)][0])
    servers = any(re.match(r"DGX|HGX|.*NVL", c[2]) for c in near)
    if claim.unit == "B" and not servers and check.right and (claim.value or 0.0) > 3 * check.right and _TOGETHER.search(page.folded[page.sentences[page.sentence_of(claim.char_start)][0] : claim.char_end]):
        return None  # of a server of them: 8장을 묶은 서버는 1.1TB
    if _OF_BEFORE.search(page.folded, max(0, claim.char_start - 26), claim.char_start) or _BECOMES.match(page.folded, claim.char_end):
        return None  # against 750 watts: of whatever was before it
    near = [c for c in near if not (claim.unit in ("gpu", "cpu") and built_of(claim.system or "", c[2]))]
    own = [c for c in near if c[0] >= a]
    if any(c[2] == claim.system and _VARIANT.match(page.folded, c[1]) for c in near):
        return None
    if any(c[2] == claim.system for c in own) and len({c[2] for c in own if c[1] <= claim.char_start}) <= 1:
        return check
    if _own_figure(page, claim, a):
        return check
    told = [c[2] for c in near if c[1] <= claim.char_start]
    last = [c[2] for c in near if c[1] <= claim.char_start and c[0] >= page.sentences[max(0, k - 1)][0]] or told
    if {_chip_of(name) for name in last} == {_chip_of(claim.system or "")}:  # no other is named before it: of the chip, or of the server told
        own_checks = [_specification(claim, ledger, name, page.language) for name in dict.fromkeys((*told, *(_chip_of(n) for n in last))) if _chip_of(name) == _chip_of(claim.system or "")]
        return next((c for c in own_checks if c is not None and c.holds), check)
    others = {c[2] for c in near if not is_origin(page, c)} - {claim.system}
    if not others and (own or told or len({c[2] for c in near}) == 1):
        return check
    fits = [c for c in (_specification(claim, ledger, _known_as(name), page.language) for name in sorted(others)) if c is not None and c.holds]
    if fits:
        return fits[0]
    return check if any(c[2] == claim.system for c in own) else None


_A_SERVER = re.compile(r"(?:대당|서버당|노드당|서버 ?(?:한 ?대|1대|하나)(?:의|당|에)?|1台(?:の|あたり|当たり|につき)?|サーバー?[1一]台(?:の|あたり|当たり)?|\b(?:per|each|every|a|one) (?:server|node|box|system|chassis|machine)(?:'s|’s)?)\s?[^\d。.;]{0,24}$", re.I)


def _server_meant(page: Page, claim: Claim) -> str | None:
    """The server built of the chip, where a memory is told of one server: 서버 1대에는 B200이 8개씩 … 대당 메모리는 1440GB."""
    a = page.sentences[page.sentence_of(claim.char_start)][0]
    chip = _known_as(claim.system)
    alone = not re.match(r"DGX|HGX|.*NVL", chip)
    return f"DGX {chip}" if alone and _A_SERVER.search(page.folded[a : claim.char_start]) else None


def _chip_of(system: str) -> str:
    """The chip of which a server or rack type is built, by their names: B300 of GB300 NVL72."""
    return re.sub(r"^(?:DGX|HGX)\s?|^G(?=B)|\s?NVL.*$", "", _known_as(system))


_ELSEWHERE = re.compile(r"\bof (?:processor|CPU|system|host|fast|unified|coherent|LPDDR\w*) memory|LPDDR|(?:CPU|시스템|통합|호스트|CPUの|システム|統合)\s?(?:메모리|メモリ)|메모리를 합|memory in all", re.I)
_TOGETHER = re.compile(r"묶|서버|[0-9]대|합치|합계|모두|サーバ|合計|束ね|合わせ|\bservers?\b|\btogether\b|\bpods?\b|\bin all\b|\bcluster", re.I)
_OF_BEFORE = re.compile(r"\b(?:against|versus|vs\.?|compared with|up from|down from|from|instead of|rather than)\s(?:just |only |the |its )*$", re.I)
_BECOMES = re.compile(r"에서\s|이?던\s|이?었지만|から|だった")
_OWNS = re.compile(r"[’'\"”」』]?(?:\([^)]{0,20}\))?(?:[은는이가의]\s|에는\s|엔\s|[はがの]|には|\s(?:has|holds|carries|with|at|packs|offers|gets)\s|\s(?=\d)|,\s(?:with|at)\s)")


def _own_figure(page: Page, claim: Claim, a: int) -> bool:
    """Whether each chip of a list has a figure of its own, and this is the one of the chip just before it: 128GB in *Gaudi 3 has 128GB and TPU v5p 95GB*."""
    told = [q for q in page.within(page.quantities, a, claim.char_start) if q.unit == claim.unit and q.end <= claim.char_start]
    if not told:
        return False
    between = page.chips_before(claim.char_start, told[-1].end)
    return bool(page.chips_before(told[-1].start, a)) and len(between) == 1 and between[0][2] == claim.system and bool(_OWNS.match(page.folded, between[0][1]))


def _known_as(system: str | None) -> str:
    """The name under which facts are held: 가우디3 is Gaudi 3, HGX H100 a DGX H100."""
    name = re.sub(r"\s+", " ", system or "").strip()
    for said, known in _WORDS.items():
        name = name.replace(said, known)
    name = re.sub(r"NVL (?=\d)|Trainium (?=\d)", lambda m: m[0].strip(), re.sub(r"^(Gaudi|Ascend)(?=\d)|(Rubin)(?=NVL)", r"\1\2 ", name))
    return _ALIASES.get(name.lower(), name)


def _held(f: Fact) -> tuple[float, float]:
    """The lowest and highest that a fact states, in base units."""
    scale = _SCALES.get(f.unit, 1.0)
    low = f.low if f.low is not None else f.value or 0.0
    return low * scale, (f.high if f.high is not None else f.value or 0.0) * scale


def _written(f: Fact, language: Language) -> str:
    low, high = (x / _SCALES.get(f.unit, 1.0) for x in _held(f))
    return f"{low:g}" if low == high else f"{low:g}{phrase(language, 'to')}{high:g}"


def _specification(claim: Claim, ledger: Ledger, system: str | None, language: Language) -> Check | None:
    """The figure against the data sheet; of a superchip (GB200) it may be that of one chip or of the board."""
    name = _known_as(system)
    if claim.value is None:
        return None
    for attribute in _ATTRIBUTES.get(claim.unit or "", ()):
        held = [f for n in dict.fromkeys((system or "", name)) for f in ledger.find(n, attribute) if f.value is not None or f.low is not None]
        if held:
            fits = [f for f in held if _held(f)[0] * 0.99 <= claim.value <= _held(f)[1] * 1.01]
            fact = (fits or held)[-1]
            low, high = _held(fact)
            said = phrase(language, attribute, name=fact.subject, held=_written(fact, language), unit=fact.unit)
            return Check(bool(fits), said, (fact.id,), right=low if low == high else None)
    return None


_PRECISION = [(4, re.compile(r"FP4|4[- ]?bit|4비트|4ビット|INT4", re.I)), (8, re.compile(r"FP8|INT8|(?<!\d)8[- ]?bit|(?<!\d)8비트|(?<!\d)8ビット", re.I)),
              (16, re.compile(r"FP16|BF16|bfloat16|16[- ]?bit|half[- ]precision|반정밀도|半精度|16비트|16ビット", re.I))]  # fmt: skip


def _performance(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """The operations of one chip or server, by any precision that its data sheet gives; wrong only at a precision that the text names."""
    if claim.value is None or claim.subject_country_iso3 is not None:
        return None
    name = _known_as(claim.system)
    facts = [f for f in ledger.find(name, "flops:") if f.value is not None or f.low is not None]
    a, b = page.sentences[page.sentence_of(claim.char_start)]
    named = {bits for bits, pattern in _PRECISION if pattern.search(page.folded, a, b)}
    fits = [f for f in facts if _held(f)[0] * 0.98 <= claim.value <= _held(f)[1] * 1.02]
    own = [f for f in fits if not named or _bits(f) in named]
    if own:
        best = sorted(own, key=lambda f: "sparse" in f.attribute)[0]
        note = (phrase(page.language, "sparse", ids=best.id),) if "sparse" in best.attribute else ()
        return Check(True, _told(best, name, page.language), (best.id,), note)
    at_named = [f for f in facts if _bits(f) in named]
    if len(named) != 1 or not at_named or claim.hedge not in PLAIN:
        return None
    if not any(1 / 15 < claim.value / _held(f)[1] < 15 for f in at_named):
        return None
    said = phrase(page.language, "and").join(_told(f, name, page.language) for f in at_named)
    return Check(False, said, tuple(f.id for f in at_named))


def _bits(f: Fact) -> int:
    found = re.search(r"(\d+)-bit", f.attribute)
    return int(found[1]) if found else 0


def _told(f: Fact, name: str, language: Language) -> str:
    kind = phrase(language, "sparsely" if "sparse" in f.attribute else "densely")
    return phrase(language, "flops", name=name, held=_written(f, language), unit=f.unit, bits=_bits(f), kind=kind)


def _vendor(page: Page, claim: Claim, ledger: Ledger) -> Check | None:
    """A vendor's multiple against what the vendor says; what was measured goes into the context."""
    name = re.sub(r"\s+", " ", claim.system or "").strip()
    said = [f for f in ledger.find(name, "speedup:") if f.value is not None]
    chip = re.sub(r"^(?:DGX|HGX) ", "", name)
    measured = [f for f in ledger.find(chip, "measured-speedup:") if f.value is not None]
    context: tuple[str, ...] = ()
    tongue = page.language
    if measured:
        latest = [f for f in measured if f.period == max(m.period for m in measured)]
        low, high = min(f.value or 0 for f in latest), max(f.value or 0 for f in latest)
        other = latest[0].attribute.split(":")[1]
        early = [f for f in measured if f not in latest]
        sizes = [f.value or 0.0 for f in early]
        was = phrase(tongue, "measured before", period=early[0].period, low=f"{min(sizes):.1f}", high=f"{max(sizes):.1f}") if early else ""
        later = phrase(tongue, "published after") if latest[0].public > page.date else ""
        ids = ", ".join(f.id for f in latest)
        context = (phrase(tongue, "measured", period=latest[0].period, low=f"{low:.1f}", high=f"{high:.1f}", other=other, was=was, later=later, ids=ids),)
    if not said:
        return Check(None, "", (), context) if context else None
    match = next((f for f in said if claim.value and abs((f.value or 0) / claim.value - 1) <= 0.02), None)
    if match is not None:
        against = match.attribute.rsplit(":", 1)[-1]
        note = phrase(tongue, "vendor own", against=against, ids=match.id)
        reason = phrase(tongue, "vendor says", publisher=match.sources[0].publisher, value=f"{match.value:g}", against=against)
        return Check(True, reason, (match.id,), (note, *context))
    held = ", ".join(phrase(tongue, "vendor one", value=f"{f.value:g}", against=f.attribute.rsplit(":", 1)[-1]) for f in said)
    return Check(None, phrase(tongue, "vendor held", held=held), tuple(f.id for f in said), context)
