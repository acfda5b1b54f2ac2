"""Write docs/validation.md: what is computed against what is published.

Run ``python docs/validation.py``. The words stand in ``validation.in.md``, the figures come from
here. The comparison with the Natural Earth isobaths needs the folder that holds
``natural_earth_isobaths.gpkg`` in the environment variable ``OKHOTSK_REFERENCE_DIR``; without it
that section is kept as it stands in the document. A difference of more than 10 % for which no
reason is given here or in the data stops the run.
"""

from __future__ import annotations

import json
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from rasterio.features import rasterize, shapes

import okhotsk
from okhotsk.datasets import citations, read_data
from okhotsk.measures.regimes import survey_straits
from okhotsk.measures.zones import (
    NAMES,
    Zones,
    find_zones,
    part_distances,
    zone_areas_km2,
    zones_table,
)
from okhotsk.raster import geodesy, stencil
from okhotsk.raster.arrays import BoolArray, FloatArray
from okhotsk.raster.proximity import distance_field, shore_points
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.coast import nearest_points, read_islands
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Throat
from okhotsk.theatre.throat_search import CELLS_ACROSS

DOCUMENT = Path(__file__).with_name("validation.md")
WORDS = Path(__file__).with_name("validation.in.md")
REFERENCE = "natural_earth_isobaths.gpkg"
BENCHMARKS = Path(__file__).parents[1] / "benchmarks" / "results.json"
KERNELS = {
    "fields": "distance to each land",
    "widest": "depth of the deepest way",
    "viewshed": "distance in submerged sight",
}
RESOLUTIONS = {"4m": "4'", "1m": "1'", "15s": '15"'}
ISOBATHS = "2. Depths against independent isobaths"
ISOBATHS_M = (200, 1000, 2000, 3000)
LARGE = 0.10
IONY = (143.0, 56.0, 144.0, 57.0)
IN_POCKET = shapely.Point(149.5, 55.5)
SOUTH_KURIL = (145.4, 43.4, 146.6, 43.95)
HABOMAI = ("tanfilyev", "anuchin", "yuri", "zeleny", "polonsky")

Fields = dict[str, str]
Row = Sequence[str]

OTHER = "no reason known; the pilot's and the web map's values fit"
RANGE = "the published values themselves run from 1.5 to 2.5 km"
SHORE = "less than 0.3 km, within the error of the shoreline"
BESIDE = "5' cells; deeper water lies beside the throat"
HOLLOWS = "ETOPO1 has hollows in the level floor of the Kuril Basin, the deepest here (see below)"
PAIR = "the published sum of both Chirpoy islands, 35.23 km2, fits"
SMALL = "a strip along the shore weighs more on small islands"
# Why a published value differs by more than 10 %, where the note in the data does not say it.
WHY: Mapping[tuple[str, float], str] = {
    ("max_depth_m", 3916): "far from all other sources; no such depth is in the shipped seabed",
    ("nemuro", 20): "south end; the other source, 24 km, fits",
    ("izmena", 20): "the other source, 16 km shore to shore, fits",
    ("sovetsky", 10): "to Tanfilyev, approximate; the other source, 7.5 km, fits",
    ("voeykov", 1.5): SHORE,
    ("snow", 2.7): "0.7 km; no reason known beyond the error of the shoreline",
    ("srednego", 18.5): "no reason known; the other source, 14.5 km, fits",
    ("golovnin", 16): "no reason known",
    ("kruzenshtern", 55): "whole gap, Great Russian Encyclopedia; near the 50 km to Lovushki",
    ("ekarma-strait", 9): "the other source, 8 km, fits",
    ("krenitsyn", 13): "no reason known",
    ("fourth-kuril", 43): OTHER,
    ("fourth-kuril", 40): OTHER,
    ("second-kuril", 1.5): SHORE,
    ("second-kuril", 2): RANGE,
    ("second-kuril", 2.5): RANGE,
    ("first-kuril", 12.4): "the other source, 12 km, fits",
    ("max_depth_m", 3372): HOLLOWS,
    ("max_depth_m", 3363): HOLLOWS,
    ("la-perouse", 118): "no such depth within 10 km of the throat",
    ("la-perouse", 140): "no such depth within 10 km of the throat",
    ("nemuro", 2500): "north mouth, in the Kuril Basin; the throat is at the south end",
    ("shpanberg", 51): "deeper water lies beside the throat, and the shelf is poorly known",
    ("yekaterina", 400): BESIDE,
    ("yekaterina", 484): BESIDE,
    ("yekaterina", 500): BESIDE,
    ("friza", 1300): "deeper water lies beside the throat, but not that deep within 10 km",
    ("diana", 500): BESIDE,
    ("kruzenshtern", 1764): BESIDE,
    ("kruzenshtern", 1920): BESIDE,
    ("fourth-kuril", 500): "the other source has more than 1,110 m; the throat lies between",
    ("fourth-kuril", 1110): "more than this; the other source, 500 m, fits the throat",
    ("bussol", 83.83): "the shipped seabed is too deep here: see below",
    ("habomai", 94.84): SMALL,
    ("habomai", 95.0): SMALL,
    ("habomai", 97.0): SMALL,
    ("habomai", 93.3): f"{SMALL}; five main islands only",
    ("tanfilyev", 25.0): "upper end of a range that fits no other source",
    ("zeleny", 51.0): "all other sources have 58 km2",
    ("brat-chirpoyev", 16.0): PAIR,
    ("brat-chirpoyev", 20.0): PAIR,
    ("simushir", 227.6): "suspect: the coastline encloses about 351 km2",
    ("antsiferov", 7.0): "suspect: the coastline encloses about 11 km2",
    ("all land", 50000): "see below; the figure is rounded",
    ("all land", 52000): "see below",
}


