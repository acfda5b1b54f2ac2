"""Write docs/shipped-seabed.md: which seabeds were tried, and how each did.

Run ``python docs/shipped_seabed.py --packages DIR`` with the folder that data/build.py takes, and
the folder of the reference grids in the environment variable ``OKHOTSK_REFERENCE_DIR``. It takes
a quarter of an hour. The words stand in ``shipped-seabed.in.md``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import from_bounds
from scipy.interpolate import RegularGridInterpolator

from okhotsk.assessment.compute import compute_results
from okhotsk.datasets import data_digest, data_folder
from okhotsk.theatre.bathymetry import read_seabed
from okhotsk.theatre.build import compute
from okhotsk.theatre.coast import read_coast, water_fraction
from okhotsk.theatre.ensemble import ERRORS, Ensemble, interval
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.storage import assemble, load
from okhotsk.theatre.straits import Throat

sys.path.insert(0, str(data_folder()))
from relief import (  # noqa: E402
    DETAIL,
    ETOPO1_PACKAGE,
    ETOPO5_PACKAGE,
    WINDOW,
    Nodes,
    cell_centres,
    combine,
    read_etopo1,
    read_etopo5,
)

HERE = Path(__file__).parent
WORDS, DOCUMENT = HERE / "shipped-seabed.in.md", HERE / "shipped-seabed.md"
CHOSEN = f"ETOPO1 with {DETAIL:g} of ETOPO5's detail (shipped)"
DETAILS = (0.0, 0.25, 0.5, 0.75, 1.0)
ISOBATHS_M = (200, 1000, 2000, 3000)
CHAIN, NEAR_DEG = ((145.5, 43.7), (156.5, 50.9)), 1.2
SMITH = "smith_sandwell_19.1_130-155E_33-45N_1min.grd"
SOUTH_OF = 44.99  # where that grid ends
STRAITS = {
    "La Perouse": ("la-perouse",),
    "Yekaterina": ("yekaterina",),
    "Friza": ("friza",),
    "Bussol": ("bussol",),
    "Kruzenshtern with Lovushek": ("kruzenshtern", "lovushek"),
    "Nadezhda": ("nadezhda",),
}
Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Reliefs:
    """Both reliefs on their nodes."""

    etopo1: Nodes
    etopo5: Nodes

    def candidates(self) -> dict[str, Grid]:
        """Depths of the 1' cells, north up, by what was tried."""
        places = cell_centres()
        first, other = self.etopo1.at(*places)[::-1], self.etopo5.at(*places)[::-1]
        cubic = RegularGridInterpolator(
            (self.etopo1.lat, self.etopo1.lon), self.etopo1.depth_m, method="cubic"
        )
        mesh = np.stack(np.meshgrid(*places, indexing="ij"), axis=-1)
        return {
            "ETOPO5, bilinear (shipped before)": other,
            "ETOPO1, bilinear": first,
            "ETOPO1, cubic": np.maximum(cubic(mesh), 0)[::-1],
            "mean of both": (first + other) / 2,
            "ETOPO1 with half of ETOPO5's detail": combine(self.etopo1, self.etopo5, detail=0.5),
            CHOSEN: combine(self.etopo1, self.etopo5),
            "ETOPO1 with all of ETOPO5's detail": combine(self.etopo1, self.etopo5, detail=1.0),
        }


def near_chain(lat: Grid, lon: Grid) -> NDArray[np.bool_]:
    """Whether places lie near the chain."""
    (west, south), (east, north) = CHAIN
    line = south + (lon - west) / (east - west) * (north - south)
    return (np.abs(lat - line) < NEAR_DEG) & (lon > west) & (lon < east)


def held_out(reliefs: Reliefs) -> list[tuple[str, ...]]:
    """Error (m) at every node of ETOPO1 if only its four neighbours were known, by detail."""
    one, five = reliefs.etopo1, reliefs.etopo5.at(reliefs.etopo1.lat, reliefs.etopo1.lon)

    def from_neighbours(values: Grid) -> Grid:
        return (values[2:, 1:-1] + values[:-2, 1:-1] + values[1:-1, 2:] + values[1:-1, :-2]) / 4

    lat, lon = np.meshgrid(one.lat[1:-1], one.lon[1:-1], indexing="ij")
    true = one.depth_m[1:-1, 1:-1]
    wet, chain = true > 0, near_chain(lat, lon)
    added = five[1:-1, 1:-1] - from_neighbours(five)
    rows = []
    for detail in DETAILS:
        error = from_neighbours(one.depth_m) + detail * added - true
        parts = (wet, wet & chain, wet & chain & (true < 500))
        rows.append((f"{detail:g}", *(f"{rms(error[part]):.0f}" for part in parts)))
    return rows


