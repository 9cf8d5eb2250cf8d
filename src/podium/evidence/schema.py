"""The ledger's tables as SQLAlchemy sees them; the migrations make them."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, MetaData, Table, Text

__all__ = ["FACT_COLUMNS", "RELEASE_COLUMNS", "facts", "head", "members", "releases", "sources"]

metadata = MetaData()
_FIGURES = ("value", "low", "high")
FACT_COLUMNS = (
    "seq", "id", "key", "subject", "folded", "attribute", "period", "begins", "ends", "value", "low", "high", "unit",
    "text", "status", "confidence", "public", "recorded", "note", "sources", "supersedes", "content",
)  # fmt: skip
RELEASE_COLUMNS = ("seq", "series", "name", "kind", "file", "file_sha256", "recorded", "revises", "members", "digest")


def _column(name: str) -> Column[object]:
    return Column(name, Float(53) if name in _FIGURES else Integer if name in ("seq", "members") else Text)


facts = Table("facts", metadata, *(_column(c) for c in (*FACT_COLUMNS, "prev", "hash")))
releases = Table("releases", metadata, *(_column(c) for c in (*RELEASE_COLUMNS, "prev", "hash")))
sources = Table(
    "sources", metadata,
    *(Column(c, Text) for c in ("sha256", "publisher", "title", "url", "file_sha256", "date", "licence", "locator")),
)  # fmt: skip
members = Table("members", metadata, Column("release", Integer), Column("fact", Integer))
head = Table("head", metadata, Column("chain", Text), Column("rows", Integer), Column("hash", Text))