def num(value: float, digits: int = 0) -> str:
    """Write a number with thousands separated."""
    return f"{value:,.{digits}f}"


def short(value: float) -> str:
    """Write a number with the digits that it has."""
    return f"{value:,}".removesuffix(".0")


def off(computed: float, published: float) -> float:
    """Relative difference."""
    return computed / published - 1


def percent(share: float) -> str:
    """Write a difference in per cent."""
    text = f"{100 * share:+.1f} %"
    return "0.0 %" if text[1:] == "0.0 %" else text


def because(share: float, key: tuple[str, float], note: str | None) -> str:
    """Remark on a difference: above 10 % the reason, which must exist."""
    if abs(share) <= LARGE:
        return note or ""
    if not (reason := WHY.get(key) or note):
        raise LookupError(f"{key}: differs by {percent(share)} and nothing says why")
    return reason


def compared(
    name: str, computed: float, value: Mapping[str, Any], digits: int, *, key: str
) -> tuple[str, ...]:
    """Row of a table: computed, published, difference, source and remark."""
    share = off(computed, value["value"])
    cells = num(computed, digits), num(value["value"], digits), percent(share)
    remark = because(share, (key, value["value"]), value.get("note"))
    return (name, *cells, " ".join(value["source"]), remark)


def table(head: Row, rows: Iterable[Row]) -> str:
    """Markdown table with padded columns; columns of numbers are aligned right."""
    body = [list(row) for row in rows]
    number = re.compile(r"(below )?[-+]?[\d,.]+( %| m)?$|unresolved$|no exit$|-$|$")
    right = [all(number.match(row[n]) for row in body) for n in range(len(head))]
    wide = [max(len(row[n]) for row in [list(head), *body]) for n in range(len(head))]

    def line(row: Row) -> str:
        cells = zip(row, wide, right, strict=True)
        return "| " + " | ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in cells) + " |"

    rule = ["-" * (w - 1) + (":" if r else "-") for w, r in zip(wide, right, strict=True)]
    return "\n".join([line(head), line(rule), *map(line, body)])


def sea_values(theatre: Theatre) -> dict[str, float]:
    """Area, volume, mean and greatest depth of the sea."""
    inside = theatre.sea.mask
    depth_m = theatre.seabed.depth_m[inside].astype(float)
    volume_km3 = float((theatre.water_km2[inside] * depth_m).sum() / 1000)
    return {
        "area_km2": theatre.sea_km2,
        "mean_depth_m": volume_km3 / theatre.sea_km2 * 1000,
        "max_depth_m": float(depth_m.max()),
        "volume_km3": volume_km3,
    }


def sea_fields(theatre: Theatre) -> Fields:
    """Area, depths and volume of the sea."""
    computed = sea_values(theatre)
    known = [v for v in read_data("sea.toml")["published"] if v["quantity"] in computed]
    known.sort(key=lambda value: list(computed).index(value["quantity"]))
    rows = [
        compared(quantity.replace("_", " "), computed[quantity], value, 0, key=quantity)
        for value in known
        for quantity in [value["quantity"]]
    ]
    head = ("quantity", "computed", "published", "difference", "source", "remark")
    areas = [v["value"] for v in known if v["quantity"] == "area_km2"]
    spread = percent(off(max(areas), min(areas)))[1:]
    return {"sea": table(head, rows), "spread": spread, "own_mean": num(1365000 / 1583)}


def sub_basins(theatre: Theatre) -> dict[str, BoolArray]:
    """The sea and its three parts, split along a parallel and a meridian."""
    lon, lat = np.meshgrid(theatre.grid.lon, theatre.grid.lat)
    north = lat >= 48.5
    return {
        "whole sea": theatre.sea.mask,
        "Kuril Basin": theatre.sea.mask & ~north,
        "Deryugin": theatre.sea.mask & north & (lon < 149),
        "TINRO and rest": theatre.sea.mask & north & (lon >= 149),
    }


