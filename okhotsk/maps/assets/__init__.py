"""Scripts, styles and images that go into the pages, and how they are read.

The folders beside this file hold released files of other projects, unchanged, each with its
licence (see README.md), and our own controls in `okhotsk/`.
"""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from importlib import resources

_MEDIA = {".png": "image/png", ".svg": "image/svg+xml"}


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
    """Give Leaflet its marker images, which it would look for beside its style sheet."""
    images = {
        "iconUrl": _data_url("leaflet/images/marker-icon.png"),
        "iconRetinaUrl": _data_url("leaflet/images/marker-icon-2x.png"),
        "shadowUrl": _data_url("leaflet/images/marker-shadow.png"),
    }
    return (
        'L.Icon.Default.imagePath = "";\n'
        f"L.Icon.Default.mergeOptions({json.dumps(images)});\n"
        'L.Control.Attribution.mergeOptions({"prefix": "Leaflet"});'
    )


def _data_url(name: str) -> str:
    data = base64.b64encode(_read(name)).decode()
    return f"data:{_MEDIA[name[name.rindex('.') :]]};base64,{data}"


def _read(name: str) -> bytes:
    return resources.files(__name__).joinpath(*name.split("/")).read_bytes()
