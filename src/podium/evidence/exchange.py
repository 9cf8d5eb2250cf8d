"""Facts in from any file that is understood, and out as CSV, JSON or a list of citations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podium.errors import EvidenceError, Fault
from podium.evidence.facts import Fact, Source
from podium.evidence.importers.editions import edition_facts
from podium.evidence.importers.epoch import cluster_facts, hardware_facts, is_clusters, is_hardware
from podium.evidence.ledger import bundled
from podium.evidence.tables import facts_csv, read_facts, read_rows

if TYPE_CHECKING:
    from podium.evidence.append import Newcomers
    from podium.evidence.store import Store

__all__ = ["FORMATS", "KINDS", "Edition", "Incoming", "absorb", "citations", "export", "facts_json", "read_file"]

KINDS = ("facts", "clusters", "hardware", "edition", "review")


@dataclass(frozen=True)
class Edition:
    """What a wide table of an index does not say itself."""

    index: str
    source: Source
    edition: str | None = None
    measure: str | None = None
    public: str = ""


@dataclass(frozen=True)
class Incoming:
    """A file read: its facts, of what kind they are and to which series they belong."""

    kind: str
    series: str
    facts: tuple[Fact, ...]
    file: str
    file_sha256: str


def read_file(path: Path, *, kind: str | None = None, edition: Edition | None = None) -> Incoming:
    """Return the facts of a file; what it is follows from its columns where `kind` is None.

    Raises
    ------
    EvidenceError
        If the file cannot be read or is of no known kind; every faulty row is named.
    """
    if kind is not None and kind not in KINDS:
        raise EvidenceError(Fault(f"there is no kind {kind!r}", f"Use one of {', '.join(KINDS)}"))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise EvidenceError(Fault(f"cannot be read: {error.strerror}", "Name a file", str(path))) from None
    kind = kind or _kind_of(path, edition)
    if kind == "review":
        from podium.evidence.importers.review import corrected

        facts, series = corrected(path), path.stem
    elif path.suffix == ".json":
        facts, series = _from_json(path), path.stem
    elif kind == "clusters":
        facts, series = cluster_facts(path), "epoch-clusters"
    elif kind == "hardware":
        facts, series = hardware_facts(path), "epoch-hardware"
    elif kind == "edition":
        if edition is None:
            raise EvidenceError(Fault("of which index is this table?", "Say --index NAME and --source", str(path)))
        facts = edition_facts(path, index=edition.index, edition=edition.edition, measure=edition.measure,
                              source=edition.source, public=edition.public)  # fmt: skip
        series = edition.index
    else:
        facts, series = read_facts(path), path.stem
    return Incoming(kind, series, tuple(facts), path.name, hashlib.sha256(raw).hexdigest())


def _kind_of(path: Path, edition: Edition | None) -> str:
    if path.suffix.casefold() == ".xlsx":
        return "review"
    if path.suffix.casefold() == ".json":
        return "facts"
    header, _ = read_rows(path)
    if {"subject", "attribute"} <= set(header):
        return "facts"
    if is_clusters(header):
        return "clusters"
    if is_hardware(header):
        return "hardware"
    if edition is not None:
        return "edition"
    raise EvidenceError(Fault(
        "is no table that is known: neither facts nor Epoch AI's clusters or hardware",
        "For an index edition say --index NAME --edition YEAR --source; facts have the columns "
        "subject,attribute,period,value,low,high,unit,source,note", str(path), 1,
    ))  # fmt: skip


def absorb(
    store: Store, incoming: Incoming, *, series: str | None = None, release: str | None = None, revises: str = "",
) -> tuple[Newcomers, str]:  # fmt: skip
    """Record a file's facts as one release, all of them or none; return what was done and the release's name.

    Parameters
    ----------
    release
        Its name; None takes the beginning of the file's SHA-256.
    revises
        The name of an earlier release of the series: what it said otherwise is superseded, what
        it alone held is withdrawn.
    """
    from podium.evidence.store import Release

    name = release or incoming.file_sha256[:12]
    made = Release(
        0, series or incoming.series, name, incoming.kind, incoming.file, incoming.file_sha256, "", revises, 0
    )
    facts = incoming.facts
    if incoming.kind == "review":
        facts = tuple(
            f if not f.supersedes or _in_store(store, f.supersedes) else replace(f, supersedes="") for f in facts
        )
    return store.add(facts, release=made), name


def _in_store(store: Store, id: str) -> bool:
    """Whether a corrected fact is the ledger's own; one that ships with Podium stays beside its correction."""
    if store.exists() and store.holds(id):
        return True
    if ":indicator:" not in id:  # a figure of an index is in no ledger: its correction is an own fact
        bundled().get(id)
    return False


def facts_json(facts: Iterable[Fact]) -> str:
    """Return facts as JSON, with ids, times of recording and every source."""
    return json.dumps([asdict(f) for f in facts], ensure_ascii=False, indent=1) + "\n"


def _from_json(path: Path) -> list[Fact]:
    names = {f.name for f in fields(Fact)}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        facts = [
            Fact(**{k: v for k, v in e.items() if k != "sources"}, sources=tuple(Source(**s) for s in e["sources"]))
            for e in entries
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise EvidenceError(Fault(f"is no list of facts: {error}", f"Each has {', '.join(sorted(names))}",
                                  str(path))) from None  # fmt: skip
    # Succession is the ledger's own: what is in force in one ledger enters another as it stands.
    return [replace(f, id="", recorded="", supersedes="") for f in facts]


def citations(facts: Iterable[Fact]) -> str:
    """Return every source once, with its licence and the facts that rest on it, in order of publisher and title."""
    by: dict[Source, list[str]] = {}
    for fact in facts:
        for source in fact.sources:
            by.setdefault(source, []).append(fact.id)
    lines = []
    order = sorted(by, key=lambda s: (s.publisher.casefold(), s.title, s.date, s.locator, s.url))
    for n, source in enumerate(order, start=1):
        held = by[source]
        lines.append(f"[{n}] {source}. Licence: {source.licence or 'not stated'}.")
        lines.append(f"    Facts: {', '.join(held[:5])}{f' and {len(held) - 5} more' if len(held) > 5 else ''}")
    return "\n".join(lines) + "\n"


FORMATS = {"csv": facts_csv, "json": facts_json, "citations": citations}


def export(facts: Sequence[Fact], form: str) -> str:
    """Return facts in one of the formats; CSV and JSON are read back to the same facts.

    Raises
    ------
    EvidenceError
        If the format is not known.
    """
    if form not in FORMATS:
        raise EvidenceError(Fault(f"there is no format {form!r}", f"Use one of {', '.join(FORMATS)}"))
    return FORMATS[form](facts)
