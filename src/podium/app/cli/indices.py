"""Commands on indices: new, build, show, stress, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from podium.app.cli.common import Draws, Edition, Json, Seed, SpecName, console, guarded, print_json, progress

if TYPE_CHECKING:
    from podium.robustness.engine import Stress

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (new, build, show, stress, verify, schema):
        app.command()(guarded(command))


def new(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to create.")]) -> None:
    """Write a commented starter index with data, that builds as it is.

    Example: `podium new my-index && podium build my-index`
    """
    import shutil

    from podium.errors import Fault, InputError
    from podium.index.spec import BUNDLED

    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise InputError(Fault("exists already and is not empty", "Name a new folder", str(folder)))
    shutil.copytree(BUNDLED / "starter", folder, dirs_exist_ok=True)
    typer.echo(f"wrote {', '.join(sorted(p.name for p in folder.iterdir()))} to {folder}\nnext: podium build {folder}")


def build(
    spec: SpecName,
    edition: Edition = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write all tables and a receipt there.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="csv,parquet,xlsx", help="Formats of the tables.")
    ] = "csv",
    top: Annotated[int, typer.Option("--top", min=1, help="How many units to print.")] = 20,
    json_: Json = False,
) -> None:
    """Build an index: scores, ranks and every intermediate table, with a receipt.

    Example: `podium build ai-race --edition 2023 --out results --format csv,xlsx`
    """
    from podium.index.build import build as make
    from podium.index.receipt import digest, make_receipt
    from podium.index.spec import load_spec

    built = make(load_spec(spec, edition=edition))
    receipt = make_receipt("build", built, digest(built.score_table))
    if out is not None:
        from podium.index.results import write_folder

        names = write_folder(built, out, formats=[f.strip() for f in formats.split(",")], receipt=receipt)
    if json_:
        units, items = built.units, built.tree.items
        print_json(
            {
                "index": built.spec.name,
                "edition": receipt["edition"],
                "units": list(units),
                "excluded": list(built.excluded),
                "scores": {u: dict(zip(items, built.score_table[k], strict=True)) for k, u in enumerate(units)},
                "ranks": {u: dict(zip(items, built.rank_table[k], strict=True)) for k, u in enumerate(units)},
                "receipt": receipt,
            }
        )
        return
    from podium.report.terminal import print_built

    print_built(built, top)
    if out is not None:
        typer.echo(f"wrote {len(names)} files to {out}")


def show(
    spec: SpecName,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="The unit, for example KOR.")],
    edition: Edition = None,
    draws: Draws = 2_000,
    seed: Seed = 1,
    json_: Json = False,
) -> None:
    """Show one unit: its scores down the tree, strengths and weaknesses, rank interval, sources.

    Example: `podium show ai-race --unit KOR`
    """
    from podium.errors import DataError, Fault
    from podium.index.profile import profile
    from podium.index.spec import load_spec
    from podium.robustness.engine import stress as run

    with progress() as step:
        stressed = run(load_spec(spec, edition=edition), draws=draws, seed=seed, error_draws=0, progress=step)
    if unit not in stressed.units:
        raise DataError(Fault(f"unit {unit} is not in the index", f"Use one of {', '.join(stressed.units)}"))
    table = profile(stressed.built, unit)
    interval = {str(k): float(v[unit]) for k, v in stressed.intervals.to_dict().items()}
    if json_:
        print_json(
            {
                "unit": unit,
                "interval": interval,
                "seed": seed,
                "draws": draws,
                "items": table.reset_index().to_dict("records"),
            }
        )
    else:
        from podium.report.terminal import print_profile

        print_profile(stressed.built, unit, table, interval, console())


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

    with progress() as step, nullcontext() if cluster is None else join(cluster) as executor:
        result = run(
            load_spec(spec, edition=edition), draws=draws, seed=seed, error_draws=error_draws, together=together,
            progress=step, workers=workers, executor=executor, fixed=tuple(fix or ()),
        )  # fmt: skip
    receipt = make_receipt("stress", result.built, digest(result.numbers), seed=seed, draws=draws)
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
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="receipt.json, or a saved --json result.")],
    article: Annotated[Path | None, typer.Option("--article", help="The article, for the receipt of a brief.")] = None,
) -> None:
    """Rebuild a result from its receipt and say whether every byte of the numbers agrees.

    Example: `podium verify results/receipt.json`
    """
    from podium.errors import Fault, InputError
    from podium.index.build import build as make
    from podium.index.receipt import digest, load_receipt, spec_of
    from podium.robustness.engine import stress as run

    held = load_receipt(receipt)
    spec, changed = spec_of(held, receipt.parent)
    if held["command"] == "build":
        numbers = digest(make(spec).score_table)
    elif held["command"] in ("stress", "brief"):
        numbers = digest(run(spec, draws=held["draws"], seed=held["seed"], error_draws=0).numbers)
    else:
        raise InputError(
            Fault(
                f"the receipt is of {held['command']!r}, which cannot be repeated", "Give one of build, stress or brief"
            )
        )
    if article is not None and held.get("article_sha256"):
        import hashlib

        from podium.claims.article import load_text

        if hashlib.sha256(load_text(article).encode()).hexdigest() != held["article_sha256"]:
            changed.append("the article")
    for what in changed:
        typer.echo(f"changed since: {what}")
    same = numbers == held["numbers_sha256"]
    said, sign = ("the numbers agree", "=") if same else ("the numbers differ", "≠")
    typer.echo(f"{said}: {numbers[:16]}… {sign} {held['numbers_sha256'][:16]}…")
    if not same:
        raise typer.Exit(1)


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
