"""The ways out of the sea: watertight throats, and sills that belong to their own strait."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from rasterio.features import rasterize
from scipy import ndimage

from okhotsk.measures.passage import exit_depths
from okhotsk.raster.grid import Grid
from okhotsk.raster.widest_path import widest_path_depth
from okhotsk.theatre.exits import exit_sill_depths, find_exit_cells
from okhotsk.theatre.sea import Sea
from okhotsk.theatre.straits import Throat, read_straits

EXITS = (
    "la-perouse",
    "yekaterina",
    "friza",
    "urup-strait",
    "bussol",
    "diana",
    "rikord",
    "nadezhda",
    "golovnin",
    "kruzenshtern",
    "lovushek",
    "severgin",
    "fourth-kuril",
)


def touched(shapes, grid):
    """Cells that shapes touch."""
    return rasterize(shapes, grid.shape, transform=grid.transform, all_touched=True) == 1


@pytest.fixture(scope="module")
def shore(theatre):
    return touched(list(theatre.lands.values()), theatre.grid)


@pytest.fixture(scope="module")
def lines(theatre):
    """Cells of every exit's throat."""
    exits = (t for t in theatre.throats if t.strait.exit)
    return {t.strait.strait_id: touched([t.line], theatre.grid) for t in exits}


def test_throats_and_lands_close_the_sea(theatre, shore, lines):
    """No water at all leads from the basin to the ocean but through a throat."""
    free = (theatre.water_km2 > 0) & ~shore & ~np.logical_or.reduce([*lines.values()])
    labels = ndimage.label(free)[0]
    assert labels[theatre.sea.basin] != labels[theatre.sea.ocean]


@pytest.mark.parametrize("name", EXITS)
def test_a_sill_is_what_is_left_with_all_other_throats_walled(theatre, shore, lines, name):
    """One flood for each exit, all others walled off, finds what two floods find for all."""
    walls = shore | np.logical_or.reduce([line for key, line in lines.items() if key != name])
    open_m = np.where(walls & ~(lines[name] & ~shore), 0, theatre.seabed.depth_m)
    reach_m = widest_path_depth(open_m.astype(np.float32), theatre.sea.basin)
    alone = reach_m[theatre.sea.ocean]
    sill = next(t.sill_depth_m for t in theatre.throats if t.strait.strait_id == name)
    assert alone == sill


@pytest.mark.parametrize("name", EXITS)
def test_a_ridge_across_a_throat_is_its_sill(theatre, lines, name):
    """A made-up ridge of 40 m along one throat is the sill of that strait and of no other."""
    ridged = np.where(lines[name], np.minimum(theatre.seabed.depth_m, 40), theatre.seabed.depth_m)
    sills = exit_sill_depths(theatre.exit_cells, ridged.astype(np.float32))
    before = exit_sill_depths(theatre.exit_cells, theatre.seabed.depth_m)
    assert sills.pop(name) == 40
    assert before.pop(name) > 40
    assert sills == before


def test_the_deepest_sill_is_the_bottleneck_of_the_sea(theatre):
    """By labels: basin and ocean are joined at the depth of the deepest sill and not below it."""
    depth_m, sea = theatre.seabed.depth_m, theatre.sea
    deepest = max(t.sill_depth_m or 0 for t in theatre.throats)
    for depth, joined in ((deepest, True), (deepest + 0.1, False)):
        labels = ndimage.label(depth_m >= depth - 0.01)[0]
        assert (labels[sea.basin] == labels[sea.ocean]) == joined


def test_where_throats_leave_a_gap_the_limit_of_the_sea_closes_it(theatre):
    """Without one exit the others keep their sills."""
    fewer = [t for t in theatre.throats if t.strait.strait_id != "severgin"]
    cells = find_exit_cells(fewer, theatre.lands, theatre.grid, theatre.water_km2 > 0, theatre.sea)
    assert not cells.inside[theatre.sea.ocean]
    sills = exit_sill_depths(cells, theatre.seabed.depth_m)
    whole = exit_sill_depths(theatre.exit_cells, theatre.seabed.depth_m)
    assert "severgin" not in sills
    assert sills["bussol"] == whole["bussol"]
    assert sills["friza"] == whole["friza"]


