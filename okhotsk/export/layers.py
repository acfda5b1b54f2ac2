"""An assessment as layers and tables for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from okhotsk.assessment.detail import TABLES
from okhotsk.assessment.record import Result
from okhotsk.datasets import citations, in_full, read_registry
from okhotsk.raster import geodesy
from okhotsk.scenario.assumptions import describe
from okhotsk.style import ZONES, land_status

# What a route is called where its layer is read without this package.
ROUTES: Mapping[str, str] = MappingProxyType(
    {
        "egress": "From the core to the Pacific, a Russian boat",
        "base": "From the base to the core, a Russian boat",
        "intruder": "From the Pacific to the core, a foreign boat",
    }
)
PASSAGES: Mapping[str, str] = MappingProxyType(
    {"access": "Deepest way in for others", "egress": "Deepest way out for Russia"}
)
# Title, note, and figures of each water: columns of its layer, by those of the record.
WATERS: Mapping[str, tuple[str, str, Mapping[str, str]]] = MappingProxyType(
    {
        "patrol": ("Patrol water", "Deep enough to patrol.", {"patrol_km2": "area_km2"}),
        "sensed": (
            "Sensed water",
            "In submerged line of sight, within the sensor range, of "
            "a shore where Japanese or allied forces may stand. "
            "sensed_share: of patrol water.",
            {"sensed_share": "sensed_share"},
        ),
        "refuge": ("Refuge", "Patrol water out of reach.", {"refuge_km2": "area_km2"}),
        "core": ("Core", "What the seal line must keep.", {}),
    }
)


@dataclass(frozen=True)
class Layer:
    """A layer or a table.

    Attributes
    ----------
    name
        Short name without blanks: the table's name in a GeoPackage, the file's in a folder.
    title
        What a reader sees.
    note
        What the geometry and the figures are, units included.
    frame
        Columns in the terms and units of the tables; EPSG:4326 where there is a geometry.
    """

    name: str
    title: str
    note: str
    frame: pd.DataFrame | gpd.GeoDataFrame


@dataclass(frozen=True)
class Bundle:
    """All layers (with geometry, from the bottom of a map to its top) and tables of a scenario.

    ``about`` says what the scenario is and what it was computed from, in words.
    """

    scenario_id: str
    title: str
    about: Mapping[str, str]
    layers: tuple[Layer, ...]
    tables: tuple[Layer, ...]


def make_bundle(result: Result) -> Bundle:
    """Return everything of an assessment that other programs can read.

    Nothing is simplified: outlines are those of the analysis, areas in the columns those of the
    record, counted by cell.
    """
    about = _about(result)
    return Bundle(
        scenario_id=result.scenario.scenario_id,
        title=result.scenario.title,
        about=about,
        layers=(
            *_water_layers(result),
            _land(result),
            _passages(result),
            _routes(result),
            _straits(result),
            _seal_lines(result),
            _islands(result),
        ),
        tables=_tables(result, about),
    )


def _about(result: Result) -> dict[str, str]:
    scenario, seabed = result.scenario, result.theatre.seabed
    data = read_registry()
    return {
        "scenario_id": scenario.scenario_id,
        "title": scenario.title,
        "date": scenario.date,
        "proponent": scenario.proponent,
        "status": scenario.status,
        "border": scenario.border,
        "context": scenario.context,
        "option_sources": "; ".join(map(in_full, scenario.sources)),
        "software": f"okhotsk {version('okhotsk')}",
        "seabed": f"{seabed.name}, native resolution {seabed.native_km:.2f} km",
        "seabed_sha256": seabed.sha256,
        "theatre": result.theatre.key,
        "coast": f"{data['coast.fgb']['source']}; licence {data['coast.fgb']['licence']}",
        "crs": "EPSG:4326 (WGS 84), longitude before latitude",
        "depths": "metres, positive down",
        "limits": "A research estimate on charted data: not for navigation, and no statement of "
        "any state's position.",
        **{f"note_{n}": note for n, note in enumerate(result.notes, 1)},
    }


def _water_layers(result: Result) -> list[Layer]:
    """Zones and waters, without the land that maps draw over them."""
    land = shapely.union_all(result.land.geometry.to_numpy())
    zones = gpd.GeoDataFrame(result.zones).copy()
    zones["name"] = [ZONES[zone].label for zone in zones.zone]
    zones["geometry"] = [_multi(shapely.difference(g, land)) for g in zones.geometry]
    sea_km2 = "area_km2: the part inside the Sea of Okhotsk, counted by cell."
    note = f"Zones over the whole window. {sea_km2}"
    return [
        Layer("zones", "Maritime zones", note, zones),
        *(_water_layer(result, name, land) for name in WATERS),
    ]


def _water_layer(result: Result, name: str, land: shapely.Geometry) -> Layer:
    title, note, columns = WATERS[name]
    shape = _multi(shapely.difference(getattr(result, name), land))
    figures = {column: result.record[name] for name, column in columns.items()}
    return Layer(name, title, note, _frame([{"water": name, **figures, "geometry": shape}]))


def _land(result: Result) -> Layer:
    frame = gpd.GeoDataFrame(result.land).copy()
    names = result.theatre.islands.set_index("island_id")["name"]
    units = frame.unit_id
    frame.insert(2, "name", units.map(names).fillna(units.str.title()))
    frame.insert(6, "status", list(map(land_status, frame.forces, frame.sovereign, frame.ceded)))
    frame.insert(7, "area_km2", [geodesy.area_km2(shape) for shape in frame.geometry])
    note = "Who is sovereign, and whose forces may stand there. area_km2: geodesic."
    return Layer("land", "Land by holder", note, frame)


def _passages(result: Result) -> Layer:
    rows = [
        {
            "way": way,
            "name": name,
            "depth_m": passage.depth_m,
            "straits": " ".join(passage.straits),
            "geometry": passage.route,
        }
        for way, name in PASSAGES.items()
        if not (passage := getattr(result, way)).route.is_empty
    ]
    note = "depth_m: the least depth on the way."
    return Layer("passages", "Deepest ways", note, _frame(rows))


def _seal_lines(result: Result) -> Layer:
    record, barrier = result.record, result.barrier
    rows = [
        {
            "line": "seal",
            "name": "Shortest seal line",
            "barrier_km": record["barrier_km"],
            "geometry": _multi(barrier.lines["barrier_km"]),
        },
        {
            "line": "section",
            "name": "Seal line of least cross-section",
            "barrier_area_km2": record["barrier_area_km2"],
            "geometry": _multi(barrier.lines["barrier_area_km2"]),
        },
        {
            "line": "operating",
            "name": "Seal line of least cross-section that boats can use",
            "operating_area_km2": record["operating_area_km2"],
            "geometry": _multi(barrier.lines["operating_area_km2"]),
        },
    ]
    note = (
        "barrier_km: length; barrier_area_km2: section; operating_area_km2: section down to "
        f"{result.assumptions.operating_depth_m:g} m."
    )
    return Layer("seal_lines", "Seal lines", note, _frame(rows))


def _routes(result: Result) -> Layer:
    rows = [
        {
            "route": name,
            "name": ROUTES[name],
            "exposure": route.exposure,
            "length_km": float(route.profile.distance_km.max()),
            "straits": " ".join(route.straits),
            "geometry": route.line,
        }
        for name, route in result.routes.items()
        if not route.line.is_empty
    ]
    note = "exposure: a number; length_km."
    return Layer("routes", "Ways of least exposure", note, _frame(rows))


def _straits(result: Result) -> Layer:
    note = "Throats (least cross-sections). Columns as `okhotsk straits --scenario`."
    return Layer("straits", "Straits by regime", note, gpd.GeoDataFrame(result.straits).copy())


def _islands(result: Result) -> Layer:
    table = result.theatre.islands
    where = gpd.points_from_xy(table.lon, table.lat)
    frame = gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=where, crs="EPSG:4326")
    note = "A point in every Kuril island. population: civil, of population_year."
    return Layer("islands", "Islands", note, frame)


def _tables(result: Result, about: Mapping[str, str]) -> tuple[Layer, ...]:
    chosen = pd.DataFrame(describe(result.assumptions))[
        ["assumption", "value", "unit", "low", "high", "source"]
    ]
    data = pd.DataFrame(
        [
            {"data": name, "licence": entry["licence"], "source": entry["source"]}
            for name, entry in read_registry().items()
        ]
    )
    cited = pd.DataFrame(citations().items(), columns=["source", "citation"])
    words = pd.DataFrame(about.items(), columns=["item", "value"])
    return (
        Layer("about", "About", "What this is, and what it was computed from.", words),
        Layer("record", "Record", "Columns as `okhotsk assess`.", result.to_frame()),
        Layer(
            "components",
            "Components of the index",
            "1 as today, 0 lost.",
            TABLES["components"](result),
        ),
        Layer("assumptions", "Assumptions", "Values, ranges and sources.", chosen),
        Layer("data_sources", "Data", "Every data file, its licence and origin.", data),
        Layer("citations", "Citations", "What every source key stands for.", cited),
    )


def _frame(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def _multi(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons or lines of a geometry, always as a multi-geometry."""
    parts = shapely.get_parts(shape)
    if any(part.geom_type == "LineString" for part in parts):
        return shapely.MultiLineString(list(parts))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])