def read_isobaths(reference: Path) -> dict[int, Any]:
    """Sea deeper than each isobath in the reference."""
    frame = gpd.read_file(reference / REFERENCE, layer="deeper_than").set_index("depth_m")
    return {depth: frame.geometry[depth] for depth in ISOBATHS_M}


def isobath_areas(
    theatre: Theatre, reference: Path
) -> dict[tuple[int, str], tuple[float, float, float]]:
    """Area (km2) deeper than each isobath here, in the reference, and in both, by part."""
    areas = {}
    for depth, shape in read_isobaths(reference).items():
        there = rasterize([shape], theatre.grid.shape, transform=theatre.grid.transform) == 1
        here = theatre.seabed.depth_m >= depth
        for name, part in sub_basins(theatre).items():
            a, b, both = (
                float(theatre.water_km2[part & cells].sum(dtype=float))
                for cells in (here, there, here & there)
            )
            if b:
                areas[depth, name] = a, b, both
    return areas


def same_area_m(theatre: Theatre, area_km2: float) -> float:
    """Depth beyond which the shipped seabed has a given area of the sea."""
    depth_m = theatre.seabed.depth_m[theatre.sea.mask]
    order = np.argsort(-depth_m, kind="stable")
    sums = theatre.water_km2[theatre.sea.mask][order].cumsum(dtype=float)
    return float(depth_m[order][np.searchsorted(sums, area_km2)])


def isobath_fields(theatre: Theatre, reference: Path) -> Fields:
    """Depths against the Natural Earth isobaths."""
    areas = isobath_areas(theatre, reference)
    rows = [
        (num(depth), part, num(a), num(b), percent(off(a, b)), num(both / (a + b - both), 3))
        for (depth, part), (a, b, both) in areas.items()
    ]
    whole = {depth: areas[depth, "whole sea"] for depth in ISOBATHS_M}
    same = [f"{num(d)} m at {num(same_area_m(theatre, b))} m" for d, (_, b, _) in whole.items()]
    head = ("deeper than m", "part", "computed km2", "reference km2", "difference", "overlap")
    return {
        "isobaths": table(head, rows),
        "same_area": ", ".join(same),
        "patrol": percent(off(*whole[200][:2]))[1:],
        "throat_isobaths": throat_isobaths(theatre, reference),
    }


def throat_isobaths(theatre: Theatre, reference: Path) -> str:
    """How much of every resolved Kuril throat lies deeper than 200, 1000 and 2000 m."""
    isobaths = {depth: read_isobaths(reference)[depth] for depth in ISOBATHS_M[:3]}
    rows = []
    for throat in theatre.throats:
        if throat.strait.kuril and throat.resolved:
            cells = [throat.strait.name, num(throat.throat_width_km, 1)]
            for depth, shape in isobaths.items():
                ours = float(np.mean(throat.depth_m >= depth)) * throat.throat_width_km
                theirs = geodesy.length_km(shapely.intersection(throat.line, shape))
                cells += [num(ours, 1), num(theirs, 1)]
            rows.append(cells)
    heads = [f"{num(depth)} m, {who}" for depth in isobaths for who in ("ours", "reference")]
    return table(("strait", "throat km", *heads), rows)


def throats_of(theatre: Theatre) -> dict[str, Throat]:
    """Throats by strait id."""
    return {throat.strait.strait_id: throat for throat in theatre.throats}


def published(throat: Throat, *quantities: str) -> list[Mapping[str, Any]]:
    """Published values of some quantities."""
    return [v for v in throat.strait.published if v["quantity"] in quantities]


def gap_km(theatre: Theatre, side_a: str, side_b: str) -> float:
    """Least distance between two lands."""
    ends = nearest_points(theatre.lands[side_a], theatre.lands[side_b])
    return float(geodesy.distance_km(*ends[0], *ends[1]))


def comparable_km(theatre: Theatre, throat: Throat, note: str) -> float | None:
    """Computed width that a published one means; None where it is no least width."""
    others = ("not shore to shore", "north end", "widest", "main passage", "Signalny", "range")
    if any(word in note for word in others):
        return None
    if note.startswith("whole gap"):
        return gap_km(theatre, "raikoke", "shiashkotan")
    if note.startswith("Ushishir to Rasshua"):
        return gap_km(theatre, "ushishir", "rasshua")
    return throat.width_km


def width_fields(theatre: Theatre) -> Fields:
    """Every published width."""
    rows: list[Row] = []
    for throat in theatre.throats:
        for value in published(throat, "width_km"):
            width = comparable_km(theatre, throat, value.get("note", ""))
            if width:
                name, key = throat.strait.name, throat.strait.strait_id
                rows.append(compared(name, width, value, 1, key=key))
            else:
                cells = "-", num(value["value"], 1), "-", " ".join(value["source"]), value["note"]
                rows.append((throat.strait.name, *cells))
    head = ("strait", "computed km", "published km", "difference", "source", "remark")
    bare = [t.strait.name for t in theatre.throats if not published(t, "width_km")]
    return {
        "widths": table(head, rows),
        "corridors": corridor_list(corridor_rows(theatre)),
        "no_width": ", ".join(bare),
        "srednego": num(gap_km(theatre, "ushishir", "rasshua"), 1),
    }


