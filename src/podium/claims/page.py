"""An article taken apart: sentences, names, chips and figures."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from podium.claims.article import sentences
from podium.claims.claim import Claim
from podium.claims.coreference import resolve
from podium.claims.currencies import in_dollars_of, in_money_of
from podium.claims.entities import Mention, chips, find_mentions, fold, further_files
from podium.claims.introductions import introduced
from podium.claims.quantities import Quantity, find_quantities
from podium.claims.subjects import country_named_most, topic_country

__all__ = ["Page", "page_of"]

Placed = TypeVar("Placed", Mention, Quantity)
# ① 1만8000개 on a line of its own, above the sentence that says what it counts.
_HEADING = re.compile(r"[^0-9A-Za-z가-힣ぁ-んァ-ヶ一-鿿\n]{0,6}(?:\d{1,2}[.)] ?)?(?:약 ?|총 ?|約)?[$€£¥₩]?\d[\d.,]*[^\s\d]{0,4}\d*[^\s\d]{0,8}(?:\([^)\n]{0,16}\))?\s*\n+")


def _start(placed: Mention | Quantity) -> int:
    return placed.start


@dataclass(frozen=True, eq=False)
class Page:
    """An article taken apart: folded text, sentences, names and figures."""

    text: str
    language: Literal["ko", "en", "ja"]
    date: str

    @cached_property
    def folded(self) -> str:
        """The text with full-width letters and digits as plain ones, of the same length."""
        return fold(self.text)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans of the sentences and headline lines; a bare figure that heads a paragraph goes with its first sentence."""
        out: list[tuple[int, int]] = []
        for a, b in sentences(self.folded):
            if out and _HEADING.fullmatch(self.folded, *out[-1]) and b - a > 12:
                out[-1] = (out[-1][0], b)
            else:
                out.append((a, b))
        return out

    @cached_property
    def mentions(self) -> list[Mention]:
        """Every name, in order."""
        found = find_mentions(self.text)
        found = sorted([*found, *introduced(self.folded, found)], key=lambda m: m.start)
        most = Counter(m.country for m in found if m.country and m.type not in ("vendor", "index")).most_common(2)
        clear = bool(most) and (len(most) == 1 or most[0][1] >= 1.5 * most[1][1])
        return resolve(self.folded, found, most[0][0] if clear else "")

    @cached_property
    def chips(self) -> list[tuple[int, int, str]]:
        """Every chip or system type, in order."""
        return chips(self.text)

    @cached_property
    def figures(self) -> list[Quantity]:
        """Every figure with a unit, in order, before a bare dollar or crown is taken for the article's own."""
        return find_quantities(self.text)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Every figure with a unit, in order."""
        found = list(self.figures)
        if any(q.unit in ("NOK", "MXN") for q in found):
            found = in_money_of(found, self.text, self.topic)
        return in_dollars_of(self.text, found, self.topic) if self.language == "en" and "$" in self.text else found

    def places(self, claims: Sequence[Claim]) -> list[tuple[int, int]]:
        """Every place of the claims with its claim's number, in order; kept, since each claim asks for it."""
        if self._placed.get("of") is not claims:
            found = sorted((at, n) for n, c in enumerate(claims) for at in (c.char_start, *(a for a, _ in c.also_at)))
            self._placed.clear()
            self._placed.update(of=claims, places=found)
        return self._placed["places"]  # type: ignore[no-any-return]

    def kept(self, claims: Sequence[Claim], name: str, make: Callable[[Sequence[Claim]], Any]) -> Any:
        """What is made of all claims, made once."""
        self.places(claims)
        if name not in self._placed:
            self._placed[name] = make(claims)
        return self._placed[name]

    @cached_property
    def _placed(self) -> dict[str, Any]:
        return {}

    def chips_before(self, at: int, first: int) -> list[tuple[int, int, str]]:
        """The chips that start from a place on and before another, in order."""
        return self.chips[bisect.bisect_left(self.chips, (first,)) : bisect.bisect_left(self.chips, (at,))]

    @cached_property
    def indices(self) -> list[Mention]:
        """Every index or list named, in order."""
        return [m for m in self.mentions if m.type == "index"]

    @cached_property
    def topic(self) -> str:
        """The country the article is about, for figures that name none."""
        return topic_country(self)

    @cached_property
    def named_most(self) -> str:
        """The country the article names far more often than others."""
        return country_named_most(self)

    def sentence_of(self, at: int) -> int:
        """The number of the sentence that holds an offset."""
        return max(0, bisect.bisect_right(self._starts, at) - 1)

    @cached_property
    def _starts(self) -> list[int]:
        return [a for a, _ in self.sentences]

    def within(self, names: Sequence[Placed], a: int, b: int) -> Sequence[Placed]:
        """Those of mentions or quantities, in order of their starts, that start in a stretch of the text."""
        return names[bisect.bisect_left(names, a, key=_start) : bisect.bisect_left(names, b, key=_start)]

    def sentence(self, k: int) -> str:
        """The folded text of a sentence; empty outside the article."""
        if not 0 <= k < len(self.sentences):
            return ""
        a, b = self.sentences[k]
        return self.folded[a:b]

    def is_headline(self, at: int) -> bool:
        """Whether a place stands in the headline or in a short line without a full stop among the first six."""
        if at < self.headline_ends:
            return True
        if at > 600 or len([x for x in self.folded[:at].splitlines() if x.strip()]) > 6:
            return False
        first = self.folded.rfind("\n", 0, at) + 1
        last = self.folded.find("\n", at)
        line = self.folded[first : last if last >= 0 else len(self.folded)].strip()
        return last >= 0 and len(line) <= (110 if self.language == "en" else 62) and not line.endswith((".", "。", "다", "”", "\""))

    @cached_property
    def headline_ends(self) -> int:
        """Where the headline and its sub-heads end: before the first line that is a paragraph."""
        at = 0
        for line in self.folded.splitlines(keepends=True):
            whole = line.rstrip().endswith(("다.", "。", "다.”", "다.\"")) and at > 0
            if whole or len(line.strip()) > (110 if self.language == "en" else 62):
                return at
            at += len(line)
        return min(at, len(self.folded.split("\n", 1)[0]))


def page_of(text: str, language: Literal["ko", "en", "ja"], date: str) -> Page:
    """Return the page of a text; the last few are kept, since a text is read, checked and asked about in turn."""
    return _kept(text, language, date, further_files())


@lru_cache(maxsize=4)
def _kept(text: str, language: Literal["ko", "en", "ja"], date: str, _names: tuple[tuple[Path, int], ...]) -> Page:
    return Page(text, language, date)
