"""The sentences of an audit: what was found, what it means, what could be done, in English and Korean."""

from __future__ import annotations

from collections.abc import Mapping

from podium.robustness.audit.phrases_en import ENGLISH
from podium.robustness.audit.phrases_ko import KOREAN

__all__ = ["LANGUAGES", "say"]

LANGUAGES = ("en", "ko")
_PARTS = ("sentence", "meaning", "remedy")


def say(kind: str, language: str, values: Mapping[str, object]) -> dict[str, str]:
    """Return the three texts of a kind of finding with its values filled in."""
    texts = {"en": ENGLISH, "ko": KOREAN}[language][kind]
    return dict(zip(_PARTS, (t.format_map(values) for t in texts), strict=True))