def corridor_rows(theatre: Theatre) -> list[Row]:
    """Corridors of exits, computed and left by two belts of every published least width."""
    parts = resolve(load_scenario("status-quo"), theatre.lands)
    wide = Assumptions().with_values({"soya_nm": 12})
    survey = survey_straits(theatre, parts, wide, scenario_id="status-quo", depths={})
    belts_km = 2 * wide.territorial_sea_nm * geodesy.KM_PER_NM
    rows = []
    for throat, corridor_km in zip(theatre.throats, survey.table.corridor_km, strict=True):
        for value in published(throat, "width_km") if throat.strait.exit else ():
            same = comparable_km(theatre, throat, value.get("note", "")) == throat.width_km
            left_km = max(0.0, value["value"] - belts_km)
            if same and max(left_km, corridor_km) > 0:
                cells = (f"{km:.1f} km" if km else "none" for km in (corridor_km, left_km))
                rows.append((throat.strait.name, *cells, " ".join(value["source"])))
    return rows


def corridor_list(rows: Iterable[Row]) -> str:
    """One line for each strait, its published widths side by side."""
    left: dict[tuple[str, str], list[str]] = {}
    for name, computed, by_width, sources in rows:
        left.setdefault((name, computed), []).append(f"{by_width} ({sources})")
    return "\n".join(
        f"- {name}: computed {computed}; left of published widths {', '.join(found)}."
        for (name, computed), found in left.items()
    )


def kuril_km2(theatre: Theatre) -> float:
    """Cross-section of all resolved Kuril exits."""
    return sum(t.throat_area_km2 for t in theatre.throats if t.strait.kuril and t.resolved)


def section_fields(theatre: Theatre) -> Fields:
    """Cross-sections of the two great straits."""
    throats = throats_of(theatre)
    bussol, kruzenshtern = throats["bussol"], throats["kruzenshtern"]
    (value,), (share,) = published(bussol, "throat_area_km2"), published(bussol, "throat_share")
    (gap,) = published(kruzenshtern, "throat_area_km2")
    area, total = bussol.throat_area_km2, kuril_km2(theatre)
    both = kruzenshtern.throat_area_km2 + throats["lovushek"].throat_area_km2
    rows = [
        compared("Bussol, km2", area, value, 2, key="bussol"),
        compared("Kruzenshtern with Lovushek, km2", both, gap, 2, key="kruzenshtern"),
        compared("Bussol, share of all Kuril straits", area / total, share, 3, key="bussol"),
    ]
    fifth = len(bussol.depth_m) // 5
    implied = value["value"] / share["value"]
    head = ("cross-section", "computed", "published", "difference", "source", "remark")
    return {
        "sections": table(head, rows),
        "bussol_published_mean": num(1000 * value["value"] / 68),
        "bussol_mean": num(1000 * area / bussol.throat_width_km),
        "bussol_km": num(bussol.throat_width_km, 1),
        "bussol_off": percent(off(area, value["value"])),
        "bussol_bank": num(bussol.depth_m[fifth:-fifth].min()),
        "implied": num(implied, 1),
        "total": num(total, 1),
        "total_off": percent(off(total, implied)),
        "bussol_excess": num(area - value["value"], 1),
        "excess": num(total - implied, 1),
    }


def near_m(theatre: Theatre, throat: Throat, *, reach_km: float = 10) -> float:
    """Greatest depth of the seabed within some distance of a throat."""
    lon, lat = np.meshgrid(theatre.grid.lon, theatre.grid.lat)
    west, south, east, north = throat.line.bounds
    box = (lon > west - 0.3) & (lon < east + 0.3) & (lat > south - 0.2) & (lat < north + 0.2)
    squeeze = np.array([np.cos(np.radians((south + north) / 2)), 1.0]) * 111.2
    points = shapely.points(np.column_stack([lon[box], lat[box]]) * squeeze)
    away_km = shapely.distance(points, shapely.transform(throat.line, squeeze.__mul__))
    return float(theatre.seabed.depth_m[box][away_km <= reach_km].max())


def sill_text(throat: Throat) -> str:
    """Sill in metres, or why there is none."""
    if not throat.strait.exit:
        return "no exit"
    return "unresolved" if throat.sill_depth_m is None else num(throat.sill_depth_m)


