"""Maps that show and save themselves as the self-contained page, in notebooks and out of them."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
from branca.element import Figure

from okhotsk.files import write_text
from okhotsk.html import escape
from okhotsk.maps.offline import Page, copy_map, render
from okhotsk.maps.snippet import embed_iframe
from okhotsk.maps.still import Still, write_still
from okhotsk.maps.widgets.base import Finished


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
    still
        Draws what stands for the map where no script runs.
    """

    title: str = "Map"
    description: str = ""
    heading_html: str = ""
    styles: str = ""
    width: int | str = "100%"
    height: int = 600
    still: Callable[[], Still] | None = None

    def __deepcopy__(self, _: object) -> Frame:
        return self  # it never changes, and what it draws from is large


class FramedMap(folium.Map):
    """A folium map that a notebook shows without the network.

    Folium itself links its scripts from public servers. This one shows, saves and opens the page
    of :func:`okhotsk.maps.offline.render`. Layers may be added as to any folium map. In a figure of
    folium's own it stands as a frame that holds the page.
    """

    def __init__(self, *args: Any, frame: Frame | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.frame = frame or Frame()
        _PageFigure().add_child(self)

    def to_html(self) -> str:
        """Return the self-contained page; errors as :func:`okhotsk.maps.offline.render`."""
        frame = self.frame
        return render(
            self if isinstance(self.get_root(), Page) else self._alone(),
            title=frame.title,
            description=frame.description,
            heading_html=frame.heading_html,
            styles=frame.styles,
            still_html="" if frame.still is None else write_still(frame.still()),
        )

    def save(self, outfile: Any, close_file: bool = True, **_: Any) -> None:  # noqa: FBT001, FBT002
        """Write the page to a path, whole or not at all, or to a file that is open for bytes."""
        html = self.to_html()
        if isinstance(outfile, str | bytes | Path):
            write_text(Path(os.fsdecode(outfile)), html)
            return
        outfile.write(html.encode())
        if close_file:
            outfile.close()

    def render(self, **options: Any) -> str:
        """Write the map into its page, or a frame with its page into a figure of folium's own."""
        root = self.get_root()
        if isinstance(root, Page) or not isinstance(root, Figure):
            super().render(**options)
        else:
            root.html.add_child(Finished(self._repr_html_()), name=self.get_name())
        return ""  # the figure has it

    def _alone(self) -> FramedMap:
        """A copy of the map without the figure it stands in."""
        own: Any = self
        parent, own._parent = self._parent, None
        try:
            made: FramedMap = copy_map(self)
        finally:
            own._parent = parent
        _PageFigure().add_child(made)
        return made

    def _repr_html_(self, **_: Any) -> str:
        return self._show(None if self.frame.still is None else self.frame.still())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The frame, and for programs that show no HTML the picture that lies under it."""
        still = None if self.frame.still is None else self.frame.still()
        bundle = {"text/plain": repr(self), "text/html": self._show(still)}
        if still is not None:
            bundle["image/png"] = base64.b64encode(still.png).decode()
        return bundle

    def __repr__(self) -> str:
        return f"<map of {self.frame.title!r}: a notebook shows it; .save(path) writes it>"

    def _show(self, still: Still | None) -> str:
        try:
            html = self.to_html()
        except ValueError as error:  # an element somebody added; say which instead of the map
            return f"<p>{escape(error)}</p>"
        frame = self.frame
        return embed_iframe(
            html, height=frame.height, width=frame.width, title=frame.title, still=still
        )


class _PageFigure(Page):
    """The root of a framed map: what folium saves and opens is the page."""

    def render(self, **_: Any) -> str:
        return str(_map_of(self).to_html())


class _SharedFigure(Page):
    """The root of a map of somebody else that holds layers of ours.

    It is written as a self-contained page too, unless the map holds an element that loads scripts
    from public servers: then as the page of folium, which links them.
    """

    frame = Frame()

    def render(self, **options: Any) -> str:
        try:
            return render(_map_of(self), title=self.frame.title, styles=self.frame.styles)
        except ValueError:
            return str(super().render(**options))


def share(m: folium.Map, frame: Frame) -> None:
    """Let a map of folium's own be saved and shown as a self-contained page, if it stands alone."""
    root = m.get_root()
    if type(root) is Figure and m._parent is root and _map_of(root) is m:
        root.__class__ = _SharedFigure  # whoever holds the figure goes on to hold this one
        root.frame = frame  # type: ignore[attr-defined]


def _map_of(figure: Figure) -> Any:
    """The map of a figure; none where it holds several."""
    maps = [child for child in figure._children.values() if isinstance(child, folium.Map)]
    return maps[0] if len(maps) == 1 else None
