"""Cheapest separating curves against figures known on paper and against a max-flow."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import seas
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.grid import Grid

ANGLES = (0, 15, 30, 45, 60, 90)
GAP_KM, WALL_KM, BASIN_KM = 30.0, 10.0, 45.0
DEEP_KM = 0.9


def excess(grid):
    """Greatest relative excess of grid paths over straight lines in a grid."""
    width_km, height_km = grid.cell_size_km()
    middle = grid.shape[0] // 2
    return stencil.metrication_error(aspect=height_km[middle] / width_km[middle])


def cell_km(grid):
    """Height of a cell, the longer of its sides."""
    return grid.cell_size_km()[1][0]


def channel_sea(degrees, *, depth=None, nudge=0.0):
    """A round basin that a channel of 30 km joins to an ocean, turned by an angle."""
    grid = seas.grid_at(48.0, (110, 170), arcmin=0.7)
    plane = seas.Plane.of(grid)
    shift = [nudge * size[0] for size in grid.cell_size_km()]
    plane = seas.Plane(plane.x + shift[0], plane.y + shift[1]).turned(degrees)
    channel = (np.abs(plane.y) <= WALL_KM) & (np.abs(plane.x) <= GAP_KM / 2)
    basin = plane.disc(0, -WALL_KM, BASIN_KM) & (plane.y < -WALL_KM)
    ocean = plane.y > WALL_KM
    per_km = np.where(channel, 1.0 if depth is None else depth(plane.x), 1.0)
    cost = seas.share(np.where(channel | basin | ocean, per_km, 0.0))
    inside = seas.cells(plane.disc(0, -WALL_KM - BASIN_KM / 2, 12))
    outside = seas.rim(grid.shape) & seas.cells(ocean)
    land = np.argwhere(seas.rim(grid.shape) & (cost == 0))
    return cost, grid, inside, outside, tuple(land[len(land) // 2])


def solve(cost, grid, inside, outside, anchor):
    """The enclosure of a made-up sea."""
    return planar_cut.cheapest_enclosure(cost, grid, inside=inside, outside=outside, anchor=anchor)


def gulf(pieces=(), *, mouth_km=40.0, radius=8.0):
    """A gulf of 130 by 100 km in a northern land, open over a mouth in the south."""
    grid = seas.grid_at(48.0, (80, 116), arcmin=1.0)
    plane = seas.Plane.of(grid)
    water = (np.abs(plane.x) < 65) & (np.abs(plane.y) < 50)
    water |= (np.abs(plane.x) < mouth_km / 2) & (plane.y <= -50)
    cost = seas.share(water)
    # A cross: so wide that no main curve can leave a piece out for less than a ring.
    cross = (np.abs(plane.x) < 60) & (np.abs(plane.y) < 2)
    cross |= (np.abs(plane.x) < 2) & (np.abs(plane.y) < 45)
    inside = seas.cells(cross)
    outside = seas.rim(grid.shape) & (cost > 0)
    for x, y in pieces:
        outside |= seas.cells(plane.disc(x, y, radius))
    return cost, grid, inside, outside, (0, 0)


@cache
def channel(degrees):
    """The grid and the enclosure of the plain channel."""
    sea = channel_sea(degrees)
    return sea[1], solve(*sea)


class TestChannel:
    """A straight channel through a thick wall."""

    @pytest.mark.parametrize("degrees", ANGLES)
    def test_gap_costs_its_width(self, degrees):
        """The line across a gap of 30 km is 30 km long in every direction, to a cell."""
        grid, found = channel(degrees)
        assert abs(found.cost - GAP_KM) <= GAP_KM * excess(grid) + cell_km(grid)
        assert found.is_proven()

    def test_isotropy(self):
        """The same channel turned through a quarter circle costs the same within 2 %."""
        costs = [channel(degrees)[1].cost for degrees in ANGLES]
        assert max(costs) / min(costs) < 1.02

    @pytest.mark.parametrize("degrees", [0, 30, 75])
    def test_section_is_the_integral_of_the_depth(self, degrees):
        """A parabolic channel has two thirds of depth times width as its cross-section."""

        def depth(x):
            return DEEP_KM * np.maximum(1 - (2 * x / GAP_KM) ** 2, 0)

        found = solve(*channel_sea(degrees, depth=depth))
        assert found.cost == pytest.approx(2 / 3 * DEEP_KM * GAP_KM, rel=0.02)

    def test_grid_shift(self):
        """A grid moved by half a cell under the same land changes the answer by under 1 %."""
        still, moved = (solve(*channel_sea(20, nudge=nudge)).cost for nudge in (0.0, 0.5))
        assert moved != still
        assert moved == pytest.approx(still, rel=0.01)

    def test_crossing_agrees_with_the_enclosure(self):
        """The least crossing from bank to bank is the curve that closes the channel."""
        cost, grid, *_ = channel_sea(0)
        west, east = np.zeros(grid.shape, bool), np.zeros(grid.shape, bool)
        half = grid.shape[1] // 2
        west[:, :half], east[:, half:] = (cost == 0)[:, :half], (cost == 0)[:, half:]
        rows = np.abs(np.arange(grid.shape[0]) - grid.shape[0] / 2) * cell_km(grid) < WALL_KM / 2
        wall = np.where(rows[:, None], cost, np.inf)
        crossing = planar_cut.shortest_crossing(
            wall, grid, west & rows[:, None], east & rows[:, None]
        )
        assert crossing.cost == pytest.approx(channel(0)[1].cost, rel=0.01)

    def test_no_way_across_costs_infinity(self):
        """Two banks parted by closed cells are not connected, even past a diagonal."""
        grid = seas.grid_at(48.0, (12, 12))
        cost = np.ones(grid.shape)
        cost[np.arange(12), np.arange(12)] = np.inf
        start, goal = np.zeros(grid.shape, bool), np.zeros(grid.shape, bool)
        start[11, 0] = goal[0, 11] = True
        curve = planar_cut.shortest_crossing(cost, grid, start, goal)
        assert curve.cost == np.inf
        assert len(curve.rows) == 0


class TestOpenWater:
    """A disc off a straight northern shore, with water to the other edges."""

    RADIUS = 15.0

    def sea(self, distance_km):
        """The shore lies at a distance from the centre of the disc."""
        grid = seas.grid_at(48.0, (190, 200))
        plane = seas.Plane.of(grid)
        cost = seas.share(plane.y < distance_km)
        inside = seas.cells(plane.disc(0, 0, self.RADIUS))
        return cost, grid, inside, seas.rim(grid.shape) & (cost > 0), (0, 100)

    def test_near_mainland_the_curve_starts_there(self):
        """Half the girth and twice the distance to the shore, proven the least."""
        sea = self.sea(20.0)
        found = solve(*sea)
        paper = np.pi * self.RADIUS + 2 * 20.0
        assert paper * 0.995 <= found.cost
        assert found.cost <= paper * (1 + excess(sea[1])) + (np.pi + 2) * cell_km(sea[1])
        assert found.is_proven()

    def test_far_mainland_is_not_proven(self):
        """Where a ring in the water is shorter, the curve through the mainland says so."""
        sea = self.sea(60.0)
        found = solve(*sea)
        paper = np.pi * self.RADIUS + 2 * 60.0
        assert paper * 0.995 <= found.cost
        assert found.cost <= paper * (1 + excess(sea[1])) + (np.pi + 2) * cell_km(sea[1])
        assert 2 * np.pi * self.RADIUS < found.cost
        assert not found.is_proven()

    def test_mainland_need_not_be_the_largest_land(self):
        """A cheaper curve through an island larger than the mainland forbids the proof."""
        cost, grid, inside, _, anchor = self.sea(28.0)
        plane = seas.Plane.of(grid)
        mainland = seas.cells((plane.y > 28) & (np.abs(plane.x) < 40))
        island = seas.cells((plane.y < -16) & (plane.y > -78) & (np.abs(plane.x) < 55))
        assert island.sum() > mainland.sum()
        cost = np.where(mainland | island, 0.0, 1.0)
        found = solve(cost, grid, inside, seas.rim(grid.shape) & (cost > 0), anchor)
        by_island = np.pi * self.RADIUS + 2 * 16
        assert found.cost > by_island * (1 + excess(grid)) + cell_km(grid)
        assert not found.is_proven()


class TestPieces:
    """Foreign waters inside the sea that must be ringed one by one or together."""

    def extra(self, pieces):
        """What some pieces add to the mouth of the gulf, and the number of curves."""
        plain, ringed = solve(*gulf()), solve(*gulf(pieces))
        return ringed.cost - plain.cost, len(ringed.curves), ringed

    def allow(self, paper, corners):
        """Paper value and what grid paths may add: excess, and a cell of radius."""
        grid = gulf()[1]
        return paper * 0.995, paper * (1 + excess(grid)) + corners * cell_km(grid)

    def test_gulf_alone_costs_its_mouth(self):
        """Without pieces the line lies across the mouth."""
        found = solve(*gulf())
        assert found.cost == pytest.approx(40, rel=0.03)
        assert len(found.curves) == 1

    @pytest.mark.parametrize(
        "pieces",
        [[(-32, 26)], [(-32, 26), (32, 26)], [(-32, 26), (32, 26), (-32, -26)]],
        ids=["one", "two", "three"],
    )
    def test_lone_pieces_are_ringed(self, pieces):
        """Each distant piece costs its girth and has a curve of its own."""
        extra, curves, _ = self.extra(pieces)
        low, high = self.allow(len(pieces) * 2 * np.pi * 8, len(pieces) * 2 * np.pi)
        assert low <= extra <= high
        assert curves == 1 + len(pieces)

    def test_near_pieces_share_a_ring(self):
        """Two pieces close together are ringed by one curve, the hull of both."""
        extra, curves, _ = self.extra([(-32, 26), (-14, 26)])
        low, high = self.allow(2 * np.pi * 8 + 2 * 18, 2 * np.pi)
        assert low <= extra <= high
        assert curves == 2

    def test_piece_near_the_shore_is_tied_to_it(self):
        """Half a girth and two lines to the shore are less than a ring."""
        extra, _, found = self.extra([(-32, 42)])
        low, high = self.allow(np.pi * 8 + 2 * 8, np.pi + 2)
        assert low <= extra <= high
        assert extra < self.extra([(-32, 26)])[0]
        assert found.is_proven()

    def test_curves_part_the_inside_from_every_piece(self):
        """The inside lies in the first curve; a ringed piece lies in two."""
        cost, grid, inside, outside, anchor = gulf([(-32, 26), (32, 42)])
        found = solve(cost, grid, inside, outside, anchor)
        times = np.sum([planar_cut.enclosed(curve, grid.shape) for curve in found.curves], axis=0)
        assert (times[inside] == 1).all()
        assert (times[outside] % 2 == 0).all()

    def test_too_many_pieces(self):
        """Five pieces are refused with their number."""
        pieces = [(-40, 26), (32, 26), (-40, -26), (40, -26), (-20, 26)]
        with pytest.raises(ValueError, match="5 pieces"):
            solve(*gulf(pieces, radius=5))

    def test_nothing_can_be_parted(self):
        """An inside that touches the outside cannot be enclosed."""
        cost, grid, inside, outside, anchor = gulf()
        outside = outside | (ndimage.binary_dilation(inside) & ~inside)
        outside[inside.any(axis=1).argmax() :, inside.any(axis=0).argmax()] = True
        closed = np.where(cost > 0, np.inf, cost)
        with pytest.raises(ValueError, match="no curve"):
            solve(closed, grid, inside, outside, anchor)


def random_sea(seed, shape=(25, 30)):
    """Whole costs from 0 to 4, land along the north edge, a block in the middle."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 5, shape).astype(float)
    cost[0] = 0
    inside, outside = np.zeros(shape, bool), np.zeros(shape, bool)
    row, col = rng.integers(6, shape[0] - 6), rng.integers(6, shape[1] - 6)
    inside[row : row + 2, col : col + 2] = True
    outside[-1], outside[2:, 0], outside[2:, -1] = True, True, True
    return cost, Grid((150.0, -0.5, 151.2, 0.5), shape), inside, outside, (0, shape[1] // 2)


def least(*sea):
    """Cost of the enclosure, infinite where there is none."""
    try:
        return solve(*sea).cost
    except ValueError as error:
        if "no curve" not in str(error):
            raise
        return np.inf


seeds = st.integers(0, 2**32 - 1)
small = settings(max_examples=25, derandomize=True)


class TestInvariants:
    """What must hold whatever the sea."""

    @small
    @given(seeds, st.floats(0.01, 0.5))
    def test_dearer_cells_never_lower_the_cost(self, seed, part):
        """Raising the cost of any cells raises the answer or leaves it."""
        cost, grid, *rest = random_sea(seed)
        rng = np.random.default_rng(seed + 1)
        dearer = cost + np.where(rng.random(cost.shape) < part, rng.integers(1, 9, cost.shape), 0)
        assert solve(dearer, grid, *rest).cost >= solve(cost, grid, *rest).cost * (1 - 1e-5)

    @small
    @given(seeds, st.integers(1, 40))
    def test_closed_cells_never_lower_the_cost(self, seed, number):
        """Closing cells raises the answer, leaves it, or makes it impossible."""
        cost, grid, inside, outside, anchor = random_sea(seed)
        closed = cost.copy()
        spots = np.random.default_rng(seed + 1).integers(1, np.array(cost.shape), (number, 2))
        closed[spots[:, 0], spots[:, 1]] = np.inf
        before = least(cost, grid, inside, outside, anchor)
        assert least(closed, grid, inside, outside, anchor) >= before * (1 - 1e-5)

    @small
    @given(seeds, st.integers(1, 3))
    def test_pieces_never_lower_the_cost(self, seed, number):
        """Keeping out more pieces raises the answer or leaves it."""
        cost, grid, inside, outside, anchor = random_sea(seed)
        rng = np.random.default_rng(seed + 1)
        costs = [least(cost, grid, inside, outside, anchor)]
        room = ~ndimage.binary_dilation(inside | outside | (np.arange(25) < 2)[:, None])
        for row, col in rng.permutation(np.argwhere(room))[:number]:
            outside = outside.copy()
            outside[row, col] = True
            costs.append(least(cost, grid, inside, outside, anchor))
        assert all(b >= a * (1 - 1e-5) for a, b in pairwise(costs))

    @small
    @given(seeds, st.integers(1, 3))
    def test_small_pieces_are_kept_out(self, seed, number):
        """Curves go round the inside an odd number of times, round single cells an even one."""
        cost, grid, inside, outside, anchor = random_sea(seed)
        room = ~ndimage.binary_dilation(inside | outside | (np.arange(25) < 2)[:, None])
        for row, col in np.random.default_rng(seed + 1).permutation(np.argwhere(room))[:number]:
            outside[row, col] = True
        try:
            found = solve(cost, grid, inside, outside, anchor)
        except ValueError:
            assume(False)
        times = np.sum([planar_cut.enclosed(curve, cost.shape) for curve in found.curves], axis=0)
        assert (times[inside] % 2 == 1).all()
        assert (times[outside] % 2 == 0).all()

    @small
    @given(seeds)
    def test_mirrored_seas_cost_the_same(self, seed):
        """Neither east and west nor (over the equator) north and south matter."""
        cost, grid, inside, outside, (row, col) = random_sea(seed)
        best = solve(cost, grid, inside, outside, (row, col)).cost
        rows, cols = cost.shape
        for flip, anchor in (
            (np.s_[:, ::-1], (row, cols - 1 - col)),
            (np.s_[::-1, :], (rows - 1 - row, col)),
        ):
            other = solve(cost[flip], grid, inside[flip], outside[flip], anchor).cost
            assert other == pytest.approx(best, rel=1e-5)

    @small
    @given(seeds, st.integers(-3, 3))
    def test_moved_seas_cost_the_same(self, seed, move):
        """A sea moved along its parallel, in a wider grid, costs the same."""
        cost, grid, inside, outside, (row, col) = random_sea(seed)
        sides = ((0, 0), (4 + move, 4 - move))
        costs = np.pad(cost, sides)
        moved = [np.pad(cells, sides) for cells in (inside, outside)]
        moved[1][2:, : 4 + move] = moved[1][2:, costs.shape[1] - 4 + move :] = True
        wide = Grid((149.84, -0.5, 151.36, 0.5), costs.shape)
        other = solve(costs, wide, *moved, (row, col + 4 + move)).cost
        assert other == pytest.approx(solve(cost, grid, inside, outside, (row, col)).cost, rel=1e-5)

    @small
    @given(seeds)
    def test_cost_is_that_of_the_curves(self, seed):
        """The curves close, avoid closed cells, and their cells' costs add up to the cost."""
        cost, grid, inside, outside, anchor = random_sea(seed)
        found = solve(cost, grid, inside, outside, anchor)
        assert sum(curve.cost for curve in found.curves) == pytest.approx(found.cost)
        (curve,) = found.curves
        assert (curve.rows[0], curve.cols[0]) == (curve.rows[-1], curve.cols[-1])
        width_km, height_km = (size[0] for size in grid.cell_size_km())
        steps = np.linspace(0, 1, 401)[:-1] + 1 / 800
        total = 0.0
        for (r1, c1), (r2, c2) in pairwise(zip(curve.rows, curve.cols, strict=True)):
            under = np.rint(r1 + steps * (r2 - r1)), np.rint(c1 + steps * (c2 - c1))
            here = cost[under[0].astype(int), under[1].astype(int)]
            total += here.mean() * np.hypot((r2 - r1) * height_km, (c2 - c1) * width_km)
            assert not (inside | outside)[under[0].astype(int), under[1].astype(int)].any()
        assert total == pytest.approx(found.cost, rel=0.02)


class TestEnclosed:
    """Cells inside a closed curve."""

    @settings(max_examples=60, derandomize=True)
    @given(
        st.lists(
            st.tuples(st.integers(0, 29), st.integers(0, 39)), min_size=3, max_size=12, unique=True
        )
    )
    def test_against_shapely(self, points):
        """Cell centres off a polygon of long edges are inside where shapely says so."""
        rows, cols = np.array(points).T
        order = np.argsort(np.arctan2(rows - rows.mean(), cols - cols.mean()))
        rows, cols = rows[order], cols[order]
        ours = planar_cut.enclosed(planar_cut.GridPath(0.0, rows, cols), (30, 40))
        line = shapely.LinearRing(np.stack([cols, rows], axis=1))
        shape = shapely.Polygon(line)
        assume(shape.is_valid)
        col, row = np.meshgrid(np.arange(40), np.arange(30))
        centres = shapely.points(col, row)
        off = shapely.distance(centres, line) > 1e-9
        np.testing.assert_array_equal(ours[off], shapely.intersects(centres, shape)[off])

    def test_square(self):
        """A square is filled."""
        ring = planar_cut.GridPath(0.0, np.array([1, 1, 4, 4]), np.array([1, 5, 5, 1]))
        filled = planar_cut.enclosed(ring, (6, 7))
        assert filled[2:4, 2:5].all()
        assert not filled[[0, 5]].any()
        assert not filled[:, [0, 6]].any()
