"""Write docs/claims.md, and what the README states of the same figures: findings and two tables.

Run ``python docs/findings.py``: a few minutes the first time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import okhotsk
from okhotsk.assessment.record import Result
from okhotsk.assessment.uncertainty import SAMPLES, Sampler, analyse
from okhotsk.assessment.verdicts import answers, claims_table, coast_claims, firmness
from okhotsk.datasets import data_digest, data_folder, sha256
from okhotsk.scenario.island_sets import name_runs
from okhotsk.scenario.model import TODAY
from okhotsk.sweep.frontier import Frontier
from okhotsk.theatre.model import Theatre

MOVED = 99  # options with a lower index change it by more than rounding

HERE = Path(__file__).parent
README, DOCUMENT = HERE.parent / "README.md", HERE / "claims.md"
HEAD = """# Claims: how firmly each finding holds

Written by `docs/findings.py` from `data/claims.toml`; `okhotsk claims` prints the same. A finding
is a sentence with a condition. The condition is evaluated in many worlds. A world is one set of
assumptions on one seabed: the defaults; each assumption alone at both ends of its range; a joint
sample of all assumptions; and 24 seabeds that differ from the shipped one as public grids differ
([shipped-seabed.md](shipped-seabed.md)). Figures are those of the defaults. A finding that holds in
fewer than 95 of 100 worlds is stated with its condition, where one was written: what it depends on,
or that it is true of the defaults. How worlds are measured: [method.md](method.md).
"""


def input_key() -> str:
    """Return the digest of the tables and findings that the documents were written from."""
    return f"{data_digest()[:12]} {sha256(data_folder() / 'claims.toml')[:12]}"


def document(claims: pd.DataFrame) -> str:
    """Return docs/claims.md."""
    rows = ["| finding | holds in | ends with |", "|---|---:|---|"]
    for row in records(claims):
        held = f"{round(row['holds_share'] * row['worlds'])} of {row['worlds']}"
        name = f"`{row['claim_id']}`"
        alone = (
            "none can: it follows from the coast and the 12-mile limit"
            if row["claim_id"] in coast_claims()
            else "–"
        )
        rows.append(f"| {row['sentence']} {name} | {held} | {row['flips_at'] or alone} |")
    return "\n".join([HEAD, *rows, "", f"Inputs: {input_key()}.", ""])


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    found: list[Any] = table.to_dict("records")
    return found


def bullets(claims: pd.DataFrame) -> str:
    """Return some findings, and how firmly each holds, for the README."""
    return "\n".join(f"- {row['sentence']} ({firmness(row)})" for row in records(claims))


def option_row(result: Result) -> str:
    """Return the row of an option in the README."""
    record = result.record
    survey = f" ({result.survey.km2:,.0f})" if result.survey else ""
    exits = " / ".join(str(record[f"exits_{r}"]) for r in ("russian", "shared", "japanese"))
    interval = f"({record['index_low']:.0f}–{record['index_high']:.0f})"
    return (
        f"| {result.scenario.title} (`{result.scenario.scenario_id}`) "
        f"| {record['ceded_land_km2']:,.0f}{survey} | {exits} | {record['barrier_km']:,.0f} "
        f"| {record['operating_area_km2']:,.0f} | {record['refuge_share']:.1%} "
        f"| {record['sensed_share']:.1%} | {record['intruder_exposure']:.2f} "
        f"| {record['index']:.0f} {interval} | {result.index_without_sensors:.0f} |"
    )


def options(results: Sequence[Result]) -> str:
    """Return the table of options in the README."""
    head = (
        "| option | ceded km² (survey of 2014) | deep exits Russian / shared / Japanese "
        "| seal line km | seal section boats can use km² | refuge | in hostile sight "
        "| warning of intruders (exposure; high: good for Russia) | index (5–95%) "
        "| index without sensors |"
    )
    return "\n".join(
        [head, "|---|---:|:-:|---:|---:|---:|---:|---:|---:|---:|", *map(option_row, results)]
    )


def certainty(results: Sequence[Result], variance: pd.DataFrame) -> str:
    """Return three sentences of the README: what the interval is, what drives it, what is high."""
    moved = [r.scenario.scenario_id for r in results if r.record["index"] < MOVED]
    alone = variance.loc[moved, "weightings"]
    return (
        "The interval of the index is no confidence interval: it says how far the index moves over "
        "the assumptions, floors and weightings that were tried, not how probable any of them is. "
        f"Weightings alone explain {alone.min():.0%} to {alone.max():.0%} of its variance for the "
        f"{len(moved)} options whose index is below {MOVED}: the weights are a judgement, so read "
        "the components before the index. High is good for Russia: 100 is as today, and every "
        "component is built so that more of it leaves the bastion better closed; what Japan or "
        "others gain is not weighed."
    )


def thresholds(found: Frontier) -> str:
    """Return the table of the frontier in the README."""
    shown = found.table[(found.table.by == "land") & found.table.measure.isin(["index", "all"])]
    columns = [("index", "chain"), ("index", "any"), ("all", "chain"), ("all", "any")]
    lines = [
        "| keep at least | of the index, up the chain | in any combination "
        "| of every component, up the chain | in any combination |",
        "|---:|---|---|---|---|",
    ]
    for percent in dict.fromkeys(shown.threshold_percent):
        cells = []
        for measure, family in columns:
            (row,) = records(
                shown[
                    (shown.measure == measure)
                    & (shown.family == family)
                    & (shown.threshold_percent == percent)
                ]
            )
            cells.append(
                f"{name_runs(row['ceded'], found.blocks)}: {row['ceded_land_km2']:,.0f} km²; index "
                f"{row['index']:.0f} ({row['index_low']:.0f}–{row['index_high']:.0f}); "
                f"in {row['holds_share']:.0%} of samples"
            )
        lines.append(f"| {percent:g}% | {' | '.join(cells)} |")
    return "\n".join(lines)


def fill(text: str, name: str, block: str) -> str:
    """Return a text with the block between two marks replaced."""
    pattern = rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"
    filled, count = re.subn(pattern, lambda m: f"{m[1]}{block}\n{m[2]}", text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"{name}: {count} marked blocks, expected 1")
    return filled


def find_variance(theatre: Theatre, results: Sequence[Result]) -> pd.DataFrame:
    """Return what explains the variance of each option's index, from the samples of a run."""
    records = [result.record for result in results]
    today = records[[r.scenario.scenario_id for r in results].index(TODAY)]
    scenarios = [result.scenario for result in results]
    found = analyse(Sampler(theatre, workers=2), scenarios, records, today, count=SAMPLES)
    return found.variance


def main() -> None:
    """Write both documents."""
    theatre = okhotsk.load()
    results = okhotsk.assess_all(theatre)
    claims = claims_table(results)
    DOCUMENT.write_text(document(claims), encoding="utf-8")
    text = README.read_text("utf-8")
    blocks = {
        "answer": bullets(answers(claims)),
        "findings": bullets(claims.drop(answers(claims).index)),
        "options": options(results),
        "frontier": thresholds(okhotsk.frontier(theatre)),
        "certainty": certainty(results, find_variance(theatre, results)),
    }
    for name, block in blocks.items():
        text = fill(text, name, block)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
