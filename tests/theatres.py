"""Made-up theatres, and random cessions of the real islands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import strategies as st
from numpy.typing import NDArray

from okhotsk.measures.barrier import closed_water
from okhotsk.measures.zones import administered, find_zones, part_distances
from okhotsk.raster.grid import Grid
from okhotsk.raster.proximity import distance_field
from okhotsk.raster.viewshed import find_viewshed
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import FORCES, Cession, Part, Scenario
from okhotsk.theatre.bathymetry import Seabed
from okhotsk.theatre.coast import read_islands, water_fraction
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.sea import Sea

Bounds = tuple[float, float, float, float]


def islet(lon: float, lat: float, *, half_deg: float = 0.00001) -> shapely.MultiPolygon:
    """A speck of land."""
    square = shapely.box(lon - half_deg, lat - half_deg, lon + half_deg, lat + half_deg)
    return shapely.MultiPolygon([square])


def make_theatre(
    lands: Mapping[str, shapely.MultiPolygon],
    bounds: Bounds,
    *,
    arcmin: float = 1,
    depth_m: float | NDArray[np.float32] = 1000,
    south: float = -90,
) -> Theatre:
    """A theatre of some lands in water of some depth; the sea is what lies north of a latitude."""
    west, low, east, high = bounds
    shape = round((high - low) * 60 / arcmin), round((east - west) * 60 / arcmin)
    grid = Grid(bounds, shape)
    share = water_fraction(lands, grid)
    depths = np.where(share > 0, np.float32(depth_m), np.float32(0)).astype(np.float32)
    distances = {unit: distance_field(land, grid, share > 0) for unit, land in lands.items()}
    native_km = arcmin * 1.852
    viewsheds = {unit: find_viewshed(f, grid, depths, native_km) for unit, f in distances.items()}
    mask = (share > 0) & (grid.lat > south)[:, None]
    return Theatre(
        lands=MappingProxyType(dict(lands)),
        islands=gpd.GeoDataFrame({"island_id": []}),
        seabed=Seabed(depths, grid, native_km, "made up", ""),
        water_km2=(share * grid.cell_area_km2()[:, None]).astype(np.float32),
        sea=Sea(mask, (0, 0), (0, 0), 0.0),
        throats=(),
        distances=MappingProxyType(distances),
        viewsheds=MappingProxyType(viewsheds),
        key="made up",
    )


def held(theatre: Theatre, japanese: Mapping[str, str] | None = None) -> tuple[Part, ...]:
    """Parts of a theatre: some units Japanese, with the forces named; the rest Russian."""
    given = japanese or {}
    return tuple(
        Part(unit, unit, "JP" if unit in given else "RU", given.get(unit, "RU"), land)
        for unit, land in theatre.lands.items()
    )


def shut(theatre: Theatre, parts: Sequence[Part], assumptions: Assumptions) -> NDArray[np.bool_]:
    """Cells that Russia's line may not enter."""
    used = find_zones(theatre, administered(parts), part_distances(theatre, parts), assumptions)
    return closed_water(theatre, parts, used)


def option(forces: Mapping[str, str]) -> Scenario:
    """The option that hands over some units, each with its forces."""
    cessions = tuple(Cession(unit=unit, forces=who) for unit, who in forces.items())
    return Scenario(scenario_id="drawn", title="Drawn", cessions=cessions)


@st.composite
def nested_options(draw: st.DrawFn) -> tuple[Scenario, Scenario]:
    """Two options, the second handing over all that the first does, and perhaps more."""
    units = list(read_islands())
    who = st.sampled_from(FORCES)
    more = draw(st.dictionaries(st.sampled_from(units), who, max_size=len(units)))
    fewer = draw(st.sets(st.sampled_from(sorted(more)))) if more else set()
    return option({u: f for u, f in more.items() if u in fewer}), option(more)


@st.composite
def nested_chains(draw: st.DrawFn) -> tuple[Scenario, Scenario]:
    """As ``nested_options``, each a prefix of the chain from the south."""
    units = list(read_islands())
    fewer, more = sorted(draw(st.tuples(*[st.integers(0, len(units))] * 2)))
    forces = {unit: draw(st.sampled_from(FORCES)) for unit in units[:more]}
    return option({u: forces[u] for u in units[:fewer]}), option(forces)
