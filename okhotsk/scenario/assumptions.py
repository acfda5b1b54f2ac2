"""Every number that is chosen rather than computed, with its unit, source and range."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from okhotsk.errors import AssumptionError
from okhotsk.raster.viewshed import DEPTHS_M, RANGE_KM

_UNIT = re.compile("_(nm|m|km2?)$")
# Names that a reader would not understand.
_WORDS = {
    "eez_nm": "exclusive economic zone",
    "soya_nm": "Soya territorial sea",
    "floor": "floor of components",
}


def in_words(name: str) -> str:
    """Return the name of an assumption for readers, without its unit.

    Examples
    --------
    >>> in_words("patrol_area_km2")
    'patrol area'
    """
    return _WORDS.get(name) or _UNIT.sub("", name).replace("_", " ")


def _chosen(
    default: float,
    unit: str,
    low: float,
    high: float,
    source: str,
    *,
    meaning: str,
    limits: str,
    choices: tuple[float, ...] = (),
    swept: bool = True,
) -> Any:
    """A field with its meaning, range and source.

    ``limits`` says why the range ends where it does. ``choices`` are the only values allowed, where
    given. Values that settled law fixes are not ``swept`` by the analysis of uncertainty.
    """
    known = {"unit": unit, "low": low, "high": high, "source": source}
    known |= {"meaning": meaning, "limits": limits}
    return field(default=default, metadata=known | {"choices": choices, "swept": swept})


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Choices behind an assessment; see :func:`describe` for units, ranges and sources."""

    territorial_sea_nm: float = _chosen(
        12,
        "nautical miles",
        3,
        12,
        "UNCLOS Art. 3; Japan's Act on the Territorial Sea (S150)",
        swept=False,
        meaning="breadth of the territorial sea, where no narrower one is set",
        limits=(
            "12 is the most that UNCLOS Art. 3 allows; 3 is what Japan's law sets in its "
            "designated areas (S150)"
        ),
    )
    contiguous_zone_nm: float = _chosen(
        24,
        "nautical miles",
        12,
        24,
        "UNCLOS Art. 33",
        swept=False,
        meaning="breadth of the contiguous zone, from the shore",
        limits=(
            "24 is the most that UNCLOS Art. 33 allows; below 12 it would lie inside the "
            "territorial sea"
        ),
    )
    eez_nm: float = _chosen(
        200,
        "nautical miles",
        24,
        200,
        "UNCLOS Art. 57",
        swept=False,
        meaning="breadth of the exclusive economic zone, where no other land is nearer",
        limits=(
            "200 is the most that UNCLOS Art. 57 allows; below 24 it would lie inside the "
            "contiguous zone"
        ),
    )
    soya_nm: float = _chosen(
        3,
        "nautical miles",
        3,
        12,
        "Japan's law sets 3 in its designated area of the Soya Strait (W43, W44, S150); 12 is what "
        "UNCLOS Art. 3 would allow",
        choices=(3, 12),
        meaning="breadth of Japan's territorial sea in the Soya (La Perouse) Strait",
        limits="3 is Japan's law, 12 the most that UNCLOS Art. 3 allows",
    )
    transit_passage: float = _chosen(
        0,
        "0 no, 1 yes",
        0,
        1,
        "whether submerged transit passage holds in straits that a source calls international "
        "(UNCLOS Arts 36-38, 45: W45-W47), and that is La Perouse alone; at 3 miles it changes "
        "nothing there, because a corridor remains (Art. 36); in all other straits foreign "
        "submarines must surface (Art. 20)",
        choices=(0, 1),
        meaning="whether boats may pass submerged through straits called international",
        limits="a question of law, answered no or yes",
    )
    patrol_depth_m: float = _chosen(
        200,
        "metres",
        50,
        300,
        "assumption: no least patrol depth is published; about the depth of a shelf edge",
        meaning="least depth of water that missile submarines patrol in",
        limits=(
            "our choice: from the least depth for transit to half as deep again as the shelf edge"
        ),
    )
    patrol_area_km2: float = _chosen(
        1000,
        "square kilometres",
        100,
        10000,
        "assumption: smaller pools of deep water are no use",
        meaning="least area of a connected pool of deep water that counts as patrol water",
        limits="our choice: a tenth of the default and ten times the default",
    )
    transit_depth_m: float = _chosen(
        50,
        "metres",
        30,
        150,
        "assumption: no least depth for submerged transit is published",
        meaning="least depth of water that a submerged boat passes through",
        limits="our choice: no source sets an end",
    )
    operating_depth_m: float = _chosen(
        450,
        "metres",
        300,
        600,
        "greatest diving depth reported of the Borei class (S177); boats to be kept out are "
        "assumed to dive no deeper",
        meaning="depth down to which boats can use a section; what is deeper is not counted",
        limits=(
            "our choice: 150 m to either side of the reported depth; least sections are kept "
            "for these depths only"
        ),
    )
    refuge_standoff_km: float = _chosen(
        200,
        "kilometres",
        20,
        300,
        "our choice: how far from shore a patrol helicopter with dipping sonar may search (the "
        "Ka-27 was required to search for an hour 200 km from its base, W77)",
        meaning="patrol water farther than this from every shore with hostile forces is refuge",
        limits="our choice: the span over which refuge is drawn as a curve; no source sets an end",
    )
    core_standoff_km: float = _chosen(
        200,
        "kilometres",
        50,
        300,
        "as the refuge standoff; fixes one core for all options",
        meaning="how far the core stays off every shore that any scenario hands over",
        limits="our choice: no farther than the refuge standoff may be; no source sets an end",
    )
    patrol_speed_ratio: float = _chosen(
        1,
        "ratio",
        0.5,
        4,
        "assumption: speed of a patrolling boat over that of the boat it looks for",
        swept=False,
        meaning="speed of a patrolling boat over that of the boat it looks for",
        limits="our choice: from half as fast to four times as fast; no source sets an end",
    )
    sensed_depth_m: float = _chosen(
        100,
        "metres",
        DEPTHS_M[0],
        DEPTHS_M[-1],
        "assumption: depth of the boat that is looked for, or the greatest below it that shallow "
        "water allows; lines of sight are found for a few depths",
        choices=DEPTHS_M,
        meaning="depth of the boat that sensors on shores look for",
        limits="lines of sight are found for these depths only",
    )
    sensor_range_km: float = _chosen(
        100,
        "kilometres",
        20,
        RANGE_KM,
        "our assumption within the range tested, not a claim about real sonar: no range for these "
        "waters is published, and 20 dB change one tenfold or more (W86-W88)",
        meaning="distance within which a shore with a clear line of sight sees a boat",
        limits=(
            "lines of sight are found no farther than 300 km; from 20 km on the range spans "
            "more than a factor of ten (W86-W88)"
        ),
    )

    def __post_init__(self) -> None:
        """Check every value against its range, naming all that fail."""
        problems = []
        for item in fields(self):
            value, low, high = getattr(self, item.name), item.metadata["low"], item.metadata["high"]
            choices, why = item.metadata["choices"], item.metadata["limits"]
            if not isinstance(value, int | float) or not low <= value <= high:
                problems.append(f"{item.name} is {value!r}, expected {low} to {high} ({why})")
            elif choices and value not in choices:
                known = " or ".join(f"{choice:g}" for choice in choices)
                problems.append(f"{item.name} is {value!r}, expected {known} ({why})")
        if problems:
            raise AssumptionError("; ".join(problems))

    def with_values(self, values: Mapping[str, float]) -> Assumptions:
        """Return a copy with some values changed.

        Raises
        ------
        AssumptionError
            For a name that is no assumption or a value out of range.
        """
        known = {item.name for item in fields(self)}
        if unknown := sorted(set(values) - known):
            raise AssumptionError(
                f"unknown assumption {', '.join(unknown)}; expected one of "
                f"{', '.join(sorted(known))}"
            )
        return replace(self, **values)

    def as_dict(self) -> dict[str, float]:
        """Return all values by name."""
        return asdict(self)


