"""Scenarios: which land is handed to Japan, and who then holds what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import shapely

from okhotsk.errors import ScenarioError
from okhotsk.html import NOTE, write_notes, write_table
from okhotsk.schema import TEXTS, Key, Schema, check, in_words
from okhotsk.theatre.coast import FIXED_HOLDERS, read_islands

FORCES = ("RU", "JP", "none")
# First words of a border's description that take a small letter after a colon.
LEADS = ("across", "along", "between", "north", "south", "the", "through")
RULES = ("parallel", "line", "land-share", "equal-land")
# The side of a line that is ceded, and the one that is kept.
SIDES: Mapping[str, str] = MappingProxyType(
    {"south": "north", "north": "south", "west": "east", "east": "west"}
)
# Texts of people, and how many letters each may have; all but the last two stand on one line.
# Of island sets too: their pieces may join several units by a plus, and their titles name each.
SET_ID = Key(pattern=r"[a-z0-9]+([-+][a-z0-9]+)*", words="small letters, digits and hyphens")
TITLE = Key(pattern=r"(?s).*\S.*", words="a text with letters", most=200)
TEXT_KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "title": TITLE,
        **dict.fromkeys(("short", "date", "proponent"), Key(required=False, most=200)),
        **dict.fromkeys(("status", "line"), Key(required=False, most=500)),
        "context": Key(required=False, most=10_000),
        "sources": Key(TEXTS, required=False, most=1_000),
    }
)
SET_TITLE = replace(TITLE, most=2_000)
ONE_LINE = tuple(TEXT_KEYS)[:-2]
FORCE_WORDS = {"JP": "Japanese", "RU": "Russian", "none": "none (demilitarised)"}
TODAY = "status-quo"  # the scenario that all others are compared with


@dataclass(frozen=True, kw_only=True)
class Cession:
    """Land handed to Japan: one whole unit, or one side of a line across it.

    Attributes
    ----------
    unit
        Land unit.
    forces
        Whose forces may stand there: ``RU``, ``JP`` or ``none``.
    rule
        None for a whole unit; ``parallel`` (a line of latitude), ``line`` (any line),
        ``land-share`` or ``equal-land`` (the line across the long axis that gives Japan a share of
        the land of some units, or half of it).
    lat, line, share, among
        What the rule needs; points of a line are longitude and latitude.
    side
        The part that is ceded: one of ``SIDES``.
    """

    unit: str
    forces: str
    rule: str | None = None
    lat: float | None = None
    line: tuple[tuple[float, float], ...] = ()
    share: float | None = None
    among: tuple[str, ...] = ()
    side: str = "south"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is handed over, and what is known of the proposal; ``short`` is the title in charts.

    Raises
    ------
    ScenarioError
        Where a text holds what no file or terminal can carry, or the id cannot name a file.
    """

    scenario_id: str
    title: str
    short: str = ""
    date: str = ""
    proponent: str = ""
    status: str = ""
    line: str = ""
    context: str = ""
    sources: tuple[str, ...] = ()
    cessions: tuple[Cession, ...] = ()

    def __post_init__(self) -> None:
        """Check the texts, and write those of one line on one line."""
        texts = {name: getattr(self, name) for name in TEXT_KEYS}
        given = {"id": self.scenario_id, **texts, "sources": list(self.sources)}
        if problems := check(
            given,
            Schema({**TEXT_KEYS, "id": SET_ID, "title": SET_TITLE}),
            f"scenario {self.scenario_id!r}",
        ):
            raise ScenarioError(in_words(problems))
        for name in ONE_LINE:
            object.__setattr__(self, name, " ".join(texts[name].split()))

    @property
    def border(self) -> str:
        """Where the border runs, as a sentence; empty where the scenario does not say.

        Examples
        --------
        >>> Scenario(scenario_id="a", title="A", line="The Friza Strait.").border
        'Border: the Friza Strait.'
        """
        first, _, rest = self.line.partition(" ")
        lead = first.lower() if first.lower() in LEADS else first
        return f"Border: {lead} {rest}" if self.line else ""

    def _repr_html_(self) -> str:
        return _card(self)


@dataclass(frozen=True)
class Part:
    """Land under one holder: a unit, or the piece of a unit on one side of a line.

    Attributes
    ----------
    part_id
        The unit id, with ``-south``, ``-north``, ``-west`` or ``-east`` where the unit is split.
    sovereign
        ``RU`` or ``JP``: decides zones and regimes.
    forces
        ``RU``, ``JP`` or ``none``: whose sensors and missiles may stand there.
    """

    part_id: str
    unit: str
    sovereign: str
    forces: str
    land: shapely.MultiPolygon

    @property
    def ceded(self) -> bool:
        """Whether the scenario hands this land to Japan."""
        return self.sovereign == "JP" and FIXED_HOLDERS.get(self.unit) != "JP"


def _card(scenario: Scenario) -> str:
    """Return what a scenario hands over, who proposed it and when, as HTML."""
    names = ("date", "proponent", "status", "line")
    texts = [[name.title(), getattr(scenario, name)] for name in names if getattr(scenario, name)]
    texts += [["Sources", ", ".join(scenario.sources)]] if scenario.sources else []
    facts = write_table(scenario.title, [], [["Id", scenario.scenario_id], *texts])
    rows = [[_names(units), part, FORCE_WORDS[forces]] for units, part, forces in _ceded(scenario)]
    given = write_table("", ["handed over", "part", "forces that may stand there"], rows)
    given = given if rows else f'<p style="{NOTE}">Nothing is handed over.</p>'
    return f"<div>{facts}{given}{write_notes([scenario.context] if scenario.context else [])}</div>"


def _ceded(scenario: Scenario) -> list[tuple[list[str], str, str]]:
    """Units, part and forces of what is handed over; like neighbours share a row."""
    rows: list[tuple[list[str], str, str]] = []
    for cession in scenario.cessions:
        part = _part(cession)
        if rows and rows[-1][1:] == (part, cession.forces) and not cession.rule:
            rows[-1][0].append(cession.unit)
        else:
            rows.append(([cession.unit], part, cession.forces))
    return rows


def _part(cession: Cession) -> str:
    if cession.rule is None:
        return "whole"
    if cession.rule == "parallel":
        return f"{cession.side} of {cession.lat:g}° N"
    if cession.rule == "line":
        ends = " to ".join(map(_position, (cession.line[0], cession.line[-1])))
        return f"{cession.side} of the line from {ends}"
    land = f"the land of {_names(cession.among or (cession.unit,))}"
    if cession.rule == "land-share":
        percent = 100 * (cession.share or 0)
        return f"{cession.side} of the line that leaves Japan {percent:g}% of {land}"
    return f"{cession.side} of the line that halves {land}"


def _position(point: tuple[float, float]) -> str:
    return f"{point[1]:.2f}° N {point[0]:.2f}° E"


def _names(units: Iterable[str]) -> str:
    islands = read_islands()
    return ", ".join(islands[u].name if u in islands else u.title() for u in units)
