"""Findings: in which share of made-up worlds they hold, what ends them, what is said of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import QUO, Ground, Known, KnownSeabeds, Rule

from okhotsk import datasets
from okhotsk.api import Assessment, assess_all
from okhotsk.assessment import index, verdicts
from okhotsk.assessment.claims import SHOWN, claimed_scenarios, read_claims
from okhotsk.assessment.uncertainty import draw
from okhotsk.assessment.verdicts import FIRM, claims_table, firmness
from okhotsk.assessment.worlds import World, Worlds, world_figures
from okhotsk.errors import DataError
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.scenario.assumptions import Assumptions, ends, from_unit
from okhotsk.scenario.read import load_scenario
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

COUNT = 40
LINE = """
[[claim]]
id = "line"
sentence = "The line is {longer} longer."
sentence_if = "If so, the line is {longer} longer."
[[claim.holds]]
scenario = "four-islands"
figure = "barrier_km"
of = "status-quo"
at_least = 1.05
[[claim.value]]
name = "longer"
scenario = "four-islands"
figure = "barrier_km"
of = "status-quo"
show = "more"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write the findings into a folder of data that are else the shipped ones."""
    shipped, folder = datasets.data_folder(), tmp_path / "data"
    folder.mkdir()
    for path in shipped.iterdir():
        if path.name != "claims.toml":
            (folder / path.name).symlink_to(path)
    for module in (datasets, verdicts):
        monkeypatch.setattr(module, "data_folder", lambda: folder)

    def put(text: str) -> Path:
        path = folder / "claims.toml"
        path.write_text(text, "utf-8")
        read_claims.cache_clear()
        return path

    yield put
    read_claims.cache_clear()


Judge = Callable[..., pd.DataFrame]


@pytest.fixture
def judge(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Judge findings in worlds of some rules, by the ids of scenarios.

    What is kept on disk is kept apart for each set of rules.
    """
    given: list[Mapping[str, Rule]] = []

    def table(text: str, rules: Mapping[str, Rule], *, count: int = COUNT, **more: Any) -> Any:
        write(text)
        if not any(rules is known for known in given):
            given.append(rules)
        number = next(n for n, known in enumerate(given) if rules is known)
        monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path / f"kept-{number}"))
        known = Known(rules=rules)
        make = partial(Known, rules=rules, asked=known.asked)
        monkeypatch.setattr(verdicts, "Sampler", lambda theatre, workers: make(theatre))
        seabeds = KnownSeabeds(rules)
        monkeypatch.setattr(verdicts, "SeabedSampler", lambda theatre, workers: seabeds)
        straits = pd.DataFrame({"strait_id": ["bussol"], "corridor_km": [24.4], "width_km": [68.8]})
        results = [
            SimpleNamespace(
                scenario=load_scenario(name),
                record=known.record(name),
                theatre=Ground(),
                straits=straits,
            )
            for name in claimed_scenarios()
        ]
        found = claims_table(results, count=count, **more)  # type: ignore[arg-type]
        found = found.set_index("claim_id")
        found.attrs["asked"] = known.asked
        return found

    return table


def line(ratio: Callable[[Assumptions], float]) -> dict[str, Rule]:
    """Rules by which the line of the four islands is so much longer than today's."""
    return {"four-islands": lambda a, _: {"barrier_km": 700 * ratio(a)}}


# Shares


def test_a_finding_true_everywhere_is_said_without_an_if(judge: Judge) -> None:
    row = judge(LINE, line(lambda _: 1.17)).loc["line"]
    assert row.holds_share == 1
    assert row.flips_at == ""
    assert row.sentence == "The line is 17% longer."


