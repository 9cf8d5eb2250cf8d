"""What the scripts of a published site say, in the words of the page."""

from __future__ import annotations

from typing import Any

from podium.app.web.ask import Ask

__all__ = ["pair_texts", "ranking_texts", "told_of"]


def ranking_texts(ask: Ask, count: int) -> dict[str, str]:
    """The sentences of the ranking, with places for what changes."""
    _ = ask.words
    return {
        "shown": _("{n} of {all} shown."),
        "none": _("No country passes the filter"),
        "strip": _("ranks {range}, median {median}"),
        "up": _("up"),
        "down": _("down"),
        "unmoved": _("unmoved"),
        "leads": _("{unit} leads"),
        "leadsIn": _("{unit} leads in {share} of the admissible variants"),
        "leadsAble": _("{unit} leads in {share} of the admissible variants; {n} can be among the first three"),
        "where": _("Where they stand, and how firmly"),
        "overlap": _("No two neighbours can be told apart: their intervals overlap all the way down"),
        "apart": _("Only {n} of {all} neighbouring pairs are clearly apart; all other intervals overlap"),
        "map": _("The first {n} on the map", n=min(10, count)),
    }


def told_of(ask: Ask, data: dict[str, Any] | None) -> str:
    """What the page works out again in the browser, and what it does not."""
    _ = ask.words
    if data is None:
        return _(
            "By its method or its size only Podium itself can rank this index anew: here the ranking stands still, "
            "and podium serve moves it."
        )
    if not data["draws"]:
        return _(
            "Your browser works out scores and ranks again, as Podium does. Intervals and shares hold for the "
            "specification's own weights only and are left out under others. All other pages stay as specified."
        )
    return _(
        "Your browser works out scores, ranks, intervals and shares again, with the same {draws} draws as Podium. "
        "All other pages stay as specified.",
        draws=ask.words.number(data["draws"]),
    )


def pair_texts(ask: Ask) -> dict[str, str]:
    """The sentences of the page of two units, with places for what changes."""
    _ = ask.words
    return {
        "ahead": _("{a} is {gap} points ahead of {b}"),
        "level": _("{a} and {b} stand level"),
        "overlap": _("Their rank intervals overlap"),
        "apart": _("Their rank intervals do not overlap"),
        "most": _("{item} speaks most for {unit}: {part} points"),
        "parts": _("Points of the index that each indicator adds to the gap; blue speaks for {a}, orange for {b}"),
        "stoodIn": _("{unit} has no figure for {items}; there the mean of the siblings stands, as in the score."),
        "share": _("{a} is ahead of {b} in {share} of the admissible variants."),
        "all": _("{a} is ahead of {b} in all of {draws} draws, so in at least {share} of the admissible variants."),
        "none": _("{a} is ahead of {b} in none of {draws} draws, so in at most {share} of the admissible variants."),
        "column": _("{a} ahead"),
    }