def across(reliefs: Reliefs) -> dict[str, str]:
    """Median difference (m) of each relief, bilinear, from the other on its own nodes, in water."""
    pairs = {"five_at_one": (reliefs.etopo5, reliefs.etopo1)}
    pairs["one_at_five"] = (reliefs.etopo1, reliefs.etopo5)
    found = {}
    for name, (guess, known) in pairs.items():
        inner = np.s_[3:-3]
        error = guess.at(known.lat[inner], known.lon[inner]) - known.depth_m[inner, inner]
        wet = known.depth_m[inner, inner] > 0
        found[name] = f"{np.median(np.abs(error[wet])):.0f} m ({rms(error[wet]):.0f} m rms)"
    return found


def rms(error: Grid) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(error**2)))


def read_smith(reference: Path) -> Grid:
    """Smith and Sandwell's depths on the 1' cells they cover, from south to north."""

    def part(name: str) -> Grid:
        with rasterio.open(f'netcdf:"{reference / SMITH}":{name}') as source:
            return np.asarray(source.read(1), float)

    lat, lon = (
        one[(one < limit)] for one, limit in zip(cell_centres(), (SOUTH_OF, 154.98), strict=True)
    )
    rows, cols = part("lat")[0], part("lon")[0]
    places = np.stack(np.meshgrid(lat, lon, indexing="ij"), axis=-1)
    depth_m = np.maximum(-part("z")[::-1], 0)
    return np.asarray(RegularGridInterpolator((rows, cols), depth_m)(places))


def against_references(
    candidates: Mapping[str, Grid], reference: Path, water: NDArray[np.bool_]
) -> list[tuple[str, ...]]:
    """Overlap with the isobaths, and the difference from Smith and Sandwell, by candidate."""
    frame = gpd.read_file(reference / "natural_earth_isobaths.gpkg", layer="deeper_than")
    shapes = frame.set_index("depth_m").geometry
    frame_of = {"transform": from_bounds(*WINDOW, *water.shape[::-1])}
    deeper = {d: rasterize([shapes[d]], water.shape, **frame_of) == 1 for d in ISOBATHS_M}
    weight = np.cos(np.radians(cell_centres()[0]))[::-1, None] * water
    smith = read_smith(reference)
    lat, lon = (one[:n] for one, n in zip(cell_centres(), smith.shape, strict=True))
    known = (smith > 0) & water[::-1][: smith.shape[0], : smith.shape[1]]
    chain = near_chain(*np.meshgrid(lat, lon, indexing="ij"))
    rows = []
    for name, depth_m in candidates.items():
        shares = []
        for limit, there in deeper.items():
            own = depth_m > limit
            shares.append((weight * (own & there)).sum() / (weight * (own | there)).sum())
        error = depth_m[::-1][: smith.shape[0], : smith.shape[1]] - smith
        parts = (known, known & chain, known & chain & (smith < 1000))
        texts = [f"{np.median(np.abs(error[p])):.0f} / {rms(error[p]):.0f}" for p in parts]
        rows.append((name, *(f"{share:.3f}" for share in shares), *texts))
    return rows


def on(depth_m: Grid, name: str) -> Theatre:
    """The theatre on some depths, at the resolution of the shipped ones."""
    lands, shipped = read_coast(), read_seabed()
    wet = water_fraction(lands, shipped.grid) > 0
    seabed = replace(
        shipped, depth_m=np.where(wet, np.rint(depth_m), 0).astype(np.float32), name=name
    )
    return assemble(lands, seabed, compute(lands, seabed), name)


def strait_rows(theatres: Mapping[str, Theatre]) -> list[tuple[str, ...]]:
    """Sill and section of some straits, and the sections of all, by candidate."""
    rows = []
    for name, theatre in theatres.items():
        throats = {throat.strait.strait_id: throat for throat in theatre.throats}
        cells = [strait_text([throats[one] for one in ids]) for ids in STRAITS.values()]
        kuril = [t.throat_area_km2 for t in theatre.throats if t.strait.kuril and t.resolved]
        rows.append((name, *cells, f"{sum(kuril):.1f}"))
    return rows


def strait_text(throats: Sequence[Throat]) -> str:
    """Deepest sill and sum of the sections."""
    sill_m = max(throat.sill_depth_m or 0 for throat in throats)
    return f"{sill_m:.0f} / {sum(throat.throat_area_km2 for throat in throats):.2f}"


def scenario_rows(theatres: Mapping[str, Theatre]) -> tuple[list[tuple[str, ...]], float]:
    """Line, access depth and index of some options by candidate, and how far any index moves."""
    rows, scores = [], []
    for name, theatre in theatres.items():
        results = compute_results(theatre, samples=1)
        records: list[Mapping[str, Any]] = [result.record for result in results]
        four = next(r for r in records if r["scenario_id"] == "four-islands")
        scores.append([record["index"] for record in records])
        texts = (records[0]["barrier_km"], four["barrier_km"], records[0]["access_depth_m"])
        rows.append((name, *(f"{value:,.0f}" for value in texts), f"{four['index']:.1f}"))
    return rows, float(np.ptp(scores, axis=0).max())


