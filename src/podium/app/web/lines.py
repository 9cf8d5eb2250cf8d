"""Events as lines of text, so that a scenario fits into an address."""

from __future__ import annotations

import shlex

from podium.scenarios.events import Event

__all__ = ["event_line"]


def event_line(event: Event) -> str | None:
    """Return the line that `from_text` reads as this event; None for kinds that no line can tell (power, compute)."""
    if event.kind == "accelerators":
        count = "?" if event.count is None else f"{event.count:g}"
        words = [event.kind, event.country, "|".join(event.systems) or "?", count]
    elif event.kind == "indicator":
        words = [event.kind, event.country, str(event.indicator), event.change, f"{event.amount:g}"]
    elif event.kind == "money" and event.currency:
        words = [event.kind, event.country, "?" if event.amount is None else f"{event.amount:.10g}", event.currency]
    else:
        return None
    words += [w for w in (event.online, event.status) if w]
    if event.probability != 1:
        words.append(f"probability={event.probability:g}")
    if event.low is not None and event.high is not None:
        words += [f"low={event.low:g}", f"high={event.high:g}"]
    if event.unit != "gpu":
        words.append(f"unit={event.unit}")
    if any(event.delay):
        words.append("delay=" + "-".join(f"{d:g}" for d in event.delay))
    if event.label:
        words.append(f"label={event.label}")
    return shlex.join(words).replace("'", '"') if not any('"' in w for w in words) else shlex.join(words)
