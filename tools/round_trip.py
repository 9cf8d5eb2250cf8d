"""Writes millions of numbers and figures in every style and counts those that are not read back as themselves.

    python tools/round_trip.py [MILLIONS] [SEED]

The tests do the same for a few thousand. Prints one line a style; exits with 1 where one number was lost.
"""

# ruff: noqa: E501 - tables of labels and of Korean and Japanese units

from __future__ import annotations

import random
import sys

from podium.claims.numerals import STYLES, find_numerals, spell
from podium.claims.quantities import find_quantities

UNITS = {
    "ko": ("원", "KRW"), "ko-spaced": (" 달러", "USD"), "ko-small": ("엔", "JPY"), "hangul": ("원", "KRW"), "ja": ("円", "JPY"),
    "ja-wide": ("ユーロ", "EUR"), "kanji": ("円", "JPY"), "en": (" GPUs", ""), "en-scale": (" euros", "EUR"), "en-short": ("", ""), "en-words": (" won", "KRW"),
}  # fmt: skip


def main() -> None:
    """Run and report."""
    count = int(float(sys.argv[1] if len(sys.argv) > 1 else 1) * 1_000_000) // len(STYLES)
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    lost = 0
    for style in STYLES:
        wrong = 0
        for _ in range(count):
            value = int(10 ** rng.uniform(1, 15.99))
            if rng.random() < 0.5:
                value = min(10**16 - 1, int(float(f"{value:.{rng.randint(0, 3)}e}")))
            written, (word, unit) = spell(value, style), UNITS[style]
            text = written + word
            if word:
                found = find_quantities(text)
                wrong += len(found) != 1 or found[0].value != float(value) or found[0].unit != unit
            else:
                n = next(find_numerals(text), None)
                wrong += n is None or n.value != float(value) or n.end != len(text)
        lost += wrong
        sys.stdout.write(f"{style:10} {count:,} written, {wrong:,} not read back\n")
        sys.stdout.flush()
    raise SystemExit(1 if lost else 0)


if __name__ == "__main__":
    main()
