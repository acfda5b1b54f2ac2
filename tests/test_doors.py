"""The ways out of the sea: watertight throats, and sills that belong to their own strait."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rasterio.features import rasterize
from scipy import ndimage

from okhotsk.bottleneck import bottleneck_m
from okhotsk.doors import exit_keels, find_doors

EXITS = (
    "la-perouse", "yekaterina", "friza", "urup-strait", "bussol", "diana", "rikord", "nadezhda",
    "golovnin", "kruzenshtern", "lovushek", "severgin", "fourth-kuril",
)  # fmt: skip


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
    alone = bottleneck_m(open_m.astype(np.float32), theatre.sea.basin, theatre.sea.ocean)
    sill = next(t.sill_depth_m for t in theatre.throats if t.strait.strait_id == name)
    assert alone == sill


@pytest.mark.parametrize("name", EXITS)
def test_a_ridge_across_a_throat_is_its_sill(theatre, lines, name):
    """A made-up ridge of 40 m along one throat is the sill of that strait and of no other."""
    ridged = np.where(lines[name], np.minimum(theatre.seabed.depth_m, 40), theatre.seabed.depth_m)
    keels = exit_keels(theatre.doors, ridged.astype(np.float32), theatre.sea)
    before = exit_keels(theatre.doors, theatre.seabed.depth_m, theatre.sea)
    assert keels.pop(name) == 40
    assert before.pop(name) > 40
    assert keels == before


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
    doors = find_doors(fewer, theatre.lands, theatre.grid, theatre.water_km2 > 0, theatre.sea)
    assert not doors.inside[theatre.sea.ocean]
    keels = exit_keels(doors, theatre.seabed.depth_m, theatre.sea)
    whole = exit_keels(theatre.doors, theatre.seabed.depth_m, theatre.sea)
    assert "severgin" not in keels
    assert keels["bussol"] == whole["bussol"]
    assert keels["friza"] == whole["friza"]


def test_no_exits_no_doors(theatre):
    doors = find_doors((), theatre.lands, theatre.grid, theatre.water_km2 > 0, theatre.sea)
    assert exit_keels(doors, theatre.seabed.depth_m, theatre.sea) == {}


def test_an_unresolved_exit_has_no_sill(theatre):
    coarse = [replace(t, resolved=t.resolved and t.strait.strait_id != "friza")
              for t in theatre.throats]  # fmt: skip
    doors = find_doors(coarse, theatre.lands, theatre.grid, theatre.water_km2 > 0, theatre.sea)
    keels = exit_keels(doors, theatre.seabed.depth_m, theatre.sea)
    assert keels["friza"] is None
    assert keels["bussol"] == 2213
