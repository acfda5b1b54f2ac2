"""Differences between two options as figures: from the tables, and the reverse on the way back."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from okhotsk.api import Assessment
from okhotsk.assessment import index
from okhotsk.assessment.compare import compare
from okhotsk.raster import geodesy

NAMES = ("status-quo", "four-islands", "four-islands-demilitarised", "st-petersburg-1875")
PAIRS = [(a, b) for a in NAMES for b in NAMES if a != b]
Options = dict[str, Assessment]


@pytest.fixture(scope="module")
def options(coarse_results: Options) -> Options:
    return coarse_results


@pytest.mark.parametrize("name", NAMES)
def test_against_itself_nothing_differs(options: Options, name: str) -> None:
    found = compare(options[name], options[name])
    assert dict(found.before) == dict(found.after)
    lists = (found.forces, found.regimes, found.stretches, found.sighted, found.sensors)
    assert not any((*lists, found.cover, found.contributions))
    for change in found.routes:
        assert change.before is change.after


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_the_way_back_is_the_reverse(options: Options, a: str, b: str) -> None:
    there, back = compare(options[a], options[b]), compare(options[b], options[a])
    assert {(r.before, r.after, r.exits, r.straits) for r in there.regimes} == {
        (r.after, r.before, r.exits, r.straits) for r in back.regimes
    }
    for new in (True, False):
        lengths_km = [s.length_km for s in there.stretches if s.new is new]
        assert lengths_km == [s.length_km for s in back.stretches if s.new is not new]
        straits = [c.straits for c in there.cover if c.into is new]
        assert straits == [c.straits for c in back.cover if c.into is not new]
    assert [(s.sweep_km, s.before, s.after) for s in there.sensors] == [
        (s.sweep_km, s.after, s.before) for s in back.sensors
    ]
    assert there.sighted == back.sighted
    assert dict(there.contributions) == pytest.approx(dict(back.contributions))


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_every_strait_that_turns_is_there_once(options: Options, a: str, b: str) -> None:
    one, other = options[a].straits, options[b].straits
    found = compare(options[a], options[b]).regimes
    turned = one.regime.to_numpy() != other.regime.to_numpy()
    names = [name for change in found for name in change.straits]
    assert sorted(names) == sorted(other["name"][turned])
    assert all(change.before != change.after for change in found)


def with_line(result: Assessment, line: shapely.LineString) -> Assessment:
    """A result whose shortest line runs elsewhere."""
    lines = {**result.barrier.lines, "barrier_km": line}
    return replace(result, barrier=replace(result.barrier, lines=lines))


def test_stretches_have_the_length_of_the_lines_apart(options: Options) -> None:
    """A parallel of 1 degree of latitude farther: all of both lines, of known length."""
    four = options["four-islands"]
    lines = [shapely.LineString([(150, lat), (151, lat)]) for lat in (48.0, 49.0)]
    one, other = (with_line(four, line) for line in lines)
    found = compare(one, other).stretches
    assert [s.new for s in found] == [False, True]
    for stretch, line in zip(found, lines, strict=True):
        assert stretch.length_km == geodesy.length_km(line)
        assert stretch.near
    short = shapely.LineString([(150, 49.0), (150.2, 49.0)])  # 15 km
    small = with_line(four, short)
    assert [s.new for s in compare(one, small).stretches] == [False]


def test_contributions_are_shares_of_the_logarithm(options: Options) -> None:
    """From the status quo all pulls have one sign, so that they add up to the index."""
    recipe = index.read_recipe()
    for name in NAMES[1:]:
        found = compare(options["status-quo"], options[name]).contributions
        shares = list(found.values())
        assert sum(shares) == pytest.approx(1)
        assert shares == sorted(shares, reverse=True)
        whole = math.log(options[name].record["index"] / 100)
        for c in recipe.components:
            kept = max(options[name].components[c.component_id], recipe.floor)
            assert found[c.title] == pytest.approx(c.weight * math.log(kept) / whole)


def test_sensors_and_cover_are_those_of_the_tables(options: Options) -> None:
    four = options["four-islands"]
    force = four.force.assign(sensors=four.force.sensors + np.where(four.force.index == 1, 3, 0))
    (change,) = compare(four, replace(four, force=force)).sensors
    assert change.after == change.before + 3
    assert change.sweep_km == force.sweep_km[1]
    cover = four.missile_cover.assign(bal_120_share=0.0)
    full = cover.assign(bal_120_share=1.0)
    (into,) = compare(replace(four, missile_cover=cover), replace(four, missile_cover=full)).cover
    assert (into.missile.name, into.missile.holder, into.missile.km) == ("Bal", "RU", 120)
    assert into.into
    assert into.straits == tuple(cover["name"])


def test_what_cannot_be_compared(options: Options) -> None:
    four = options["four-islands"]
    stranger = replace(four, theatre=replace(four.theatre, key="another"))
    for pair in ((four, stranger), (stranger, four)):
        with pytest.raises(ValueError, match="different theatres"):
            compare(*pair)


def test_assumptions_that_differ_are_told(options: Options) -> None:
    four = options["four-islands"]
    wide = replace(four, assumptions=four.assumptions.with_values({"soya_nm": 12}))
    assert dict(compare(four, wide).assumed) == {"soya_nm": (four.assumptions.soya_nm, 12.0)}
    assert not compare(four, four).assumed
