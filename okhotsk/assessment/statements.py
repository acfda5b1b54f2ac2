"""What every page and report says once: what the answer means, and what words do not claim."""

from __future__ import annotations

from collections.abc import Sequence

from okhotsk.assessment.index import read_recipe
from okhotsk.assessment.record import Result
from okhotsk.scenario.model import TODAY

# W35, W39, W40 in data/sources.toml.
NO_TITLE = (
    "“Cede” and “hold” say who would control an island in the model, and nothing of title. Japan "
    "regards the four southern islands as its own territory; whether they belong to the “Kurile "
    "Islands” that it renounced in 1951 is in dispute. Islands have their Russian names, and "
    "Japanese ones beside them where a source gives one."
)


def unsealed(results: Sequence[Result]) -> str:
    """Return why no scenario seals the sea, and what "keeps" therefore means.

    Parameters
    ----------
    results
        The scenarios, the status quo among them.

    Returns
    -------
    str
        Two sentences; empty without the status quo, and where a scenario leaves no deep corridor
        outside all territorial seas.
    """
    today = next((r for r in results if r.scenario.scenario_id == TODAY), None)
    if today is None:
        return ""
    names = {t.strait.strait_id: t.strait.name.split(" (")[0] for t in today.theatre.throats}
    open_to_all = set.intersection(*(_corridors(result) for result in results))
    through = [names[key] for key in today.access.straits if key in open_to_all]
    if not through:
        return ""
    return (
        "No scenario here, not even today's, seals the sea in this model: a foreign submarine may "
        f"pass the {' and '.join(through)} Strait submerged, in a corridor outside "
        "all territorial seas as drawn here. To keep the bastion means to keep it as well closed "
        "as it is today."
    )


def _corridors(result: Result) -> set[str]:
    """Straits deep enough for a boat that keep a corridor outside all territorial seas."""
    table = result.straits
    deep = table.corridor_depth_m >= result.assumptions.transit_depth_m
    return set(table.strait_id[deep])


def kept_note() -> str:
    """Return what it means that a component keeps a share of today's value, and the least share."""
    recipe = read_recipe()
    return (
        "A component at 75% is three quarters of today's figure or, where less is better for "
        "Russia (seal line, section), today's figure over the new one: a third more. The exposures "
        "of Russian boats are compared with 1 added to both. A component that is lost counts as "
        f"{recipe.floor:.0%} ({recipe.floor_low:.0%} to "
        f"{recipe.floor_high:.0%} in the intervals): a zero would make the "
        "whole index zero."
    )