def depth_rows(theatre: Theatre) -> list[Row]:
    """Every published depth beside the sill and the deepest points of the throat."""
    rows: list[Row] = []
    for throat in theatre.throats:
        name, known = throat.strait.strait_id, throat.resolved
        deepest = float(throat.depth_m.max()) if known else None
        seen = (num(deepest), num(near_m(theatre, throat))) if deepest else ("unresolved",) * 2
        for value in published(throat, "sill_depth_m", "depth_m", "max_depth_m"):
            kind = {"sill_depth_m": "sill", "max_depth_m": "greatest"}.get(value["quantity"])
            ours = {"sill": throat.sill_depth_m, "greatest": deepest}.get(kind or "")
            share = off(ours, value["value"]) if ours else None
            why = because(share or 0.0, (name, value["value"]), value.get("note"))
            cells = kind or "depth", short(value["value"]), percent(share) if share else "-"
            texts = " ".join(value["source"]), why
            rows.append((throat.strait.name, sill_text(throat), *seen, *cells, *texts))
    return rows


def depth_fields(theatre: Theatre) -> Fields:
    """Every published depth, and what is known to be wrong."""
    throats = throats_of(theatre)
    heads = "strait", "sill m", "under throat m", "within 10 km m", "published", "m"
    fields = {
        "depths": table((*heads, "difference", "source", "remark"), depth_rows(theatre)),
        "two_cells": num(CELLS_ACROSS * theatre.seabed.native_km, 1),
        "tens": percent(share_of_ten(theatre))[1:],
        "deep": " and ".join(deep_throats(theatre)),
        "hollow": num(theatre.seabed.depth_m[theatre.sea.mask].max()),
    }
    for name in ("friza", "yekaterina", "diana", "severgin", "fourth-kuril", "la-perouse"):
        fields[name.removesuffix("-kuril").replace("-", "_")] = sill_text(throats[name])
    for name in ("yekaterina", "diana", "severgin", "first-kuril", "fourth-kuril", "srednego"):
        short_name, throat = name.removesuffix("-kuril"), throats[name]
        fields[f"{short_name}_km"] = num(throat.throat_width_km, 1)
        fields[f"{short_name}_deep"] = num(throat.depth_m.max())
    return fields


def deep_throats(theatre: Theatre) -> list[str]:
    """Kuril straits whose throat is deeper than 1000 m somewhere."""
    kuril = [throat for throat in theatre.throats if throat.strait.kuril]
    return [t.strait.name.split(" (")[0] for t in kuril if t.depth_m.max() > 1000]


def share_of_ten(theatre: Theatre) -> float:
    """Share of the water of the South Kuril Strait that is exactly 10 m deep."""
    lon, lat = np.meshgrid(theatre.grid.lon, theatre.grid.lat)
    west, south, east, north = SOUTH_KURIL
    water = theatre.water_km2 * ((lon > west) & (lon < east) & (lat > south) & (lat < north))
    return float(water[theatre.seabed.depth_m == 10].sum() / water.sum())


def strip_m(theatre: Theatre, unit: str, published_km2: float) -> float:
    """Difference from a published area, spread along the coast."""
    row = theatre.islands.set_index("island_id").loc[unit]
    return float((row.area_km2 - published_km2) / row.coast_km * 1000)


def strip_range(theatre: Theatre, units: Sequence[str], survey: str) -> str:
    """Least and greatest strip of some islands against one survey (source key or year)."""
    strips = [
        strip_m(theatre, unit, value["value"])
        for unit in units
        for value in read_islands()[unit].published
        if survey in value["source"] or value.get("note", "").endswith(f"survey of {survey}")
    ]
    return f"{num(min(strips))} to {num(max(strips))}"


def island_fields(theatre: Theatre) -> Fields:
    """Every published island area."""
    area_km2 = theatre.islands.set_index("island_id").area_km2
    rows = []
    for unit, island in read_islands().items():
        for value in island.published:
            strip = strip_m(theatre, unit, value["value"])
            if 0 < strip < 150 and off(area_km2[unit], value["value"]) > LARGE:
                told = filter(None, [value.get("note"), f"{num(strip)} m of shore"])
                value = {**value, "note": "; ".join(told)}
            cells = compared(island.name, area_km2[unit], value, 2, key=unit)
            rows.append((*cells[:4], num(strip), *cells[4:]))
    head = ("island", "computed km2", "published km2", "difference", "strip m", "source", "remark")
    return {
        "islands": table(head, rows),
        "no_area": ", ".join(i.name for i in read_islands().values() if not i.published),
        "strip_large": strip_range(theatre, ("shikotan", "kunashir", "iturup"), "2014"),
        "strip_small": strip_range(theatre, HABOMAI, "S40"),
    }


