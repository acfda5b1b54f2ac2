"""Whether depths are those of this sea: compared with those shipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from okhotsk.errors import SeabedError
from okhotsk.raster.arrays import Float32Array, FloatArray
from okhotsk.theatre.seabed_file.reader import Reading
from okhotsk.theatre.seabed_file.voids import DEEPEST_M, HIGHEST_M

MAX_NODATA_SHARE = 0.02
DEEP_M = 500.0
LIKE = 0.6
TURNS = (np.s_[::-1], np.s_[:, ::-1])
# Other units a depth may be in, as their size in metres.
UNITS_M = {"feet": 0.3048, "fathoms": 1.8288, "kilometres": 1000.0, "decimetres": 0.1}
# Public grids of this sea lie within a few minutes of each other.
SHIFT_ARCMIN = 6
# Cells on which a shift is sought, in minutes, and how many of them to either side.
SEARCHES = ((24, 7), (8, 3), (4, 2), (2, 1))
# A shifted copy must leave this share, or less, of what the file does not have in common.
SHIFTED_REST = 0.8
INLAND_ARCMIN = 20
# How much of the inland may lie so deep under the sea.
MAX_DROWNED_SHARES = ((100.0, 0.01), (0.0, 0.05))
# Public grids of the deep sea agree to a few per cent, in the median of all cells.
OCEAN_M, MAX_SCALE = 2000.0, 1.05
# How much of the sea may be missing where it is certain, or lie off by a factor of two.
CERTAIN_M, MAX_MISSING_SHARE, MAX_FAR_SHARE = 50.0, 0.02, 0.1
MAX_FLOOR_SHARE = 0.01


def check_depths(
    depth_m: Float32Array, known_m: Float32Array, path: Path, reading: Reading
) -> None:
    """Stop unless depths look like those of this sea, in metres, positive down.

    Parameters
    ----------
    depth_m
        Depths from a file on the grid of the analysis, NaN where it has none.
    known_m
        The shipped depths on the same cells of a minute; 0 on land.
    path, reading
        The file, and what was read from it.

    Raises
    ------
    SeabedError
        At the first sign that they are not, with a guess at what they are.
    """
    sea, deep = known_m > 0, known_m > DEEP_M
    empty = float(np.isnan(depth_m[sea]).mean())
    if empty > MAX_NODATA_SHARE:
        raise SeabedError(
            f"{path}: {empty:.0%} of the sea has no value, expected at most "
            f"{MAX_NODATA_SHARE:.0%}; fill the gaps or use another source"
        )
    there = np.nan_to_num(depth_m[deep])
    if np.ptp(there) == 0:
        raise SeabedError(
            f"{path}: holds the same value everywhere ({there[0]:g}), expected depths; use another "
            "source"
        )
    _check_sign(float(np.median(there)), path, up=reading.up)
    _check_place(depth_m, known_m, path)
    _check_unit(float(np.median(there / known_m[deep])), path)
    _check_bounds(reading, path)
    _check_shift(depth_m, known_m, path, cell_arcmin=60 * reading.native_deg)
    _check_land(depth_m, known_m, path)
    _check_sea(depth_m, known_m, path)
    _check_floor(there, path)
    _check_scale(depth_m, known_m, path)


def _check_sign(median_m: float, path: Path, *, up: bool) -> None:
    if median_m < 0:
        says, mend = ("up", "down") if up else ("down", "up")
        raise SeabedError(
            f"{path}: read as positive {says}, the deep sea lies {-median_m:.0f} m above "
            f"the surface; it is positive {mend}: add --seabed-positive {mend}"
        )


def _check_place(depth_m: Float32Array, known_m: Float32Array, path: Path) -> None:
    likeness = find_likeness(depth_m, known_m)
    if likeness < LIKE:
        turned = [find_likeness(depth_m[turn], known_m) for turn in TURNS]
        guess = "it is upside down or mirrored" if max(turned) > LIKE else "it shows another place"
        raise SeabedError(
            f"{path}: its depths do not match this sea (correlation {likeness:.2f} with the "
            f"shipped seabed, expected {LIKE} or more); {guess}"
        )


def find_likeness(depth_m: Float32Array, known_m: Float32Array) -> float:
    """Return the correlation of two seabeds over the sea; 0 where one is flat."""
    sea = (known_m > 0) & np.isfinite(depth_m)
    if not sea.any() or np.ptp(depth_m[sea]) == 0:
        return 0.0
    return float(np.corrcoef(depth_m[sea], known_m[sea])[0, 1])


def _check_unit(ratio: float, path: Path) -> None:
    """Stop unless depths are of the size of metres."""
    if 0.7 < ratio < 1.4:
        return
    guesses = [name for name, size in UNITS_M.items() if 0.7 < ratio * size < 1.4]
    guess = f"it seems to be in {guesses[0]}" if guesses else "its unit is unknown"
    raise SeabedError(
        f"{path}: its depths are {ratio:.3g} times the shipped ones, expected metres; {guess}: "
        "convert it to metres (gdal_calc.py) and tag the unit"
    )


def _check_bounds(reading: Reading, path: Path) -> None:
    """Stop where a value is no depth and no height of the earth."""
    for (value, lon, lat), beyond, words in (
        (reading.deepest, reading.deepest[0] > DEEPEST_M, f"depths to {DEEPEST_M:,.0f} m"),
        (reading.highest, reading.highest[0] < -HIGHEST_M, f"heights to {HIGHEST_M:,.0f} m"),
    ):
        if beyond:
            side = "below" if value > 0 else "above"
            raise SeabedError(
                f"{path}: lies {abs(value):,.0f} m {side} the surface at {lon:.2f} E {lat:.2f} N, "
                f"expected {words}; declare the value as nodata (gdal_translate -a_nodata), or "
                "use another source"
            )


def find_shift(
    depth_m: Float32Array, known_m: Float32Array
) -> tuple[tuple[float, float], float, float]:
    """Return by how much a seabed lies beside another, and how alike they are.

    Returns
    -------
    shift
        Minutes north and east by which the first lies beside the second.
    likeness, unshifted
        Correlation with the second shifted so, and with the second as it is.

    Notes
    -----
    Shifts up to 2.8 degrees are tried in steps of 24 minutes, then finer ones round the best. Land
    counts as depth 0, so that shores weigh too.

    Examples
    --------
    >>> bed = np.add.outer(np.arange(720.0), np.arange(960) ** 1.2) % 1500
    >>> find_shift(np.roll(bed, 24, axis=0), bed)[0]
    (-24.0, 0.0)
    """
    down = right = 0
    for cell, reach in SEARCHES:
        here, there = _blocks(depth_m, cell), _blocks(known_m, cell)
        near = round(down / cell), round(right / cell)
        best, fit = _best_fit(here, there, near, reach)
        down, right = best[0] * cell, best[1] * cell
    return (-float(down), float(right)), fit, _fit(here, there, 0, 0)


def _best_fit(
    here: FloatArray, there: FloatArray, near: tuple[int, int], reach: int
) -> tuple[tuple[int, int], float]:
    """The shift in cells, round a first guess, at which two seabeds are most alike."""
    steps = range(-reach, reach + 1)
    shifts = [(near[0] + down, near[1] + right) for down in steps for right in steps]
    fits = [_fit(here, there, *shift) for shift in shifts]
    best = int(np.argmax(fits))
    return shifts[best], fits[best]


def _fit(here: FloatArray, there: FloatArray, down: int, right: int) -> float:
    """Correlation where the first lies a number of cells down and right of the second."""
    rows, cols = here.shape
    cut = here[max(down, 0) : rows + min(down, 0), max(right, 0) : cols + min(right, 0)]
    match = there[max(-down, 0) : rows + min(-down, 0), max(-right, 0) : cols + min(-right, 0)]
    a, b = cut - cut.mean(), match - match.mean()
    norm = np.sqrt((a * a).sum() * (b * b).sum())
    return float((a * b).sum() / norm) if norm else 0.0


def _blocks(depth_m: Float32Array, size: int) -> FloatArray:
    """Means of blocks of cells, land and gaps as 0."""
    rows, cols = (length // size for length in depth_m.shape)
    wet = np.maximum(np.nan_to_num(depth_m[: rows * size, : cols * size]), 0)
    blocks: FloatArray = wet.reshape(rows, size, cols, size).mean(axis=(1, 3), dtype=np.float64)
    return blocks


def _check_shift(
    depth_m: Float32Array, known_m: Float32Array, path: Path, *, cell_arcmin: float
) -> None:
    """Stop where a shifted copy of the shipped seabed fits better than the seabed itself."""
    (north, east), best, still = find_shift(depth_m, known_m)
    if max(abs(north), abs(east)) < max(SHIFT_ARCMIN, cell_arcmin):
        return
    if 1 - best > SHIFTED_REST * (1 - still):
        return
    words = [
        f"{abs(shift) / 60:.2f} degrees {towards[shift < 0]}"
        for shift, towards in ((north, ("north", "south")), (east, ("east", "west")))
        if shift
    ]
    raise SeabedError(
        f"{path}: seems to lie {' and '.join(words)} of where it should (correlation {best:.3f} "
        f"there, {still:.3f} here); set its true coordinates: gdal_translate -a_ullr WEST NORTH "
        "EAST SOUTH"
    )


def _check_land(depth_m: Float32Array, known_m: Float32Array, path: Path) -> None:
    """Stop where land far from any shore lies deep under the sea: fill, blended or in disguise."""
    # Two blocks from any shore, and from the rim, where what lies outside weighs in coarse cells.
    dry = sliding_window_view(_blocks(known_m, INLAND_ARCMIN) == 0, (5, 5)).all(axis=(2, 3))
    bed = _blocks(depth_m, INLAND_ARCMIN)[2:-2, 2:-2]
    for limit_m, most in MAX_DROWNED_SHARES:
        drowned = float((bed[dry] > limit_m).mean()) if dry.any() else 0.0
        if drowned > most:
            raise SeabedError(
                f"{path}: {drowned:.0%} of the inland lies more than {limit_m:.0f} m under the "
                "sea, expected land; declare its fill value as nodata (gdal_translate -a_nodata), "
                "or give depths from the surface"
            )


def _check_sea(depth_m: Float32Array, known_m: Float32Array, path: Path) -> None:
    """Stop where much of the sea is land, as where 0 stands for no value, or of another depth."""
    bed, certain = np.nan_to_num(depth_m), known_m > CERTAIN_M
    missing = float((certain & (bed < 1)).sum() / (known_m > 0).sum())
    if missing > MAX_MISSING_SHARE:
        raise SeabedError(
            f"{path}: {missing:.0%} of the sea lies at or above the surface, expected depths; "
            "if 0 stands for no value, fill the gaps or use another source"
        )
    deep = known_m > DEEP_M
    far = float((np.abs(np.log2(np.maximum(bed[deep], 1) / known_m[deep])) > 1).mean())
    if far > MAX_FAR_SHARE:
        raise SeabedError(
            f"{path}: {far:.0%} of the deep sea is more than twice or less than half as deep as on "
            f"the shipped seabed, expected {MAX_FAR_SHARE:.0%} at most; use another source"
        )


def _check_floor(deep_m: FloatArray | Float32Array, path: Path) -> None:
    """Stop where the greatest depth stands in many cells: the format could hold no greater."""
    greatest = deep_m.max()
    share = float((deep_m >= greatest * (1 - 1e-6)).mean())
    if share > MAX_FLOOR_SHARE:
        raise SeabedError(
            f"{path}: its greatest depth, {greatest:,.0f} m, fills {share:.0%} of the deep sea, "
            "expected less than 1%; it is cut off there: write it anew in a wider type"
        )


def _check_scale(depth_m: Float32Array, known_m: Float32Array, path: Path) -> None:
    """Stop where all depths are too large or too small by one factor."""
    ocean = known_m > OCEAN_M
    ratio = float(np.median(np.nan_to_num(depth_m[ocean]) / known_m[ocean]))
    if not 1 / MAX_SCALE < ratio < MAX_SCALE:
        raise SeabedError(
            f"{path}: its depths in the deep sea are {ratio:.3g} times the shipped ones, expected "
            f"{1 / MAX_SCALE:.2f} to {MAX_SCALE:.2f}; look for a scale that was applied twice, or "
            "a unit"
        )