def line_ends(theatre: Theatre) -> str:
    """The interval of today's shortest line over the ensemble, km."""
    (today,) = compute_results(theatre, ["status-quo"])
    return " to ".join(f"{today.record[f'barrier_km_{end}']:,.0f}" for end in ("low", "high"))


def coverage(theatre: Theatre, reference: Path) -> dict[str, str]:
    """How many of Smith and Sandwell's depths lie within the interval of the members."""
    smith, ensemble = read_smith(reference), Ensemble(theatre)
    cut = np.s_[: smith.shape[0], : smith.shape[1]]
    members = [ensemble.depths(n + 1)[::-1][cut] for n in range(ensemble.errors.members)]
    low, high = interval(np.array(members))
    known = (smith > 1) & (members[0] > 0)
    lat, lon = (one[:n] for one, n in zip(cell_centres(), smith.shape, strict=True))
    chain = known & near_chain(*np.meshgrid(lat, lon, indexing="ij"))
    within = (low <= smith) & (smith <= high)
    return {
        "smith_within": f"{within[known].mean():.0%}",
        "smith_within_chain": f"{within[chain].mean():.0%}",
    }


def model_words() -> dict[str, str]:
    """Figures of the error model."""
    with rasterio.open(data_folder() / ERRORS) as source:
        tags = source.tags()
    pairs = zip(tags["depth_m"].split(), tags["log_sd"].split(), strict=True)
    return {
        "levels": ", ".join(f"{float(sd):.2f} at {float(m):,.0f} m" for m, sd in pairs),
        "place": f"{float(tags['place_km']):.1f}",
        "length": f"{float(tags['length_km']):.0f}",
        "variance": f"{float(tags['variance']):.2f}",
        "nugget": f"{float(tags['nugget']):.2f}",
    }


def check(found: Mapping[str, str]) -> None:
    """Stop where the words say what the figures no longer do."""
    rows = [
        [float(cell) for cell in line.strip("| ").split(" | ")]
        for line in found["held_out"].splitlines()[2:]
    ]
    every, chain, shallows = np.array(rows)[:, 1:].T
    true = {
        "0.5 and 0.75 err least over all water": {2, 3}
        == set(np.flatnonzero(every == every.min())),
        "0.75 errs least near the chain": chain.argmin() == 3,
        "1 errs least in the shallows of the chain": shallows.argmin() == 4,
        "no index moves by 3 points": float(found["moved"]) < 3,
    }
    wrong = [words for words, holds in true.items() if not holds]
    if wrong:
        sys.exit(f"no longer true, mend {WORDS.name}: {'; '.join(wrong)}")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; numbers to the right."""
    rule = ["---", *(["---:"] * (len(head) - 1))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def fields(packages: Path, reference: Path) -> dict[str, str]:
    """Everything that the words ask for."""
    reliefs = Reliefs(
        read_etopo1(packages / ETOPO1_PACKAGE), read_etopo5(packages / ETOPO5_PACKAGE)
    )
    candidates, shipped = reliefs.candidates(), load()
    water = shipped.water_km2 > 0
    theatres = {
        name: shipped if name == CHOSEN else on(depth_m, name)
        for name, depth_m in candidates.items()
    }
    few = {name: theatres[name] for name in (*list(theatres)[:2], CHOSEN)}
    options, moved = scenario_rows(few)
    isobaths = [f"overlap at {limit:,} m" for limit in ISOBATHS_M]
    differences = ["Smith and Sandwell: all", "chain", "chain, shallower than 1,000 m"]
    names = [f"{name}, m / km²" for name in STRAITS]
    return {
        "held_out": table(
            ("share of ETOPO5's detail", "all water", "chain", "chain, shallower than 500 m"),
            held_out(reliefs),
        ),
        "references": table(
            ("seabed", *isobaths, *differences), against_references(candidates, reference, water)
        ),
        "straits": table(("seabed", *names, "resolved Kuril exits, km²"), strait_rows(theatres)),
        "options": table(
            (
                "seabed",
                "line today, km",
                "four islands, km",
                "access depth today, m",
                "index, four islands",
            ),
            options,
        ),
        **model_words(),
        "moved": f"{moved:.1f}",
        "line_ends": line_ends(shipped),
        "inputs": data_digest()[:12],
        **across(reliefs),
        **coverage(shipped, reference),
    }


def main() -> None:
    """Write the document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, required=True)
    options = parser.parse_args()
    reference = Path(os.environ["OKHOTSK_REFERENCE_DIR"])
    words = WORDS.read_text("utf-8")
    found = fields(options.packages, reference)
    check(found)
    for name, text in found.items():
        words = words.replace(f"{{{name}}}", text)
    DOCUMENT.write_text(words, "utf-8")


if __name__ == "__main__":
    main()
