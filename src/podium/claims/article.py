"""An article as text: encoding, markup, language, title and date."""

from __future__ import annotations

import codecs
import datetime
import html
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

from podium.errors import ArticleError, Fault

__all__ = ["checked_length", "decode", "find_date", "iso_day", "language_of", "load_text", "sentences", "title_of"]

MAX_BYTES = 5_000_000
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def load_text(path: Path) -> str:
    """Return the text of a file, the offsets of claims refer to it.

    Raises
    ------
    ArticleError
        If the file is missing, empty, larger than 5 MB or not text.
    """
    name = str(path)
    if not path.is_file():
        raise ArticleError(Fault("there is no such file", "Give the path of an article", name))
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ArticleError(Fault(f"is {size / 1e6:.0f} MB large; an article has at most {MAX_BYTES / 1e6:.0f} MB",
                                 "Give one article, not a collection", name))  # fmt: skip
    text = decode(path.read_bytes(), name)
    if re.search(r"<\s*(?:html|body|article|p|div)\b", text[:20000], re.I):
        text = strip_markup(text)
    return checked_length(text, name)


MAX_CHARACTERS = 100_000


def checked_length(text: str, name: str) -> str:
    """Return a text that is not empty and no longer than 100,000 characters: an article, not a library.

    Raises
    ------
    ArticleError
        If it is.
    """
    if len(text) > MAX_CHARACTERS:
        raise ArticleError(Fault(f"has {len(text):,} characters; an article has at most {MAX_CHARACTERS:,}",
                                 "Give one article, not a collection", name))  # fmt: skip
    if not text.strip():
        raise ArticleError(Fault("is empty", "Give an article with text", name))
    return text


def decode(data: bytes, name: str = "") -> str:
    """Return bytes as text: by byte-order mark, else UTF-8, else a declared or the Korean legacy encoding."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _readable(data.decode(encoding, errors="replace"), name)
    declared = re.search(rb"charset=[\"']?([\w-]+)", data[:2000])
    guesses = ["utf-8", *([declared[1].decode("ascii")] if declared else []), *_utf16_guess(data), "cp949", "shift_jis"]
    for encoding in guesses:
        try:
            return _readable(data.decode(encoding), name)
        except (UnicodeDecodeError, LookupError):
            continue
    raise ArticleError(Fault("is not text in UTF-8, UTF-16, CP949 or Shift-JIS", "Save it as UTF-8", name))


def _utf16_guess(data: bytes) -> list[str]:
    head = data[:2000]
    if len(head) >= 8 and head[1::2].count(0) > len(head) // 5:
        return ["utf-16-le"]
    if len(head) >= 8 and head[0::2].count(0) > len(head) // 5:
        return ["utf-16-be"]
    return []


def _readable(text: str, name: str) -> str:
    odd = sum(1 for c in text[:20000] if (c < " " and c not in "\n\r\t\f\v") or c == "\ufffd")
    if odd > max(2, len(text[:20000]) // 50):
        raise ArticleError(Fault("is a binary file, not text", "Give plain text or HTML", name))
    return text.replace("\r\n", "\n")


class _Text(HTMLParser):
    """Collects what a reader sees."""

    BLOCKS = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "h4", "tr", "section", "article", "title", "td"})
    HIDDEN = frozenset({"script", "style", "noscript", "template", "nav", "footer", "svg"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in self.HIDDEN))
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def strip_markup(text: str) -> str:
    """Return the visible text of a page, one block a line."""
    parser = _Text()
    parser.feed(text)
    parser.close()
    seen = html.unescape("".join(parser.parts))
    clean = "".join(c for c in seen if not 0xD800 <= ord(c) <= 0xDFFF)
    lines = (re.sub(r"[ \t\f\v]+", " ", line).strip() for line in clean.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def language_of(text: str) -> Literal["ko", "en", "ja"]:
    """Return the language by script: Hangul, kana, else English."""
    head = text[:20000]
    hangul = sum("가" <= c <= "힣" for c in head)
    kana = sum("ぁ" <= c <= "ヶ" for c in head)
    if hangul == kana == 0:
        return "en"
    return "ko" if hangul >= kana else "ja"


def title_of(text: str) -> str:
    """Return the first line that holds text."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


_SHORT = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTHS = {m: k for k, m in enumerate(_SHORT, start=1)}
_DATES = [
    re.compile(r"(?P<y>20\d\d)[-./]\s?(?P<m>\d{1,2})[-./]\s?(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"令和\s*(?P<reiwa>\d{1,2}|元)\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
    re.compile(r"(?P<y>20\d\d)\s*[년年]\s*(?P<m>\d{1,2})\s*[월月]\s*(?P<d>\d{1,2})\s*[일日]"),
    re.compile(r"(?P<mon>[A-Z][a-z]{2})[a-z]*\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>20\d\d)"),
    re.compile(r"(?P<d>\d{1,2})\s+(?P<mon>[A-Z][a-z]{2})[a-z]*\.?,?\s+(?P<y>20\d\d)"),
]


def find_date(text: str) -> str | None:
    """Return the date of publication as the text has it (ISO): the earliest full date in its head or foot."""
    found = []
    for part in (text[:1500], text[-800:]):
        for pattern in _DATES:
            found += [day for m in pattern.finditer(part) if (day := _day(m.groupdict())) is not None]
    return min(found) if found else None


def _day(g: dict[str, str | None]) -> str | None:
    """The ISO day that a match names; None where there is no such day."""
    month = int(g["m"] or 0) if g.get("m") else _MONTHS.get((g.get("mon") or "").lower(), 0)
    era = g.get("reiwa")
    year = 2018 + (1 if era == "元" else int(era)) if era else int(g["y"] or 0)
    return iso_day(f"{year:04d}-{month:02d}-{int(g['d'] or 0):02d}")


def iso_day(written: str) -> str | None:
    """Return a day written YYYY-MM-DD, or None where the calendar has no such day."""
    try:
        return datetime.date.fromisoformat(written).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", written) else None
    except ValueError:
        return None


_SHORT_FORMS = (
    r"(?<!\b[A-Z])(?<!\b[A-Z]\.[A-Z])(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bSt)(?<!\bNo)(?<!\bvs)(?<!\bMrs)(?<!\bInc)(?<!\bCo)(?<!\bi\.e)(?<!\be\.g)(?<!\bcf)(?<!\betc)(?<!\bU\.S)(?<!\bU\.K)"
    + "".join(
        rf"(?<!\b{m})"
        for m in (
            "Corp",
            "Ltd",
            "Jan",
            "Feb",
            "Mar",
            "Apr",
            "Jun",
            "Jul",
            "Aug",
            "Sep",
            "Sept",
            "Oct",
            "Nov",
            "Dec",
            "approx",
            "Gov",
            "Prof",
            "Gen",
            "Sen",
            "Rep",
            "est",
            "Fig",
            "Rs",
        )
    )
)
_END = re.compile(rf"\n+|[。！？](?![」』）])|{_SHORT_FORMS}[.!?][\"”’」』)]?(?=\s|$)")


LONGEST = 800


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences and headline lines of a text, in order; a figure's or title's full stop ends nothing.

    What goes on for more than 800 characters is cut, so that no text makes later steps slow.
    """
    ends = [m.end() for m in _END.finditer(text)]
    out = []
    for a, b in zip([0, *ends], [*ends, len(text)], strict=True):
        out += [(k, min(k + LONGEST, b)) for k in range(a, b, LONGEST) if text[k : min(k + LONGEST, b)].strip()]
    return out
