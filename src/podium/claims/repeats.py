"""What an article says twice: repeats of a claim become places of the fullest one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from podium.claims.claim import Claim

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["join_repeats"]

_ANEW = re.compile(r"(?:역시|또|별도로|추가로|도 각각|さらに|また|別に|同じく|\balso\b|\banother\b|\bfurther\b|\bseparate(?:ly)?\b|\bthen\b)[^.。]{0,24}$", re.I)
_AGAIN = re.compile(r"(?:이|그|해당|위|앞서|당시|[こそ]の|同|上記の?|\bthe|\bthis|\bthat|\bthose|\bthese|\bits|\btheir)\s?$", re.I)


_POINTS_BACK = re.compile(r"\b(?:of the|those|these)\s$", re.I)


def join_repeats(page: Page, claims: list[Claim]) -> list[Claim]:
    """Return the claims in order; one said in headline and text, or again later, stands once with all its places.

    Two equal round figures of the body are one claim only where the later one points back; unless it does, an equal
    figure of the same owner is taken for a repeat only where it is not round.
    """
    out: list[Claim] = []
    by_key: dict[object, list[int]] = {}
    for c in sorted(claims, key=lambda c: (page.is_headline(c.char_start), c.char_start)):
        k = page.sentence_of(c.char_start)
        head = page.is_headline(c.char_start)
        near = range(len(out))[:400] if head else by_key.get(_key(c), [])[-12:]
        twin = next((n for n in near if _same(page, out[n], c, head) and page.sentence_of(out[n].char_start) != k), None)
        if twin is None:
            by_key.setdefault(_key(c), []).append(len(out))
            if c.converted_value is not None:
                by_key.setdefault((c.converted_unit, c.converted_value), []).append(len(out))
            out.append(c)
            continue
        old = out[twin]
        keep, other = (c, old) if _fullness(c) > _fullness(old) else (old, c)
        places = sorted({*old.also_at, *c.also_at, (other.char_start, other.char_end)})
        out[twin] = replace(keep, also_at=tuple(places))
    return sorted(out, key=lambda c: c.char_start)


def _key(c: Claim) -> tuple[object, object]:
    return (c.unit, c.value if c.value is not None else (c.low, c.high))


def _fullness(c: Claim) -> int:
    return 2 * (c.converted_value is not None) + (c.hedge is not None)


def _same(page: Page, a: Claim, b: Claim, headline: bool) -> bool:
    """Whether two claims say the same: kind, value, unit and country, or one is the other's conversion.

    A headline is short: where it has the figure, its country counts for nothing, and it may round.
    """
    if a.kind == "rank_change" and b.kind == "rank":
        return a.value == b.value and (
            b.subject_country_iso3 in (None, a.subject_country_iso3) or bool(b.attribute == "headline")
        )
    if a.kind != b.kind and not (a.kind.startswith("money") and b.kind.startswith("money")) and not (headline and {a.kind, b.kind} <= _COUNTED):
        return False
    if a.kind in ("ratio_speedup", "share", "other", "rank", "rank_change"):
        ranked = a.kind in ("rank", "rank_change") and a.year_or_date == b.year_or_date
        return (
            ((a.kind == "ratio_speedup" and (headline or _repeated(page, a, b))) or ranked)
            and a.value == b.value and a.unit == b.unit and a.value is not None and a.subject_country_iso3 == b.subject_country_iso3
        )  # fmt: skip
    if b.converted_value is None and (a.converted_value, a.converted_unit) == (b.value, b.unit) and b.value is not None:
        return True
    same_place = headline or (page.language == "en" and bool(_POINTS_BACK.search(page.folded[max(0, b.char_start - 12) : b.char_start]))) or a.subject_country_iso3 == b.subject_country_iso3
    equal = a.value == b.value and (a.value is not None or (a.low, a.high) == (b.low, b.high))
    rounded = headline and a.value is not None and b.value is not None and _rounds(a.value, b.value)
    return same_place and a.unit == b.unit and (rounded or (equal and (headline or _repeated(page, a, b))))


_COUNTED = {"hardware_count", "stock"}


def _rounds(exact: float, short: float) -> bool:
    """Whether a headline's figure is the exact one cut or rounded to its own digits, within 2 %."""
    return 0 < abs(exact - short) <= 0.02 * exact and len(f"{short:.12g}".rstrip("0")) < len(f"{exact:.12g}".rstrip("0"))


def _repeated(page: Page, a: Claim, b: Claim) -> bool:
    """Whether the later of two equal figures of the body is the earlier one again."""
    text = page.folded
    head = text[max(0, b.char_start - 30) : b.char_start]
    if _ANEW.search(head):
        return False
    if _AGAIN.search(head[-8:]):
        return True
    digits = len(f"{b.value:.12g}".replace(".", "").strip("0").split("e")[0]) if b.value is not None else 2
    return a.subject == b.subject and a.system == b.system and digits >= 2
