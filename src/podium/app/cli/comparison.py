"""The command on two editions or methods: compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from podium.app.cli.common import Json, Seed, console, guarded, print_json, progress

if TYPE_CHECKING:
    from podium.compare.firmness import Firmness
    from podium.compare.moves import Moves
    from podium.index.build import Built
    from podium.index.spec import Spec

__all__ = ["register"]

CHARTS = ("slopes", "waterfall", "bars", "bump")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(guarded(compare))


def compare(
    old: Annotated[
        str, typer.Argument(metavar="OLD[@EDITION]", help="The old index: a path or bundled name, with an edition.")
    ],
    new: Annotated[
        str | None,
        typer.Argument(metavar="NEW[@EDITION]", help="The new one, or another edition of OLD; by default the latest."),
    ] = None,
    old_edition: Annotated[str | None, typer.Option("--old-edition", metavar="NAME", help="Edition of OLD.")] = None,
    new_edition: Annotated[str | None, typer.Option("--new-edition", metavar="NAME", help="Edition of NEW.")] = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", metavar="UNIT", help="Show the parts of this unit's move; repeatable.")
    ] = None,
    revised: Annotated[
        str | None,
        typer.Option("--revised", metavar="SPEC[@EDITION]", help="The old edition by the new publication's figures."),
    ] = None,
    same: Annotated[
        list[str] | None,
        typer.Option("--same", metavar="OLD=NEW", help="What OLD calls by another name; repeatable."),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Draws that tell whether moves exceed the uncertainties; 0 for none.")
    ] = 720,
    every: Annotated[bool, typer.Option("--all", help="List every unit.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Write every unit's parts there.")
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", metavar="FILE", help="Draw it: .html (all), .svg or .png (the first of --draw)."),
    ] = None,
    draw: Annotated[
        str | None,
        typer.Option("--draw", metavar="KINDS", help=f"What to draw, some of {','.join(CHARTS)}; else what fits."),
    ] = None,
    seed: Seed = 1,
    json_: Json = False,
) -> None:
    """Show who moved between two editions, of what each move is made, and whether it exceeds the uncertainties.

    Example: `podium compare ai-race@2022 ai-race@2023 --unit KOR`
    """
    from podium.compare.moves import known_revision, moves
    from podium.index.profile import find_unit

    one, two = _pair(old, new, old_edition, new_edition)
    earlier = known_revision(one, two) if revised is None else _built(*_named(revised))
    found = moves(one, two, revised=earlier, same=dict(_equation(s) for s in same or []) or None)
    units = list(dict.fromkeys(find_unit(two, u) for u in unit or []))
    for u in units:
        found.of(u)
    firm = _firm(found, draws, seed)
    if out is not None:
        _write(found, out)
    if chart is not None:
        _draw(found, chart, draw, units, firm, draws)
    if json_:
        print_json(_values(found, firm, units))
        return
    from podium.report.terminal_compare import print_moves

    print_moves(found, console(), units=units, firm=firm, every=every)


def _draw(
    found: Moves, path: Path, draw: str | None, units: list[str], firm: Firmness | None, draws: int
) -> None:
    from podium.app.files import write_bytes
    from podium.compare.firmness import rank_intervals
    from podium.errors import Fault, InputError
    from podium.report import charts_moves as charts
    from podium.report.pictures import picture

    wanted = (["waterfall", "bars", "slopes"] if units else ["slopes"]) if draw is None else draw.split(",")
    if bad := [w for w in wanted if w not in CHARTS]:
        raise InputError(Fault(f"there is no chart {bad[0]!r}", f"Use some of {', '.join(CHARTS)}"))
    if not units and {"waterfall", "bars"} & set(wanted):
        raise InputError(Fault("a waterfall is of one unit's move", "Give --unit"))
    made: list[dict[str, Any]] = []
    for kind in wanted:
        if kind == "slopes":
            made.append(charts.slope_chart(found, units=units, firm=firm))
        elif kind == "bump":
            every = _every(found)
            spread = None
            if firm is not None:
                spread = {n: rank_intervals(b, draws=draws, seed=firm.seed) for n, b in every.items()}
            made.append(charts.bump_chart(every, units=units, intervals=spread))
        else:
            one = charts.waterfall_chart if kind == "waterfall" else charts.bar_chart
            made += [one(found, u) for u in units]
    write_bytes(path, picture(made, path))
    typer.echo(f"wrote {path}", err=True)


def _every(found: Moves) -> dict[str, Built]:
    """Every edition from the old one to the new one, built."""
    from podium.index.build import build

    spec = found.new.spec
    names = _editions(spec) if spec.file == found.old.spec.file else []
    if not names:
        return {found.old.spec.name: found.old, spec.name: found.new}
    first, last = (names.index(str(b.spec.edition_name)) for b in (found.old, found.new))
    chosen = names[first : last + 1] if first <= last else names[last : first + 1][::-1]
    whole = found.new.dataset.whole
    return {n: build(spec.model_copy(update={"edition": n}), dataset=whole) for n in chosen}


def _named(text: str) -> tuple[str, str | None]:
    """A specification with the edition that follows its last ``@``."""
    if "@" not in text or Path(text).exists():
        return text, None
    spec, _, edition = text.rpartition("@")
    return spec, edition


def _equation(text: str) -> tuple[str, str]:
    from podium.errors import Fault, InputError

    before, sign, after = text.partition("=")
    if not (before and sign and after):
        raise InputError(Fault(f"--same {text!r} is no pair", "Write it as OLD=NEW"))
    return before, after


def _pair(old: str, new: str | None, old_edition: str | None, new_edition: str | None) -> tuple[Built, Built]:
    """The two indices meant: two specifications, or two editions of one."""
    from podium.errors import Fault, InputError
    from podium.index.spec import load_spec

    first, named = _named(old)
    before = old_edition or named
    second, after = (first, new_edition) if new is None else _named(new)
    after = new_edition or after
    if new is not None and after is None and not Path(new).exists() and new in _editions(load_spec(first)):
        second, after = first, new
    if second == first and (before is None or after is None):
        names = _editions(load_spec(first))
        if len(names) < 2:
            raise InputError(Fault(f"{first} has no two editions", "Give two specifications: podium compare OLD NEW"))
        after = after or names[-1]
        before = before or (names[names.index(after) - 1] if after in names[1:] else names[0])
    if (first, before) == (second, after):
        raise InputError(Fault("both are the same index", f"Give two editions, such as {first}@{before or 'EDITION'}"))
    return _built(first, before), _built(second, after)


def _editions(spec: Spec) -> list[str]:
    """The editions of a specification, in order of time."""
    if spec.editions:
        return [e.name for e in sorted(spec.editions, key=lambda e: e.last_day())]
    if not spec.data.panel:
        return []
    from podium.index.assemble import assemble

    return list(assemble(spec)[0].editions)


def _built(spec: str, edition: str | None) -> Built:
    from podium.index.build import build
    from podium.index.spec import load_spec

    return build(load_spec(spec, edition=edition))


def _firm(found: Moves, draws: int, seed: int) -> Firmness | None:
    from podium.compare.firmness import firmness, is_uncertain

    if not draws or not all(is_uncertain(b) for b in (found.old, found.new)):
        return None
    with progress() as step:
        step(0.0, "draws")
        return firmness(found, draws=draws, seed=seed)


def _write(found: Moves, path: Path) -> None:
    from podium.index.results import write_text

    table = found.table.rename_axis("unit")
    parts = [found.contributions(by) for by in ("scores", "ranks")]
    for what, part in zip(("score", "rank"), parts, strict=True):
        part = part.set_axis([f"{what}_{p.kind}_{p.name}" for p in found.parts], axis=1)
        table = table.join(part[[c for c in part.columns if c not in table.columns]])
    write_text(path, table.to_csv())
    typer.echo(f"wrote {len(table)} rows to {path}", err=True)


def _values(found: Moves, firm: Firmness | None, units: list[str]) -> dict[str, Any]:
    out = found.to_dict()
    if units:
        out["moves"] = [m for m in out["moves"] if m["unit"] in units]
    pairs = [o for u in units for o in found.overtakings(u)] if units else found.overtakings()
    out["overtakings"] = [
        {"ahead": o.ahead, "behind": o.behind, "gap_before": o.gap_before, "gap_after": o.gap_after,
         "part": o.part.name, "kind": o.part.kind, "points": o.points} for o in dict.fromkeys(pairs)
    ]  # fmt: skip
    if firm is not None:
        for move in out["moves"]:
            k = firm.units.index(move["unit"])
            move["firm"] = firm.says(move["unit"])
            move["change_low"], move["change_high"] = firm.low[k], firm.high[k]
            move["same_direction"], move["data_noise"] = firm.same[k], firm.noise[k]
        out |= {"draws": firm.draws, "seed": firm.seed, "common_draws": firm.paired}
    return out
