"""What the explorer draws: land, straits and barriers as shapes, waters as coded pictures.

A picture has, for every pixel, the number of a row that says which blocks decide what it shows.
The page colours it for the island set at hand.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_bounds
from rasterio.warp import Resampling, reproject, transform_bounds

from okhotsk.assessment.record import Result
from okhotsk.maps.explorer.names import find_names
from okhotsk.maps.explorer.tables import JAPAN, RUSSIA, BlockIndex
from okhotsk.maps.images import SHOWN, pixel_size
from okhotsk.measures.barrier import SEALS
from okhotsk.measures.context import ScenarioContext
from okhotsk.measures.zones import HIGH_SEAS, JP_EEZ, JP_SEA, RU_EEZ, RU_SEA
from okhotsk.raster.arrays import BoolArray, CodeArray, SetArray
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.raster.grid import Grid
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.segments import Segments
from okhotsk.theatre.coast import FIXED_HOLDERS, read_islands

WIDTH_PX = 1200
NOTHING, ALWAYS = 0, 1  # rows of every picture of waters: never shown, and under every island set
SEA, ECONOMIC, BEYOND = "sea", "economic", "pocket"
SMALLEST_DEG2 = 2e-5  # smaller islets with a fixed holder are left out


def find_scene(
    sweep: Sweep, segments: Mapping[str, Segments], frozen: Sequence[Result]
) -> dict[str, Any]:
    """Return everything drawn, ready for JSON.

    Parameters
    ----------
    sweep
        Every set of some blocks.
    segments
        The segments that its lines are made of.
    frozen
        Scenarios that are no set of blocks, such as one that splits an island: shown as they are.
    """
    block_index = BlockIndex(sweep)
    width, height = pixel_size(SHOWN, WIDTH_PX)
    west, south, east, north = SHOWN
    return {
        "bounds": [[south, west], [north, east]],
        "size": [width, height],
        "land": _land(sweep, block_index),
        "straits": _straits(sweep, block_index),
        "names": find_names(sweep.theatre),
        "lines": {name: _shapes(sweep.theatre.grid, segments[name]) for name in SEALS},
        "zones": _zones(sweep, block_index),
        "refuge": _waters(sweep, block_index, sweep.context.patrol, *sweep.areas.within_standoff()),
        "sensed": _waters(sweep, block_index, sweep.theatre.sea.mask, *sweep.areas.in_sight()),
        "frozen": [_frozen(result, sweep) for result in frozen],
    }


def encode(codes: CodeArray, grid: Grid) -> str:
    """Warp numbers to the picture, nearest cell, and pack them."""
    size = pixel_size(SHOWN, WIDTH_PX)
    warped = np.zeros(size[::-1], np.uint8)
    edges = transform_bounds("EPSG:4326", "EPSG:3857", *SHOWN)
    reproject(
        codes,
        warped,
        src_transform=grid.transform,
        src_crs="EPSG:4326",
        dst_transform=from_bounds(*edges, *size),
        dst_crs="EPSG:3857",
        resampling=Resampling.nearest,
    )
    return pack(warped)


def pack(array: NDArray[Any]) -> str:
    """Pack an array for a page: deflate, then base64."""
    return base64.b64encode(zlib.compress(array.tobytes(), 9)).decode()


def _picture(codes: NDArray[np.int64], rows: Sequence[Any], grid: Grid) -> dict[str, Any]:
    if len(rows) > 256:
        raise ValueError(f"a picture has {len(rows)} rows, expected at most 256")
    return {"rows": list(rows), "pixels": encode(codes.astype(np.uint8), grid)}


def _waters(
    sweep: Sweep, block_index: BlockIndex, shown: BoolArray, units: SetArray, always: BoolArray
) -> dict[str, Any]:
    """Which armed blocks reach each cell of some water; rows are sets of blocks.

    Row 0 is no such water, row 1 water that Japan proper reaches.
    """
    distinct, which = np.unique(np.where(always | ~shown.ravel(), 0, units), return_inverse=True)
    masks = [block_index.touched(int(n)) for n in distinct]
    rows = sorted(set(masks))
    place = np.array([rows.index(mask) for mask in masks]) + 2
    codes = np.where(shown.ravel(), place[which.ravel()], NOTHING)
    codes[shown.ravel() & always] = ALWAYS
    return _picture(codes.reshape(shown.shape), [0, 0, *rows], sweep.theatre.grid)


def _zones(sweep: Sweep, block_index: BlockIndex) -> dict[str, Any]:
    """Zone and allocated block of each cell; rows are zone and holder or block.

    Where a cell has several allocated units (shores equally near), the first stands for all:
    single cells along median lines.
    """
    r, water = sweep.allocation, sweep.theatre.water_km2 > 0
    first = [RUSSIA] * 65
    for n, unit in enumerate(r.units):
        first[n] = block_index.holder(unit)
    lowest = np.where(
        r.allocated_units > 0,
        np.log2((r.allocated_units & (~r.allocated_units + np.uint64(1))) + 0.5),
        64,
    )
    owner = np.array(first)[lowest.astype(int)]
    owner = np.where(r.japanese, JAPAN, owner)
    near = r.near_km <= sweep.context.assumptions.eez_nm * KM_PER_NM
    rows: list[Any] = [None, [BEYOND, RUSSIA]]
    codes = np.where(water & ~near, 1, NOTHING)
    for zone, cells in ((SEA, water & r.sea), (ECONOMIC, water & near & ~r.sea)):
        for holder in np.unique(owner[cells]):
            codes[cells & (owner == holder)] = len(rows)
            rows.append([zone, int(holder)])
    return _picture(codes, rows, sweep.theatre.grid)


def _rounded(shape: Any, decimals: int = 3) -> list[Any]:
    """Coordinates of lines, or of the rings of polygons, as (latitude, longitude) pairs."""
    rings = []
    for part in shapely.get_parts(shape):
        lines = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        packed = [
            [[round(lat, decimals), round(lon, decimals)] for lon, lat in line.coords]
            for line in lines
        ]
        rings.append(packed if part.geom_type == "Polygon" else packed[0])
    return rings


def _outline(shape: Any, tolerance: float) -> list[Any]:
    inside = shapely.intersection(shape, shapely.box(*SHOWN))
    simple = shapely.make_valid(shapely.simplify(inside, tolerance))
    return _rounded(
        shapely.MultiPolygon([p for p in shapely.get_parts(simple) if p.geom_type == "Polygon"])
    )


def _land(sweep: Sweep, block_index: BlockIndex) -> list[dict[str, Any]]:
    """Land by its block or its fixed holder."""
    rows = []
    islands = read_islands()
    for unit, land in sweep.theatre.lands.items():
        fixed = unit in FIXED_HOLDERS
        large = [p for p in land.geoms if not fixed or p.area > SMALLEST_DEG2]
        shape = _outline(shapely.MultiPolygon(large), 0.006 if fixed else 0.002)
        name = islands[unit].name if unit in islands else ""
        rows.append(
            {"unit": unit, "name": name, "holder": block_index.holder(unit), "rings": shape}
        )
    return rows


def _straits(sweep: Sweep, block_index: BlockIndex) -> list[dict[str, Any]]:
    return [
        {
            "id": t.strait.strait_id,
            "name": t.strait.name,
            "sides": [block_index.holder(t.strait.side_a), block_index.holder(t.strait.side_b)],
            "exit": t.strait.exit,
            "line": _rounded(t.line, 3)[0],
        }
        for t in sweep.theatre.throats
    ]


def _shapes(grid: Grid, segments: Segments) -> list[Any]:
    """The course of every segment, over water that costs something to cross."""
    shapes = []
    for segment in segments.segments:
        points = grid.lonlat(*segment.cells.T) if len(segment.cells) > 1 else np.empty((0, 2))
        line = shapely.LineString(points).simplify(0.004) if len(points) else None
        shapes.append(_rounded(line)[0] if line is not None else [])
    return shapes


def _frozen(result: Result, sweep: Sweep) -> dict[str, Any]:
    """A scenario as it is: its land, regimes, barriers and waters."""
    scenario, theatre, grid = result.scenario, sweep.theatre, sweep.theatre.grid
    context = ScenarioContext.of(sweep.context, scenario)
    zone_of = {RU_SEA: 2, JP_SEA: 3, RU_EEZ: 4, JP_EEZ: 5, HIGH_SEAS: 1}
    rows: list[Any] = [
        None,
        [BEYOND, RUSSIA],
        [SEA, RUSSIA],
        [SEA, JAPAN],
        [ECONOMIC, RUSSIA],
        [ECONOMIC, JAPAN],
    ]
    codes = np.zeros(grid.shape, np.int64)
    for code, row in zone_of.items():
        codes[(context.zones.code == code) & (theatre.water_km2 > 0)] = row
    return {
        "id": scenario.scenario_id,
        "title": scenario.title,
        "record": _plain(result.record),
        "land": [
            {"forces": row.forces, "rings": _outline(row.geometry, 0.002)}
            for row in result.land.itertuples()
            if row.ceded
        ],
        "regimes": dict(zip(result.straits.strait_id, result.straits.regime, strict=True)),
        "lines": {name: _rounded(result.barrier.lines[name].simplify(0.004)) for name in SEALS},
        "zones": _picture(codes, rows, grid),
        "refuge": encode(context.refuge.astype(np.uint8), grid),
        "sensed": encode((theatre.sea.mask & context.sensed).astype(np.uint8), grid),
    }


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    """Plain numbers and texts; what a record does not have is left out."""
    plain = {
        key: value.item() if hasattr(value, "item") else value for key, value in record.items()
    }
    return {
        key: value
        for key, value in plain.items()
        if not (isinstance(value, float) and np.isnan(value))
    }
