"""Turn a folium map into one HTML page that needs no network, now or in ten years.

Folium links its scripts from public servers and gives every element a random name. Here the
scripts and styles ship with the package, are written into the page, and the names are counted,
so the same map always gives the same bytes.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import folium
from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.map import Icon
from folium.plugins import Fullscreen
from folium.raster_layers import ImageOverlay, TileLayer, WmsTileLayer
from markupsafe import Markup

from okhotsk.maps import assets
from okhotsk.maps.stand_ins import replace_elements
from okhotsk.maps.widgets.base import Widget

_LEAFLET = ("leaflet/leaflet.css", "leaflet/leaflet.js")
_FULLSCREEN = (
    "leaflet.fullscreen/Control.FullScreen.css",
    "leaflet.fullscreen/Control.FullScreen.js",
)

# Folium classes that link to the network, and the vendored files that stand in for the links.
_VENDORED: dict[type[JSCSSMixin], tuple[str, ...]] = {folium.Map: _LEAFLET, Fullscreen: _FULLSCREEN}

# Elements that need a script we do not ship, and what to use in their place.
_REFUSED: dict[type[Element], str] = {
    Icon: "it needs awesome-markers; leave the icon out, or use folium.DivIcon",
}


class Page(Figure):
    """A figure that is written as the page of its map: what stands in it is written as it is."""


def render(
    m: folium.Map,
    *,
    title: str,
    description: str = "",
    heading_html: str = "",
    styles: str = "",
    still_html: str = "",
    lang: str = "en",
) -> str:
    """Return a map as one self-contained HTML page.

    The map itself is left as it is, so it may be rendered again and gives the same bytes.

    Parameters
    ----------
    m
        A folium map made with ``tiles=None``. A tile layer stays as it is and then needs
        the network; every other element must work without it.
    title
        Title of the page, plain text.
    description
        One sentence for search engines and link previews, plain text.
    heading_html
        HTML above the map, such as an ``<h1>`` and a sentence. Scripts in it do not run.
    styles
        More CSS, after that of the page.
    still_html
        HTML that stands for the map where no script runs.
    lang
        Language of the page as a BCP 47 tag.

    Returns
    -------
    str
        The page. Write it as UTF-8.

    Raises
    ------
    ValueError
        If an element of the map needs a script that is not shipped, or loads something.
    """
    fmap, figure = _copy(m)
    replace_elements(fmap, figure)
    elements = list(_walk(fmap))
    _check(elements)
    _disarm(elements)
    files = _take_assets(elements)
    _move_last(fmap)
    head, body, script = _write(fmap, figure, files, styles)
    return assets.render(
        "page.html.j2",
        lang=lang,
        policy=Markup(_policy(head, script, [_origin(e) for e in elements if _is_tiles(e)])),
        title=title,
        description=description,
        head=Markup(head),
        heading=Markup(heading_html),
        still=Markup(still_html),
        body=Markup(body),
        script=Markup(script),
    )


def copy_map(m: folium.Map) -> Any:
    """Return a copy of a map, and of the figure it stands in, to work on.

    Rendering changes them for good. Data of layers are most of a map and never changed, so both
    share them.
    """
    layers = (element for element in _walk(m) if isinstance(element, folium.GeoJson))
    return copy.deepcopy(m, {id(layer.data): layer.data for layer in layers})


def _copy(m: folium.Map) -> tuple[folium.Map, Figure]:
    """Return a map and its figure to work on."""
    made = copy_map(m)
    root = made.get_root()
    if not isinstance(root, Figure):
        msg = "the map has no figure around it; build it with folium.Map(...)"
        raise ValueError(msg)
    return made, root


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _walk(child)


def _is_tiles(element: Element) -> bool:
    return isinstance(element, TileLayer | WmsTileLayer)


def _check(elements: Iterable[Element]) -> None:
    for element in elements:
        reason = next((why for kind, why in _REFUSED.items() if isinstance(element, kind)), None)
        if isinstance(element, folium.GeoJson) and not element.embed:
            reason = "it loads its data from a link; use embed=True"
        if isinstance(element, ImageOverlay) and not element.url.startswith("data:"):
            reason = "it loads its image from a link; pass an array or a data URL"
        if isinstance(element, folium.Map) and element.objects_to_stay_in_front:
            reason = "keep_in_front needs jQuery; add the layer last"
        if reason:
            msg = f"{type(element).__name__} cannot go into a self-contained page: {reason}"
            raise ValueError(msg)


def _disarm(elements: Iterable[Element]) -> None:
    """Keep Jinja off the data: branca parses each finished script as a template once more."""
    for element in elements:
        if isinstance(element, folium.GeoJson):
            element.data = _without_tags(element.data)


def _without_tags(value: Any) -> Any:
    if isinstance(value, str):
        return re.sub(r"\{(?=[{%#])", "&#123;", value)
    if isinstance(value, dict):
        # Coordinates are most of the data and hold no text.
        return {k: v if k == "coordinates" else _without_tags(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_without_tags(item) for item in value]
    return value


def _take_assets(elements: Iterable[Element]) -> list[str]:
    """Empty the links of all elements and return the vendored files that replace them."""
    files: dict[str, None] = {}
    for element in elements:
        if isinstance(element, Widget):
            files.update(dict.fromkeys(element.take_assets()))
        if isinstance(element, JSCSSMixin) and (element.default_js or element.default_css):
            known = [names for kind, names in _VENDORED.items() if isinstance(element, kind)]
            if not known:
                msg = (
                    f"{type(element).__name__} cannot go into a self-contained page: "
                    f"its scripts are not shipped with okhotsk"
                )
                raise ValueError(msg)
            files.update(dict.fromkeys(known[0]))
            # On the instance: the lists of the class belong to all maps.
            element.default_js, element.default_css = [], []
    return list(files)


def _move_last(fmap: folium.Map) -> None:
    """Write panels after the layers they name, whatever the order they were added in."""
    for name, child in list(fmap._children.items()):
        if isinstance(child, Widget) and child.last:
            fmap._children.move_to_end(name)


def _write(
    fmap: folium.Map, figure: Figure, files: Iterable[str], styles: str
) -> tuple[str, str, str]:
    """Head, body and script of the page."""
    for child in list(figure._children.values()):
        child.render()
    parts = (_head(figure, files, styles), _body(figure), figure.script.render().strip())
    head, body, script = (_count_names(part, fmap) for part in parts)
    _check_links(head + body)
    return head, body, script


def _head(figure: Figure, files: Iterable[str], styles: str) -> str:
    # Folium's own viewport forbids zooming, and we write the character set ourselves.
    own = re.sub(r"<meta[^>]*>", "", figure.header.render())
    own = "\n".join(line.strip() for line in own.splitlines() if line.strip())
    css = [assets.text(name) for name in files if name.endswith(".css")]
    js = [assets.text(name) for name in files if name.endswith(".js")]
    css[1:1] = [assets.text(f"okhotsk/{name}.css") for name in ("base", "page", "skip")]
    js.insert(1, assets.leaflet_setup())
    blocks = [own, *(f"<style>\n{text}\n</style>" for text in css)]
    if styles:
        blocks.append(f"<style>\n{styles}\n</style>")
    return "\n".join([*blocks, *(f"<script>\n{text}\n</script>" for text in js)])


def _body(figure: Figure) -> str:
    lines = figure.html.render().splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _count_names(text: str, fmap: folium.Map) -> str:
    """Replace the random part of each element's name by a number in the order of the tree."""
    numbers = {element._id: str(n) for n, element in enumerate(_walk(fmap))}
    return re.sub(r"[0-9a-f]{32}", lambda match: numbers.get(match[0], match[0]), text)


def _origin(tiles: Any) -> str:
    """Where tiles come from, as a content security policy names it; any host if that varies."""
    scheme, _, rest = str(getattr(tiles, "tiles", None) or tiles.url).partition("://")
    host = rest.partition("/")[0].replace("{s}", "*")
    return f"{scheme}:" if "{" in host else f"{scheme}://{host}"


def _policy(head: str, script: str, origins: Iterable[str]) -> str:
    """Return a content security policy: only our own scripts, no network but that of tiles."""
    scripts = [*re.findall(r"<script>(.*?)</script>", head, re.DOTALL), f"\n{script}\n"]
    hashes = " ".join(f"'sha256-{_sha256(text)}'" for text in scripts)
    images = " ".join(dict.fromkeys(["data:", *origins]))
    return (
        f"default-src 'none'; img-src {images}; style-src 'unsafe-inline'; script-src {hashes}; "
        "base-uri 'none'; form-action 'none'"
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _check_links(html: str) -> None:
    match = re.search(
        r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\W{0,2}(?:\w+:)?//[^>]*>", html
    )
    if match:
        msg = (
            f"the page would load {match[0]!r} from the network; if the map was shown or saved "
            f"before, build it again and render it only with okhotsk"
        )
        raise ValueError(msg)
