"""Who holds the shores of every strait, and what is left open between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk import geodesy
from okhotsk.assumptions import Assumptions
from okhotsk.geodesy import KM_PER_NM
from okhotsk.scenario import Part
from okhotsk.straits import Throat, straits_table
from okhotsk.theatre import Theatre

NEAR_DEG = 0.6
REGIMES: Mapping[tuple[str, str], str] = MappingProxyType(
    {("RU", "RU"): "russian", ("JP", "JP"): "japanese"}
)


def straits_under(
    theatre: Theatre, parts: Iterable[Part], assumptions: Assumptions, *, scenario_id: str
) -> gpd.GeoDataFrame:
    """Return the straits with who holds their shores and what is left open between.

    The holder of a shore is that of the land nearest to the end of the throat, so that a split
    island counts with the side that faces the strait. The corridor is the stretch of the throat
    outside every territorial sea, its depth the greatest along it.
    """
    parts = list(parts)
    table = straits_table(theatre.throats).drop(columns="geometry")
    shores = _Shores.of(parts)
    found = [_regime(throat, shores, assumptions) for throat in theatre.throats]
    known = [throat.resolved for throat in theatre.throats]
    table = table.assign(
        scenario_id=scenario_id, **{key: [f[key] for f in found] for key in found[0]}
    )
    table["corridor_depth_m"] = table.corridor_depth_m.where(known)
    lines = [throat.line for throat in theatre.throats]
    return gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:4326")


def uncounted_exits(straits: gpd.GeoDataFrame, assumptions: Assumptions) -> list[str]:
    """Exits that no figure counts, from :func:`straits_under`, and why, in sentences."""
    hidden = straits[straits.exit & ~straits.resolved]["name"]
    notes = (
        [f"Not counted as exits, because the seabed is too coarse for them: {', '.join(hidden)}."]
        if len(hidden)
        else []
    )
    limit_m = assumptions.transit_depth_m
    shallow = straits[straits.exit & (straits.sill_depth_m < limit_m)]
    return notes + [
        f"Not counted as an exit, because its sill of {depth:.0f} m on this seabed is shallower "
        f"than {limit_m:g} m: {name}."
        for name, depth in zip(shallow["name"], shallow.sill_depth_m, strict=True)
    ]


@dataclass(frozen=True)
class _Shores:
    """All polygons of an option, findable by place."""

    polygons: NDArray[np.object_]
    owners: tuple[Part, ...]
    tree: shapely.STRtree

    @classmethod
    def of(cls, parts: Sequence[Part]) -> _Shores:
        pairs = [(polygon, part) for part in parts for polygon in part.land.geoms]
        polygons = np.array([polygon for polygon, _ in pairs], object)
        return cls(polygons, tuple(part for _, part in pairs), shapely.STRtree(polygons))

    def near(self, line: shapely.LineString) -> dict[str, tuple[Part, Any]]:
        """Land within 0.6 degrees of a line, beyond any territorial sea, by part id."""
        west, south, east, north = line.bounds
        box = shapely.box(west - NEAR_DEG, south - NEAR_DEG, east + NEAR_DEG, north + NEAR_DEG)
        found: dict[str, tuple[Part, list[Any]]] = {}
        for n in np.sort(self.tree.query(box)):
            part = self.owners[n]
            clipped = shapely.intersection(self.polygons[n], box)
            if not clipped.is_empty:
                found.setdefault(part.part_id, (part, []))[1].append(clipped)
        return {key: (part, shapely.union_all(land)) for key, (part, land) in found.items()}


def _regime(throat: Throat, shores: _Shores, assumptions: Assumptions) -> dict[str, Any]:
    near = shores.near(throat.line)
    ends = [shapely.Point(throat.line.coords[n]) for n in (0, -1)]
    sides = (throat.strait.side_a, throat.strait.side_b)
    holders = [_holder(near, unit, end) for unit, end in zip(sides, ends, strict=True)]
    share = np.linspace(0, 1, len(throat.distance_km))
    points = shapely.line_interpolate_point(throat.line, share, normalized=True)
    free = np.ones(len(points), bool)
    for part, land in near.values():
        limit_km = _reach_nm(part, throat, assumptions) * KM_PER_NM
        free &= _distance_km(land, points) > limit_km
    step_km = throat.distance_km[-1] / max(len(points) - 1, 1)
    return {
        "holder_a": holders[0],
        "holder_b": holders[1],
        "regime": REGIMES.get((holders[0], holders[1]), "shared"),
        "corridor_km": float(min(free.sum() * step_km, throat.distance_km[-1])),
        "corridor_depth_m": float(throat.depth_m[free].max()) if free.any() else np.nan,
    }


def _reach_nm(part: Part, throat: Throat, assumptions: Assumptions) -> float:
    """Breadth of a part's territorial sea in a strait."""
    soya = throat.strait.strait_id == "la-perouse" and part.sovereign == "JP"
    general_nm = assumptions.territorial_sea_nm
    return min(assumptions.soya_nm, general_nm) if soya else general_nm


def _holder(near: Mapping[str, tuple[Part, Any]], unit: str, point: shapely.Point) -> str:
    """Sovereign of the part of a unit that is nearest to a point."""
    own = [(shapely.distance(land, point), part) for part, land in near.values()]
    own = [pair for pair in own if pair[1].unit == unit]
    return min(own, key=lambda pair: pair[0])[1].sovereign


def _distance_km(land: Any, points: Any) -> Any:
    """Geodesic distance of points to a nearby land."""
    squeeze = np.array([np.cos(np.radians(shapely.get_y(points).mean())), 1.0])
    flat_land, flat = (shapely.transform(g, squeeze.__mul__) for g in (land, points))
    near = shapely.get_coordinates(shapely.shortest_line(flat, flat_land))[1::2] / squeeze
    return geodesy.distance_km(shapely.get_x(points), shapely.get_y(points), *near.T)