def total_fields(theatre: Theatre) -> Fields:
    """Totals of groups and districts."""
    area_km2 = theatre.islands.set_index("island_id").area_km2
    totals = [t for t in read_data("islands.toml")["total"] if t["quantity"] == "area_km2"]
    rows = [compared(t["of"], float(area_km2[t["units"]].sum()), t, 2, key=t["of"]) for t in totals]
    (kurilsky,) = (t["value"] for t in totals if t["of"] == "kurilsky")
    sums = theatre.islands.groupby("district", sort=False)[["area_km2", "coast_km"]].sum()
    sums.loc["all"] = theatre.islands[["area_km2", "coast_km"]].sum()
    cells = [(str(n), num(r.area_km2, 2), num(r.coast_km, 1)) for n, r in sums.iterrows()]
    head = ("of", "computed km2", "published km2", "difference", "source", "remark")
    return {
        "totals": table(head, rows),
        "districts": table(("district", "area km2", "coast km"), cells),
        "kurilsky": num(kurilsky - float(sums.area_km2["Kurilsky"])),
    }


def ceded_share_of_iturup(theatre: Theatre) -> float:
    """Share of Iturup south of the computed line."""
    parts = resolve(load_scenario("half-area-2006"), theatre.lands)
    (south,) = (part.land for part in parts if part.part_id == "iturup-south")
    return geodesy.area_km2(south) / geodesy.area_km2(theatre.lands["iturup"])


def half_fields(theatre: Theatre) -> Fields:
    """The line across Iturup of the half-area option."""
    iturup, four = 3166.64, 5003.05  # S101
    three, computed = four - iturup, ceded_share_of_iturup(theatre)
    exact, quarter = (four / 2 - three) / iturup, (three + iturup / 4) / four
    rows = [
        ("computed from the coastline", percent(computed)[1:], ""),
        ("from the published areas", percent(exact)[1:], "S101"),
        ("as Aso put it", "25 %", "S141"),
    ]
    return {
        "half": table(("how", "share", "source"), rows),
        "three": num(three, 2),
        "exact": percent(exact)[1:],
        "aso": percent(off(computed, 0.25)),
        "quarter": percent(quarter)[1:],
    }


def status_quo(theatre: Theatre, *, iony: bool = True) -> Zones:
    """Zones of the status quo, with or without the rocks of Iony as a base of zones."""
    parts = resolve(load_scenario("status-quo"), theatre.lands)
    fields = part_distances(theatre, parts)
    if not iony:
        kept = [p for p in theatre.lands["sakhalin"].geoms if not p.within(shapely.box(*IONY))]
        land = shapely.MultiPolygon(kept)
        fields["sakhalin"] = distance_field(land, theatre.grid, theatre.water_km2 > 0)
    return find_zones(theatre, parts, fields, Assumptions())


def pocket_km2(theatre: Theatre, *, iony: bool) -> float:
    """Area of the high-seas pocket."""
    return zone_areas_km2(theatre, status_quo(theatre, iony=iony))["high_seas_km2"]


def pocket_km(theatre: Theatre) -> float:
    """Longest distance across the pocket."""
    zones = zones_table(theatre, status_quo(theatre), Assumptions()).set_index("zone")
    (pocket,) = (p for p in zones.geometry["high-seas"].geoms if p.contains(IN_POCKET))
    ends = shapely.get_coordinates(shapely.convex_hull(pocket))
    return max(float(from_point_km(end, ends).max()) for end in ends)


def pocket_fields(theatre: Theatre) -> Fields:
    """The high-seas pocket with and without Ostrov Iony."""
    known = read_data("sea.toml")["published"]
    areas = [value for value in known if value["quantity"] == "high_seas_km2"]
    sizes = {v["quantity"]: v["value"] for v in known if v["quantity"].startswith("high_seas_")}
    whole, bare = (pocket_km2(theatre, iony=iony) for iony in (True, False))
    cases = {"all land": whole, "without Ostrov Iony": bare}
    rows = [
        compared(name, area, value, 0, key=name) for name, area in cases.items() for value in areas
    ]
    low, high = (value["value"] for value in areas)
    length = pocket_km(theatre)
    rocks = [p for p in theatre.lands["sakhalin"].geoms if p.within(shapely.box(*IONY))]
    head = ("zones from", "computed km2", "published km2", "difference", "source", "remark")
    long, wide = (sizes[f"high_seas_{side}_km"] for side in ("length", "width"))
    return {
        "pocket": table(head, rows),
        "pocket_low": num(-100 * off(whole, low)),
        "pocket_high": num(-100 * off(whole, high)),
        "pocket_rest": num(-100 * off(bare, high)),
        "iony": num(bare - whole),
        "iony_land": num(sum(geodesy.area_km2(rock) for rock in rocks), 1),
        "pocket_km": num(length),
        "pocket_km_off": percent(off(length, long)),
        "pocket_wide": num(whole / length),
        "pocket_wide_off": percent(off(whole / length, wide)),
    }


def sea_polygon(theatre: Theatre) -> Any:
    """The sea as a polygon: outline of its cells less the land, at full shoreline detail."""
    mask = theatre.sea.mask
    cells = shapes(mask.astype("uint8"), mask=mask, transform=theatre.grid.transform)
    outline = shapely.union_all([shapely.geometry.shape(shape) for shape, _ in cells])
    land = shapely.union_all([shapely.make_valid(land) for land in theatre.lands.values()])
    return shapely.difference(outline, land)