def test_a_trench_that_only_fine_cells_show_is_the_sill(theatre):
    """A made-up trench of 900 m, one cell of half a minute wide, right across Friza."""
    throat = next(t for t in theatre.throats if t.strait.strait_id == "friza")
    seabed = theatre.seabed
    grid = Grid(seabed.grid.bounds, tuple(2 * size for size in seabed.grid.shape))
    depth_m = seabed.depth_m.repeat(2, 0).repeat(2, 1)
    middle = throat.line.interpolate(0.5, normalized=True)
    (west, south), (east, north) = throat.line.coords[0], throat.line.coords[-1]
    across = np.array([south - north, east - west]) / np.hypot(north - south, east - west)
    places = np.array([middle.x, middle.y]) + np.linspace(-1.2, 1.2, 4000)[:, None] * across
    last = None
    for row, col in (grid.index(*place) for place in places):
        depth_m[row, col] = max(depth_m[row, col], 900)
        if last and last[0] != row and last[1] != col:
            depth_m[row, last[1]] = max(depth_m[row, last[1]], 900)  # no diagonal steps
        last = row, col
    fine = replace(seabed, depth_m=depth_m, grid=grid)
    finer = replace(theatre, seabed=replace(seabed, fine=fine))
    sills = exit_depths(finer, np.zeros(seabed.grid.shape, bool))
    before = exit_depths(theatre, np.zeros(seabed.grid.shape, bool))
    assert before.pop("friza") == pytest.approx(throat.sill_depth_m, abs=1)
    assert sills.pop("friza") == 900
    for name, depth in before.items():
        assert sills[name] == (None if depth is None else pytest.approx(depth, rel=0.02)), name
    shut = np.zeros(seabed.grid.shape, bool)
    shut[theatre.grid.index(middle.x, middle.y)[0] - 40 :] = True
    assert exit_depths(finer, shut)["friza"] == 0


def test_rocks_that_a_throat_ends_on_are_joined_to_their_island():
    """A canal of 20 km between an island and another's rock: its gap is no way round."""
    grid = Grid((150.0, 47.0, 152.0, 49.0), (240, 240))
    north, south = shapely.box(150, 48.3, 152, 49), shapely.box(150, 47, 151.2, 47.7)
    rock, east = shapely.box(151.0, 47.8, 151.1, 47.85), shapely.box(151.2, 47, 152, 48.4)
    lands = {
        "north": shapely.MultiPolygon([north, east]),
        "south": shapely.MultiPolygon([south, rock]),
    }
    line = shapely.LineString([(151.05, 47.85), (151.05, 48.3)])
    throat = Throat(
        strait=replace(read_straits()[0], side_a="south", side_b="north", exit=True),
        width_km=50,
        line=line,
        throat_width_km=50,
        throat_area_km2=5,
        distance_km=np.array([0, 50.0]),
        depth_m=np.array([100.0, 100.0]),
        resolved=True,
    )
    water = ~(touched(list(lands.values()), grid))
    sea = Sea(np.ones(grid.shape, bool), grid.index(150.5, 48.0), grid.index(151.15, 48.0), 5.0)
    depth_m = np.where(water, np.float32(300), np.float32(0))
    cells = find_exit_cells([throat], lands, grid, water, sea)
    assert not cells.inside[sea.ocean]
    assert list(exit_sill_depths(cells, depth_m).values()) == [300]


def test_no_exits_no_cells(theatre):
    cells = find_exit_cells((), theatre.lands, theatre.grid, theatre.water_km2 > 0, theatre.sea)
    assert exit_sill_depths(cells, theatre.seabed.depth_m) == {}


def test_an_unresolved_exit_has_no_sill(theatre):
    coarse = [
        replace(t, resolved=t.resolved and t.strait.strait_id != "friza") for t in theatre.throats
    ]
    cells = find_exit_cells(coarse, theatre.lands, theatre.grid, theatre.water_km2 > 0, theatre.sea)
    sills = exit_sill_depths(cells, theatre.seabed.depth_m)
    assert sills["friza"] is None
    assert sills["bussol"] == next(
        t.sill_depth_m for t in theatre.throats if t.strait.strait_id == "bussol"
    )
