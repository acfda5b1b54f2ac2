"""How wrong the shipped seabed may be: random fields with the spread of ETOPO5 round ETOPO1.

The log error is ln(ETOPO5 / ETOPO1). Its standard deviation is modelled as an error in depth, by
depth, and an error in place times the slope; divided by it, the log error has the variogram of
:func:`fit_variogram`. Fields with that variogram are drawn by GSTools (Müller et al. 2022,
doi:10.5194/gmd-15-3161-2022), in the spirit of Jakobsson, Calder and Mayer (2002,
doi:10.1029/2001JB000616), who perturb soundings.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gstools as gs
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from relief import WINDOW, Nodes
from scipy.optimize import nnls

FIELDS = 12  # each with both signs: 24 members, whose geometric mean is the seabed
STEPS = 32  # of the stored integers in one standard deviation
MODES = 1000
SEED = 20061213
KM_PER_DEGREE = 111.2
# Classes of depth (m), and of slope within each.
DEPTHS_M = (1, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 11000)
QUANTILES = (0, 0.2, 0.4, 0.6, 0.8, 0.9, 1)
CENTRAL = 3.29  # 90 % of a normal distribution, in standard deviations
LARGEST = 1.0  # standard deviation of the log error: beyond it the classes are too few
BINS_KM = (0, 9, 13, 18, 24, 32, 42, 55, 70, 90, 120, 160, 220, 300)
# The chain from Hokkaido to Kamchatka as a line (degrees), and how far from it counts as near.
CHAIN, NEAR_DEG = ((145.5, 43.7), (156.5, 50.9)), 1.5
PAIRED = 6000  # nodes drawn for the variogram


@dataclass(frozen=True)
class ErrorModel:
    """Standard deviation of the log error, and the variogram of what it leaves.

    Attributes
    ----------
    depth_m, log_sd
        Depths and the standard deviation by depth alone.
    place_km
        Standard deviation of the place: times the slope, it adds to the error in depth.
    length_km, variance, nugget
        Exponential variogram of the error divided by its standard deviation.
    """

    depth_m: NDArray[np.float64]
    log_sd: NDArray[np.float64]
    place_km: float
    length_km: float
    variance: float
    nugget: float


def _inner(nodes: Nodes) -> tuple[slice, slice]:
    """The nodes of the window, without the margin."""
    west, south, east, north = WINDOW
    rows = np.flatnonzero((nodes.lat >= south) & (nodes.lat <= north))
    cols = np.flatnonzero((nodes.lon >= west) & (nodes.lon <= east))
    return slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1)


def slope_m_per_km(nodes: Nodes) -> NDArray[np.float64]:
    """Slope on every node, by central differences."""
    wide_km = np.cos(np.radians(nodes.lat)) * KM_PER_DEGREE
    north = np.gradient(nodes.depth_m, nodes.lat * KM_PER_DEGREE, axis=0)
    east = np.gradient(nodes.depth_m, nodes.lon, axis=1) / wide_km[:, None]
    return np.hypot(north, east)


def fit_error(etopo1: Nodes, etopo5: Nodes) -> ErrorModel:
    """Measure the difference of the two grids on the nodes of ETOPO1 in the window."""
    inner = _inner(etopo1)
    first = etopo1.depth_m[inner]
    other = etopo5.at(etopo1.lat[inner[0]], etopo1.lon[inner[1]])
    wet = (first > 1) & (other > 1)
    depth_m = np.sqrt(first[wet] * other[wet])
    ratio, steep = np.log(other[wet] / first[wet]), slope_m_per_km(etopo1)[inner][wet] / depth_m
    edges = np.array(DEPTHS_M, float)
    middle = np.sqrt(edges[1:] * edges[:-1])
    log_sd, place_km = _fit_classes(depth_m, ratio, steep)
    level = np.interp(np.log(depth_m), np.log(middle), log_sd**2)
    scale = np.minimum(np.sqrt(level + (place_km * steep) ** 2), LARGEST)
    lat, lon = np.meshgrid(etopo1.lat[inner[0]], etopo1.lon[inner[1]], indexing="ij")
    fitted = fit_variogram(lat[wet], lon[wet], ratio / scale)
    return ErrorModel(middle, log_sd, place_km, *fitted)


def _fit_classes(
    depth_m: NDArray[np.float64], ratio: NDArray[np.float64], steep: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Standard deviation by depth, and of the place, from classes of depth and slope."""
    classes, found = [], []
    for number, (low, high) in enumerate(zip(DEPTHS_M, DEPTHS_M[1:], strict=False)):
        here = (depth_m >= low) & (depth_m < high)
        limits = np.quantile(steep[here], QUANTILES)
        for least, most in zip(limits, limits[1:], strict=False):
            there = here & (steep >= least) & (steep <= most)
            spread = np.ptp(np.quantile(ratio[there], [0.05, 0.95])) / CENTRAL
            row = np.zeros(len(DEPTHS_M))
            row[number], row[-1] = 1.0, np.median(steep[there]) ** 2
            # Relative errors of the variances are alike, whatever their size.
            classes.append(row / spread**2)
            found.append(1.0)
    variances, _ = nnls(np.array(classes), np.array(found))
    return np.sqrt(variances[:-1]), float(np.sqrt(variances[-1]))


