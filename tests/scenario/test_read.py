"""Scenarios from ids, files and lists of units: what they hand over, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from okhotsk.datasets import data_folder
from okhotsk.errors import OkhotskError, ScenarioError
from okhotsk.raster import geodesy
from okhotsk.scenario.model import Part, Scenario
from okhotsk.scenario.read import cede, load_scenario, load_scenarios, read_scenario, scenario_ids
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
        cede_side = "up"
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
        "split 2: rule is 'diagonal', expected one of parallel, line, land-share, equal-land",
        "split 2: cede_side is 'up', expected one of south, north, west, east",
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


@pytest.mark.parametrize("code", ["cp1251", "shift_jis", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_another_code_is_to_be_saved_as_utf8(tmp_path: Path, code: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes('id = "mine"\ntitle = "Курилы"'.encode(code))
    with pytest.raises(OkhotskError, match=r"cannot be read: the text is in .*save it as UTF-8"):
        load_scenario(path)


def test_mark_of_windows_editors_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b'\xef\xbb\xbfid = "mine"\r\ntitle = "Mine"\r\n')
    assert load_scenario(path).title == "Mine"


@pytest.mark.parametrize(
    ("name", "start", "kind"),
    [
        ("mine.kml", b'<?xml version="1.0"?><kml/>', "XML (KML, or a page)"),
        ("mine.geojson", b'\xef\xbb\xbf {"type": "Point"}', "JSON or GeoJSON"),
        ("mine.shp", b"\x00\x00\x27\x0a" + bytes(96), "a shapefile"),
        ("mine.gpkg", b"SQLite format 3\x00", "a GeoPackage"),
        ("mine.kmz", b"PK\x03\x04", "a ZIP archive"),
        ("renamed.toml", b"<kml/>", "XML"),
    ],
)
def test_file_of_another_kind_is_told_what_a_scenario_is(
    tmp_path: Path, name: str, start: bytes, kind: str
) -> None:
    path = tmp_path / name
    path.write_bytes(start)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    said = str(caught.value)
    assert f"{path} is {kind}" in said
    assert "a scenario is a TOML file with id, title, and [[cede]] or [[split]] tables" in said


def test_text_of_another_kind_is_told_what_a_scenario_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("unit,forces\nurup,JP\n")
    with pytest.raises(ScenarioError, match="not valid TOML.*a scenario is a TOML file"):
        load_scenario(path)
    path.write_text("# " + "x" * 1_000_000)
    with pytest.raises(ScenarioError, match="1,000,002 bytes, more than any scenario needs"):
        load_scenario(path)


@pytest.mark.parametrize(
    "text",
    [
        "n = " + "9" * 5000,
        "n = " + "[" * 3000 + "]" * 3000,
        '"' + "k" * 5000 + '" = 1\n"' + "k" * 5000 + '" = 2',
        '[[cede]]\nunits = ["nowhere"]\nforces = "US"\n' * 5000,
        '[[cede]]\nunits = ["' + '", "'.join(["nowhere"] * 5000) + '"]',
    ],
    ids=["digits", "brackets", "key twice", "records", "units"],
)
def test_work_of_a_broken_generator_takes_one_short_line(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, f'id = "mine"\ntitle = "Mine"\n{text}\n')
    with pytest.raises(OkhotskError) as caught:
        load_scenario(path)
    said = str(caught.value).replace(str(path), "")
    assert len(said) < 800
    assert "\n" not in said


# Ids


def test_id_of_a_named_scenario_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, 'id = "four-islands"\ntitle = "Mine"\n[[cede]]\nunits = ["yuri"]\n')
    own = replace(load_scenario("four-islands"), title="Mine")
    for refused in (
        lambda: load_scenario(path),
        lambda: load_scenario({"id": "four-islands", "title": "Mine"}),
        lambda: load_scenarios([own]),
    ):
        with pytest.raises(ScenarioError, match="'four-islands' is the id of a named scenario"):
            refused()
    copy = tmp_path / "copy.toml"
    copy.write_bytes((data_folder() / "scenarios" / "four-islands.toml").read_bytes())
    assert load_scenario(copy) == load_scenario("four-islands")


def test_two_of_one_id_are_refused(tmp_path: Path) -> None:
    one = write(tmp_path, 'id = "mine"\ntitle = "Mine"\n[[cede]]\nunits = ["yuri"]\n')
    other = tmp_path / "other.toml"
    other.write_text('id = "mine"\ntitle = "Mine"\n[[cede]]\nunits = ["urup"]\n')
    said = rf"{other}: another of these scenarios has the id 'mine'"
    with pytest.raises(ScenarioError, match=said):
        load_scenarios(["status-quo", one, other])
    assert len(load_scenarios(["status-quo", one, one])) == 3


@pytest.mark.parametrize("name", ["index", "explorer", "report"])
def test_id_of_another_page_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, f'id = "{name}"\ntitle = "Mine"\n')
    with pytest.raises(ScenarioError, match="the name of another page"):
        load_scenario(path)


def test_id_that_is_too_long_for_a_file_is_refused_or_shortened(tmp_path: Path) -> None:
    path = write(tmp_path, f'id = "{"a" * 300}"\ntitle = "Mine"\n')
    with pytest.raises(ScenarioError, match="id has 300 letters, expected 80 at most"):
        load_scenario(path)
    every = list(read_islands())
    one, other = cede(every), cede(every[1:])
    assert re.fullmatch(r"cede-\d+-units-[0-9a-f]{8}", one.scenario_id)
    assert one.scenario_id != other.scenario_id
    with pytest.raises(ScenarioError, match="unknown scenario"):
        load_scenario("a" * 5000)


# Texts of people


def test_titles_over_lines_stand_on_one_line(tmp_path: Path) -> None:
    text = 'title = """ One line,\n  and another """\ncontext = """Two\nlines."""\n'
    scenario = load_scenario(write(tmp_path, f'id = "mine"\n{text}'))
    assert scenario.title == scenario.short == "One line, and another"
    assert scenario.context == "Two\nlines."


@pytest.mark.parametrize(
    "title", ["back\\", "$x^ | & # ' \"", "\u200f\u0627\u0644", "択捉島 Итуруп 🗾", "=1+1"]
)
def test_texts_are_kept_as_typed(title: str) -> None:
    record = {"id": "mine", "title": title, "sources": [title, "My memo of 2026"]}
    scenario = load_scenario(record)
    assert scenario.title == title
    assert scenario.sources == (title, "My memo of 2026")


@pytest.mark.parametrize(
    ("title", "problem"),
    [
        ("a\x0bb", "U+000B"),
        ("a\x1b[31m", "U+001B"),
        ("a\u202eb", "U+202E"),
        ("a\ud800", "U+D800"),
        ("", "title is ''"),
        (" \n", "title is"),
    ],
)
def test_texts_that_nothing_can_carry_are_refused(title: str, problem: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(problem)):
        load_scenario({"id": "mine", "title": title})
    with pytest.raises(ScenarioError, match=re.escape(problem)):
        Scenario(scenario_id="mine", title=title)


def test_a_title_in_a_file_is_shorter_than_that_of_an_island_set() -> None:
    with pytest.raises(ScenarioError, match="title has 201 letters, expected 200 at most"):
        load_scenario({"id": "mine", "title": "x" * 201})
    assert Scenario(scenario_id="mine", title="x" * 2000).title
    with pytest.raises(ScenarioError, match="title has 2,001 letters"):
        Scenario(scenario_id="mine", title="x" * 2001)


# Lines


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('rule = "line"', "rule 'line' needs line, two or more points [longitude, latitude]"),
        ('rule = "line"\nline = [[147, 45]]', "rule 'line' needs line"),
        ('rule = "line"\nline = [[45, 147], [46, 148]]', "line has the latitude 147"),
        ('rule = "line"\nline = "no.geojson"', "line is in no.geojson, which cannot be read"),
        ('rule = "line"\nline = [[1, 2], [3, 4]]\nlat = 45', "rule 'line' does not read lat"),
        ('rule = "parallel"\nlat = 45\ncede_side = "east"', "divides south from north"),
        ('rule = "land-share"', "rule 'land-share' needs share, a number between 0 and 1"),
        ('rule = "land-share"\nshare = 1', "needs share"),
        ('rule = "land-share"\nshare = 0.5\namong = ["urup"]', "among must list 'iturup'"),
        ('rule = "people-share"\nshare = 0.5', "no source says where on an island its people live"),
    ],
)
def test_lines_that_are_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = write(tmp_path, f'id = "mine"\ntitle = "Mine"\n[[split]]\nunit = "iturup"\n{text}\n')
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert f"split 1: {problem}" in str(caught.value) or problem in str(caught.value)


def test_line_lies_beside_the_scenario_file(tmp_path: Path) -> None:
    (tmp_path / "border.wkt").write_text("LINESTRING (147 45.3, 148.5 44.5)")
    text = 'id = "mine"\ntitle = "Mine"\n[[split]]\nunit = "iturup"\nrule = "line"\n'
    (one,) = load_scenario(write(tmp_path, f'{text}line = "border.wkt"\n')).cessions
    (other,) = load_scenario(
        write(tmp_path, f"{text}line = [[147, 45.3], [148.5, 44.5]]\n")
    ).cessions
    assert one == other
    assert one.line == ((147.0, 45.3), (148.5, 44.5))
    words = "south of the line from 45.30° N 147.00° E to 44.50° N 148.50° E"
    assert words in load_scenario(tmp_path / "mine.toml")._repr_html_()


# Whole units by name


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
        (["Kunasir"], "unknown unit 'Kunasir', expected one of habomai"),
        (["Iturop"], r"did you mean iturup\?"),
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
