"""The one visual language: colours and fonts for terminal, charts and pages, in light and dark."""

from __future__ import annotations

__all__ = ["DARK", "FONTS", "LIGHT", "VERDICTS", "css"]

FONTS = (
    'Pretendard, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Noto Sans JP", "Noto Sans CJK JP", '
    "system-ui, -apple-system, 'Segoe UI', sans-serif"
)
# Safe for colour-blind readers: one warm and one cool accent (Okabe & Ito), greys for the rest.
LIGHT = {
    "paper": "#fffdf9", "ink": "#1d1d1b", "soft": "#63625e", "line": "#dedbd3", "wash": "#f4f1ea",
    "focal": "#0072b2", "rival": "#d55e00", "rest": "#a3a19a", "mark": "#0072b222",
    "supported": "#00705a", "contradicted": "#b34700", "unverifiable": "#6b6a66",
}  # fmt: skip
DARK = {
    "paper": "#161615", "ink": "#ecebe7", "soft": "#a5a39c", "line": "#3a3936", "wash": "#222120",
    "focal": "#56b4e9", "rival": "#e69f00", "rest": "#77756f", "mark": "#56b4e933",
    "supported": "#35b597", "contradicted": "#f08a4b", "unverifiable": "#a5a39c",
}  # fmt: skip
# A verdict has a sign and a word beside its colour.
VERDICTS = {"supported": "✓", "contradicted": "✕", "unverifiable": "?"}


def css() -> str:
    """The tokens as CSS custom properties, dark where the reader's system is."""
    light, dark = ("".join(f"--{k}:{v};" for k, v in t.items()) for t in (LIGHT, DARK))
    return f":root{{color-scheme:light dark;{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
