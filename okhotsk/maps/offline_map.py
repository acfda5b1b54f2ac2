"""Maps that show and save themselves as the self-contained page, in notebooks and out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import folium
from branca.element import Figure

from okhotsk.html import escape
from okhotsk.maps.offline import embed_iframe, render


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands round a map.

    Attributes
    ----------
    title
        Title of the page and of the frame, plain text.
    description, heading_html, styles
        As :func:`okhotsk.maps.offline.render`.
    width
        CSS pixels, or a share of the text's width such as ``"100%"``.
    height
        CSS pixels.
    """

    title: str = "Map"
    description: str = ""
    heading_html: str = ""
    styles: str = ""
    width: int | str = "100%"
    height: int = 600


class FramedMap(folium.Map):
    """A folium map that a notebook shows without the network.

    Folium itself links its scripts from public servers. This one shows, saves and opens the page
    of :func:`okhotsk.maps.offline.render`. Layers may be added as to any folium map.
    """

    def __init__(self, *args: Any, frame: Frame | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.frame = frame or Frame()
        _PageFigure().add_child(self)

    def to_html(self) -> str:
        """Return the self-contained page; errors as :func:`okhotsk.maps.offline.render`."""
        frame = self.frame
        return render(
            self,
            title=frame.title,
            description=frame.description,
            heading_html=frame.heading_html,
            styles=frame.styles,
        )

    def _repr_html_(self, **_: Any) -> str:
        try:
            html = self.to_html()
        except ValueError as error:  # an element somebody added; say which instead of the map
            return f"<p>{escape(error)}</p>"
        frame = self.frame
        return embed_iframe(html, height=frame.height, width=frame.width, title=frame.title)


class _PageFigure(Figure):
    """The root of a framed map: what folium saves and opens is the page."""

    def render(self, **_: Any) -> str:
        fmap: Any = next(iter(self._children.values()))
        return str(fmap.to_html())
