"""A sentence of a scenario that remembers its form and what stands in it, so that it can be told in other languages."""

from __future__ import annotations

from typing import Any, Self

__all__ = ["Reason"]


class Reason(str):
    """An English sentence made of ``form``, with its ``values`` by name; a plain text to everyone else."""

    __slots__ = ("form", "values")
    form: str
    values: dict[str, Any]

    def __new__(cls, form: str, **values: Any) -> Self:
        """Fill the form."""
        told = super().__new__(cls, form.format(**values))
        told.form, told.values = form, values
        return told

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep both through a copy into another process."""
        return _again, (self.form, self.values)


def _again(form: str, values: dict[str, Any]) -> Reason:
    return Reason(form, **values)
