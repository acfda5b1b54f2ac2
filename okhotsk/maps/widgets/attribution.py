"""Whom the map is owed to: every source, one click away."""

from __future__ import annotations

from okhotsk.assessment.intervals import caution
from okhotsk.assessment.record import Result
from okhotsk.datasets import in_full, read_registry
from okhotsk.html import to_js
from okhotsk.maps import assets
from okhotsk.maps.widgets.base import Widget

COAST = "Coast: GSHHG 2.3.6 (LGPL-3)"


class Credits(Widget):
    """A folding panel that lists every source of a map.

    Parameters
    ----------
    results
        The assessments that the map shows, of one theatre.
    """

    assets = (*Widget.assets, "okhotsk/panel.css", "okhotsk/credits.css", "okhotsk/credits.js")
    last = True

    def __init__(self, *results: Result) -> None:
        super().__init__()
        self.html = assets.render("sources.html.j2", lists=source_lists(*results))

    def script(self) -> str:
        """Return the JavaScript statement that draws the panel."""
        return f"okhotsk.credits({self.parent_name}, {to_js(self.html)});"


def short_attribution(result: Result) -> str:
    """What stands in the corner of the map, as HTML."""
    return assets.render("attribution.html.j2", coast=COAST, seabed=result.theatre.seabed.title)


def source_lists(*results: Result) -> dict[str, list[str]]:
    """Every source of a map by what it is a source of, in words."""
    theatre, files, single = results[0].theatre, read_registry(), len(results) == 1
    seabed = files["seabed.tif"]["source"] if theatre.seabed.shipped else theatre.seabed.title
    keys = {
        "This option" if single else "Options": dict.fromkeys(
            source for result in results for source in result.scenario.sources
        ),
        "Islands and people": dict.fromkeys(" ".join(map(str, theatre.islands.source)).split()),
        "Straits": dict.fromkeys(
            key
            for throat in theatre.throats
            for value in throat.strait.published
            for key in value["source"]
        ),
    }
    return {
        "Coast": [f"{files['coast.fgb']['source']}. {files['coast.fgb']['licence']}."],
        "Seabed": [
            f"{seabed}; cells of {theatre.seabed.native_km:.1f} km.",
            # Pages of several options show no such interval.
            *filter(None, [caution(theatre) if single else ""]),
        ],
    } | {title: list(map(in_full, found)) for title, found in keys.items() if found}
