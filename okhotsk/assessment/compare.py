"""Why two options differ, in sentences made of their figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from okhotsk.assessment import index
from okhotsk.assessment.record import Result
from okhotsk.raster import geodesy
from okhotsk.theatre.coast import read_islands

HOLDS = {"russian": "Russian", "shared": "shared", "japanese": "Japanese"}
MOVED_DEG = 0.15  # a stretch of line further than this from the other one has moved
LONG_KM = 20.0
LARGE_KM2, HUGE_KM2 = 500.0, 60000.0
ROUTES = {
    "egress": "the least exposed way out of the core",
    "intruder": "the least exposed way in for others",
}
LANDS = {
    "hokkaido": "Hokkaido",
    "honshu": "Honshu",
    "sakhalin": "Sakhalin",
    "mainland": "the mainland",
}


@dataclass(frozen=True)
class Finding:
    """One difference: what it is about, and a sentence."""

    topic: str
    sentence: str


def compare(one: Result, other: Result) -> list[Finding]:
    """Return what changes from one option to another, and why the index does.

    Both must come from one theatre and one set of assumptions; a topic in which nothing changes
    says so.

    Raises
    ------
    ValueError
        Where they do not.
    """
    if one.theatre.key != other.theatre.key or one.assumptions != other.assumptions:
        raise ValueError("the options were assessed on different theatres or assumptions")
    makers = {
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
    found = []
    for topic, make in makers.items():
        sentences = list(make(one, other)) or ["Nothing changes."]
        found += [Finding(topic, sentence) for sentence in sentences]
    return found


def _change(old: float, new: float, style: str, unit: str) -> str:
    """From what to what, and by how much."""
    part = f", {(new - old) / old:+.0%}" if old else ""
    return f"from {old:{style}} to {new:{style}} {unit}{part}".replace(" ,", ",").rstrip()


def _listed(names: Sequence[str]) -> str:
    names = [name.split(" (")[0] for name in names]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _grows(old: float, new: float) -> str:
    return "grows" if new > old else "falls"


def _land(one: Result, other: Result) -> Iterator[str]:
    old, new = one.record, other.record
    more = new["ceded_land_km2"] - old["ceded_land_km2"]
    if abs(more) >= 0.5:
        yield f"{abs(more):,.0f} km² {'more' if more > 0 else 'less'} land is handed over."
    people = new["ceded_population"] - old["ceded_population"]
    if people:
        known = ", of those that a source counts" if one.uncounted or other.uncounted else ""
        yield f"{abs(people):,} {'more' if people > 0 else 'fewer'} people live on it{known}."
    forces = [set(a.land[a.land.ceded].forces) for a in (one, other)]
    words = {
        "JP": "Japanese forces may stand on ceded land",
        "none": "no forces may stand on ceded land",
        "RU": "Russian forces stay on ceded land",
    }
    if forces[0] != forces[1]:
        yield from (
            f"{words[who][0].upper()}{words[who][1:]}." for who in sorted(forces[1] - forces[0])
        )


def _straits(one: Result, other: Result) -> Iterator[str]:
    old, new = (a.straits.set_index("strait_id") for a in (one, other))
    moved = new[old.regime != new.regime]
    for exits, kind in ((True, "exits of the sea"), (False, "other passages")):
        rows = moved[moved.exit == exits]
        for (before, after), group in rows.groupby([old.regime[rows.index], "regime"], sort=True):
            turn = "turns" if len(group) == 1 else "turn"
            change = f"from {HOLDS[before]} to {HOLDS[after]}"
            yield f"{_listed(list(group['name']))} {turn} {change} ({kind})."
    shares = [a.record["russian_throat_share"] for a in (one, other)]
    if abs(shares[1] - shares[0]) >= 0.0005:
        yield (
            "The share of the deep exits' cross-section with both shores Russian "
            f"{_grows(*shares)} from {shares[0]:.1%} to {shares[1]:.1%}."
        )


def _zones(one: Result, other: Result) -> Iterator[str]:
    for column, name in (
        ("jp_territorial_sea_km2", "Japan's territorial sea"),
        ("jp_eez_km2", "Japan's economic zone"),
    ):
        old, new = one.record[column], other.record[column]
        if abs(new - old) >= 0.5:
            yield f"{name} within the sea {_grows(old, new)} {_change(old, new, ',.0f', 'km²')}."


def _seal(one: Result, other: Result) -> Iterator[str]:
    for column, name, unit in (
        ("barrier_km", "shortest seal line", "km"),
        ("barrier_area_km2", "least cross-section of a seal", "km²"),
    ):
        old, new = one.record[column], other.record[column]
        if abs(new - old) >= 0.5:
            yield f"The {name} {_grows(old, new)} {_change(old, new, ',.0f', unit)}."
    yield from _moved(one, other)


def _moved(one: Result, other: Result) -> Iterator[str]:
    """Where the line was left and where it is drawn anew."""
    lines = [a.barrier.line for a in (one, other)]
    for here, there, verb in ((0, 1, "is given up"), (1, 0, "is drawn anew")):
        apart = shapely.difference(lines[here], lines[there].buffer(MOVED_DEG))
        stretches = shapely.line_merge(apart) if apart.geom_type == "MultiLineString" else apart
        for stretch in shapely.get_parts(stretches):
            length_km = geodesy.length_km(stretch)
            if length_km >= LONG_KM:
                ends = [_near(one, shapely.Point(stretch.coords[n])) for n in (0, -1)]
                where = (
                    f"near {ends[0]}" if ends[0] == ends[1] else f"between {_listed(sorted(ends))}"
                )
                yield f"A stretch of {length_km:,.0f} km {where} {verb}."


def _near(result: Result, point: shapely.Point) -> str:
    """Name of the land nearest to a point."""
    names = {key: island.name for key, island in read_islands().items()} | LANDS
    lands = result.theatre.lands
    away = np.array([shapely.distance(land, point) for land in lands.values()])
    unit = list(lands)[int(away.argmin())]
    return names.get(unit, unit)


def _refuge(one: Result, other: Result) -> Iterator[str]:
    old, new = (a.record["refuge_share"] for a in (one, other))
    if abs(new - old) >= 0.0005:
        lost = abs(one.record["refuge_km2"] - other.record["refuge_km2"])
        yield (
            f"The refuge {_grows(old, new)} from {old:.1%} to {new:.1%} of the patrol water, by "
            f"{lost:,.0f} km²."
        )


def _sensed(one: Result, other: Result) -> Iterator[str]:
    old, new = (a.record["sensed_share"] for a in (one, other))
    if abs(new - old) < 0.0005:
        return
    grown = new > old
    first, last = (one, other) if grown else (other, one)
    patch = shapely.difference(last.sensed, first.sensed)
    # A piece along much of the chain lies off no one island.
    pieces = [p for p in shapely.get_parts(patch) if LARGE_KM2 <= geodesy.area_km2(p) <= HUGE_KM2]
    names = dict.fromkeys(_near_ceded(last, piece) for piece in pieces)
    where = f", off {_listed([n for n in names if n])}" if any(names) else ""
    come = "comes into" if grown else "drops out of"
    yield (
        f"Water {come} submerged sight of hostile shores{where}: {old:.1%} of the patrol water "
        f"was, {new:.1%} is."
    )


def _near_ceded(result: Result, piece: shapely.Polygon) -> str:
    """Name of the hostile island nearest to a piece of water; empty where there is none."""
    hostile = result.land[result.land.ceded & (result.land.forces == "JP")]
    if hostile.empty:
        return ""
    away = [shapely.distance(land, piece.representative_point()) for land in hostile.geometry]
    unit = hostile.unit_id.iloc[int(np.argmin(away))]
    islands = read_islands()
    return islands[unit].name if unit in islands else LANDS.get(unit, unit)


def _routes(one: Result, other: Result) -> Iterator[str]:
    straits = other.straits.set_index("strait_id")["name"]
    for key, name in ROUTES.items():
        old, new = one.routes[key], other.routes[key]
        moved = old.straits != new.straits
        same = old.exposure == new.exposure or abs(new.exposure - old.exposure) < 0.005
        if same and not moved:
            continue
        way = _listed([straits[s] for s in new.straits]) or "no named exit"
        if not np.isfinite(new.exposure):
            yield f"There is no longer any way in place of {name}."
            continue
        if not np.isfinite(old.exposure):
            yield f"A way opens: {name} has an exposure of {new.exposure:.2f}."
            continue
        through = "now runs through" if moved else "still runs through"
        seen = f"its exposure goes from {old.exposure:.2f} to {new.exposure:.2f}"
        if max(old.exposure, new.exposure) < 0.005:
            seen = "it is out of sight as before"
        yield f"{name[0].upper()}{name[1:]} {through} {way}, and {seen}."


def _depth(one: Result, other: Result) -> Iterator[str]:
    names = {"access": "A foreign boat", "egress": "A Russian boat"}
    verbs = {"access": "gets in", "egress": "gets out"}
    for key, name in names.items():
        old, new = getattr(one, key), getattr(other, key)
        if abs(new.depth_m - old.depth_m) >= 0.5:
            yield (
                f"{name} {verbs[key]} submerged at up to {new.depth_m:,.0f} m instead of "
                f"{old.depth_m:,.0f} m."
            )


def _force(one: Result, other: Result) -> Iterator[str]:
    old, new = one.force.set_index("sweep_km"), other.force.set_index("sweep_km")
    changed = new[old.sensors != new.sensors]
    for sweep_km in dict.fromkeys(changed.index[[0, -1]] if len(changed) else ()):
        yield (
            f"With a sweep width of {sweep_km:g} km the line takes {new.sensors[sweep_km]:,.0f} "
            f"sensors instead of {old.sensors[sweep_km]:,.0f}."
        )


def _missiles(one: Result, other: Result) -> Iterator[str]:
    old, new = (a.missile_cover.set_index("strait_id") for a in (one, other))
    columns = [c for c in new.columns if c.endswith("_share")]
    for verb, first, last in (("out of full", old, new), ("into full", new, old)):
        found: dict[tuple[str, ...], list[str]] = {}
        for column in columns:
            names = tuple(new["name"][(first[column] >= 1) & (last[column] < 1)])
            launcher, km = column.removesuffix("_share").rsplit("_", 1)
            if names:
                found.setdefault(names, []).append(f"{launcher.title()} at {km} km")
        for names, ranges in found.items():
            passes = "passes" if len(names) == 1 else "pass"
            yield (
                f"{_listed(names)} {passes} {verb} reach, from land where Russian forces may "
                f"stand, of {_listed(ranges)}; such missiles strike ships and surfaced boats."
            )


def _index(one: Result, other: Result) -> Iterator[str]:
    old, new = one.record, other.record
    if abs(new["index"] - old["index"]) < 0.5:
        return
    yield (
        f"The index goes from {old['index']:.0f} ({old['index_low']:.0f} to "
        f"{old['index_high']:.0f}) to {new['index']:.0f} ({new['index_low']:.0f} to "
        f"{new['index_high']:.0f}), in brackets 5–95% over assumptions and weightings."
    )
    recipe = index.read_recipe()
    pulls = {
        c.title: c.weight
        * np.log(
            max(other.components[c.component_id], recipe.floor)
            / max(one.components[c.component_id], recipe.floor)
        )
        for c in recipe.components
    }
    total = sum(abs(pull) for pull in pulls.values())
    if total > 0:
        ranked = sorted(pulls.items(), key=lambda item: -abs(item[1]))
        drivers = [
            f"{title[0].lower()}{title[1:]} {abs(pull) / total:.0%}"
            for title, pull in ranked
            if abs(pull) / total >= 0.05
        ]
        yield f"What moves it, under the default weights: {_listed(drivers)}."