def fit_variogram(
    lat: NDArray[np.float64], lon: NDArray[np.float64], error: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Length (km), variance and nugget of an exponential variogram, near the chain."""
    (west, south), (east, north) = CHAIN
    line = south + (lon - west) / (east - west) * (north - south)
    near = (np.abs(lat - line) < NEAR_DEG) & (lon >= west) & (lon <= east) & (np.abs(error) < 4)
    middle, gamma = gs.vario_estimate(
        (lat[near], lon[near]),
        error[near],
        np.array(BINS_KM, float),
        latlon=True,
        geo_scale=gs.KM_SCALE,
        sampling_size=PAIRED,
        sampling_seed=SEED,
        estimator="cressie",
    )
    model = gs.Exponential(latlon=True, geo_scale=gs.KM_SCALE)
    model.fit_variogram(middle, gamma, nugget=True)
    return float(model.len_scale), float(model.var), float(model.nugget)


def draw_fields(nodes: Nodes, model: ErrorModel) -> NDArray[np.int8]:
    """Random fields on the nodes of the window, north up, in steps of a standard deviation."""
    rows, cols = _inner(nodes)
    lat, lon = np.meshgrid(nodes.lat[rows], nodes.lon[cols], indexing="ij")
    variogram = gs.Exponential(
        latlon=True,
        geo_scale=gs.KM_SCALE,
        len_scale=model.length_km,
        var=model.variance,
        nugget=model.nugget,
    )
    field = gs.SRF(variogram, mode_no=MODES)
    drawn = [field((lat.ravel(), lon.ravel()), seed=SEED + n) for n in range(FIELDS)]
    steps = np.clip(np.rint(np.array(drawn) * STEPS), -127, 127)
    return steps.reshape(FIELDS, *lat.shape)[:, ::-1].astype(np.int8)


def write_errors(steps: NDArray[np.int8], model: ErrorModel, path: Path) -> None:
    """Write the fields, and the model of their size as tags."""
    _, height, width = steps.shape
    node = (WINDOW[2] - WINDOW[0]) / (width - 1)
    places = from_origin(WINDOW[0] - node / 2, WINDOW[3] + node / 2, node, node)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="int8",
        count=FIELDS,
        crs="EPSG:4326",
        height=height,
        width=width,
        compress="DEFLATE",
        predictor=2,
        zlevel=9,
        interleave="band",
        transform=places,
    ) as sink:
        sink.write(steps)
        sink.update_tags(
            AREA_OR_POINT="Point",
            steps_per_sd=STEPS,
            depth_m=" ".join(f"{value:.6g}" for value in model.depth_m),
            log_sd=" ".join(f"{value:.6g}" for value in model.log_sd),
            largest_log_sd=LARGEST,
            place_km=f"{model.place_km:.6g}",
            length_km=f"{model.length_km:.6g}",
            variance=f"{model.variance:.6g}",
            nugget=f"{model.nugget:.6g}",
        )