def test_the_share_is_that_of_the_worlds_in_which_it_holds(judge: Judge) -> None:
    """Counted anew, world by world."""

    def holds(a: Assumptions) -> bool:
        return a.sensor_range_km < 180 and a.patrol_depth_m > 120

    row = judge(LINE, line(lambda a: 1.1 if holds(a) else 1.0)).loc["line"]
    points = [from_unit(point[:-1]) for point in draw(COUNT)]
    known = Worlds(Known(), KnownSeabeds(), COUNT).worlds  # type: ignore[arg-type]
    ended = sum(
        (w.assumption, w.value) in (("sensor_range_km", 300), ("patrol_depth_m", 50)) for w in known
    )
    assert ended == 2
    failed = ended + sum(not holds(point) for point in points)
    assert row.worlds == len(known)
    assert row.holds_share == pytest.approx(1 - failed / len(known), rel=1e-12)
    assert 0.2 < row.holds_share < 0.9
    assert row.sentence == "If so, the line is 10% longer."


# Continuous assumptions, whose ends no joint sample has.
EDGES = (
    ("patrol_depth_m", 50),
    ("patrol_area_km2", 100),
    ("transit_depth_m", 30),
    ("operating_depth_m", 300),
    ("refuge_standoff_km", 20),
    ("core_standoff_km", 50),
)


@pytest.mark.parametrize(("failing", "firm"), [(5, True), (6, False)])
def test_a_finding_is_firm_from_95_in_100_worlds_on(judge: Judge, failing: int, firm: bool) -> None:
    def ratio(a: Assumptions) -> float:
        return 1.0 if any(getattr(a, name) == at for name, at in EDGES[:failing]) else 1.1

    size = len(Worlds(Known(), KnownSeabeds(), 0).worlds)  # type: ignore[arg-type]
    row = judge(LINE, line(ratio), count=100 - size).loc["line"]
    assert row.worlds == 100
    assert row.holds_share == (100 - failing) / 100
    assert FIRM == 0.95
    assert row.sentence == ("The line is 10% longer." if firm else "If so, the line is 10% longer.")


def test_without_an_if_of_its_own_the_sentence_stays(judge: Judge) -> None:
    text = "\n".join(one for one in LINE.splitlines() if not one.startswith("sentence_if"))
    row = judge(text, line(lambda a: 1.1 if a.sensor_range_km < 110 else 1.0)).loc["line"]
    assert row.holds_share < FIRM
    assert row.sentence == "The line is 10% longer."


def test_all_conditions_must_be_true(judge: Judge) -> None:
    more = """
[[claim.holds]]
scenario = "four-islands"
figure = "refuge_share"
below = 0.55
"""
    text = LINE.replace("[[claim.value]]", f"{more}\n[[claim.value]]")
    rules: dict[str, Rule] = {
        "four-islands": lambda a, _: {
            "barrier_km": 700 * (1.1 if a.sensor_range_km < 250 else 1.0),
            "refuge_share": 0.5 if a.patrol_depth_m > 100 else 0.6,
        }
    }
    row = judge(text, rules).loc["line"]
    points = [from_unit(point[:-1]) for point in draw(COUNT)]
    both = sum(p.sensor_range_km < 250 and p.patrol_depth_m > 100 for p in points)
    assert row.holds_share == pytest.approx((row.worlds - COUNT - 2 + both) / row.worlds)
    assert [part.split(" ")[0] for part in row.flips_at.split("; ")] == ["patrol", "sensor"]


@pytest.mark.parametrize(
    ("relation", "true", "untrue"),
    [
        ("above", 0.7001, 0.7),
        ("at_least", 0.7, 0.6999),
        ("below", 0.6999, 0.7),
        ("at_most", 0.7, 0.7001),
    ],
)
def test_relations_at_their_limits(judge: Judge, relation: str, true: float, untrue: float) -> None:
    text = f"""
[[claim]]
id = "refuge"
sentence = "It is so."
[[claim.holds]]
scenario = "four-islands"
figure = "refuge_share"
{relation} = 0.7
"""
    for value, share in ((true, 1), (untrue, 0)):
        rules: dict[str, Rule] = {"four-islands": lambda *_, v=value: {"refuge_share": v}}
        assert judge(text, rules).holds_share["refuge"] == share


# What ends them


def told(flips: str) -> tuple[str, float, str]:
    """Assumption, value and side of a sentence on what ends a finding."""
    found = re.fullmatch(r"(\D+) ([\d.e+]+)(?: (?:km2|km|m|nm))?( and \w+)?", flips)
    assert found, flips
    return found[1], float(found[2]), found[3] or ""