def swept_names() -> tuple[str, ...]:
    """Return the names of the assumptions that the analysis of uncertainty sweeps."""
    return tuple(item.name for item in fields(Assumptions) if item.metadata["swept"])


def ends(name: str) -> tuple[float, ...]:
    """Return the ends of the range of an assumption, or all its choices where it has some."""
    known = _field(name).metadata
    return tuple(known["choices"]) or (known["low"], known["high"])


def has_choices(name: str) -> bool:
    """Whether an assumption may only have some values of its range."""
    return bool(_field(name).metadata["choices"])


def unit_of(name: str) -> str:
    """Return the unit of an assumption, as short as tables write it: ``km``."""
    found = _UNIT.search(name)
    return found.group(1) if found else ""


def _field(name: str) -> Any:
    return next(item for item in fields(Assumptions) if item.name == name)


def from_unit(values: Sequence[float]) -> Assumptions:
    """Return assumptions from one number in [0, 1) for each swept one, even over its range."""
    chosen = {}
    items = (item for item in fields(Assumptions) if item.metadata["swept"])
    for item, value in zip(items, values, strict=True):
        known = item.metadata
        if known["choices"]:
            chosen[item.name] = known["choices"][int(value * len(known["choices"]))]
        else:
            chosen[item.name] = known["low"] + float(value) * (known["high"] - known["low"])
    return Assumptions(**chosen)


def to_unit(assumptions: Assumptions) -> list[float]:
    """The numbers in [0, 1] for the swept assumptions that :func:`from_unit` makes them of."""
    point = []
    for item in (item for item in fields(assumptions) if item.metadata["swept"]):
        value, known = getattr(assumptions, item.name), item.metadata
        if known["choices"]:
            point.append((known["choices"].index(value) + 0.5) / len(known["choices"]))
        else:
            point.append((value - known["low"]) / (known["high"] - known["low"]))
    return point


def describe(assumptions: Assumptions) -> list[dict[str, Any]]:
    """Return one record per assumption: name, value, unit, range and source."""
    return [
        {"assumption": item.name, "value": getattr(assumptions, item.name), **item.metadata}
        for item in fields(assumptions)
    ]
