"""Reading facts from the tables: by subject, attribute and period, as true on a day and as known on a day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, case, func, literal, select

from podium.evidence import schema
from podium.evidence.facts import Fact, Source, moment

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

__all__ = ["facts_where", "load_sources", "read_facts_of"]

_COLUMNS = (
    "id", "subject", "attribute", "period", "value", "unit", "low", "high", "text", "status", "confidence", "public",
    "recorded", "note", "sources", "supersedes",
)  # fmt: skip


def _by(fact: Any, day: str, *, public: bool) -> ColumnElement[bool]:
    """Whether a row was recorded, or known to the public, by a day: compared on as many characters as are known."""
    recorded = func.substr(fact.recorded, 1, len(day)) <= day
    if not public:
        return recorded
    told = func.substr(literal(day), 1, func.length(fact.public)) >= fact.public
    return case((fact.public != "", told), else_=recorded)


def facts_where(
    subject: str | None, attribute: str | None, period: str | None, *, true_on: str | None, known_on: str | None,
    recorded_by: str | None, superseded: bool, server: bool,
) -> Select[Any]:  # fmt: skip
    """Return the query for the facts that fit; see `Store.find`."""
    f = _collated(schema.facts) if server else schema.facts.c
    later = schema.facts.alias("later")
    g = _collated(later) if server else later.c
    wanted: list[ColumnElement[bool]] = []
    if subject is not None:
        wanted.append(schema.facts.c.folded == subject.casefold())
    if attribute is not None:
        wanted.append(
            and_(f.attribute >= attribute, f.attribute < attribute + "\U0010ffff")
            if attribute.endswith(":") else schema.facts.c.attribute == attribute
        )  # fmt: skip
    if period is not None:
        wanted.append(schema.facts.c.period == period)
    if true_on is not None:
        day = moment(true_on)[:10]
        low, high = day + "-00-00"[len(day) - 4 :], day + "-99-99"[len(day) - 4 :]
        wanted.append(and_(f.begins <= high, f.ends >= low))
    gone: list[ColumnElement[bool]] = [later.c.supersedes > ""]  # unlike "is not", finds its index
    for asked, public in ((known_on, True), (recorded_by, False)):
        if asked is not None:
            wanted.append(_by(f, moment(asked), public=public))
            gone.append(_by(g, moment(asked), public=public))
    if not superseded:
        wanted.append(schema.facts.c.id.not_in(select(later.c.supersedes).where(*gone)))
        wanted.append(schema.facts.c.status != "withdrawn")
    return select(schema.facts).where(*wanted)


class _collated:  # noqa: N801 - stands where a column collection stands
    """Columns of a table compared byte by byte, whatever the server's language."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __getattr__(self, name: str) -> Any:
        return self._table.c[name].collate("C")


def load_sources(connection: Connection) -> dict[str, Source]:
    """Return all sources by the hash under which facts refer to them."""
    return {row[0]: Source(*row[1:]) for row in connection.execute(select(schema.sources))}


def read_facts_of(connection: Connection, wanted: Select[Any]) -> Iterator[Fact]:
    """Yield the facts that a query on the table of facts finds, in order of entry."""
    c = schema.facts.c
    found = wanted.with_only_columns(c.seq)  # first which, from the indices alone; then what they say, in order
    query = select(*(c[n] for n in _COLUMNS)).where(c.seq.in_(found)).order_by(c.seq)
    rows = connection.execute(query).all()
    joined = {row[-2] for row in rows}
    told = _sources(connection, {sha for shas in joined for sha in shas.split()})
    sources = {shas: tuple(told[s] for s in shas.split() if s in told) for shas in joined}
    for row in rows:
        fact = object.__new__(Fact)  # a frozen dataclass sets one field at a time: a third of the time of a query
        fact.__dict__.update(zip(_COLUMNS, row, strict=True), sources=sources[row[-2]])
        yield fact


def _sources(connection: Connection, need: set[str]) -> dict[str, Source]:
    if len(need) > 500:
        return load_sources(connection)
    s = schema.sources
    return {r[0]: Source(*r[1:]) for r in connection.execute(select(s).where(s.c.sha256.in_(sorted(need))))}
