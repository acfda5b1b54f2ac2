"""How deep a boat may be and still pass: a slider beside the map."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd
from folium import GeoJson

from okhotsk.assessment.record import Result
from okhotsk.html import to_js
from okhotsk.maps.widgets.base import Widget

PASSAGES: Mapping[str, str] = MappingProxyType(
    {"access": "Others, into the core", "egress": "Russia, out of the core"}
)


class DepthSlider(Widget):
    """A folding panel with a slider of keel depth; while it is open, throats show what passes.

    Parameters
    ----------
    result
        The assessment whose ``keels`` are shown.
    straits
        The layer of throats; each feature has the strait's ``id``.
    """

    assets = (
        *Widget.assets,
        "okhotsk/panel.css",
        "okhotsk/depth_slider.css",
        "okhotsk/depth_slider.js",
    )
    last = True

    def __init__(self, result: Result, straits: GeoJson) -> None:
        super().__init__()
        self.straits = straits
        exits = result.straits[result.straits.exit]
        self.data = {
            "ways": [
                {"id": way, "name": name, "steps": _steps(result.keels[result.keels.way == way])}
                for way, name in PASSAGES.items()
            ],
            "names": {
                row.strait_id: row.name.split(" (")[0] for row in exits.itertuples(index=False)
            },
            "unknown": exits.strait_id[~exits.resolved].tolist(),
            "start": int(result.assumptions.transit_depth_m),
        }

    def script(self) -> str:
        """Return the JavaScript statement that draws the panel."""
        return f"okhotsk.keels({self.parent_name}, {self.straits.get_name()}, {to_js(self.data)});"


def _steps(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"keel": int(row["keel_m"]), "open": [*row["straits_open"]], "km2": row["reached_km2"]}
        for row in rows.to_dict("records")
    ]
