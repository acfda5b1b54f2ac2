"""Seabeds that may be the true one: they differ from the shipped one as public grids differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import pandas as pd
import rasterio
from scipy.ndimage import map_coordinates

from okhotsk.cache import kept_at, recall
from okhotsk.datasets import data_folder, sha256
from okhotsk.raster.arrays import Float32Array, FloatArray
from okhotsk.raster.grid import Grid
from okhotsk.theatre.bathymetry import Seabed, analysis_grid
from okhotsk.theatre.exits import exit_sill_depths
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import OPERATING_DEPTHS_M, Strait, Throat
from okhotsk.theatre.throat_search import ThroatSearch, find_search

ERRORS = "seabed_errors.tif"
INTERVAL = (5, 95)  # percentiles of the members
SLOPE_DEG = 0.1  # the slope is taken between points so far on both sides, as it was measured
REACH_CELLS = 6  # round the throat of a strait that the seabed does not resolve
DEPTH_QUANTITIES = ("sill_depth_m", "depth_m", "max_depth_m")
# What a theatre finds once that no seabed changes.
FROM_COAST = ("clear", "shore_km", "nearest_water", "shores", "gaps", "near_throats", "exit_cells")
# Steps between members through the bounds of a strait: coprime with 24, so that none is left out.
STRIDES = (1, 5, 7, 11, 13, 17, 19, 23)


@dataclass(frozen=True)
class SeabedErrors:
    """How wrong the shipped seabed may be.

    Attributes
    ----------
    fields
        Random fields on nodes of the window, from north to south, as multiples of :meth:`size`;
        their variance is that of the variogram, about 1.27. Each is used with both signs.
    depth_m, log_sd
        Standard deviation of the log error (of the logarithm of one grid's depth over the
        other's), by depth.
    place_km
        Standard deviation of the place; times the slope, it adds to the error in depth.
    largest
        Greatest standard deviation that is used.
    """

    fields: Float32Array
    depth_m: FloatArray
    log_sd: FloatArray
    place_km: float
    largest: float

    @property
    def members(self) -> int:
        """How many seabeds there are."""
        return 2 * len(self.fields)

    def field(self, number: int, grid: Grid) -> Float32Array:
        """Return the field of a member, from 1 on, between its nodes, on the cells of a grid."""
        drawn = self.fields[(number - 1) // 2]
        west, south, east, north = grid.bounds
        rows = (north - grid.lat) / (north - south) * (drawn.shape[0] - 1)
        cols = (grid.lon - west) / (east - west) * (drawn.shape[1] - 1)
        places = np.meshgrid(rows, cols, indexing="ij")
        sign = np.float32(1 if number % 2 else -1)
        return np.asarray(sign * map_coordinates(drawn, places, order=1, mode="nearest"))

    def size(self, seabed: Seabed) -> Float32Array:
        """Return the standard deviation of the log error in every cell."""
        depth_m = np.maximum(seabed.depth_m, np.float32(1))
        level = np.interp(np.log(depth_m), np.log(self.depth_m), self.log_sd**2)
        steep = _slope_m_per_km(seabed) / depth_m
        size = np.minimum(np.sqrt(level + (self.place_km * steep) ** 2), self.largest)
        return np.asarray(size, np.float32)


def _slope_m_per_km(seabed: Seabed) -> Float32Array:
    """Slope of the seabed between points that lie as far apart as where it was measured."""
    depth_m, grid = seabed.depth_m, seabed.grid
    wide_km, high_km = grid.cell_size_km()
    over_cols, over_rows = (max(1, round(SLOPE_DEG / size)) for size in grid.cell_deg)
    parts = []
    for axis, over in ((0, over_rows), (1, over_cols)):
        cells = np.arange(depth_m.shape[axis])
        ahead, behind = (np.clip(cells + n, 0, len(cells) - 1) for n in (over, -over))
        rise = depth_m.take(ahead, axis) - depth_m.take(behind, axis)
        apart = np.expand_dims(ahead - behind, 1 - axis)
        parts.append(rise / (apart * (high_km, wide_km)[axis][:, None]))
    return np.hypot(*parts).astype(np.float32)


@cache
def read_errors() -> SeabedErrors:
    """Read the errors of the shipped seabed."""
    with rasterio.open(data_folder() / ERRORS) as source:
        steps, tags = source.read(), source.tags()
    return SeabedErrors(
        fields=steps.astype(np.float32) / np.float32(tags["steps_per_sd"]),
        depth_m=np.array(tags["depth_m"].split(), float),
        log_sd=np.array(tags["log_sd"].split(), float),
        place_km=float(tags["place_km"]),
        largest=float(tags["largest_log_sd"]),
    )


def count_members(theatre: Theatre) -> int:
    """Return how many seabeds the ensemble of a theatre has.

    None where the seabed is one of the user's own, for how wrong that is, is not known here; and
    none on other cells than those of the analysis.
    """
    known = theatre.seabed.shipped and theatre.grid == analysis_grid()
    return read_errors().members if known else 0


class Ensemble:
    """The seabeds that may be the true one, given a theatre's own.

    Parameters
    ----------
    theatre
        With the shipped seabed.
    """

    def __init__(self, theatre: Theatre) -> None:
        self.theatre, self.errors = theatre, read_errors()

    @cached_property
    def size(self) -> Float32Array:
        """Standard deviation of the log error in every cell."""
        return self.errors.size(self.theatre.seabed)

    @cached_property
    def bounds(self) -> Mapping[int, tuple[float, float]]:
        """Published bounds of depth of the straits that are not resolved, by their number."""
        unresolved = {n: t.strait for n, t in enumerate(self.theatre.throats) if not t.resolved}
        found = {n: depth_bounds(strait) for n, strait in unresolved.items()}
        return {n: bounds for n, bounds in found.items() if bounds}

    def depths(self, number: int) -> Float32Array:
        """Return the depths of a member; member 0 is the seabed itself.

        A depth is multiplied by the exponential of its error, so that water stays water and land
        stays land. Depths round a strait that is not resolved are scaled until its throat is as
        deep as some depth between the published bounds.
        """
        seabed = self.theatre.seabed
        if number == 0:
            return seabed.depth_m
        depth_m = seabed.depth_m * np.exp(self.size * self.errors.field(number, seabed.grid))
        for place, (strait, (low, high)) in enumerate(self.bounds.items()):
            turn = number * STRIDES[place % len(STRIDES)] + place
            share = (turn % self.errors.members + 0.5) / self.errors.members
            self._deepen(depth_m, self.theatre.throats[strait], low + share * (high - low))
        return np.asarray(depth_m)

    def _deepen(self, depth_m: Float32Array, throat: Throat, wanted_m: float) -> None:
        """Scale the depths round a throat until the deepest on it is some depth."""
        grid = self.theatre.grid
        west, south, east, north = throat.line.bounds
        (top, left), (bottom, right) = grid.index(west, north), grid.index(east, south)
        there = depth_m[
            max(top - REACH_CELLS, 0) : bottom + REACH_CELLS + 1,
            max(left - REACH_CELLS, 0) : right + REACH_CELLS + 1,
        ]
        deepest_m = max(depth_m[grid.index(*point)] for point in throat.line.coords)
        if deepest_m > 0:
            there *= np.float32(wanted_m / deepest_m)

    @cached_property
    def _searches(self) -> list[ThroatSearch]:
        """Where each throat is sought."""
        theatre, whole_km2 = self.theatre, self.theatre.grid.cell_area_km2()[:, None]
        water = (theatre.water_km2 / whole_km2).astype(np.float32)
        return [
            find_search(throat.strait, theatre.lands, theatre.seabed, water)
            for throat in theatre.throats
        ]

    def straits(self, number: int) -> FloatArray:
        """Return what a member makes of the straits.

        Returns
        -------
        numpy.ndarray
            A row for each strait: its cross-section, its sill (NaN where it has none), and its
            cross-section down to each of the operating depths.
        """
        depth_m = self.depths(number)
        sills = exit_sill_depths(self.theatre.exit_cells, depth_m)
        rows = []
        for throat, search in zip(self.theatre.throats, self._searches, strict=True):
            there, sill = search.on(depth_m), sills.get(throat.strait.strait_id)
            areas = (there.crossing().cost, np.nan if sill is None else sill)
            rows.append((*areas, *there.operating_areas_km2()))
        return np.array(rows)

    @cached_property
    def spread(self) -> StraitSpread:
        """What all members make of the straits, kept on disk."""
        path = kept_at("straits", __name__, self.theatre.key, sha256(data_folder() / ERRORS))

        def find() -> dict[str, FloatArray]:
            return {"straits": np.stack([self.straits(n + 1) for n in range(self.errors.members)])}

        return StraitSpread(recall(path, find, names=("straits",))["straits"])

    def member(self, number: int) -> Theatre:
        """Return the theatre on the seabed of a member, from 0 on.

        Sections and sills of the straits are found anew. Throats and the limits of the sea stay
        where they are; lines of sight are found anew where the theatre is coarsened.
        """
        theatre = self.theatre
        if number == 0:
            return theatre
        throats = tuple(
            replace(
                throat,
                throat_area_km2=float(area),
                sill_depth_m=None if np.isnan(sill) else float(sill),
                operating_areas_km2=tuple(map(float, operating)),
            )
            for throat, (area, sill, *operating) in zip(
                theatre.throats, self.spread.figures[number - 1], strict=True
            )
        )
        seabed = replace(theatre.seabed, depth_m=self.depths(number))
        key = f"{theatre.key}, member {number}"
        found = replace(theatre, seabed=seabed, throats=throats, key=key)
        # What follows from the coast need not be found again.
        found.__dict__.update({name: getattr(theatre, name) for name in FROM_COAST})
        return found


@dataclass(frozen=True)
class StraitSpread:
    """What the members of an ensemble make of the straits.

    Attributes
    ----------
    figures
        Shape (members, straits, figures), the figures as :meth:`Ensemble.straits` returns them.
    """

    figures: FloatArray

    @property
    def areas_km2(self) -> FloatArray:
        """Cross-section, a row for each member."""
        return np.asarray(self.figures[..., 0])

    @property
    def sills_m(self) -> FloatArray:
        """Sill depth, a row for each member; NaN where a strait has none."""
        return np.asarray(self.figures[..., 1])

    def operating_areas_km2(self, depth_m: float) -> FloatArray:
        """Return the cross-section down to some depth, a row for each member."""
        levels = np.array(OPERATING_DEPTHS_M, float)
        after = int(np.clip(np.searchsorted(levels, depth_m), 1, len(levels) - 1))
        low, high = levels[after - 1], levels[after]
        share = np.clip((depth_m - low) / (high - low), 0, 1)
        pair = self.figures[..., 2 + after - 1], self.figures[..., 2 + after]
        return np.asarray(pair[0] * (1 - share) + pair[1] * share)


def strait_intervals(theatre: Theatre, *, operating_depth_m: float) -> pd.DataFrame:
    """Return how far the figures of the straits move with the seabed, a row for each strait.

    Columns are those of :func:`okhotsk.theatre.straits.straits_table` with ``_low`` and ``_high``:
    the 5th and the 95th percentile over the members of the ensemble. NaN where the figure is not
    given, and everywhere where the seabed is one of the user's own.
    """
    names = ("throat_area_km2", "operating_area_km2", "throat_share", "sill_depth_m")
    known = np.array([throat.resolved for throat in theatre.throats])
    kuril = np.array([throat.strait.kuril for throat in theatre.throats]) & known
    found = dict.fromkeys(names, np.full((1, len(known)), np.nan))
    if count_members(theatre):
        spread = Ensemble(theatre).spread
        areas_km2 = spread.areas_km2
        total = areas_km2[:, kuril].sum(axis=1, keepdims=True)
        figures = (
            np.where(known, areas_km2, np.nan),
            np.where(known, spread.operating_areas_km2(operating_depth_m), np.nan),
            np.where(kuril, areas_km2 / total, np.nan),
            spread.sills_m,
        )
        found = dict(zip(names, figures, strict=True))
    ends = {name: interval(values) for name, values in found.items()}
    return pd.DataFrame(
        {f"{name}_{end}": ends[name][n] for name in names for n, end in enumerate(("low", "high"))}
    )


def depth_bounds(strait: Strait) -> tuple[float, float] | None:
    """Return the least and the greatest depth that is published for a strait; None without any."""
    values = [one["value"] for one in strait.published if one["quantity"] in DEPTH_QUANTITIES]
    return (float(min(values)), float(max(values))) if values else None


def interval(values: FloatArray) -> FloatArray:
    """Return the 5th and the 95th percentile over the first axis, members, as two rows."""
    return np.asarray(np.percentile(values, INTERVAL, axis=0))
