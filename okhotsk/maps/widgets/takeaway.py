"""What readers take away from a page: a picture, layers, a table, words to cite, code, a link."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd
from markupsafe import Markup

from okhotsk import tables
from okhotsk.assessment.record import Result
from okhotsk.html import to_js
from okhotsk.maps import assets
from okhotsk.maps.geometry import feature, geojson
from okhotsk.maps.widgets.attribution import source_lists
from okhotsk.maps.widgets.base import Widget

SCRIPTS = ("okhotsk/picture.js", "okhotsk/features_file.js", "okhotsk/takeaway.js")
STYLE, SKIP = "okhotsk/takeaway.css", "okhotsk/skip.css"
LINE_DEG = 0.004  # how much of a line may be smoothed away
SPECIAL = re.compile(r"[\\{}%&#_$~^]")  # characters that mean something to BibTeX


class TakeAway(Widget):
    """The menu of a map: picture, layers, table, citation, code to embed, link.

    Parameters
    ----------
    data
        From :func:`map_data` or :func:`explorer_data`.
    """

    assets = (*Widget.assets, STYLE, *SCRIPTS)
    last = True

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()
        self.data = dict(data)

    def script(self) -> str:
        """Return the JavaScript statement that makes the menu."""
        return f"okhotsk.takeaway({to_js(self.data)}, {self.parent_name});"


def map_data(result: Result, baseline: Result | None = None) -> dict[str, Any]:
    """What the menu on the map of an option holds: every figure beside that of the baseline.

    Without a baseline beside those of today, of which there are no index and no intervals.
    """
    (now,) = _records([result])
    before = pd.DataFrame([dict(result.today)]) if baseline is None else baseline.to_frame()
    (today,) = json.loads(tables.render(tables.rounded(before), "json"))
    rows = [[name, value, today.get(name)] for name, value in now.items()]
    title = result.scenario.title
    return {
        "kind": "map",
        "page": f"{result.scenario.scenario_id}.html",
        "table": {"head": ["column", "value", "today"], "rows": rows},
        **_owed(title, result.scenario.scenario_id, [result]),
    }


def explorer_data(results: Sequence[Result], title: str) -> dict[str, Any]:
    """What the menu of the explorer holds; its table is that of the page."""
    return {"kind": "explorer", "page": "explorer.html", **_owed(title, "explorer", results)}


def index_data(results: Sequence[Result], title: str) -> dict[str, Any]:
    """What the menu of the index page holds: figures of every option, and its seal line."""
    records = _records(results)
    lines = [
        feature(geojson(result.barrier.lines["barrier_km"].simplify(LINE_DEG)), **record)
        for result, record in zip(results, records, strict=True)
    ]
    head = list(records[0])
    return {
        "kind": "index",
        "page": "index.html",
        "table": {"head": head, "rows": [[record[name] for name in head] for record in records]},
        "features": lines,
        **_owed(title, "index", results),
    }


def index_parts(results: Sequence[Result], title: str) -> dict[str, Markup]:
    """Style, script and the script's digest, for a page that is no folium map."""
    script = "\n".join(
        ["window.okhotsk = {};", *map(assets.text, SCRIPTS)]
        + [f"okhotsk.takeaway({to_js(index_data(results, title))}, null);"]
    )
    text = f"\n{script}\n"
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {
        "style": Markup("\n".join(map(assets.text, (STYLE, SKIP)))),
        "script": Markup(text),
        "policy": Markup(f"script-src 'sha256-{digest}'"),
    }


def _records(results: Sequence[Result]) -> list[dict[str, Any]]:
    """The records of options as the tables of the command line hold them."""
    found: list[dict[str, Any]] = []
    for result in results:
        found += json.loads(tables.render(result.to_frame(), "json"))
    titles = [result.scenario.title for result in results]
    return [
        {"scenario_id": record.pop("scenario_id"), "title": title, **record}
        for title, record in zip(titles, found, strict=True)
    ]


def _owed(title: str, name: str, results: Sequence[Result]) -> dict[str, Any]:
    """Title, makers, version and sources."""
    lists = source_lists(*results)
    made = f"okhotsk {version('okhotsk')}, theatre {results[0].theatre.key[:12]}"
    sources = [text for found in lists.values() for text in found]
    short = [lists[head][0] for head in ("Coast", "Seabed")]
    return {
        "title": title,
        "stem": name,
        "made": made,
        "sources": {"Coast and seabed": short, **_options(lists)},
        "citation": f'The okhotsk contributors: "{title}". {made}.',
        "cited": sources,
        "bibtex": _bibtex(title, name, made, sources),
    }


def _options(lists: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {head: found for head, found in lists.items() if head == "This option"}


def _bibtex(title: str, name: str, made: str, sources: Iterable[str]) -> str:
    """An entry without its end: the page adds the day on which it was read."""
    key = "okhotsk-" + (re.sub(r"[^0-9a-z]+", "-", name.lower()).strip("-") or "map")
    fields = {
        "author": "{The okhotsk contributors}",
        "title": f"{{{_plain(title)}}}",
        "howpublished": _plain(made),
        "note": _plain("Sources: " + " ".join(sources)),
    }
    return "\n".join([f"@misc{{{key},", *(f"  {n} = {{{text}}}," for n, text in fields.items())])


def _plain(text: str) -> str:
    words = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return SPECIAL.sub(lambda found: words.get(found[0], "\\" + found[0]), text)
