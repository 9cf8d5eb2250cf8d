"""Makes the bundled map and country groups from the two files they come from.

    python tools/make_world.py countries-110m.json country.csv

The first is of the npm package `world-atlas` 2; the second the table `country` of the R package WDI's `WDI_data`, with
the columns iso3c, region, income.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from babel.core import get_global

from podium.data.countries import _alpha2, iso3_codes

TO = Path(__file__).parents[1] / "src" / "podium" / "data" / "bundled" / "world"
UNNUMBERED = {"Kosovo": "XKX"}  # CLDR's code; N. Cyprus and Somaliland have none and stay grey


def main() -> None:
    aliases = get_global("territory_aliases")
    world = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    alpha3 = {two: three for three, two in _alpha2().items() if three in iso3_codes()}
    shapes = []
    for shape in world["objects"]["countries"]["geometries"]:
        name = shape.pop("properties")["name"]
        if name == "Antarctica":
            continue
        number = shape.pop("id", None)
        code = UNNUMBERED.get(name) if number is None else alpha3[aliases[number][0]]
        shapes.append({**shape, **({"id": code} if code else {})})
    world["objects"] = {"countries": {"type": "GeometryCollection", "geometries": shapes}}
    (TO / "countries.json").write_text(json.dumps(world, separators=(",", ":")), "utf-8")
    with Path(sys.argv[2]).open(encoding="utf-8") as file, (TO / "groups.csv").open("w", encoding="utf-8") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("unit", "region", "income"))
        kept = (r for r in csv.DictReader(file) if r["iso3c"] in iso3_codes() and r["region"] != "Aggregates")
        rows.writerows((r["iso3c"], r["region"], r["income"]) for r in kept)


if __name__ == "__main__":
    main()
