"""Scenarios from ids, files and lists of units: what they hand over, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from okhotsk.errors import OkhotskError, ScenarioError
from okhotsk.raster import geodesy
from okhotsk.scenario.model import Part, Scenario
from okhotsk.scenario.read import cede, load_scenario, read_scenario, scenario_ids
from okhotsk.scenario.split import resolve
from okhotsk.theatre.coast import read_coast, read_islands

Lands = Mapping[str, shapely.MultiPolygon]

CONTRACT = {
    "status-quo",
    "habomai-shikotan-1956",
    "three-islands",
    "half-area-2006",
    "four-islands",
    "four-islands-demilitarised",
    "kawana-1998",
    "urup-line",
    "st-petersburg-1875",
    "portsmouth-1905",
}
HABOMAI = (
    "tanfilyev",
    "storozhevoy-rifovy",
    "anuchin",
    "yuri",
    "demina",
    "zeleny",
    "polonsky",
    "oskolki",
)
FOUR = {*HABOMAI, "shikotan", "kunashir", "iturup"}


@pytest.fixture(scope="module")
def lands() -> Lands:
    return read_coast()


def ceded(scenario: Scenario, lands: Lands) -> dict[str, Part]:
    """What an option hands over, by part."""
    japanese = {"hokkaido", "honshu"}
    parts = resolve(scenario, lands)
    return {p.part_id: p for p in parts if p.sovereign == "JP" and p.unit not in japanese}


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


# Named options


def test_named_options_are_those_of_the_contract_in_growing_order() -> None:
    names = scenario_ids()
    assert set(names) == CONTRACT
    assert (names[0], names[-1]) == ("status-quo", "portsmouth-1905")


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_named_option_resolves_to_all_land_once(name: str, lands: Lands) -> None:
    scenario = load_scenario(name)
    assert scenario.scenario_id == name
    assert scenario.title
    assert scenario.sources
    parts = resolve(scenario, lands)
    assert {p.unit for p in parts} == set(lands)
    assert len({p.part_id for p in parts}) == len(parts)
    assert all(p.forces == "RU" for p in parts if p.sovereign == "RU")
    assert all(not p.land.is_empty for p in parts)
    for unit, land in lands.items():
        share = sum(geodesy.area_km2(p.land) for p in parts if p.unit == unit)
        assert share == pytest.approx(geodesy.area_km2(land), rel=1e-6)


@pytest.mark.parametrize(
    ("name", "units", "forces"),
    [
        ("status-quo", set(), set()),
        ("habomai-shikotan-1956", {*HABOMAI, "shikotan"}, {"JP"}),
        ("three-islands", FOUR - {"iturup"}, {"JP"}),
        ("half-area-2006", FOUR - {"iturup"} | {"iturup-south"}, {"JP"}),
        ("four-islands", FOUR, {"JP"}),
        ("four-islands-demilitarised", FOUR, {"none"}),
        ("kawana-1998", FOUR, {"RU"}),
        ("urup-line", FOUR | {"urup", "brat-chirpoyev", "chirpoy", "broughton"}, {"JP"}),
        ("st-petersburg-1875", set(read_islands()), {"JP"}),
        ("portsmouth-1905", set(read_islands()) | {"sakhalin-south"}, {"JP"}),
    ],
)
def test_named_option_hands_over(
    name: str, units: set[str], forces: set[str], lands: Lands
) -> None:
    parts = ceded(load_scenario(name), lands)
    assert set(parts) == units
    assert {p.forces for p in parts.values()} == forces


def test_unknown_option_lists_those_known() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("five-islands")
    said = str(caught.value)
    assert "'five-islands'" in said
    assert all(name in said for name in CONTRACT)
    assert ".toml" in said


# Files


def test_file_of_the_least_content_serves(tmp_path: Path, lands: Lands) -> None:
    path = write(tmp_path, 'id = "mine"\ntitle = "Mine"\n[[cede]]\nunits = ["matua"]\n')
    scenario = load_scenario(path)
    assert (scenario.scenario_id, scenario.title) == ("mine", "Mine")
    assert set(ceded(scenario, lands)) == {"matua"}
    assert load_scenario(str(path)) == scenario


def test_all_problems_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        ide = "mine"
        title = 5
        date = 1998-04-19
        sources = "S1"
        [[cede]]
        units = ["matua", "atlantis", ["urup"]]
        [[cede]]
        units = ["matua", "iturup", "yalta"]
        forces = "US"
        colour = "red"
        [[cede]]
        forces = "JP"
        [[split]]
        unit = "iturup"
        rule = "parallel"
        [[split]]
        unit = "hokkaido"
        rule = "diagonal"
        cede_side = "north"
        [[split]]
        unit = "urup"
        rule = "equal-land"
        among = ["kunashir", "thule"]
        [[split]]
        unit = "sakhalin"
        rule = "parallel"
        lat = nan
        """,
    )
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    for problem in (
        "unknown key 'ide'",
        "key 'id' is missing",
        "'title' must be a text",
        "'date' must be a text",
        "'sources' must be a list of texts",
        "cede 1: units must be a list of island ids",
        "cede 2: forces is 'US', expected one of RU, JP, none",
        "cede 2: unknown key 'colour'",
        "cede 2: unknown unit 'yalta', expected one of ",
        "cede 3: units must be a list of island ids",
        "split 1: rule 'parallel' needs lat",
        "split 2: unknown unit 'hokkaido'",
        "split 2: rule is 'diagonal', expected 'parallel' or 'equal-land'",
        "split 2: cede_side is 'north', expected 'south'",
        "split 3: unknown unit 'thule' in among",
        "split 3: among must list 'urup'",
        "split 4: rule 'parallel' needs lat",
    ):
        assert problem in said


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[cede]]\nunits = ["iturup", "iturup"]', "'iturup' is ceded twice"),
        (
            '[[cede]]\nunits = ["urup"]\n[[cede]]\nunits = ["urup"]\nforces = "none"',
            "'urup' is ceded twice (with forces JP and none); name it once",
        ),
        (
            '[[cede]]\nunits = ["habomai"]\n[[cede]]\nunits = ["yuri"]',
            "'yuri' is ceded twice",
        ),
        (
            '[[cede]]\nunits = ["iturup"]\n'
            '[[split]]\nunit = "iturup"\nrule = "parallel"\nlat = 45.0',
            "'iturup' is ceded twice (whole and split)",
        ),
        ('cede = ["iturup"]', "'cede' must be written as [[cede]] tables"),
        ("split = 3", "'split' must be written as [[split]] tables"),
        ('[[cede]]\nunits = "iturup"', "units must be a list"),
        ('[[cede]]\nunits = ["hokkaido"]', "unknown unit 'hokkaido'"),
        ('[[cede]]\nunits = ["sakhalin"]', "unknown unit 'sakhalin'"),
        ('[[split]]\nunit = ["urup"]\nrule = "parallel"\nlat = 46', "unknown unit ['urup']"),
        ('[[split]]\nunit = "urup"\nrule = "parallel"\nlat = 460', "needs lat"),
        ('[[split]]\nunit = "urup"\nrule = "parallel"\nlat = "46"', "needs lat"),
        ('[[split]]\nunit = "urup"\nrule = "equal-land"', "among must list 'urup'"),
        ('[[split]]\nunit = "urup"\nrule = "equal-land"\namong = 5', "among must be a list"),
        (
            '[[split]]\nunit = "urup"\nrule = "equal-land"\namong = ["urup", "yuri", "yuri"]',
            "split 1: among lists 'yuri' more than once; name it once",
        ),
        ('[[split]]\nunit = "urup"\nrule = "equal-land"\namong = [["urup"]]', "among must be"),
    ],
)
def test_contradictions_and_wrong_types(tmp_path: Path, text: str, problem: str) -> None:
    path = write(tmp_path, f'id = "mine"\ntitle = "Mine"\n{text}\n')
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert problem in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", ["../../evil", "Mine", "a b", "", "a/b", "a--b", "ünder"])
def test_id_that_cannot_name_a_file_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, f'id = "{name}"\ntitle = "Mine"\n')
    with pytest.raises(ScenarioError, match="expected small letters, digits and hyphens"):
        load_scenario(path)


