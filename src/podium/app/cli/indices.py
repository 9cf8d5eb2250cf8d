"""Commands on indices: new, build, show, stress, verify."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from podium.app.cli.common import Draws, Edition, Json, Seed, SpecName, console, guarded, print_json, progress

if TYPE_CHECKING:
    import pandas as pd

    from podium.index.build import Built
    from podium.index.panel import Panel
    from podium.index.spec import Spec
    from podium.robustness.engine import Stress

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (new, build, show, stress, verify, schema):
        app.command()(guarded(command))


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to create.")],
    table: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Start from your own table: a unit a row, an indicator a column."),
    ] = None,
) -> None:
    """Write a commented starter index that builds as it is: on open data, or on your own table.

    Example: `podium new my-index && podium build my-index`

    Example: `podium new my-index --from figures.csv`
    """
    import shutil

    from podium.index.folder import publish_new

    notes: list[str] = []
    if table is None:
        from podium.index.spec import BUNDLED

        def fill(new: Path) -> None:
            shutil.copytree(BUNDLED / "starter", new, dirs_exist_ok=True)

        names = publish_new(folder, fill)
    else:
        from podium.index.starter import start_from

        names, notes = start_from(table, folder)
    typer.echo("\n".join([f"wrote {', '.join(names)} to {folder}", *notes, f"next: podium build {folder}"]))


def build(
    spec: SpecName,
    edition: Edition = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write all tables and a receipt there."),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="csv,parquet,xlsx", help="Formats of the tables.")
    ] = "csv",
    live: Annotated[
        bool, typer.Option("--live", help="Write live.xlsx too: the index as working spreadsheet formulas.")
    ] = False,
    top: Annotated[int, typer.Option("--top", min=1, help="How many units to print.")] = 20,
    json_: Json = False,
) -> None:
    """Build an index: scores, ranks, every intermediate table, a record of each step, and a receipt.

    Example: `podium build ai-race --edition 2023 --out results --format csv,xlsx`

    Example: `podium build my-index --out results --live`

    Of a panel one edition is printed, and the tables hold all of them.
    """
    from podium.errors import Fault, InputError
    from podium.index.receipt import build_digest, make_receipt
    from podium.index.results import FORMATS
    from podium.index.spec import load_spec

    kinds = [f.strip() for f in formats.split(",") if f.strip()]
    if unknown := [f for f in kinds if f not in FORMATS]:
        raise InputError(Fault(f"there is no format {unknown[0]!r}", f"Use {', '.join(FORMATS)}"))
    if live and out is None:
        raise InputError(Fault("--live needs a folder to write to", "Add --out DIR"))
    with progress() as step:
        step(0.1, "building")
        built, panel = _made(load_spec(spec, edition=edition))
        editions = [] if panel is None else list(panel.editions)
        several = {} if panel is None else {"editions": editions}
        receipt = make_receipt("build", built, build_digest(panel or built), beside=out, **several)
        if out is not None:
            from podium.index.results import write_folder

            step(0.4, "writing")
            names = write_folder(built, out, formats=kinds, receipt=receipt, live=live, panel=panel)
    if json_:
        units, items = built.units, built.tree.items
        print_json(
            {
                "index": built.spec.name,
                "edition": receipt["edition"],
                **several,
                "units": list(units),
                "excluded": list(built.excluded),
                "scores": {u: dict(zip(items, built.score_table[k], strict=True)) for k, u in enumerate(units)},
                "ranks": {u: dict(zip(items, built.rank_table[k], strict=True)) for k, u in enumerate(units)},
                "receipt": receipt,
            }
        )
        return
    from podium.report.terminal import print_built

    print_built(built, top, editions)
    if out is not None:
        typer.echo(f"wrote {len(names)} files to {out}; podium verify {out} repeats the result")


def _made(spec: Spec) -> tuple[Built, Panel | None]:
    """The index of the edition chosen, by default the latest, and the panel it is of, where it is one."""
    from podium.index.build import build, build_panel

    if not spec.data.panel:
        return build(spec), None
    panel = build_panel(spec)
    return panel.at(spec.edition or panel.editions[-1]), panel


def show(
    spec: SpecName,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="The unit by code or name, such as KOR or 한국.")],
    edition: Edition = None,
    draws: Draws = 2_000,
    seed: Seed = 1,
    json_: Json = False,
) -> None:
    """Show one unit: its scores down the tree, strengths and weaknesses, rank interval, sources.

    Example: `podium show ai-race --unit KOR`
    """
    from podium.index.build import build as make
    from podium.index.profile import find_unit, neighbours, profile, sources, strengths, unit_name
    from podium.index.spec import load_spec
    from podium.robustness.engine import stress as run

    loaded = load_spec(spec, edition=edition)
    code = find_unit(make(loaded), unit)  # a wrong name is told before the draws
    with progress() as step:
        stressed = run(loaded, draws=draws, seed=seed, error_draws=0, progress=step)
    built = stressed.built
    table = profile(built, code)
    interval = {str(k): float(v[code]) for k, v in stressed.intervals.to_dict().items()}
    if json_:
        best, worst, without = strengths(table)
        print_json(
            {
                "index": built.spec.name,
                "unit": code,
                "name": unit_name(built, code),
                "interval": interval,
                "seed": seed,
                "draws": draws,
                "neighbours": {
                    key: who and {"unit": who[0], "points": who[1]} for key, who in neighbours(built, code).items()
                },
                "strengths": best,
                "weaknesses": worst,
                "without_figure": without,
                "sources": sources(built, table),
                "items": table.reset_index().to_dict("records"),
            }
        )
    else:
        from podium.report.terminal import print_profile

        print_profile(built, code, table, interval, console())


def stress(
    spec: SpecName,
    edition: Edition = None,
    draws: Draws = 10_000,
    seed: Seed = 1,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help="Say how often this unit is at most --rank.")
    ] = None,
    rank: Annotated[int, typer.Option("--rank", min=1, help="The rank for --unit.")] = 3,
    rival: Annotated[
        str | None, typer.Option("--rival", metavar="UNIT", help="Say what turns --unit and this one round.")
    ] = None,
    tiers: Annotated[
        float | None, typer.Option("--tiers", min=0.5, max=1.0, help="Rank tiers that hold in this share of draws.")
    ] = None,
    fix: Annotated[
        list[str] | None, typer.Option("--fix", metavar="NAME", help="Hold a choice, weights, errors … at its value.")
    ] = None,
    error_draws: Annotated[int, typer.Option("--error-draws", min=0, help="Draws over random errors.")] = 1_000,
    together: Annotated[
        int, typer.Option("--together", min=0, help="Draws in which choices, weights and errors are all free.")
    ] = 0,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Threads; the numbers do not depend on them.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="tcp://HOST:PORT", help="Run the draws on a dask cluster.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many units to print.")] = 20,
    json_: Json = False,
) -> None:
    """Show how firm the ranks are under all declared uncertainties: intervals, shares, probabilities.

    Ctrl-C gives back the draws that are done, marked as partial.

    Example: `podium stress ai-race --unit KOR --rank 3`
    """
    from contextlib import nullcontext

    from podium.index.receipt import digest, make_receipt
    from podium.index.spec import load_spec
    from podium.robustness.cluster import cluster as join
    from podium.robustness.engine import stress as run

    loaded = load_spec(spec, edition=edition)
    if unit is not None or rival is not None:
        from podium.index.build import build as make
        from podium.index.profile import find_unit

        held = make(loaded)  # a wrong name is told before the draws
        unit, rival = (None if name is None else find_unit(held, name) for name in (unit, rival))
    fixed = tuple(fix or ())
    with progress() as step, nullcontext() if cluster is None else join(cluster) as executor:
        result = run(
            loaded, draws=draws, seed=seed, error_draws=error_draws, together=together, progress=step, workers=workers,
            executor=executor, fixed=fixed,
        )  # fmt: skip
    settings: dict[str, Any] = {"fixed": list(fixed)} if fixed else {}
    receipt = make_receipt("stress", result.built, digest(result.numbers), seed=seed, draws=draws, **settings)
    if json_:
        print_json(_stress_json(result, receipt, unit, rank, rival, tiers))
        return
    from podium.report.terminal import print_stress

    print_stress(result, console(), top=top, unit=unit, rank=rank, rival=rival, tiers=tiers)


def _stress_json(
    s: Stress, receipt: dict[str, Any], unit: str | None, rank: int, rival: str | None, tiers: float | None
) -> dict[str, Any]:
    from dataclasses import asdict

    chance = s.probability_at_most(unit, rank) if unit else None
    shift, error = s.mean_shift
    out: dict[str, Any] = {
        "index": s.built.spec.name, "edition": receipt["edition"], "draws": s.draws, "seed": s.seed,
        "partial": s.partial, "variants": len(s.variants), "counted": s.sketched,
        "intervals": s.intervals.to_dict("index"), "statistics": s.statistics.to_dict("index"),
        "mean_shift": {"value": shift, "error": error},
        "unit": unit and {
            "unit": unit, "rank": rank, "share_at_most": asdict(s.share_at_most(unit, rank)),
            "probability_at_most": asdict(chance) if chance else None,
        },
        "receipt": None if s.partial else receipt,
    }  # fmt: skip
    if unit and rival:
        flip = s.smallest_flip(unit, rival)
        out["rival"] = asdict(flip) | {"sentence": flip.sentence, "share_ahead": asdict(s.share_ahead(unit, rival))}
    if tiers is not None:
        out["tiers"] = [asdict(t) for t in s.tiers(level=tiers)]
    if s.mixing:
        out["mixing"] = [asdict(m) for m in s.mixing]
    if s.together is not None:
        out["together"] = s.together_intervals.to_dict("index")
    return out


def verify(
    receipt: Annotated[
        Path, typer.Argument(metavar="RECEIPT", help="A result's folder, its receipt.json, or a saved --json result.")
    ],
    article: Annotated[Path | None, typer.Option("--article", help="The article, for the receipt of a brief.")] = None,
    spec: Annotated[
        Path | None, typer.Option("--spec", metavar="FILE", help="Where the specification stands now, if it moved.")
    ] = None,
    json_: Json = False,
) -> None:
    """Rebuild a result from its receipt and say whether every byte of the numbers, and every file written, agrees.

    Exits with 0 where all agrees, 1 where numbers or files differ, 2 where the receipt or an input is missing.

    Example: `podium verify results`
    """
    from podium.errors import Fault, InputError, PodiumError
    from podium.index.receipt import load_receipt, output_changes, spec_of

    held = load_receipt(receipt)
    folder = receipt if receipt.is_dir() else receipt.parent
    if held["command"] not in ("build", "stress", "brief"):
        raise InputError(
            Fault(
                f"the receipt is of {held['command']!r}, which cannot be repeated", "Give one of build, stress or brief"
            )
        )
    found, changed = spec_of(held, folder, given=spec)
    if article is not None and held.get("article_sha256") and _article_hash(article) != held["article_sha256"]:
        changed.append("the article")
    torn = output_changes(held, folder)
    try:
        numbers, apart = _repeated(held, found, folder)
    except PodiumError:
        for what in [] if json_ else changed:  # why it can no longer be built
            typer.echo(f"changed since: {what}", err=True)
        raise
    same = numbers == held["numbers_sha256"]
    if json_:
        print_json(
            {
                "agrees": same and not torn,
                "numbers_agree": same,
                "changed": changed,
                "files": torn,
                "numbers_sha256": numbers,
                "largest_difference": apart,
            }
        )
    else:
        for what in changed:
            typer.echo(f"changed since: {what}")
        for what in torn:
            typer.echo(f"beside the receipt: {what}")
        said, sign = ("the numbers agree", "=") if same else ("the numbers differ", "≠")
        typer.echo(f"{said}: {numbers[:16]}… {sign} {held['numbers_sha256'][:16]}…")
        if not same and apart is not None:
            typer.echo(f"the scores differ by at most {apart:.2g}")
    if not same or torn:
        raise typer.Exit(1)


def _repeated(held: Mapping[str, Any], found: Spec, folder: Path) -> tuple[str, float | None]:
    """The hash of a result made again, and how far its scores are from those beside the receipt."""
    from podium.index.receipt import build_digest, digest
    from podium.robustness.engine import stress as run

    if held["command"] != "build":
        again = run(found, draws=held["draws"], seed=held["seed"], error_draws=0, fixed=tuple(held.get("fixed", ())))
        return digest(again.numbers), None
    built, panel = _made(found)
    if "editions" not in held:  # a receipt made in Python may be of one edition alone
        return build_digest(built), _largest_difference(built.scores, folder / "scores.csv")
    return build_digest(panel or built), _largest_difference((panel or built).scores, folder / "scores.csv")


def _largest_difference(scores: pd.DataFrame, path: Path) -> float | None:
    """How far scores are from those in a file; None where it is not there or is of other units and items."""
    import pandas as pd

    try:
        there = pd.read_csv(path, dtype={"edition": str, "unit": str}, keep_default_na=False, na_values=[""])
        there = there.set_index(["edition", "unit"] if scores.index.nlevels == 2 else "unit")
        apart = (there - scores.loc[list(there.index), list(there.columns)]).abs().max().max()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return float(apart)


def _article_hash(article: Path) -> str:
    import hashlib

    from podium.claims.article import load_text

    return hashlib.sha256(load_text(article).encode()).hexdigest()


def schema(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.json", help="Write it there instead.")] = None,
) -> None:
    """Print the JSON Schema of the specification, for an editor's completion and checks.

    Example: `podium schema --out podium.schema.json`
    """
    import json

    from podium.index.results import write_text
    from podium.index.spec import Spec

    text = json.dumps(Spec.model_json_schema(), indent=1, ensure_ascii=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
