"""Sets a bundled index beside published editions, as Markdown.

    python tools/compare_published.py EDITIONS.csv [SPEC]

EDITIONS has the columns index, edition, iso3, measure, value, with ranks under a measure that begins with `total_rank`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from podium.compare.agreement import kendall, spearman
from podium.data.countries import country_name
from podium.index.build import build
from podium.index.rank import ranks
from podium.index.spec import load_spec

ENOUGH = 5


def main() -> None:
    published = pd.read_csv(Path(sys.argv[1]))
    spec = sys.argv[2] if len(sys.argv) > 2 else "ai-race"
    held = {e.name: build(load_spec(spec, edition=e.name)) for e in load_spec(spec).editions}
    rows = published[published["measure"].str.startswith("total_rank")]
    print("| published edition | ours | in common | Spearman | Kendall | largest differences, theirs → ours |")
    print("|---|---|---:|---:|---:|---|")
    for (index, edition), part in rows.groupby(["index", "edition"], sort=True):
        year = int(re.search(r"20\d\d", str(edition).split("data")[-1])[0])
        name = min(held, key=lambda e: (abs(int(e) - year), e))
        built = held[name]
        theirs = part.set_index("iso3")["value"]
        units = [u for u in theirs.index if u in built.units]
        if len(units) < ENOUGH:
            continue
        ours = ranks(np.array([built.score_of(u) for u in units]))
        place = ranks(-theirs.loc[units].to_numpy(float))
        gap = ours - place
        order = np.argsort(-np.abs(gap), kind="stable")[:4]
        said = ", ".join(f"{country_name(units[k])} {place[k]:.0f} → {ours[k]:.0f}" for k in order)
        rho, tau = spearman(place, ours), kendall(place, ours)
        print(f"| {index} {edition} | {name} | {len(units)} | {rho:.2f} | {tau:.2f} | {said} |")


if __name__ == "__main__":
    main()
