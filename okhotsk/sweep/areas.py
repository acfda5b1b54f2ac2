"""Figures of every island set that are sums: land, zones, exits and waters.

Each is a sum over classes (:mod:`okhotsk.sweep.zonal_sums`): a class of cells changes hands, or
comes into reach, for every island set alike. All are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.measures import figures
from okhotsk.measures.context import Context
from okhotsk.measures.refuge import area_km2
from okhotsk.raster.arrays import BoolArray, FloatArray, SetArray
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.raster.proximity import DistanceField
from okhotsk.sweep.allocation import Allocation
from okhotsk.sweep.zonal_sums import EquivalenceClasses
from okhotsk.theatre.coast import FIXED_HOLDERS
from okhotsk.theatre.straits import Throat

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Area:
    """An area that changes with the island set.

    Attributes
    ----------
    column
        The figure that it is.
    start_km2
        The area when no island is ceded.
    sign
        Whether it grows (1) or shrinks (-1) by what the units decide; 0 where it never changes.
    units, km2
        Units that decide a cell, and its area, for the cells that may change.
    """

    column: str
    start_km2: float
    sign: int
    units: SetArray
    km2: NDArray[np.float32]

    @classmethod
    def fixed(cls, column: str, km2: float) -> Area:
        """An area that is the same for every island set."""
        return cls(column, km2, 0, np.empty(0, np.uint64), np.empty(0, np.float32))

    def changed_by(self, km2: FloatArray) -> FloatArray:
        """The area when the units have decided so much."""
        return self.start_km2 + self.sign * km2

    def classes(self) -> EquivalenceClasses:
        """The cells that may change, by the units that decide them."""
        return EquivalenceClasses.of(self.units, self.km2)


@dataclass(frozen=True)
class Areas:
    """What the sums follow from.

    Attributes
    ----------
    armed
        Whether Japanese forces may stand on ceded islands.
    workers
        Threads; the figures do not depend on their number.
    """

    context: Context
    allocation: Allocation
    armed: bool
    workers: int = 1

    def figures(self, unit_sets: SetArray) -> Columns:
        """Return all sums for some sets of ceded units; shares are not yet taken."""
        return {
            **self.land(unit_sets),
            **{a.column: self._all_of(a, unit_sets) for a in self.zones()},
            **self.exits(unit_sets),
            **{a.column: self._any_of(a, unit_sets) for a in self.waters()},
        }

    def land(self, unit_sets: SetArray) -> Columns:
        """Land, people and coast ceded."""
        columns: Columns = {
            figure.column: _totals(unit_sets, self._properties[figure.source])
            for figure in figures.FIGURES
            if figure.rule == "land"
        }
        columns["ceded_population"] = columns["ceded_population"].astype(np.int64)
        return columns

    @cached_property
    def _properties(self) -> Mapping[str, FloatArray]:
        """Columns of the island list, in the order of the units; people not counted are none."""
        theatre = self.context.theatre
        islands = theatre.islands.set_index("island_id").loc[list(self.allocation.units)]
        names = [figure.source for figure in figures.FIGURES if figure.rule == "land"]
        return {name: islands[name].fillna(0).to_numpy(float) for name in names}

    def _all_of(self, area: Area, unit_sets: SetArray) -> FloatArray:
        """A cell changes hands once all units that decide it are ceded."""
        return area.changed_by(area.classes().all_of(unit_sets, workers=self.workers))

    def _any_of(self, area: Area, unit_sets: SetArray) -> FloatArray:
        """A cell comes into reach once one of the units that decide it may have forces."""
        hostile = unit_sets if self.armed else np.zeros_like(unit_sets)
        return area.changed_by(area.classes().any_of(hostile, workers=self.workers))

    def zones(self) -> Iterator[Area]:
        """Maritime zones in the sea."""
        theatre, r = self.context.theatre, self.allocation
        inside, units = theatre.sea.mask, r.allocated_units
        yield Area.fixed("sea_km2", theatre.sea_km2)
        for zone, russian, japanese in self._zone_cells():
            # What Russia loses and Japan gains differs in the Soya Strait only.
            for side, sign, own, today in (
                ("ru", -1, inside & russian, ~r.japanese),
                ("jp", 1, inside & japanese, r.japanese),
            ):
                start_km2 = area_km2(theatre, own & today)
                yield Area(f"{side}_{zone}", start_km2, sign, units[own], theatre.water_km2[own])
        yield Area.fixed("high_seas_km2", area_km2(theatre, inside & ~self._economic))

    @property
    def _economic(self) -> BoolArray:
        """Cells within reach of an exclusive economic zone."""
        return self.allocation.near_km <= self.context.assumptions.eez_nm * KM_PER_NM

    def _zone_cells(self) -> list[tuple[str, BoolArray, BoolArray]]:
        """Zones of one holder, with the cells in them if Russian and if Japanese."""
        r, economic = self.allocation, self._economic
        return [
            ("territorial_sea_km2", r.sea, r.sea_if_japanese),
            ("eez_km2", economic & ~r.sea, economic & ~r.sea_if_japanese),
        ]

    def waters(self) -> Iterator[Area]:
        """Patrol water, and what of it is refuge and sensed."""
        theatre, patrol = self.context.theatre, self.context.patrol
        patrol_km2 = area_km2(theatre, patrol)
        yield Area.fixed("patrol_km2", patrol_km2)
        flat, water_km2 = patrol.ravel(), theatre.water_km2.ravel()
        for column, sign, (units, always) in (
            ("refuge_km2", -1, self.within_standoff()),
            ("sensed_km2", 1, self.in_sight()),
        ):
            fixed_km2 = float(water_km2[flat & always].sum(dtype=float))
            start_km2 = fixed_km2 if sign > 0 else patrol_km2 - fixed_km2
            changing = flat & ~always
            yield Area(column, start_km2, sign, units[changing], water_km2[changing])

    def within_standoff(self) -> tuple[SetArray, BoolArray]:
        """Units within the standoff of each cell, and whether Japan proper is (both flat)."""
        standoff_km = self.context.assumptions.refuge_standoff_km
        return self._reach(self.context.theatre.distances, standoff_km)

    def in_sight(self) -> tuple[SetArray, BoolArray]:
        """Units with each cell in sight in sensor range, and whether Japan proper has it (flat)."""
        return self._reach(self.context.seen, self.context.assumptions.sensor_range_km)

    def _reach(self, fields: Mapping[str, DistanceField], km: float) -> tuple[SetArray, BoolArray]:
        size = self.context.theatre.water_km2.size
        units, always = np.zeros(size, np.uint64), np.zeros(size, bool)
        for unit, field in fields.items():
            cells = field.cells[field.km <= km]
            if unit in self.allocation.units:
                units[cells] |= np.uint64(1 << self.allocation.units.index(unit))
            elif FIXED_HOLDERS[unit] == "JP":
                always[cells] = True
        return units, always

    def exits(self, unit_sets: SetArray) -> Columns:
        """Exits deep enough for a submerged passage, by who holds their shores."""
        deep = exits_of(self.context.theatre.throats, self.context.assumptions.transit_depth_m)
        shores = np.zeros((len(deep), len(unit_sets)), np.int64)
        for n, throat in enumerate(deep):
            for unit in (throat.strait.side_a, throat.strait.side_b):
                shores[n] += self._japanese(unit, unit_sets)
        depth_m = self.context.assumptions.operating_depth_m
        areas_km2 = {
            "throats": np.array([throat.throat_area_km2 for throat in deep]),
            "operating": np.array([throat.operating_area_km2(depth_m) for throat in deep]),
        }
        return figures.count_exits(shores, areas_km2)

    def _japanese(self, unit: str, unit_sets: SetArray) -> BoolArray:
        """Under which sets a unit is Japanese."""
        if unit in FIXED_HOLDERS:
            return np.full(len(unit_sets), FIXED_HOLDERS[unit] == "JP")
        bit = np.uint64(self.allocation.units.index(unit))
        return np.asarray(unit_sets >> bit & np.uint64(1), bool)


def exits_of(throats: tuple[Throat, ...], least_m: float) -> list[Throat]:
    """Return the exits whose sill is at least so deep."""
    return [t for t in throats if t.strait.exit and (t.sill_depth_m or 0.0) >= least_m]


def _totals(unit_sets: SetArray, values: FloatArray) -> FloatArray:
    """Sum of a property over the units of each set."""
    total = np.zeros(len(unit_sets))
    for n, value in enumerate(values):
        total += np.where(unit_sets >> np.uint64(n) & np.uint64(1), value, 0.0)
    return total
