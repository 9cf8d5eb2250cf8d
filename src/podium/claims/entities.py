"""Who and what an article names: countries, companies, ministries, systems, chips, indices.

The names stand in `lexicon/countries.csv` (`code,names`) and `lexicon/entities.csv` (`id,type,country,names,needs`);
names are divided by bars, and further files of either form may be added with `extended`. A name that means several
things, or is an ordinary word (*Frontier*, *Dawn*), bears in `needs` the words of which one must stand in the
article; where these leave no meaning, or more than one, the name is found as *ambiguous* and counts for nobody.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from podium.errors import ArticleError, Fault

__all__ = ["Meaning", "Mention", "chips", "extended", "find_mentions", "fold", "further_files", "lexicon", "nations"]

LEXICON = Path(__file__).resolve().parent / "lexicon"
TYPES = frozenset({"country", "company", "state", "institute", "vendor", "system", "index"})
_FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20, 0x2009: 0x20}
_CHIP = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:DGX|HGX)\s?(?:[ABHVR]\d{2,3}|GB\d00)|G?B[23]00(?:\s?NVL\s?\d+)?|GH200|VR\d00(?:\s?NVL\s?\d+)?|[AHVR]\d00|B[123]00|L40S?|H20"
    r"|MI\d{3}[AX]?|TPU\s?v\d\w?|Trillium|Ironwood|트릴리움|아이언우드|가우디\s?\d|ガウディ\s?\d|(?:Ascend|어센드|昇騰|アセンド)\s?\d{3}\w?|Gaudi\s?\d|(?:Trainium|트레이니엄|トレイニウム)\s?\d?|(?:Vera Rubin |베라 루빈 |ヴェラ・?ルービン ?)NVL\s?\d+|NVL72)(?=s?(?![A-Za-z0-9]))"
    r"|블랙웰 울트라|블랙웰|호퍼|Blackwell Ultra|Blackwell|Hopper|ブラックウェル・?ウルトラ|ブラックウェル|ホッパー"
)
_ONE_LETTER = (
    r"(?=[\s‘'\"“「・,、]|[ァ-ヶA-Z]|社[のはがも、]|政府|[東西南北]部|産業|商務|企業|大手|当局|大統領|首相|国防|議会|新興|半導体|系|스타트업|정부|상무부|에너지부|의회|빅테크|백악관|기업)"
)
_NO_PARTICLE = "".join(c for c in map(chr, range(ord("ぁ"), ord("ん") + 1)) if c not in "はがでのにともを")  # 首位は米エルキャピタン
_PARTICLE = (
    r"(?=[^가-힣]|$|(?:은|는|이|가|을|를|의|와|과|도|만|에|로|측|제|산|계|판|식|형|발|행|내|사|였)(?![가-힣])|[과와](?:의|는|도|만)(?![가-힣])|에게|한테|조차|마저|으로|에서|에는|에선|에도|보다|처럼|까지|부터|정부|기업|국민|경제|업체|시장|증시|이고|이며|이다|입니다|이지|이나"
    r"|인데|이었|이라|대학|순위|그룹|였다|였지|였으)"
)


@dataclass(frozen=True)
class Mention:
    """One name in the text, offsets in code points; ``country`` is an ISO3 code or empty."""

    start: int
    end: int
    id: str
    type: str
    country: str


@dataclass(frozen=True)
class Meaning:
    """What a name can mean, and the words of which one must stand in the article for it (empty where none must)."""

    id: str
    type: str
    country: str
    needs: str = ""


_more: ContextVar[tuple[tuple[Path, int], ...]] = ContextVar("further lexicon files", default=())


def fold(text: str) -> str:
    """Return the text with full-width letters, digits and spaces as their plain forms; the same length."""
    return text.translate(_FOLD)


def further_files() -> tuple[tuple[Path, int], ...]:
    """The further files of names in use, each with its time of change."""
    return _more.get()


@contextmanager
def extended(*files: Path) -> Iterator[None]:
    """Read articles with further names from CSV files in the form of `countries.csv` or `entities.csv`.

    Raises
    ------
    ArticleError
        Naming file and line of a row that lacks a name or has an unknown type.
    """
    stamped = tuple((f, f.stat().st_mtime_ns if f.is_file() else 0) for f in files)  # a file that has changed is read anew
    token = _more.set((*_more.get(), *stamped))
    try:
        lexicon()
        yield
    finally:
        _more.reset(token)


@cache
def nations() -> frozenset[str]:
    """The names of countries themselves, without those of their places: the first line of each in `countries.csv`."""
    first: dict[str, list[str]] = {}
    for names, meaning in _rows(LEXICON / "countries.csv"):
        first.setdefault(meaning.id, names)
    return frozenset(n for names in first.values() for n in names)


def lexicon() -> Mapping[str, tuple[Meaning, ...]]:
    """Return every name with all it can mean."""
    return _table(_more.get())[1]


@cache
def _table(more: tuple[tuple[Path, int], ...]) -> tuple[dict[str, list[str]], dict[str, tuple[Meaning, ...]]]:
    """The names by their first two letters, the longest first, and what each can mean."""
    table: dict[str, tuple[Meaning, ...]] = {}
    for path in (LEXICON / "countries.csv", LEXICON / "entities.csv", *(p for p, _ in more)):
        for names, meaning in _rows(path):
            for name in names:
                known = table.get(name, ())
                table[name] = known if meaning in known else (*known, meaning)
    index: dict[str, list[str]] = {}
    for name in sorted(table, key=lambda n: (-len(n), n)):
        index.setdefault(name[:2], []).append(name)
    return index, table


def _rows(path: Path) -> list[tuple[list[str], Meaning]]:
    out, faults = [], []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ArticleError(Fault(f"cannot be read: {error}", "Give a UTF-8 CSV of names", str(path))) from None
    for line, row in enumerate(rows, start=2):
        names = [n for n in (row.get("names") or "").split("|") if n.strip()]
        code, kind = row.get("code"), row.get("type") or ""
        if not names or not (code or row.get("id")) or (not code and kind not in TYPES):
            what = f"type {kind!r} is none of {', '.join(sorted(TYPES))}" if names and row.get("id") else "a name, or its id or code, is missing"
            faults.append(Fault(what, "Write code,names or id,type,country,names,needs", str(path), line))
            continue
        meaning = Meaning(code, "country", code) if code else Meaning(row["id"], kind, row.get("country") or "", row.get("needs") or "")
        out.append((names, meaning))
    if faults:
        raise ArticleError(faults)
    return out


# Korean names that are words as well, and what follows where they are: 인도 시점 (delivery), 신장세 (growth), 오만 원 (50,000 won).
_WORDS = {
    "인도": r"(?!\s?(?:시점|일정|지연|물량|예정|절차|시기|기한|완료|대금)|가 (?:늦|지연|시작|완료|끝)|를 (?:마|완료|시작|받|끝|앞))", "신장": r"(?!\s?(?:세|률|을|했|됐))", "선전": r"(?!\s?(?:했|하|을|전|포고))",
    "오만": r"(?!\s?(?:원|명|장|개|대|하|한|과 편견))", "고양": r"(?!\s?(?:이|시키|된|됐))", "구미": r"(?!\s?(?:를 당|가 당|에 맞))", "대전": r"(?!\s?(?:상대|을 치|에서 이|에서 졌))", "대구": r"(?!\s?(?:탕|잡이|살))",
    "수원": r"(?!\s?(?:지|을 확보))", "부탄": r"(?!\s?가스)", "가나": r"(?!\s?(?:다라|초콜릿))",
}  # fmt: skip


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_bounded(name))


def _bounded(name: str) -> str:
    """A pattern for a name: Latin and katakana names stand alone, short Korean ones before a particle or a break."""
    escaped = re.escape(name)
    if name.isascii():
        return rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9$])"
    if len(name) == 1:
        topic = "" if name in "中日加露" else rf"|(?:(?<![^\s、。「『(（・でと])){escaped}(?=[はがも](?![ぁ-ん]))"  # 仏は5位、独は7位; 中は and 日は are words
        return rf"(?<![一-鿿ァ-ヶ가-힣A-Za-z0-9{_NO_PARTICLE}]){escaped}{_ONE_LETTER}{topic}"
    if "가" <= name[0] <= "힣":
        open_ = r"(?<![가-힣A-Za-z0-9’'”\"」』)])" if len(name) == 2 and name[0] in "이가은는와과도만의로" else "(?<![가-힣])"  # ‘AI 3강’이란
        return rf"{open_}{escaped}" + _WORDS.get(name, "") + (_PARTICLE if len(name) <= 2 else "")
    if "ァ" <= name[0] <= "ヶ":
        return rf"(?<![ァ-ヶー]){escaped}" + ("(?![ァ-ヶー])" if "ァ" <= name[-1] <= "ヶ" or name[-1] == "ー" else "")
    if name[0].isalpha() and not ("一" <= name[0] <= "鿿"):
        return rf"(?<![A-Za-z0-9]){escaped}"
    return escaped


def find_mentions(text: str) -> list[Mention]:
    """Every name of the lexicon in the text, longest first where several fit, in order.

    A name whose meaning the article does not settle has the type *ambiguous* and no country.
    """
    index, table = _table(_more.get())
    folded = fold(text)
    settled: dict[str, Meaning] = {}
    out, at = [], 0
    while at < len(folded):
        name = _name_at(folded, at, index)
        if name is None:
            at += 1
            continue
        if name not in settled:
            settled[name] = _settle(name, table[name], folded)
        meaning = settled[name]
        out.append(Mention(at, at + len(name), meaning.id, meaning.type, meaning.country))
        at += len(name)
    return out


def _name_at(folded: str, at: int, index: Mapping[str, list[str]]) -> str | None:
    """The longest name that begins at a place."""
    for key in (folded[at : at + 2], folded[at]):
        for name in index.get(key, ()):
            if folded.startswith(name, at) and _pattern(name).match(folded, at):
                return name
    return None


def _settle(name: str, meanings: tuple[Meaning, ...], folded: str) -> Meaning:
    fit = [m for m in meanings if not m.needs or any(cue in folded for cue in m.needs.split("|"))]
    sure = [m for m in fit if m.needs] or fit
    return sure[0] if len(sure) == 1 else Meaning(name, "ambiguous", "")


def chips(text: str) -> list[tuple[int, int, str]]:
    """Every chip or system type in the text, with its place."""
    return [(m.start(), m.end(), m.group()) for m in _CHIP.finditer(fold(text))]
