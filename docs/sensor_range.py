"""Write the table of method.md that says how well samples tell exposures at other sensor ranges.

Run ``python docs/sensor_range.py``: some minutes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

import okhotsk
from okhotsk.assessment.uncertainty import carried_components, coarse_cells, route_cells
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.raster.arrays import FloatArray
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

DOCUMENT = Path(__file__).with_name("method.md")
RANGES_KM = (100, 50, 150, 200, 250, 300)  # the default first, as samples have it
SCENARIOS = ("status-quo", "half-area-2006")
LARGEST = """At the default of 100 km the error is 0 by construction. The largest is {worst:+.2f},
at {km} km. Other components and options were not compared like this."""


def exposures(theatre: Theatre) -> FloatArray:
    """Exposure of the intruder's route, shape (scenarios, ranges)."""
    base = Context(theatre, Assumptions())
    owns = [ScenarioContext.of(base, okhotsk.load_scenario(name)) for name in SCENARIOS]
    moved = [base.under(Assumptions(sensor_range_km=km)) for km in RANGES_KM]
    return np.array(
        [
            [replace(own, context=context).route("intruder").exposure for context in moved]
            for own in owns
        ]
    )


def component(found: FloatArray) -> FloatArray:
    """Share of today's exposure that is left."""
    return np.asarray(np.clip(found[1] / found[0], 0, 1))


def differences(coarse: FloatArray, exact: float) -> FloatArray:
    """The component as samples have it."""
    return carried_components(coarse[:, None, None], np.array([[exact]]))[:, 0, 0]


def table(theatre: Theatre) -> tuple[dict[str, FloatArray], FloatArray]:
    """Rows of the table by their titles, and the errors of what samples do."""
    full, fine, rough = (
        exposures(one)
        for one in (
            theatre,
            coarsen(theatre, route_cells(theatre)),
            coarsen(theatre, coarse_cells(theatre)),
        )
    )
    whole = component(full)
    near, far = (differences(component(one), whole[0]) for one in (fine, rough))
    with np.errstate(divide="ignore", invalid="ignore"):
        by_ratio = np.clip(component(fine) * (whole[0] / component(fine)[0]), 0, 1)
    rows = {
        "warning of intruders today (their exposure), theatre": full[0],
        "the same on cells of 5 minutes": fine[0],
        "with `half-area-2006`, theatre": full[1],
        "the same on cells of 5 minutes, `half-area-2006`": fine[1],
        "component, theatre": whole,
        "component by differences, cells of 5 minutes": near,
        "its error": near - whole,
        "error by differences, cells of 10 minutes": far - whole,
        "error by ratios, cells of 5 minutes": by_ratio - whole,
    }
    return rows, near - whole


def written(value: float) -> str:
    """A number of the table; what rounds to nothing has no sign."""
    return f"{value:.3f}".replace("-0.000", "0.000")


def main() -> None:
    """Compute all exposures and write the table in place."""
    rows, errors = table(okhotsk.load())
    order = np.argsort(RANGES_KM)
    lines = [
        "| sensor range, km | " + " | ".join(str(RANGES_KM[n]) for n in order) + " |",
        "|---|" + "---:|" * len(order),
        *(
            f"| {title} | "
            + " | ".join(f"{values[n]:.3f}".replace("-0.000", "0.000") for n in order)
            + " |"
            for title, values in rows.items()
        ),
    ]
    worst = int(np.abs(errors).argmax())
    words = LARGEST.format(worst=errors[worst], km=RANGES_KM[worst]).replace("-", "−", 1)
    text = "\n".join(["<!-- sensor range -->", *lines, "", words, "<!-- end of sensor range -->"])
    document = DOCUMENT.read_text("utf-8")
    pattern = r"<!-- sensor range -->.*?<!-- end of sensor range -->"
    changed, count = re.subn(pattern, lambda _: text, document, flags=re.S)
    if count != 1:
        raise SystemExit(f"{DOCUMENT}: expected one table of sensor ranges, found {count}")
    DOCUMENT.write_text(changed, "utf-8")


if __name__ == "__main__":
    main()