def test_invalid_toml_names_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, 'id = "mine"\ntitle = Mine\n')
    with pytest.raises(OkhotskError) as caught:
        load_scenario(path)
    assert str(path) in str(caught.value)
    assert "line 2" in str(caught.value)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes('title = "Курилы"'.encode("cp1251"))
    with pytest.raises(OkhotskError, match="cannot be read"):
        load_scenario(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"absent\.toml does not exist"):
        load_scenario(tmp_path / "absent.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(ScenarioError, match=r"folder\.toml is a folder"):
        load_scenario(tmp_path / "folder.toml")
    with pytest.raises(OkhotskError, match="cannot be read"):
        read_scenario(tmp_path)


def test_file_without_suffix_serves(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.write_text('id = "mine"\ntitle = "Mine"\n')
    assert load_scenario(path).cessions == ()


# Whole units by name


def test_cede_takes_units_and_groups(lands: Lands) -> None:
    assert set(ceded(cede(["habomai", "shikotan"]), lands)) == {*HABOMAI, "shikotan"}
    every = cede(["habomai", "shikotan", "greater-south", "middle", "north"])
    assert set(ceded(every, lands)) == set(read_islands())


def test_cede_equals_the_named_option(lands: Lands) -> None:
    drawn = resolve(cede(["habomai", "shikotan", "kunashir", "iturup"]), lands)
    assert drawn == resolve(load_scenario("four-islands"), lands)
    none = resolve(cede(["habomai", "shikotan", "kunashir", "iturup"], demilitarised=True), lands)
    assert none == resolve(load_scenario("four-islands-demilitarised"), lands)


def test_cede_names_what_it_does() -> None:
    scenario = cede(["kunashir", " shikotan ", ""], demilitarised=True)
    assert scenario.scenario_id == "cede-kunashir-shikotan-demilitarised"
    assert scenario.title == "Ceded: Kunashir, Shikotan (demilitarised)"
    assert cede([]).title == "Ceded: nothing"


@pytest.mark.parametrize(
    ("units", "problem"),
    [
        (["kunashir", "kunashir"], "'kunashir' is ceded twice"),
        (["habomai", "yuri"], "'yuri' is ceded twice"),
        (["hokkaido"], "unknown unit 'hokkaido'"),
        (["Kunashir"], "unknown unit 'Kunashir', expected one of habomai"),
    ],
)
def test_cede_refuses(units: list[str], problem: str) -> None:
    with pytest.raises(ScenarioError, match=problem):
        cede(units)


def test_cede_names_all_problems_at_once() -> None:
    with pytest.raises(ScenarioError, match=r"'nowhere'.*'urup' is ceded twice"):
        cede(["nowhere", "urup", "urup"])


def test_order_of_units_does_not_matter(lands: Lands) -> None:
    one, other = cede(["urup", "matua", "yuri"]), cede(["yuri", "urup", "matua"])
    assert one.scenario_id == other.scenario_id
    assert resolve(one, lands) == resolve(other, lands)
    half = load_scenario("half-area-2006")
    back = replace(half, cessions=half.cessions[::-1])
    assert resolve(half, lands) == resolve(back, lands)
