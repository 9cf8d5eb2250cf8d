"""Who and what an article names: countries, companies, ministries, systems, chips, indices."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Mention", "chips", "find_mentions", "fold"]

LEXICON = Path(__file__).resolve().parent / "lexicon"
_FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20, 0x2009: 0x20}
_CHIP = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:DGX|HGX)\s?(?:[ABH]\d00|GB\d00)|GB[23]00(?:\s?NVL\d+)?|GH200|[ABHV]\d00"
    r"|MI\d{3}[AX]?|TPU\s?v\d\w?|(?:Ascend|어센드|昇騰)\s?\d{3}\w?|Gaudi\s?\d)(?![A-Za-z0-9])"
    r"|블랙웰 울트라|블랙웰|호퍼|Blackwell Ultra|Blackwell|Hopper|ブラックウェル|ホッパー"
)


@dataclass(frozen=True)
class Mention:
    """One name in the text, offsets in code points; ``country`` is an ISO3 code or empty."""

    start: int
    end: int
    id: str
    type: str
    country: str


def fold(text: str) -> str:
    """Return the text with full-width letters, digits and spaces as their plain forms; the same length."""
    return text.translate(_FOLD)


@cache
def _names() -> tuple[re.Pattern[str], dict[str, tuple[str, str, str]]]:
    table: dict[str, tuple[str, str, str]] = {}
    for row in _rows("countries.csv"):
        table |= dict.fromkeys(row["names"].split("|"), (row["code"], "country", row["code"]))
    for row in _rows("entities.csv"):
        table |= dict.fromkeys(row["names"].split("|"), (row["id"], row["type"], row["country"]))
    ordered = sorted(table, key=lambda n: (-len(n), n))
    return re.compile("|".join(_bounded(n) for n in ordered)), table


def _rows(name: str) -> list[dict[str, str]]:
    with (LEXICON / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _bounded(name: str) -> str:
    """A pattern for a name: Latin names stand alone, one-character Chinese ones before a break."""
    escaped = re.escape(name)
    if name.isascii():
        return rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9])"
    if len(name) == 1:
        return rf"(?<![一-鿿ァ-ヶ가-힣]){escaped}(?=[\s‘'\"“「・,、]|[ァ-ヶA-Z])"
    if "가" <= name[0] <= "힣":
        return rf"(?<![가-힣]){escaped}"
    return escaped


def find_mentions(text: str) -> list[Mention]:
    """Every name of the lexicon in the text, longest first where several fit, in order."""
    pattern, table = _names()
    return [Mention(m.start(), m.end(), *table[m.group()]) for m in pattern.finditer(fold(text))]


def chips(text: str) -> list[tuple[int, int, str]]:
    """Every chip or system type in the text, with its place."""
    return [(m.start(), m.end(), m.group()) for m in _CHIP.finditer(fold(text))]
