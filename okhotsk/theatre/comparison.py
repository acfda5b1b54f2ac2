"""Two seabeds side by side: what they say of every strait, and how their depths differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from okhotsk.errors import SeabedError
from okhotsk.raster.arrays import FloatArray
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import straits_table

# Figures of a strait that follow from the seabed.
FIGURES = ("resolved", "throat_area_km2", "operating_area_km2", "sill_depth_m")
AREAS = ("throat_area_km2", "operating_area_km2")
# Limits of the classes of depth: the shelf, its edge, the slope, the basin.
CLASSES_M = (0, 50, 200, 500, 1000, 2000, np.inf)


def compare_seabeds(theatre: Theatre, other: Theatre, *, operating_depth_m: float) -> pd.DataFrame:
    """Return what two seabeds say of the straits, one row a strait, and a row of sums.

    Parameters
    ----------
    theatre, other
        The same coast and straits on two seabeds.
    operating_depth_m
        Depth down to which ``operating_area_km2`` counts the section of a throat.

    Returns
    -------
    pandas.DataFrame
        ``strait_id``, ``name``, ``width_km``; ``resolved``, ``throat_area_km2``,
        ``operating_area_km2`` and ``sill_depth_m`` on the first seabed, and the same with
        ``other_`` in front on the second; ``throat_area_ratio`` and ``operating_area_ratio``,
        second to first; ``sill_difference_m``, second less first. What a seabed does not
        resolve is missing. The last row, ``all``, has the sums of areas over the straits that
        both resolve.

    Raises
    ------
    SeabedError
        Where the theatres have different straits.

    Examples
    --------
    >>> shipped = okhotsk.load()  # doctest: +SKIP
    >>> gebco = okhotsk.load(seabed="GEBCO.nc")  # doctest: +SKIP
    >>> okhotsk.compare_seabeds(shipped, gebco, operating_depth_m=450)  # doctest: +SKIP
    """
    first, second = (
        straits_table(t.throats, operating_depth_m=operating_depth_m) for t in (theatre, other)
    )
    if list(first.strait_id) != list(second.strait_id):
        raise SeabedError("the theatres have different straits; load both from the same data")
    table = pd.DataFrame(first[["strait_id", "name", "width_km", *FIGURES]])
    for name in FIGURES:
        table[f"other_{name}"] = second[name]
    table = pd.concat([table, _sums(table)], ignore_index=True)
    for name in AREAS:
        table[name.replace("_km2", "_ratio")] = table[f"other_{name}"] / table[name]
    table["sill_difference_m"] = table.other_sill_depth_m - table.sill_depth_m
    return table


def _sums(table: pd.DataFrame) -> pd.DataFrame:
    """The row of sums over the straits that both seabeds resolve."""
    both = table[table.resolved & table.other_resolved]
    summed = [*AREAS, *(f"other_{name}" for name in AREAS)]
    row = pd.DataFrame([both[summed].sum()]).reindex(columns=table.columns)
    row["strait_id"], row["name"] = "all", f"All {len(both)} that both resolve"
    row["resolved"] = row["other_resolved"] = True
    return row


def compare_depths(theatre: Theatre, other: Theatre) -> pd.DataFrame:
    """Return how the depths of two seabeds differ in the sea, one row a class of depth.

    Parameters
    ----------
    theatre, other
        Two seabeds on one grid; the classes, and the limits of the sea, are those of the first.

    Returns
    -------
    pandas.DataFrame
        ``from_m``, ``to_m`` (missing where there is no limit); ``water_km2``, area of the class
        on the first seabed, and ``other_water_km2``, of the same class on the second;
        ``median_difference_m``, second less first; ``median_absolute_m`` and
        ``p90_absolute_m``, which half and nine tenths of the water do not exceed. The last row
        is the whole sea. Depths are means over the cells of the analysis.

    Raises
    ------
    SeabedError
        Where the grids differ.
    """
    if theatre.grid != other.grid:
        raise SeabedError("the theatres have different grids; load both without coarsening one")
    sea = theatre.sea.mask
    depth_m, other_m = (t.seabed.depth_m[sea].astype(float) for t in (theatre, other))
    water_km2 = theatre.water_km2[sea].astype(float)
    limits = [*zip(CLASSES_M, CLASSES_M[1:], strict=False), (CLASSES_M[0], CLASSES_M[-1])]
    rows = []
    for low, high in limits:
        inside, others = ((d >= low) & (d < high) for d in (depth_m, other_m))
        difference_m, weight = (other_m - depth_m)[inside], water_km2[inside]
        (median,) = quantiles(difference_m, weight, [0.5])
        half, tenth = quantiles(np.abs(difference_m), weight, [0.5, 0.9])
        rows.append(
            {
                "from_m": low,
                "to_m": high if np.isfinite(high) else np.nan,
                "water_km2": weight.sum(),
                "other_water_km2": water_km2[others].sum(),
                "median_difference_m": median,
                "median_absolute_m": half,
                "p90_absolute_m": tenth,
            }
        )
    return pd.DataFrame(rows)


def quantiles(values: FloatArray, weight: FloatArray, shares: list[float]) -> NDArray[np.float64]:
    """Return the least values that some shares of the weight do not exceed; NaN where it is 0.

    >>> quantiles(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 8.0]), [0.05, 0.5, 0.95])
    array([1., 2., 3.])
    """
    if not weight.sum() > 0:
        return np.full(len(shares), np.nan)
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    found = np.searchsorted(reached, np.array(shares) * reached[-1])
    return np.asarray(values[order][np.minimum(found, len(values) - 1)])