@pytest.mark.parametrize(
    ("name", "words", "at", "more"),
    [
        ("sensor_range_km", "sensor range", 237.0, True),
        ("sensor_range_km", "sensor range", 61.5, False),
        ("patrol_depth_m", "patrol depth", 284.0, True),
        ("transit_depth_m", "transit depth", 31.4, False),
        ("operating_depth_m", "operating depth", 301.0, False),
        ("core_standoff_km", "core standoff", 299.0, True),
    ],
)
def test_it_is_told_from_where_an_assumption_ends_it(
    judge: Judge, name: str, words: str, at: float, more: bool
) -> None:
    """To a thousandth of the range, and never where the finding still holds."""

    def ratio(a: Assumptions) -> float:
        value = getattr(a, name)
        return 1.05 + 1e-4 * (at - value if more else value - at)

    flips = judge(LINE, line(ratio)).flips_at["line"]
    found, value, side = told(flips)
    assert (found, side) == (words, " and more" if more else " and less")
    low, high = ends(name)
    rounding = 0.5 * 10.0 ** (np.floor(np.log10(at)) - 2)
    assert value == pytest.approx(at, abs=1e-3 * (high - low) + rounding)


def test_the_floor_may_end_a_finding_on_the_index(judge: Judge) -> None:
    text = """
[[claim]]
id = "low"
sentence = "The index is low."
[[claim.holds]]
scenario = "four-islands"
figure = "index"
below = 80
"""
    rules: dict[str, Rule] = {"four-islands": lambda *_: {"intruder_exposure": 0.0}}
    recipe = index.read_recipe()
    weight = next(c.weight for c in recipe.components if c.component_id == "warning")
    floor = 0.8 ** (1 / weight)  # where the index is 80
    assert recipe.floor < floor < recipe.floor_high
    name, value, side = told(judge(text, rules).flips_at["low"])
    assert (name, side) == ("floor of components", " and more")
    assert value == pytest.approx(floor, abs=1e-3 * (recipe.floor_high - recipe.floor) + 5e-5)


def test_a_choice_is_told_without_a_side(judge: Judge) -> None:
    flips = judge(LINE, line(lambda a: 1.0 if a.soya_nm == 12 else 1.1)).flips_at["line"]
    assert flips == "Soya territorial sea 12 nm"
    deep = judge(LINE, line(lambda a: 1.0 if a.sensed_depth_m >= 200 else 1.1)).flips_at["line"]
    assert deep == "sensed depth 200 m; sensed depth 300 m"


def test_every_single_change_that_ends_it_is_told(judge: Judge) -> None:
    def ratio(a: Assumptions) -> float:
        return 1.1 if 60 < a.sensor_range_km < 200 and a.patrol_depth_m < 250 else 1.0

    flips = judge(LINE, line(ratio)).flips_at["line"].split("; ")
    assert [told(one)[0::2] for one in flips] == [
        ("patrol depth", " and more"),
        ("sensor range", " and less"),
        ("sensor range", " and more"),
    ]


def test_a_seabed_may_end_it(judge: Judge) -> None:
    rules: dict[str, Rule] = {
        "four-islands": lambda _, ground: {
            "barrier_km": 700.0 if ground.member in (2, 3) else 770.0
        }
    }
    row = judge(LINE, rules).loc["line"]
    assert row.flips_at == "2 of 4 seabeds"
    assert row.holds_share == pytest.approx(1 - 2 / row.worlds)


def test_only_joint_changes_end_it(judge: Judge) -> None:
    def ratio(a: Assumptions) -> float:
        return 1.0 if a.sensor_range_km > 150 and a.patrol_depth_m > 210 else 1.1

    row = judge(LINE, line(ratio)).loc["line"]
    assert row.flips_at == "joint changes only"
    failed = sum(ratio(from_unit(point[:-1])) < 1.05 for point in draw(COUNT))
    assert 0 < failed < COUNT
    assert row.holds_share == pytest.approx(1 - failed / row.worlds)


