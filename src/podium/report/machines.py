"""Hardware on the terminal: who had what when, and one machine beside another."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from podium.hardware.capacity import CONVENTIONS
from podium.report.terminal import table_of

if TYPE_CHECKING:
    from rich.console import Console

    from podium.hardware.comparison import Comparison
    from podium.hardware.sites import Cluster
    from podium.hardware.timeline import Timeline

__all__ = ["print_comparison", "print_timeline"]


def print_timeline(t: Timeline, out: Console, *, name: str, unit: str) -> None:
    """Print a timeline: stocks with their intervals first, then the sites, then the plans."""
    out.print(f"\n[bold]{name}[/bold]: {unit}", highlight=False)
    table = table_of("end of", "recorded", "confirmed", "up to", right=(1, 2, 3))
    for year, v in t.years.items():
        table.add_row(str(year), f"{v.value:,.1f}", f"{v.low:,.1f}", f"{v.high:,.0f}")
    out.print(table)
    if t.years:
        out.print(next(reversed(t.years.values())).basis, markup=False)
    _sites("in service, as they came", t.running, out)
    _sites("planned", t.planned, out)
    if t.expected is not None:
        v = t.expected
        out.print(f"with plans, each at its probability: {v.value:,.0f} ({v.low:,.0f} to {v.high:,.0f})")
    if t.doubtful:
        out.print(f"{len(t.doubtful)} more are unlikely or possible duplicates and do not count", markup=False)


def _sites(title: str, sites: tuple[Cluster, ...], out: Console) -> None:
    if not sites:
        return
    out.print(f"\n[bold]{title}[/bold]")
    table = table_of("since", "until", "site", "owner", "chips", "H100e", "certainty", right=(5,))
    for c in sites:
        chips = f"{c.chips:,.0f} × {c.chip or 'unknown'}" if c.chips else c.chip
        size = "–" if c.h100_equivalents is None else f"{c.h100_equivalents:,.0f}"
        until = str(c.ends) if c.ends < 9999 else ""
        table.add_row(c.online[:7] or "?", until, c.name, c.owner, chips, size, c.certainty)
    out.print(table, markup=False)


def print_comparison(c: Comparison, out: Console, *, origins: dict[str, str], caveat: str) -> None:
    """Print one machine beside another: claimed, written, measured, estimated, and what explains how much."""
    out.print(f"\n[bold]What the vendor says of {c.one} against {c.other}[/bold]")
    for f in c.claims:
        out.print(f"  {f.value:g} ×  {f.attribute.split(':')[1]} ({f.status}) [{f.id}]\n      {f.note}", markup=False)
    if not c.claims:
        out.print("  nothing is held")
    out.print("\n[bold]What the datasheets say[/bold]")
    for key, ratio in c.datasheet.items():
        what = CONVENTIONS[key].removesuffix(" (H100 = 1)")
        out.print(f"  {'no source' if ratio is None else f'{ratio:.2f} ×':>9}  {what}", markup=False)
    out.print("\n[bold]What MLPerf measured, per accelerator and in one round[/bold]")
    table = table_of("×", "round", "model", "scenario", "submitters", right=(0,))
    for a, b in c.measured:
        table.add_row(f"{a.per_accelerator / b.per_accelerator:.2f}", a.round, a.model, a.scenario,
                      f"{a.submitter} ({a.count}) / {b.submitter} ({b.count})")  # fmt: skip
    out.print(table, markup=False)
    out.print(caveat if c.measured else "  no round measured both", markup=False)
    _roofline(c, out)
    out.print("\n[bold]Assumptions[/bold] (change one with --assume NAME=VALUE)")
    for key, value in asdict(c.assumptions).items():
        out.print(f"  {key} = {value:g}{f'  ({origins[key]})' if key in origins else ''}", markup=False)
    for note in c.notes:
        out.print(f"  {note}", markup=False)


def _roofline(c: Comparison, out: Console) -> None:
    a = c.assumptions
    out.print(f"\n[bold]What a roofline allows[/bold]: {a.parameters:.3g} parameters, {a.input_tokens:g} tokens in, "
              f"{a.output_tokens:g} out, {1000 * a.token_latency:g} ms a token")  # fmt: skip
    table = table_of("tokens/s per accelerator", "decode", "prefill", "served", "servers", "batch", "limit",
                   right=(1, 2, 3, 4, 5))  # fmt: skip
    for name, e in zip((c.one, c.other), c.estimates, strict=True):
        table.add_row(
            name, *(f"{x:,.1f}" for x in (e.decode, e.prefill, e.served)), str(e.servers), str(e.batch), e.bound
        )
    out.print(table, markup=False)
    ratio = c.roofline
    if ratio is None:
        out.print("  one of the machines cannot serve this within the limits")
        return
    out.print(f"  ratio of tokens served: {ratio:.2f} ×")
    whole = f"of the vendor's {c.headline:g} ×" if c.headline else "of the ratio"
    out.print(f"\n[bold]What explains how much {whole}[/bold] (shares of its logarithm)")
    for p in c.parts:
        out.print(f"  {p.share:>5.0%}  {p.times:5.2f} ×  {p.name}")
