"""Turns the marked articles of tests/claims/corpus/marked into plain texts and labels in the contract's format.

A mark is ``⟦span¦kind value unit country status verdict key=value …⟧``; ``⟦span¦opt⟧`` is an optional zone and
``⟦span¦also ID⟧`` repeats the claim that carries ``id=ID``. Verdicts are S, C, U; ``U+S`` accepts S where U is
expected. Keys: ``kind`` (other kinds accepted), ``ca`` (other countries accepted), ``conv`` (the amount in
brackets, ``1.5e12KRW``), ``from`` and ``steps`` of a change of rank, ``hedge``, ``low``, ``high``, ``st=any``.

Run: python tools/label_articles.py
"""

# ruff: noqa: E501 - tables of labels and of Korean and Japanese units

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "claims" / "corpus"
KINDS = {
    "hw": "hardware_count", "st": "stock", "rk": "rank", "rc": "rank_change", "cp": "compute_power", "pw": "power_capacity",
    "ms": "money_support", "mi": "money_investment", "va": "valuation", "sp": "ratio_speedup", "sh": "share", "ot": "other",
}  # fmt: skip
VERDICTS = {"S": "supported", "C": "contradicted", "U": "unverifiable"}
MARK = re.compile(r"⟦(?P<span>[^⟦⟧¦]+)¦(?P<label>[^⟦⟧¦]+)⟧")


def parse(name: str, marked: str) -> tuple[str, str, list[dict[str, object]]]:
    """The date, the plain text and the labels of one marked article."""
    head, _, body = marked.partition("\n---\n")
    date = re.search(r"date: (\S+)", head)[1]  # type: ignore[index]
    text, labels, named, repeats, at = "", [], {}, [], 0
    for m in MARK.finditer(body):
        text += body[at : m.start()]
        start, at = len(text), m.end()
        text += m["span"]
        kind, *rest = m["label"].split()
        place = {"span_text": m["span"], "char_start": start, "char_end": len(text)}
        if kind == "also":
            repeats.append((rest[0], [start, len(text)]))
            continue
        base = {"id": f"{name}-{len(labels) + 1:02d}", "doc": name, "lang": name[-2:], "pub_date": date}
        if kind == "opt":
            labels.append(base | {"kind": "other", **place, "also_at": [], "optional": True})
            continue
        label = base | {"kind": KINDS[kind], **place, "also_at": [], "optional": False, **_label(rest, name, m["span"])}
        labels.append(label)
        if "key" in label:
            named[label.pop("key")] = label
    for key, where in repeats:
        named[key]["also_at"].append(where)
    text += body[at:]
    if "⟦" in text or "¦" in text:
        raise SystemExit(f"{name}: a mark is broken near {text[max(0, text.find('¦') - 40):][:80]!r}")
    for label in labels:
        if text[label["char_start"] : label["char_end"]] != label["span_text"]:
            raise SystemExit(f"{label['id']}: the span is off")
    return date, text, labels


def _label(rest: list[str], name: str, span: str) -> dict[str, object]:
    try:
        value, unit, country, status, verdict, *extra = rest
        keys = dict(x.split("=", 1) for x in extra)
        said = [VERDICTS[v] for v in verdict.split("+")]
    except (ValueError, KeyError) as error:
        raise SystemExit(f"{name}: {span!r} is labelled {rest}: {error}") from None
    out: dict[str, object] = {
        "kind_accept": keys["kind"].split(",") if "kind" in keys else [], "value": None if value == "null" else float(value),
        "unit": None if unit == "-" else unit, "subject_country_iso3": None if country == "-" else country,
        "subject_country_accept": [None if x == "None" else x for x in keys["ca"].split(",")] if "ca" in keys else [],
        "status": None if status == "-" or keys.get("st") == "any" else status, "verdict_expected": said[0],
        "verdict_accept": said[1:], "hedge": keys.get("hedge") or ("vague" if value == "null" else None),
        "low": float(keys["low"]) if "low" in keys else None, "high": float(keys["high"]) if "high" in keys else None,
        "from_value": float(keys["from"]) if "from" in keys else None,
        "change_value": float(keys["steps"]) if "steps" in keys else None, "converted_value": None, "converted_unit": None,
    }  # fmt: skip
    if "conv" in keys:
        amount, currency = re.fullmatch(r"([\d.e+]+)([A-Z]{3})", keys["conv"]).groups()  # type: ignore[union-attr]
        out |= {"converted_value": float(amount), "converted_unit": currency}
    if "id" in keys:
        out["key"] = keys["id"]
    return out


def main() -> None:
    """Write the texts, `docs.csv` and `labels_*.jsonl`."""
    docs, labels = io.StringIO(), {"tuning": [], "heldout": []}
    table = csv.writer(docs, lineterminator="\n")
    table.writerow(["doc", "lang", "pub_date", "set"])
    for path in sorted((CORPUS / "marked").glob("*.txt")):
        which = "heldout" if path.stem.startswith("h") else "tuning"
        date, text, found = parse(path.stem, path.read_text(encoding="utf-8"))
        (CORPUS / path.name).write_text(text, encoding="utf-8", newline="\n")
        table.writerow([path.stem, path.stem[-2:], date, which])
        labels[which] += found
    (CORPUS / "docs.csv").write_text(docs.getvalue(), encoding="utf-8", newline="\n")
    for which, rows in labels.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (CORPUS / f"labels_{which}.jsonl").write_text(lines, encoding="utf-8", newline="\n")
    sys.stderr.write(", ".join(f"{k}: {sum(not r['optional'] for r in v)} claims" for k, v in labels.items()) + "\n")


if __name__ == "__main__":
    main()
