"""Everything that one run leaves behind: pages, tables, provenance."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from okhotsk import tables
from okhotsk.assessment.detail import WRITTEN, detail
from okhotsk.assessment.record import Result
from okhotsk.assessment.verdicts import claims_table
from okhotsk.cli.progress import Tell
from okhotsk.datasets import read_registry
from okhotsk.export.workbook import workbook_bytes
from okhotsk.files import write_texts
from okhotsk.maps.base_map import find_base_map
from okhotsk.maps.explorer.page import explorer_page
from okhotsk.maps.explorer.solved import solved_samples
from okhotsk.maps.overview import overview_page
from okhotsk.maps.scenario_map import map_page
from okhotsk.scenario.assumptions import Assumptions, describe

PACKAGES = (
    "okhotsk",
    "numpy",
    "scipy",
    "numba",
    "pandas",
    "geopandas",
    "shapely",
    "pyproj",
    "rasterio",
    "folium",
    "branca",
    "contourpy",
)


EXPLORER = "explorer.html"
WORKBOOK = "tables.xlsx"  # all tables, for spreadsheets
REPORT = "report.html"  # what `okhotsk report` calls its page in a folder


def write_all(
    results: Sequence[Result], folder: Path, *, tell: Tell = lambda *_: None
) -> list[Path]:
    """Write a page per option, the index, the tables and the provenance of a run.

    All files are made before the first one is put in place. Findings rest on the default
    assumptions: under others they are left out.
    """
    assessment = pd.concat([result.to_frame() for result in results], ignore_index=True)
    straits = pd.concat([tables.rounded(result.straits) for result in results], ignore_index=True)
    today = next((r for r in results if not r.scenario.cessions), None)
    base = find_base_map(results[0].theatre)
    pages = {f"{r.scenario.scenario_id}.html": r.scenario.title for r in results}
    texts: dict[str, str | bytes] = {
        f"{result.scenario.scenario_id}.html": map_page(
            result, baseline=today, index="index.html", pages=pages, base=base
        )
        for result in results
    }
    claims = None
    if today is not None and today.assumptions == Assumptions():
        claims = claims_table(results, progress=tell)
    link = {"report": REPORT} if (folder / REPORT).is_file() else {}
    if not explorer_gap(results):
        theatre = results[0].theatre
        texts[EXPLORER] = explorer_page(
            theatre, results=results, samples=solved_samples(theatre), index_page="index.html"
        )
        link["explorer"] = EXPLORER
    texts["index.html"] = overview_page(results, base=base, claims=claims, **link)
    written = {"assessment": assessment, "straits": straits}
    written |= {} if claims is None else {"claims": claims}
    written |= {name: detail(results, name) for name in WRITTEN}
    for name, frame in written.items():
        texts[f"{name}.csv"] = tables.render(frame, "csv") + "\n"
        texts[f"{name}.json"] = tables.render(frame, "json") + "\n"
    texts[WORKBOOK] = workbook_bytes(written)
    texts["run.json"] = json.dumps(provenance(results), ensure_ascii=False, indent=2) + "\n"
    return write_texts(folder, texts)


def explorer_gap(results: Sequence[Result]) -> str:
    """Return why a run writes no explorer, empty where it does: solving all sets takes long."""
    if results[0].assumptions != Assumptions():
        return f"{EXPLORER} is left out: it knows the default assumptions only"
    if solved_samples(results[0].theatre) is None:
        return (
            f"{EXPLORER} is left out: not all island sets are solved on this seabed; "
            "`okhotsk explorer` solves them in up to half an hour, and later runs write it"
        )
    return ""


def provenance(results: Sequence[Result]) -> dict[str, object]:
    """Return what the results were computed from: data, seabed, assumptions, versions."""
    theatre = results[0].theatre
    return {
        "scenarios": [result.scenario.scenario_id for result in results],
        "theatre": theatre.key,
        "seabed": {
            "name": theatre.seabed.name,
            "sha256": theatre.seabed.sha256,
            "native_km": theatre.seabed.native_km,
        },
        "assumptions": describe(results[0].assumptions),
        "notes": {result.scenario.scenario_id: list(result.notes) for result in results},
        "data": {name: entry["sha256"] for name, entry in read_registry().items()},
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
    }
