"""What stands for a map where no script runs: a picture, its title, figures and sources."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from PIL import Image

from okhotsk.assessment.record import Result
from okhotsk.maps import assets
from okhotsk.maps.base_map import BaseMap
from okhotsk.maps.images import data_uri, png_bytes
from okhotsk.maps.thumbnail import thumbnail
from okhotsk.maps.verdict import INDEX, Change, changes
from okhotsk.maps.widgets.attribution import COAST
from okhotsk.style import CEDED_COLOURS

WIDTH_PX = 640


@dataclass(frozen=True)
class Still:
    """A picture of a map, and what must be said beside it.

    Attributes
    ----------
    title
        What the map shows.
    image
        The picture.
    colours
        What its colours mean, in words.
    figures
        The figures that stand for all, each beside today's.
    sources
        Whom coast and seabed are owed to.
    """

    title: str
    image: Image.Image
    colours: str
    figures: str
    sources: str

    @property
    def png(self) -> bytes:
        """The picture as a file."""
        return png_bytes(self.image)

    @property
    def data_uri(self) -> str:
        """The picture as an address."""
        return data_uri(self.image)

    @property
    def key(self) -> str:
        """What its colours mean, as a sentence."""
        return f"{self.colours[0].upper()}{self.colours[1:]}."

    @property
    def alt(self) -> str:
        """What the picture shows, for who does not see it."""
        return f"Map of {self.title}: {self.colours}"


def find_still(result: Result, base: BaseMap | None = None) -> Still:
    """Return what stands for the map of an assessment where no script runs.

    ``base`` is what the maps of a theatre share, where it is at hand.
    """
    return Still(
        title=result.scenario.title,
        image=thumbnail(result, base=base, width_px=WIDTH_PX),
        colours=colour_words(result),
        figures=". ".join(_figure(row) for row in changes(result) if row.headed) + ".",
        sources=f"{COAST}. Seabed: {result.theatre.seabed.title}. Drawing and figures: okhotsk.",
    )


def write_still(still: Still) -> Markup:
    """Return the picture with its texts as a part of a page."""
    return assets.fragment("still.html.j2", still=still, picture=still.data_uri)


def _figure(row: Change) -> str:
    """A figure, and in brackets today's; of the index its interval too."""
    note = row.note if row.label == INDEX else ""
    beside = "; ".join(filter(None, [note, row.today and f"today {row.today}"]))
    return f"{row.label} {row.now}" + (f" ({beside})" if beside else "")


def colour_words(result: Result) -> str:
    """What the colours of a small map mean."""
    ceded = set(result.land[result.land.ceded].forces)
    parts = [f"ceded land {colour}" for forces, colour in CEDED_COLOURS.items() if forces in ceded]
    return "; ".join([*parts, "Japanese waters blue", "the shortest seal line black"])