def test_a_finding_untrue_by_default_says_so(judge: Judge) -> None:
    row = judge(LINE, line(lambda a: 1.1 if a.sensor_range_km > 150 else 1.0)).loc["line"]
    assert row.flips_at == "defaults"
    assert 0 < row.holds_share < 1


# Figures


def test_figures_of_straits_are_the_same_in_all_worlds(judge: Judge) -> None:
    text = """
[[claim]]
id = "wide"
sentence = "It is {km} km wide."
[[claim.holds]]
scenario = "status-quo"
strait = "bussol"
figure = "corridor_km"
at_least = 24.4
[[claim.value]]
name = "km"
scenario = "status-quo"
strait = "bussol"
figure = "width_km"
show = "tenth"
"""
    row = judge(text, {}).loc["wide"]
    assert row.holds_share == 1
    assert row.sentence == "It is 68.8 km wide."


@pytest.mark.parametrize(
    ("show", "value", "text"),
    [
        ("whole", 1234.4, "1,234"),
        ("tenth", 24.44, "24.4"),
        ("hundredth", 0.456, "0.46"),
        ("percent", 0.678, "68%"),
        ("more", 1.17, "17%"),
        ("less", 0.83, "17%"),
    ],
)
def test_figures_are_shown(show: str, value: float, text: str) -> None:
    assert SHOWN[show](value) == text


def test_figures_in_sentences_are_those_of_the_record(judge: Judge) -> None:
    """Not those of the coarsened theatre, nor of any other world."""
    text = LINE.replace('show = "more"', 'show = "hundredth"').replace("% longer", "")
    row = judge(text, line(lambda a: 1.2 + 0.001 * (a.sensor_range_km - 100))).loc["line"]
    assert "1.20" in row.sentence


# Keeping


def test_answers_are_kept_until_the_findings_change(judge: Judge) -> None:
    rules = line(lambda _: 1.1)
    first = judge(LINE, rules)
    assert first.attrs["asked"]
    told_stages: list[tuple[str, int, int]] = []
    again = judge(LINE, rules, progress=lambda *one: told_stages.append(one))
    assert again.attrs["asked"] == told_stages == []
    assert again.to_dict() == first.to_dict()
    other = judge(LINE.replace("1.05", "1.15"), rules)
    assert other.attrs["asked"]
    assert other.flips_at["line"] == "defaults"
    more = judge(LINE, rules, count=5, progress=lambda *one: told_stages.append(one))
    assert more.worlds["line"] == first.worlds["line"] - COUNT + 5
    assert told_stages == [("worlds", n, 2) for n in range(3)]


def test_only_scenarios_named_are_asked_for(judge: Judge) -> None:
    asked = set(judge(LINE, line(lambda _: 1.1)).attrs["asked"])
    assert asked == {"status-quo", "four-islands"}
    assert claimed_scenarios() == ["status-quo", "four-islands"]


# Mistakes in the file


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('scenario = "four-islands"', 'scenario = "five-islands"', "scenario is 'five-islands'"),
        ('of = "status-quo"', 'of = "today"', "of is 'today'"),
        ('figure = "barrier_km"', 'figure = "barrier_miles"', "figure is 'barrier_miles'"),
        ("at_least = 1.05", "at_least = 1.05\nbelow = 2", "has 2 limits, expected one of above"),
        ("at_least = 1.05", "", "has 0 limits, expected one of above"),
        ('show = "more"', 'show = "roman"', "show is 'roman'"),
        ('figure = "barrier_km"', 'figure = "width_km"', "figure is 'width_km', expected"),
        ('of = "status-quo"', 'strait = "bussol"', "figure is 'barrier_km', expected"),
        (
            'figure = "barrier_km"',
            'figure = "width_km"\nstrait = "bussol"',
            "has 'strait' and 'of', expected one of them",
        ),
        ("{longer}", "{shorter}", "a sentence holds {shorter}, expected names of its values"),
        ("If so", "{If so", "a sentence holds {, expected names of its values"),
        ('name = "longer"', 'name = "other"', "a sentence holds {longer}, expected names"),
    ],
)
def test_a_mistake_is_one_sentence(write: Write, old: str, new: str, says: str) -> None:
    text = LINE
    assert old in text
    path = write("")
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DataError) as caught:
        read_claims()
    message = str(caught.value)
    assert message.startswith("claims.toml: ")
    assert says in message
    assert "\n" not in message


