"""Every figure of every island set: what an assessment finds for one, for millions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.assessment import index
from okhotsk.cache import Baselines, kept_at, recall
from okhotsk.datasets import data_digest
from okhotsk.errors import ScenarioError
from okhotsk.measures.barrier import LINES, Seal, find_anchor, find_line
from okhotsk.measures.context import Context
from okhotsk.measures.refuge import area_km2
from okhotsk.raster import planar_cut
from okhotsk.raster.arrays import BoolArray, FloatArray, SetArray
from okhotsk.raster.cost_surface import PathProblem
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.raster.proximity import DistanceField
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import Block, block_units, read_blocks, subsets, unit_sets
from okhotsk.sweep.allocation import find_allocation, members
from okhotsk.sweep.enclaves import cut_off
from okhotsk.sweep.passages import Ways
from okhotsk.sweep.segments import FreeComponents, Segments, find_segments
from okhotsk.sweep.strip_graph import BarrierDomain, Rays, find_domain
from okhotsk.sweep.subset_bounds import Bounds, Solution, Solutions
from okhotsk.sweep.transfer import TransferCosts, find_transfer_costs
from okhotsk.sweep.zonal_sums import Atoms
from okhotsk.theatre.coast import FIXED_HOLDERS
from okhotsk.theatre.model import Theatre

Columns = dict[str, NDArray[Any]]
Progress = Callable[[str, int, int], None]

# What each way is called while it is solved; those of other navies follow from what Russia keeps.
WAYS: Mapping[str, str] = MappingProxyType(
    {
        "access_depth_m": "access",
        "egress_depth_m": "egress",
        "egress_exposure": "way out",
        "intruder_exposure": "way in",
    }
)
OTHERS = ("access_depth_m", "intruder_exposure")
EXPOSURES = ("egress_exposure", "intruder_exposure")
ROUNDING = 1e-4  # lines are added up in single precision


class Sweep:
    """The figures of many cessions on one theatre under one set of assumptions.

    A cession is a set of pieces of the chain (bits in their order).

    Parameters
    ----------
    theatre, assumptions
        As :func:`okhotsk.assess`.
    pieces
        Units that are handed over together (:func:`okhotsk.scenario.island_sets.read_blocks` by
        default).
    chosen
        The cessions that will be asked for; all by default.
    demilitarised
        Whether no forces may stand on what is handed over.
    workers
        Threads; the figures do not depend on their number.
    progress
        Called with what is being prepared, how much of it is done, and how much there is.
    """

    def __init__(
        self,
        theatre: Theatre,
        *,
        pieces: Sequence[Block] | None = None,
        chosen: SetArray | None = None,
        assumptions: Assumptions | None = None,
        demilitarised: bool = False,
        workers: int = 2,
        progress: Progress | None = None,
    ) -> None:
        today = Baselines(PathProblem.solve)
        self.ground = Context(theatre, assumptions or Assumptions(), baselines=today)
        self.regions = find_allocation(theatre, self.ground.assumptions)
        self.pieces = tuple(pieces or read_blocks())
        self.chosen = subsets(self.pieces) if chosen is None else chosen
        self.demilitarised, self.workers = demilitarised, workers
        self.tell = progress or (lambda *_: None)
        self.ways = Ways(self.ground, self.regions, armed=not demilitarised)

    @property
    def theatre(self) -> Theatre:
        """The theatre."""
        return self.ground.theatre

    def figures(self, chosen: SetArray, *, exposures: bool = True) -> Columns:
        """Return the columns of the ``assess`` command for some cessions, but for the interval.

        ``exposures`` says whether exposures, and the index that needs them, are wanted: they
        take longest.
        """
        sets = unit_sets(chosen, self.pieces)
        columns = {**self.land(sets), **self.zones(sets), **self.exits(sets)}
        columns |= {**self.depths(sets), **self.lines(chosen), **self.waters(sets)}
        if exposures:
            columns |= self.exposures(sets)
            recipe = index.read_recipe()
            scores = index.index_of(self.components(columns), recipe.weights, recipe.floor)
            columns["index"] = scores
        return columns

    def components(self, columns: Columns) -> FloatArray:
        """Return the components of the index, shape (cessions, components)."""
        return index.component_table(index.read_recipe(), columns, self.today)

    @cached_property
    def today(self) -> dict[str, float]:
        """The figures with nothing handed over."""
        nothing = np.zeros(1, np.uint64)
        columns = self.figures(nothing, exposures=False) | self.exposures(nothing)
        return {name: float(values[0]) for name, values in columns.items()}

    def land(self, sets: SetArray) -> Columns:
        """Land, people and coast handed over."""
        islands = self.theatre.islands.set_index("island_id").loc[list(self.regions.units)]
        people = islands.population.fillna(0).to_numpy(float)
        return {
            "ceded_land_km2": _totals(sets, islands.area_km2.to_numpy(float)),
            "ceded_population": _totals(sets, people).astype(np.int64),
            "ceded_coast_km": _totals(sets, islands.coast_km.to_numpy(float)),
        }

    def zones(self, sets: SetArray) -> Columns:
        """Maritime zones in the sea."""
        r, inside = self.regions, self.theatre.sea.mask
        columns: Columns = {"sea_km2": np.full(len(sets), self.theatre.sea_km2)}
        for zone, russian, japanese in self.zone_cells():
            # What Russia loses and Japan gains differs in the Soya Strait only.
            kept = area_km2(self.theatre, inside & russian & ~r.japanese)
            had = area_km2(self.theatre, inside & japanese & r.japanese)
            columns[f"ru_{zone}"] = kept - self._lost(inside & russian, sets)
            columns[f"jp_{zone}"] = had + self._lost(inside & japanese, sets)
        pocket = r.near_km > self.ground.assumptions.eez_nm * KM_PER_NM
        columns["high_seas_km2"] = np.full(len(sets), area_km2(self.theatre, inside & pocket))
        return columns

    def zone_cells(self) -> list[tuple[str, BoolArray, BoolArray]]:
        """Zones of one holder, with the cells in them if Russian and if Japanese."""
        r = self.regions
        economic = r.near_km <= self.ground.assumptions.eez_nm * KM_PER_NM
        return [
            ("territorial_sea_km2", r.sea, r.sea_if_japanese),
            ("eez_km2", economic & ~r.sea, economic & ~r.sea_if_japanese),
        ]

    def _lost(self, cells: BoolArray, sets: SetArray) -> FloatArray:
        """Area of some cells that passes to Japan."""
        atoms = Atoms.of(self.regions.decider[cells], self.theatre.water_km2[cells])
        return atoms.all_of(sets, workers=self.workers)

    def exits(self, sets: SetArray) -> Columns:
        """Exits deep enough for a submerged passage, by who holds their shores."""
        counts = {name: np.zeros(len(sets), np.int64) for name in ("russian", "shared", "japanese")}
        russian_km2, total_km2 = np.zeros(len(sets)), 0.0
        for throat in self.theatre.throats:
            sill_m = throat.sill_depth_m or 0.0
            if not throat.strait.exit or sill_m < self.ground.assumptions.transit_depth_m:
                continue
            sides = (throat.strait.side_a, throat.strait.side_b)
            one, other = (self._japanese(unit, sets) for unit in sides)
            counts["russian"] += ~one & ~other
            counts["shared"] += one ^ other
            counts["japanese"] += one & other
            russian_km2 += np.where(one | other, 0.0, throat.throat_area_km2)
            total_km2 += throat.throat_area_km2
        share = russian_km2 / total_km2 if total_km2 else np.full(len(sets), np.nan)
        return {f"exits_{k}": v for k, v in counts.items()} | {"russian_throat_share": share}

    def _japanese(self, unit: str, sets: SetArray) -> BoolArray:
        """Under which sets a unit is Japanese."""
        if unit in FIXED_HOLDERS:
            return np.full(len(sets), FIXED_HOLDERS[unit] == "JP")
        bit = np.uint64(self.regions.units.index(unit))
        return np.asarray(sets >> bit & np.uint64(1), bool)

    def waters(self, sets: SetArray) -> Columns:
        """Patrol water, refuge and sensed water."""
        hostile = np.zeros_like(sets) if self.demilitarised else sets
        values, patrol = self.ground.assumptions, self.ground.patrol
        patrol_km2 = area_km2(self.theatre, patrol)
        refuge_km2 = patrol_km2 - self._within(
            self.theatre.fields, values.refuge_standoff_km, hostile
        )
        sensed_km2 = self._within(self.ways.seen, values.sensor_range_km, hostile)
        return {
            "patrol_km2": np.full(len(sets), patrol_km2),
            "refuge_km2": refuge_km2,
            "refuge_share": refuge_km2 / patrol_km2,
            "sensed_share": sensed_km2 / patrol_km2,
        }

    def _within(
        self, fields: Mapping[str, DistanceField], km: float, hostile: SetArray
    ) -> FloatArray:
        """Patrol water within a distance of a hostile shore, Japan proper's included."""
        patrol, water_km2 = self.ground.patrol.ravel(), self.theatre.water_km2.ravel()
        units, always = self.reach(fields, km)
        decided = patrol & ~always
        atoms = Atoms.of(units[decided], water_km2[decided])
        fixed_km2 = float(water_km2[patrol & always].sum(dtype=float))
        return fixed_km2 + atoms.any_of(hostile, workers=self.workers)

    def reach(self, fields: Mapping[str, DistanceField], km: float) -> tuple[SetArray, BoolArray]:
        """Units within a distance of each cell, and whether Japan proper is (both flat)."""
        size = self.theatre.water_km2.size
        units, always = np.zeros(size, np.uint64), np.zeros(size, bool)
        for unit, field in fields.items():
            cells = field.cells[field.km <= km]
            if unit in self.regions.units:
                units[cells] |= np.uint64(1 << self.regions.units.index(unit))
            elif FIXED_HOLDERS[unit] == "JP":
                always[cells] = True
        return units, always

    def depths(self, sets: SetArray) -> Columns:
        """Deepest keels in and out."""
        return {name: self._deduce(name, sets) for name in ("access_depth_m", "egress_depth_m")}

    def exposures(self, sets: SetArray) -> Columns:
        """Exposure of the ways in and out."""
        return {name: self._deduce(name, sets) for name in EXPOSURES}

    def solutions(self, column: str) -> tuple[Solution, ...]:
        """Return the ways that a depth or an exposure of every chosen cession follows from.

        Those of ``access_depth_m`` and ``intruder_exposure`` are given what Russia keeps, the
        others what is handed over.
        """
        kept, bounds = self._settle(column, unit_sets(self.chosen, self.pieces))
        return tuple(kept)

    def _deduce(self, column: str, sets: SetArray) -> FloatArray:
        """Figures of some sets from solutions kept on disk, solving what is missing."""
        return self._settle(column, sets)[1].figures

    def _settle(self, column: str, sets: SetArray) -> tuple[Solutions, Bounds]:
        kept, bounds = self._bounds(column, sets)
        name, count = WAYS[column], len(sets)
        bounds.settle(
            np.arange(count),
            workers=self.workers,
            progress=lambda left: self.tell(name, count - left, count),
        )
        kept.write()
        return kept, bounds

    def _bounds(self, column: str, sets: SetArray) -> tuple[Solutions, Bounds]:
        solve = getattr(self.ways, column.removesuffix("_m").removesuffix("_exposure"))
        if column in OTHERS:
            sets = sets ^ np.uint64(self.ways.everything)
        unarmed = self.demilitarised and column == "egress_exposure"
        kept = Solutions.read(
            self._path(f"demilitarised {WAYS[column]}" if unarmed else WAYS[column])
        )
        groups = block_units(self.pieces)
        return kept, Bounds(
            sets, lambda given: kept.add(solve(given)), known=tuple(kept), groups=groups
        )

    def exposure_bounds(self, sets: SetArray) -> dict[str, tuple[Solutions, Bounds]]:
        """Return what is known of the exposures of some sets, by column, and where it is kept."""
        return {name: self._bounds(name, sets) for name in EXPOSURES}

    def _path(self, name: str, *, also: bytes = b"") -> Path:
        """Where something prepared is kept: by all that it follows from."""
        # The core keeps off whatever a named option hands over.
        known = f"{self.theatre.key} {self.ground.assumptions} {name} {data_digest()}"
        return kept_at("sweep", __name__, known.encode(), also)

    def lines(self, chosen: SetArray) -> Columns:
        """Length and section of the seal for some sets of pieces."""
        sets = unit_sets(chosen, self.pieces)
        alone = cut_off(self.regions, sets)
        columns: Columns = {}
        for name, gates in self.gates.items():
            columns[name] = np.full(len(sets), np.nan)
            columns[name][~alone] = gates.costs(chosen[~alone])
        for n in np.flatnonzero(alone):
            seal = self._seal(int(sets[n]))
            for name, values in columns.items():
                values[n] = getattr(seal, name)
        return columns

    @cached_property
    def gates(self) -> dict[str, TransferCosts]:
        """Least costs of the shortest line and of the least section."""
        return {name: self.find_transfer_costs(name, self.chosen) for name in LINES}

    def find_transfer_costs(self, name: str, chosen: SetArray, *, rays: Rays = ()) -> TransferCosts:
        """Least costs of a line for some cessions, by the rays that it crosses if there are any."""

        def find() -> Columns:
            try:
                bound = getattr(self._seal(self.ways.everything), name) * (1 + ROUNDING)
            except ScenarioError:  # no line past all of them
                bound = np.inf
            return find_transfer_costs(
                self.line_ground(name, rays),
                block_units(self.pieces),
                sets=chosen,
                bound=bound,
                workers=self.workers,
                progress=lambda done, total: self.tell(name, done, total),
            ).arrays()

        return TransferCosts.of(
            recall(self._line_path(name, chosen, rays), find, names=TransferCosts.ARRAYS)
        )

    def _line_path(self, name: str, chosen: SetArray, rays: Rays = ()) -> Path:
        pieces = np.array(block_units(self.pieces), np.uint64)
        return self._path(f"{name} {rays}", also=pieces.tobytes() + chosen.tobytes())

    def line_ground(self, name: str, rays: Rays = ()) -> BarrierDomain:
        """The ground that a line runs over."""
        south, north = (
            self.theatre.islands.loc[number, ["lon", "lat"]]
            for number in (self.theatre.islands.lat.idxmin(), self.theatre.islands.lat.idxmax())
        )
        return find_domain(
            self.theatre.grid,
            self.regions,
            self.ground.line_costs[name],
            core=self.ground.core,
            anchor=find_anchor(self.theatre),
            axis=(tuple(south), tuple(north)),
            rays=rays,
        )

    @cached_property
    def links(self) -> dict[str, Segments]:
        """The links that both lines of every chosen cession are made of.

        Raises
        ------
        ScenarioError
            Where a cession leaves closed water cut off, round which a line needs rings.
        """
        return {name: self._links(name) for name in LINES}

    def _links(self, name: str) -> Segments:
        if cut_off(self.regions, unit_sets(self.chosen, self.pieces)).any():
            raise ScenarioError(
                "some cessions leave Japanese waters that lie alone inside Russian ones; "
                "join their pieces (--pieces one+other)"
            )

        def find() -> Columns:
            return find_segments(
                self.chart(name),
                self.chosen,
                self.gates[name].costs(self.chosen, workers=self.workers),
                lambda chosen: self.line(name, chosen),
                workers=self.workers,
                progress=lambda done, total: self.tell(f"links of {name}", done, total),
            ).arrays()

        path = self._line_path(f"{name} links", self.chosen)
        return Segments.of(recall(path, find, names=Segments.ARRAYS))

    def chart(self, name: str, rays: Rays = ()) -> FreeComponents:
        """The free ground that a line runs over."""
        return FreeComponents(self.line_ground(name, rays), block_units(self.pieces))

    def line(self, name: str, chosen: int) -> planar_cut.GridPath:
        """The least line round the core of a set of pieces, without rings, or ValueError."""
        ceded = int(unit_sets(np.array([chosen], np.uint64), self.pieces)[0])
        return find_line(
            self.theatre,
            self.ground.line_costs[name],
            closed=self.regions.closed_to_seal(ceded),
            core=self.ground.core,
            baseline=self.ground.baseline(name),
        ).curves[0]

    def _seal(self, ceded: int) -> Seal:
        """The lines of one cession, solved on their own."""
        closed = self.regions.closed_to_seal(ceded)
        try:
            return self.ground.seal(closed)
        except ValueError as error:
            units = ", ".join(members(ceded, self.regions.units))
            raise ScenarioError(f"no seal can be drawn if {units} are ceded ({error})") from error


def _totals(sets: SetArray, values: FloatArray) -> FloatArray:
    """Sum over the units of each set."""
    total = np.zeros(len(sets))
    for n, value in enumerate(values):
        total += np.where(sets >> np.uint64(n) & np.uint64(1), value, 0.0)
    return total
