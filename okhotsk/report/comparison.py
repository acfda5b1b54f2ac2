"""What changes between two options, in sentences made of their figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from okhotsk.assessment.compare import Comparison, RouteChange
from okhotsk.assessment.intervals import both
from okhotsk.report.captions import INTERVAL

NOTHING = "Nothing changes."
REGIMES: Mapping[str, str] = MappingProxyType(
    {"russian": "Russian", "shared": "shared", "japanese": "Japanese"}
)
SIDES: Mapping[str, str] = MappingProxyType({"RU": "Russian", "JP": "Japanese"})
FORCES: Mapping[str, str] = MappingProxyType(
    {
        "JP": "Japanese forces may stand on ceded land.",
        "none": "No forces may stand on ceded land.",
        "RU": "Russian forces stay on ceded land.",
    }
)
ROUTES: Mapping[str, str] = MappingProxyType(
    {
        "egress": "the least exposed way out of the core",
        "base": "the least exposed way from the base to the core",
        "intruder": "the least exposed way in for a foreign boat",
    }
)
PASSAGES: Mapping[str, str] = MappingProxyType(
    {
        "access": "The deepest way in for a foreign boat outside Russian territorial sea",
        "egress": "The deepest way out for a Russian boat outside Japanese territorial sea",
    }
)
# Smaller changes do not show in the figures as they are written.
LEAST, LEAST_SHARE, LEAST_EXPOSURE = 0.5, 0.0005, 0.005
LEAST_CONTRIBUTION = 0.05  # of a component to the change of the index


@dataclass(frozen=True)
class Finding:
    """One difference: what it is about, and a sentence."""

    topic: str
    sentence: str


def describe_changes(comparison: Comparison) -> list[Finding]:
    """Return all that changes; a topic in which nothing does says so."""
    return [
        *(Finding("assumptions", sentence) for sentence in _assumed(comparison)),
        *(
            Finding(topic, sentence)
            for topic, write in TOPICS.items()
            for sentence in list(write(comparison)) or [NOTHING]
        ),
    ]


def summarise_changes(comparison: Comparison) -> list[str]:
    """Return what changes, without stretches of line, other passages, and the index itself."""
    exits = tuple(change for change in comparison.regimes if change.exits)
    shown = replace(comparison, stretches=(), regimes=exits)
    topics: tuple[Callable[[Comparison], Iterator[str]], ...] = (
        lambda c: _straits(c, kinds=False),
        _seal,
        _refuge,
        _sensed,
        _routes,
        _depth,
        lambda c: _drivers(c, "the index"),
    )
    return [sentence for write in topics for sentence in write(shown)]


def join_names(names: Sequence[str]) -> str:
    """Names without what stands in brackets: ``A, B and C``.

    Examples
    --------
    >>> join_names(["Friza (De Vries)", "Bussol", "Diana"])
    'Friza, Bussol and Diana'
    """
    names = [name.split(" (")[0] for name in names]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _grows(old: float, new: float) -> str:
    return "grows" if new > old else "falls"


def _figure(comparison: Comparison, name: str, column: str, unit: str) -> Iterator[str]:
    """From what to what a figure of the record goes, and by how much."""
    old, new = comparison.before[column], comparison.after[column]
    if abs(new - old) < LEAST:
        return
    part = f", {(new - old) / old:+.0%}" if old else ""
    seabeds = both(comparison.before, comparison.after, column, unit)
    yield f"{name} {_grows(old, new)} from {old:,.0f} to {new:,.0f} {unit}{part}{seabeds}."


def _assumed(comparison: Comparison) -> Iterator[str]:
    """Assumptions that differ, where some do."""
    for name, (old, new) in comparison.assumed.items():
        yield f"{name} is {old:g} for the first option and {new:g} for the second."
    if comparison.assumed:
        yield "Each index compares with today under the assumptions of its own option."


def _land(comparison: Comparison) -> Iterator[str]:
    old, new = comparison.before, comparison.after
    more = new["ceded_land_km2"] - old["ceded_land_km2"]
    if abs(more) >= LEAST:
        yield f"{abs(more):,.0f} km² {'more' if more > 0 else 'less'} land is handed over."
    people = new["ceded_population"] - old["ceded_population"]
    if people:
        known = ", of those that a source counts" if comparison.uncounted else ""
        yield f"{abs(people):,} {'more' if people > 0 else 'fewer'} people live on it{known}."
    yield from (FORCES[holder] for holder in comparison.forces)


def _straits(comparison: Comparison, *, kinds: bool = True) -> Iterator[str]:
    for change in comparison.regimes:
        turn = "turns" if len(change.straits) == 1 else "turn"
        kind = " (exits of the sea)" if change.exits else " (other passages)"
        yield (
            f"{join_names(change.straits)} {turn} from {REGIMES[change.before]} to "
            f"{REGIMES[change.after]}{kind if kinds else ''}."
        )
    old, new = (r["russian_operating_share"] for r in (comparison.before, comparison.after))
    if abs(new - old) >= LEAST_SHARE:
        yield (
            "The share of the deep exits' section down to the operating depth with both shores "
            "Russian "
            f"{_grows(old, new)} from {old:.1%} to {new:.1%}."
        )


def _zones(comparison: Comparison) -> Iterator[str]:
    for column, name in (
        ("jp_territorial_sea_km2", "Japan's territorial sea within the sea"),
        ("jp_eez_km2", "Japan's economic zone within the sea"),
    ):
        yield from _figure(comparison, name, column, "km²")


def _seal(comparison: Comparison) -> Iterator[str]:
    yield from _figure(comparison, "The shortest seal line", "barrier_km", "km")
    least = "The least section of a seal down to the operating depth"
    yield from _figure(comparison, least, "operating_area_km2", "km²")
    for stretch in comparison.stretches:
        several = len(stretch.near) > 1
        where = f"between {join_names(stretch.near)}" if several else f"near {stretch.near[0]}"
        verb = "is drawn anew" if stretch.new else "is given up"
        yield f"A stretch of {stretch.length_km:,.0f} km {where} {verb}."


def _refuge(comparison: Comparison) -> Iterator[str]:
    one, other = comparison.before, comparison.after
    old, new = one["refuge_share"], other["refuge_share"]
    if abs(new - old) >= LEAST_SHARE:
        lost_km2 = abs(one["refuge_km2"] - other["refuge_km2"])
        yield (
            f"The refuge {_grows(old, new)} from {old:.1%} to {new:.1%} of the patrol water, by "
            f"{lost_km2:,.0f} km²."
        )


def _sensed(comparison: Comparison) -> Iterator[str]:
    old, new = comparison.before["sensed_share"], comparison.after["sensed_share"]
    if abs(new - old) < LEAST_SHARE:
        return
    where = f", off {join_names(comparison.sighted)}" if comparison.sighted else ""
    yield (
        f"Shores where Japanese or allied forces may stand see {new:.1%} of the patrol water "
        f"instead of {old:.1%}{where}."
    )


def _routes(comparison: Comparison) -> Iterator[str]:
    for change in comparison.routes:
        yield from _route(change, ROUTES[change.route])


def _route(change: RouteChange, name: str) -> Iterator[str]:
    old, new = change.before.exposure, change.after.exposure
    moved = change.before.straits != change.after.straits
    if not moved and (old == new or abs(new - old) < LEAST_EXPOSURE):
        return
    if not np.isfinite(new):
        yield f"No submerged way is left where there was {name}."
        return
    if not np.isfinite(old):
        yield f"A way opens: {name} has an exposure of {new:.2f}."
        return
    through = "now runs through" if moved else "still runs through"
    where = join_names(change.straits) or "no named exit"
    seen = f"its exposure goes from {old:.2f} to {new:.2f}"
    if max(old, new) < LEAST_EXPOSURE:
        seen = "it is out of sight as before"
    elif new < LEAST_EXPOSURE:
        seen = f"it is out of sight all the way, where its exposure was {old:.2f}"
    yield f"{name[0].upper()}{name[1:]} {through} {where}, and {seen}."


def _depth(comparison: Comparison) -> Iterator[str]:
    for passage, gets in PASSAGES.items():
        column = f"{passage}_depth_m"
        old_m, new_m = comparison.before[column], comparison.after[column]
        if abs(new_m - old_m) >= LEAST:
            seabeds = both(comparison.after, comparison.before, column, "m")
            yield (
                f"{gets} allows {new_m:,.0f} m of depth all the way, instead of {old_m:,.0f} m"
                f"{seabeds}."
            )


def _force(comparison: Comparison) -> Iterator[str]:
    ends = (comparison.sensors[0], comparison.sensors[-1]) if comparison.sensors else ()
    for change in dict.fromkeys(ends):
        yield (
            f"With a sweep width of {change.sweep_km:g} km the line takes {change.after:,.0f} "
            f"sensors instead of {change.before:,.0f}."
        )


def _missiles(comparison: Comparison) -> Iterator[str]:
    found: dict[tuple[str, bool, tuple[str, ...]], list[str]] = {}
    for change in comparison.cover:
        one = change.missile
        key = (SIDES[one.holder], change.into, change.straits)
        found.setdefault(key, []).append(f"{one.name} at {one.km:g} km")
    for (side, into, straits), missiles in found.items():
        passes = "passes" if len(straits) == 1 else "pass"
        yield (
            f"{join_names(straits)} {passes} {'into' if into else 'out of'} full reach, from land "
            f"where {side} forces may stand, of {join_names(missiles)}; such missiles strike "
            "ships and surfaced boats."
        )


def _index(comparison: Comparison) -> Iterator[str]:
    old, new = comparison.before, comparison.after
    if abs(new["index"] - old["index"]) < LEAST:
        return
    yield (
        f"The index goes from {old['index']:.0f} ({old['index_low']:.0f} to "
        f"{old['index_high']:.0f}) to {new['index']:.0f} ({new['index_low']:.0f} to "
        f"{new['index_high']:.0f}), in brackets {INTERVAL}."
    )
    yield from _drivers(comparison, "it")


def _drivers(comparison: Comparison, what: str) -> Iterator[str]:
    """What moves the index, where it moves at all."""
    moves = abs(comparison.after["index"] - comparison.before["index"]) >= LEAST
    if not moves or not comparison.contributions:
        return
    drivers = [
        f"{title[0].lower()}{title[1:]} {share:.0%}"
        for title, share in comparison.contributions.items()
        if share >= LEAST_CONTRIBUTION
    ]
    yield f"What moves {what}, under the default weights: {join_names(drivers)}."


TOPICS: Mapping[str, Callable[[Comparison], Iterator[str]]] = MappingProxyType(
    {
        "land": _land,
        "straits": _straits,
        "zones": _zones,
        "seal": _seal,
        "refuge": _refuge,
        "sensed water": _sensed,
        "routes": _routes,
        "depth": _depth,
        "force": _force,
        "missiles": _missiles,
        "index": _index,
    }
)