# The findings that are shipped


@pytest.fixture(scope="module")
def claimed(theatre: Theatre) -> dict[str, Assessment]:
    """Results of the scenarios that the shipped findings speak of, by id."""
    return {a.scenario.scenario_id: a for a in assess_all(theatre, claimed_scenarios())}


class Defaults:
    """The world of the defaults alone."""

    worlds: Sequence[World] = (World("defaults"),)
    seabeds = SimpleNamespace(rows=lambda _: [])

    def figures(self, _: Any, record: Mapping[str, Any], today: Mapping[str, Any]) -> Any:
        row, base = ({name: float(one[name]) for name in QUO} for one in (record, today))
        floors = np.array([index.read_recipe().floor])
        return world_figures([row], [base], record, today, floors=floors)


def test_every_shipped_finding_holds_by_default(claimed: dict[str, Assessment]) -> None:
    table = verdicts._Judge(claimed, Defaults(), lambda *_: None).table()  # type: ignore[arg-type]
    assert table[table.holds_share < 1].claim_id.tolist() == []
    assert len(table) == len(read_claims()) > 10
    for sentence in table.sentence:
        assert not re.search(r"[{}]|nan|inf\b", sentence), sentence


def test_findings_that_need_a_sensor_range_have_an_if() -> None:
    """The range follows from no source: what hangs on it must be able to say so."""
    sensors = {c.component_id: c.column for c in index.read_recipe().components if c.sensor}
    hang_on_it = {
        *sensors.values(),
        *(f"component:{name}" for name in sensors),
        "least_component",
        "index",
    }
    for claim in read_claims():
        if hang_on_it & {condition.term.figure for condition in claim.conditions}:
            assert claim.sentence_if != claim.sentence, claim.claim_id


def test_shipped_findings_are_told_apart() -> None:
    found = read_claims()
    assert len({claim.claim_id for claim in found}) == len(found)
    assert sum(claim.answer for claim in found) >= 3
    for claim in found:
        named = set(re.findall(r"{(\w+)}", claim.sentence + claim.sentence_if))
        assert named == set(claim.values), claim.claim_id


def test_the_line_of_two_islands_is_todays_on_the_cells_of_the_theatre(theatre: Theatre) -> None:
    """On coarser ones it may be some tenths of a percent longer, where shallow water is closed."""
    sizes = []
    for ground in (theatre, coarsen(theatre, 10)):
        context = Context(ground, Assumptions(transit_depth_m=80))
        quo, two = (
            ScenarioContext.of(context, load_scenario(name)).find_barrier(["barrier_km"])
            for name in ("status-quo", "habomai-shikotan-1956")
        )
        sizes.append(two.figures["barrier_km"] / quo.figures["barrier_km"])
    assert sizes[0] == 1
    (limit,) = (
        one.limit
        for claim in read_claims()
        for one in claim.conditions
        if claim.claim_id == "two-at-99" and one.term.figure == "barrier_km"
    )
    assert 1 <= sizes[1] < limit < 1.01


def row_of(name: str, held: float) -> dict[str, Any]:
    return {"claim_id": name, "holds_share": held, "worlds": 100, "flips_at": verdicts.TOGETHER}


def test_a_count_of_worlds_is_that_without_the_if() -> None:
    assert firmness(row_of("warning-halved", 0.8)).startswith("without its “if” it holds in 80 of")
    assert firmness(row_of("warning-halved", FIRM)).startswith("holds in 95 of 100 worlds")
    assert firmness(row_of("whole-chain", 0.8)).startswith("holds in 80 of 100 worlds")


def test_what_follows_from_definitions_says_so_as_long_as_it_holds() -> None:
    defined = [claim.claim_id for claim in read_claims() if claim.by_definition]
    assert defined == ["kawana-seal", "demilitarised-refuge"]
    for name in defined:
        assert firmness(row_of(name, 1.0)).endswith("since it follows from the definitions")
        assert "definitions" not in firmness(row_of(name, 0.99))
