"""Templates, scripts, styles and images that go into the pages, and how they are read.

`templates/` holds our own HTML and SVG, `okhotsk/` our own scripts and styles. The other folders
hold released files of other projects, unchanged, each with its licence (see README.md).
"""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from okhotsk.html import escape, linked

_MEDIA = {".png": "image/png", ".svg": "image/svg+xml"}


def render(template: str, **values: Any) -> str:
    """Return a template of the pages filled in; what is no Markup is escaped.

    Parameters
    ----------
    template
        File in `templates/`.
    values
        What the template names: plain texts, numbers, records, and finished HTML as Markup.
    """
    return _environment().get_template(template).render(values)


def fragment(template: str, **values: Any) -> Markup:
    """Return a template filled in, to stand inside another."""
    return Markup(render(template, **values))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader(__name__, "templates"),
        autoescape=True,
        finalize=_escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["linked"] = linked
    return made


def _escaped(value: Any) -> Markup:
    # Stricter than Jinja itself: folium reads some of the pages as templates once more.
    return value if hasattr(value, "__html__") else Markup(escape(value))


@cache
def text(name: str) -> str:
    """Read a vendored script or style sheet, ready to stand inside the page."""
    folder = name.rpartition("/")[0]
    out = _read(name).decode().replace("\r\n", "\n").strip()
    if name.endswith(".css"):
        out = re.sub(
            r"url\(['\"]?([^'\")#:]+)['\"]?\)",
            lambda match: f"url({_data_url(f'{folder}/{match[1]}')})",
            out,
        )
    out = re.sub(r"\n?//# sourceMappingURL=.*$", "", out)
    return _licence(folder) + out


def _licence(folder: str) -> str:
    licence = resources.files(__name__).joinpath(*folder.split("/"), "LICENSE")
    return f"/*! {licence.read_text('utf-8').strip()} */\n" if licence.is_file() else ""


def leaflet_setup() -> str:
    """Give Leaflet its marker images, which it would look for beside its style sheet.

    And name the page: what stands for the map without scripts goes.
    """
    images = {
        "iconUrl": _data_url("leaflet/images/marker-icon.png"),
        "iconRetinaUrl": _data_url("leaflet/images/marker-icon-2x.png"),
        "shadowUrl": _data_url("leaflet/images/marker-shadow.png"),
    }
    return (
        'document.documentElement.classList.add("ok-scripted");\n'
        'L.Icon.Default.imagePath = "";\n'
        f"L.Icon.Default.mergeOptions({json.dumps(images)});\n"
        'L.Control.Attribution.mergeOptions({"prefix": "Leaflet"});'
    )


def _data_url(name: str) -> str:
    data = base64.b64encode(_read(name)).decode()
    return f"data:{_MEDIA[name[name.rindex('.') :]]};base64,{data}"


def _read(name: str) -> bytes:
    return resources.files(__name__).joinpath(*name.split("/")).read_bytes()