def zone_areas(theatre: Theatre) -> dict[str, tuple[float, float]]:
    """Area of the sea and its zones from the cells and from the polygons."""
    sea = sea_polygon(theatre)
    zones = zones_table(theatre, status_quo(theatre), Assumptions()).set_index("name")
    areas = {"whole sea": (theatre.sea_km2, geodesy.area_km2(sea))}
    for name in sorted(NAMES.values(), key=list(zones.index).index):
        part = shapely.intersection(zones.geometry[name], sea)
        areas[name] = float(zones.area_km2[name]), geodesy.area_km2(part)
    return areas


def method_fields(theatre: Theatre) -> Fields:
    """Two ways to the same figure."""
    exits = sum(t.throat_area_km2 for t in theatre.throats if t.strait.exit)
    curve = theatre.sea.section_km2
    curves = [
        ("throats of all exits, one by one", num(exits, 2), percent(off(exits, curve))),
        ("one closed curve of least section", num(curve, 2), ""),
    ]
    zones = [
        (name, num(a), num(b), percent(off(a, b))) for name, (a, b) in zone_areas(theatre).items()
    ]
    return {
        "curves": table(("how", "section", "to the curve"), curves),
        "zones": table(("zone", "cells", "polygons", "difference"), zones),
    }


def distance_errors_m(theatre: Theatre, *, count: int = 300) -> FloatArray:
    """Errors of the distance fields in random cells, against geodesics to the shore itself."""
    random = np.random.default_rng(48)
    units = sorted(unit for unit, field in theatre.distances.items() if len(field.cells))
    errors = []
    for unit in random.choice(units, count):
        field = theatre.distances[str(unit)]
        number = int(random.integers(len(field.cells)))
        row, col = divmod(int(field.cells[number]), theatre.grid.shape[1])
        point = float(theatre.grid.lon[col]), float(theatre.grid.lat[row])
        points = shore_points(theatre.lands[str(unit)])
        errors.append(float(field.km[number]) - shore_km(points, point, float(field.km[number])))
    return np.array(errors) * 1000


def shore_km(points: FloatArray, point: tuple[float, float], near_km: float) -> float:
    """Geodesic distance to a shore, looked for every 6 m along its nearest stretches."""
    reach = (near_km + 1) / 111 / np.cos(np.radians(points[:, 1].max())) + 0.01
    close = np.flatnonzero(np.abs(points - point).max(axis=1) < reach)
    away_km = from_point_km(point, points[close])
    close = close[away_km < away_km.min() + 0.5]
    starts = np.unique(np.concatenate([close, np.maximum(close - 1, 0)]))
    starts = starts[starts < len(points) - 1]
    step = points[starts + 1] - points[starts]
    joined = np.hypot(*step.T) < 0.0041  # not the jump from one ring to the next
    fine = points[starts][joined] + np.linspace(0, 1, 81)[:, None, None] * step[joined]
    return float(from_point_km(point, np.concatenate([fine.reshape(-1, 2), points[close]])).min())


def from_point_km(point: Sequence[float] | FloatArray, others: FloatArray) -> FloatArray:
    """Geodesic distances of a point to others."""
    starts = np.broadcast_to(np.asarray(point, float), others.shape).copy()
    return geodesy.distance_km(*starts.T, *others.T)


def cell_area_error(theatre: Theatre) -> float:
    """Greatest relative error of the cell areas, a row per degree, against geodesic polygons."""
    grid, areas, worst = theatre.grid, theatre.grid.cell_area_km2(), 0.0
    for row in range(0, grid.shape[0], 60):
        cell = shapely.box(*grid.crop(slice(row, row + 1), slice(0, 1)).bounds)
        dense = shapely.orient_polygons(shapely.segmentize(cell, grid.cell_deg[0] / 20))
        true_km2 = geodesy.GEOD.geometry_area_perimeter(dense)[0] / 1e6
        worst = max(worst, abs(off(float(areas[row]), true_km2)))
    return worst


def accuracy_fields(theatre: Theatre) -> Fields:
    """Numerical error of the methods, apart from that of the data."""
    width_km, height_km = theatre.grid.cell_size_km()
    row = theatre.grid.index(150.0, 48.0)[0]
    longest = stencil.metrication_error(aspect=float(height_km[row] / width_km[row]))
    errors_m = np.abs(distance_errors_m(theatre))
    shore = "geodesic to the shore, every 6 m"
    cells = cell_area_error(theatre)
    rows = [
        ("length of a grid path at 48 N, worst", "straight line", f"{100 * longest:.2f} %"),
        ("distance field, 300 random cells, greatest", shore, f"{num(errors_m.max(), 1)} m"),
        ("distance field, 300 random cells, mean", shore, f"{num(errors_m.mean(), 1)} m"),
        ("area of a cell, a row per degree, greatest", "geodesic polygon")
        + (f"{100 * cells:.4f} %" if cells > 5e-7 else "below 0.0001 %",),
    ]
    return {"accuracy": table(("what", "against", "error"), rows)}


def kernel_fields(_: Theatre) -> Fields:
    """Error of every kernel in the run of the benchmarks that is kept."""
    found = json.loads(BENCHMARKS.read_text("utf-8"))
    rows = [
        (
            KERNELS[run["kernel"]],
            RESOLUTIONS[run["resolution"]],
            run["error"]["against"],
            small(run["error"]["median"]),
            small(run["error"]["max"]),
        )
        for run in found["results"]
        if run["tool"] == "okhotsk" and run["kernel"] in KERNELS and run["error"]
    ]
    head = ("what", "cells", "against", "median", "greatest")
    shaped = [
        (
            KERNELS.get(case["kernel"], "separating curve"),
            case["tool"],
            case["case"],
            small(case["max"]),
        )
        for case in found["analytic"]
    ]
    return {
        "kernels": table(head, rows),
        "analytic": table(("what", "tool", "case", "greatest error"), shaped),
    }


def small(share: float) -> str:
    """A relative error."""
    return "none" if share == 0 else f"{share:.1e}" if share < 1e-3 else f"{100 * share:.1f} %"


SECTIONS = {
    "1. The sea": sea_fields,
    "3. Widths of the straits": width_fields,
    "4. Cross-sections": section_fields,
    "5. Sills and depths": depth_fields,
    "6. Islands": island_fields,
    "7. Groups and districts": total_fields,
    "8. Half of the area (2006)": half_fields,
    "9. The high-seas pocket": pocket_fields,
    "10. Two methods, one answer": method_fields,
    "11. Numerical accuracy": accuracy_fields,
    "12. The kernels": kernel_fields,
}


def reference_folder() -> Path | None:
    """Folder of the reference isobaths; None where it is not at hand."""
    named = os.environ.get("OKHOTSK_REFERENCE_DIR")
    return Path(named) if named and (Path(named) / REFERENCE).exists() else None


def build(theatre: Theatre, *, reference: Path | None) -> dict[str, str]:
    """Sections by heading; that of the isobaths only where the reference is at hand."""
    words = read(WORDS.read_text("utf-8"))
    texts = {heading: fill(words[heading], fields(theatre)) for heading, fields in SECTIONS.items()}
    if reference:
        texts[ISOBATHS] = fill(words[ISOBATHS], isobath_fields(theatre, reference))
    cited = source_list("\n".join([*words.values(), *texts.values()]))
    return texts | {"Sources": words["Sources"].format(sources=cited)}


def fill(words: str, fields: Mapping[str, str]) -> str:
    """Put the figures into the words and wrap the paragraphs; tables stay as they are."""
    return "\n\n".join(map(wrap, words.format(**fields).split("\n\n")))


def wrap(block: str) -> str:
    """Wrap a paragraph or a list of one line each at 100 characters."""
    if block.startswith(("|", "#")):
        return block
    lines = [
        textwrap.fill(
            line,
            100,
            subsequent_indent="  " * line.startswith("- "),
            break_on_hyphens=False,
            break_long_words=False,
        )
        for line in block.split("\n")
    ]
    return "\n".join(lines)


def source_list(text: str) -> str:
    """Citations of all keys used."""
    used = set(re.findall(r"\b[SW]\d+\b", text)) & set(citations())
    order = sorted(used, key=lambda key: (key[0], int(key[1:])))
    return "\n".join(f"- **{key}** {citations()[key]}" for key in order)


def read(document: str) -> dict[str, str]:
    """Sections of a document by heading; the part before the first one under an empty heading."""
    first, *parts = document.split("\n## ")
    sections = {part.split("\n", 1)[0]: part.split("\n", 1)[1].strip("\n") for part in parts}
    return {"": first.strip("\n")} | sections


def document(texts: Mapping[str, str]) -> str:
    """Join the sections in the order of the words."""
    words = read(WORDS.read_text("utf-8"))
    opening = "\n\n".join(map(wrap, words.pop("").split("\n\n")))
    return "\n\n".join([opening, *(f"## {name}\n\n{texts[name]}" for name in words)]) + "\n"


def main() -> None:
    """Write the document."""
    reference = reference_folder()
    texts = build(okhotsk.load(), reference=reference)
    if reference is None:
        print("OKHOTSK_REFERENCE_DIR is not set: section 2 is kept as it is", file=sys.stderr)
        texts[ISOBATHS] = read(DOCUMENT.read_text("utf-8"))[ISOBATHS]
    DOCUMENT.write_text(document(texts), "utf-8")


if __name__ == "__main__":
    main()
