"""The hand-kept data files: known ids, known units, and a source for every value."""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
SCENARIO_FILES = sorted((DATA / "scenarios").glob("*.toml"))

Record = dict[str, Any]

HABOMAI = [
    "tanfilyev",
    "storozhevoy-rifovy",
    "anuchin",
    "yuri",
    "demina",
    "zeleny",
    "polonsky",
    "oskolki",
]
FOUR_ISLANDS = [*HABOMAI, "shikotan", "kunashir", "iturup"]
ISLANDS = [
    *FOUR_ISLANDS,
    "urup",
    "brat-chirpoyev",
    "chirpoy",
    "broughton",
    "simushir",
    "ketoi",
    "ushishir",
    "srednego-rocks",
    "rasshua",
    "matua",
    "raikoke",
    "lovushki",
    "shiashkotan",
    "ekarma",
    "chirinkotan",
    "kharimkotan",
    "onekotan",
    "makanrushi",
    "antsiferov",
    "paramushir",
    "shumshu",
    "atlasov",
]
FIXED_UNITS = {"hokkaido", "sakhalin", "mainland"}
STRAITS = [
    "la-perouse",
    "nevelskoy",
    "nemuro",
    "izmena",
    "south-kuril",
    "sovetsky",
    "tanfilyev-strait",
    "yuri-strait",
    "voeykov",
    "polonsky-strait",
    "shpanberg",
    "yekaterina",
    "friza",
    "urup-strait",
    "snow",
    "bussol",
    "diana",
    "rikord",
    "srednego",
    "nadezhda",
    "golovnin",
    "kruzenshtern",
    "lovushek",
    "ekarma-strait",
    "severgin",
    "krenitsyn",
    "yevreinov",
    "fourth-kuril",
    "luzhin",
    "alaid",
    "second-kuril",
    "first-kuril",
]
NOT_EXITS = {
    "nemuro",
    "south-kuril",
    "sovetsky",
    "tanfilyev-strait",
    "yuri-strait",
    "voeykov",
    "polonsky-strait",
    "shpanberg",
    "ekarma-strait",
    "yevreinov",
    "luzhin",
    "alaid",
}
SCENARIOS = {
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
GROUPS = ["habomai", "shikotan", "greater-south", "middle", "north"]
STRAIT_QUANTITIES = {
    "width_km",
    "sill_depth_m",
    "max_depth_m",
    "depth_m",
    "throat_area_km2",
    "throat_share",
}
SEA_QUANTITIES = {
    "area_km2",
    "mean_depth_m",
    "max_depth_m",
    "volume_km3",
    "high_seas_km2",
    "high_seas_width_km",
    "high_seas_length_km",
}
PAGES = ["history.md", "not-modelled.md"]
WEST, SOUTH, EAST, NORTH = 134.0, 41.0, 166.0, 64.0


@cache
def read(name: str) -> Record:
    """Read one data file."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def islands() -> list[Record]:
    """Give the island records."""
    return list(read("islands.toml")["island"])


def straits() -> list[Record]:
    """Give the strait records."""
    return list(read("straits.toml")["strait"])


def sea() -> Record:
    """Give the record of the sea under an id of its own."""
    return {"id": "sea", **read("sea.toml")}


def scenarios() -> list[Record]:
    """Give the scenario records."""
    return [read(f"scenarios/{path.name}") for path in SCENARIO_FILES]


def published() -> Iterator[tuple[str, Record]]:
    """Give every published value with the name of what it describes."""
    for record in [*islands(), *straits(), sea()]:
        for value in record.get("published", []):
            yield record["id"], value
    for total in read("islands.toml")["total"]:
        yield total["of"], total


def used_sources() -> Iterator[tuple[str, list[str]]]:
    """Give every list of source keys with the record that uses it."""
    for name, value in published():
        yield name, value.get("source", [])
    for island in islands():
        yield island["id"], island.get("population_source", [])
    for strait in straits():
        if "near" in strait:
            yield strait["id"], strait.get("near_source", [])
        if strait["international"]:
            yield strait["id"], strait["international_source"]
    for scenario in scenarios():
        yield scenario["id"], scenario.get("sources", [])
    for missile in read("missiles.toml")["missile"]:
        for reach in missile["range"]:
            yield missile["id"], reach["source"]
    for deployment in read("missiles.toml")["deployment"]:
        yield deployment["launcher"], deployment["source"]
    yield "force", ["S172", "S188", "S200", "S201", "W32", "W94"]  # notes and docstrings
    yield "sea", read("sea.toml")["base_source"]
    yield "sea", ["W48", "W49"]  # the seabed under the high seas, in a comment
    yield "assumptions", assumed_sources()
    for page in PAGES:
        yield page, list(linked_sources(page))


def assumed_sources() -> list[str]:
    """Give the source keys that the assumptions name, ranges (S190-S192) written out."""
    text = (ROOT / "okhotsk" / "scenario" / "assumptions.py").read_text(encoding="utf-8")
    spans = re.findall(r"\b([SW])(\d+)(?:-[SW](\d+))?\b", text)
    return [
        f"{kind}{n}" for kind, low, high in spans for n in range(int(low), int(high or low) + 1)
    ]


def linked_sources(page: str) -> dict[str, str]:
    """Give the source keys that a page of docs/ links, with the address of each."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return dict(re.findall(r"^\[([SW]\d+)\]: (\S+)$", text, flags=re.MULTILINE))


def in_window(point: list[float]) -> bool:
    """Tell whether [longitude, latitude] lies in the window of the data."""
    lon, lat = point
    return WEST < lon < EAST and SOUTH < lat < NORTH


def test_island_ids_in_order() -> None:
    """The islands are the known units, south to north, each once."""
    assert [island["id"] for island in islands()] == ISLANDS


def test_strait_ids_in_order() -> None:
    """The straits are the known ones, south-west to north-east, each once."""
    assert [strait["id"] for strait in straits()] == STRAITS


def test_scenario_ids_match_file_names() -> None:
    """Every option is there and its file bears its id."""
    assert {path.stem for path in SCENARIO_FILES} == SCENARIOS
    assert [scenario["id"] for scenario in scenarios()] == [path.stem for path in SCENARIO_FILES]


def test_island_groups_run_south_to_north() -> None:
    """The groups follow one another along the chain without mixing."""
    order = [GROUPS.index(island["group"]) for island in islands()]
    assert order == sorted(order)
    assert {i["id"] for i in islands() if i["group"] == "habomai"} == set(HABOMAI)


def test_island_districts() -> None:
    """The district changes at the Yekaterina and the Diana Strait."""
    by_id = {island["id"]: island["district"] for island in islands()}
    assert {by_id[i] for i in ISLANDS[:10]} == {"Yuzhno-Kurilsky"}
    assert {by_id[i] for i in ISLANDS[10:16]} == {"Kurilsky"}
    assert {by_id[i] for i in ISLANDS[16:]} == {"Severo-Kurilsky"}


def test_seeds_and_positions_in_window() -> None:
    """Seeds and strait positions are [longitude, latitude] inside the window."""
    points = {i["id"]: i["seed"] for i in islands()}
    points |= {s["id"]: s["near"] for s in straits() if "near" in s}
    assert [name for name, point in points.items() if not in_window(point)] == []
    seeds = [tuple(island["seed"]) for island in islands()]
    assert len(set(seeds)) == len(seeds)


def test_populations_have_year_and_source() -> None:
    """A population is a count of people with its year and source."""
    for island in islands():
        assert island["population"] >= 0, island["id"]
        assert 2000 <= island["population_year"] <= 2030, island["id"]
        assert island["population_source"], island["id"]


def test_four_islands_population_adds_up() -> None:
    """The islands' counts of 2023 add up to the published total of 2023."""
    total = next(
        t["value"]
        for t in read("islands.toml")["total"]
        if t["of"] == "four-islands" and t["quantity"] == "population"
    )
    assert sum(i["population"] for i in islands() if i["id"] in FOUR_ISLANDS) == total


def test_a_strait_called_international_has_a_source() -> None:
    """A strait is listed where a source says so, and only there."""
    listed = [s["id"] for s in straits() if s["international"]]
    assert listed == [s["id"] for s in straits() if s.get("international_source")]
    assert listed == ["la-perouse"]


def test_surveys_add_up() -> None:
    """What is left of a survey of four islands without Iturup is the survey of three."""
    found = {t["of"]: t for t in read("islands.toml")["total"] if "survey" in t}
    assert set(found) == {"lesser-chain", "three-islands", "four-islands"}
    (iturup,) = (
        value["value"]
        for island in islands()
        if island["id"] == "iturup"
        for value in island["published"]
        if value["quantity"] == "area_km2" and value.get("note") == "survey of 2014"
    )
    left = found["four-islands"]["value"] - iturup
    assert found["three-islands"]["value"] == pytest.approx(left, abs=0.005)
    assert all(t["quantity"] == "area_km2" for t in found.values())


def test_totals_name_known_units() -> None:
    """Every total says which units it adds up."""
    for total in read("islands.toml")["total"]:
        assert total["quantity"] in {"area_km2", "population"}, total
        assert set(total["units"]) <= set(ISLANDS), total["of"]
        assert total["quantity"] != "population" or "year" in total, total["of"]


def test_strait_sides_are_known_units() -> None:
    """Both sides are units of the chain or fixed land, and differ."""
    known = set(ISLANDS) | FIXED_UNITS
    for strait in straits():
        assert {strait["side_a"], strait["side_b"]} <= known, strait["id"]
        assert strait["side_a"] != strait["side_b"], strait["id"]


def test_exit_flags() -> None:
    """Side passages and dead ends are not exits."""
    assert {s["id"] for s in straits() if not s["exit"]} == NOT_EXITS


def test_kuril_flags() -> None:
    """A Kuril exit is an exit with a Kuril island on at least one side."""
    for strait in straits():
        beside_island = bool({strait["side_a"], strait["side_b"]} & set(ISLANDS))
        assert strait["kuril"] == (strait["exit"] and beside_island), strait["id"]


def test_exits_chain_the_rim_without_a_gap() -> None:
    """The Kuril exits lead from Hokkaido to Kamchatka, one island to the next."""
    # Broughton stands before Bussol, the Srednego rocks in the strait of their name.
    at = "hokkaido"
    for strait in (s for s in straits() if s["kuril"]):
        assert strait["side_a"] == at, strait["id"]
        at = strait["side_b"]
    assert at == "mainland"


def test_series_names_other_straits() -> None:
    """A dead end names the strait that governs it."""
    series = {s["id"]: s["series"] for s in straits() if "series" in s}
    assert series == {"nemuro": ["izmena"]}


def test_position_has_source() -> None:
    """No strait has a position without the source it was read in."""
    for strait in straits():
        assert ("near" in strait) == bool(strait.get("near_source")), strait["id"]


@pytest.mark.parametrize(
    ("records", "known"),
    [(islands, {"area_km2"}), (straits, STRAIT_QUANTITIES), (lambda: [sea()], SEA_QUANTITIES)],
    ids=["islands", "straits", "sea"],
)
def test_published_quantities(records: Callable[[], list[Record]], known: set[str]) -> None:
    """Published values carry a known quantity."""
    found = {value["quantity"] for r in records() for value in r.get("published", [])}
    assert found <= known


def test_published_values_are_positive_and_distinct() -> None:
    """Published values are positive, and none is listed twice for the same thing."""
    for name, value in published():
        assert value["value"] > 0, name
    for record in [*islands(), *straits(), sea()]:
        seen = [(v["quantity"], v["value"]) for v in record.get("published", [])]
        assert len(set(seen)) == len(seen), record["id"]


def test_shares_are_fractions() -> None:
    """A published share of the straits' cross-section lies between 0 and 1."""
    shares = [value["value"] for _, value in published() if value["quantity"] == "throat_share"]
    assert shares
    assert all(0 < share < 1 for share in shares)


def test_points_of_the_sea() -> None:
    """The points that the sea is computed from lie in the window."""
    assert in_window(sea()["deep_point"])
    assert in_window(sea()["anchor"])


def test_every_value_has_a_source() -> None:
    """Nothing published stands without a source."""
    assert [name for name, keys in used_sources() if not keys] == []


def test_source_keys_match_the_bibliography() -> None:
    """Every key used is explained, and every key explained is used."""
    used = {key for _, keys in used_sources() for key in keys}
    assert used == set(read("sources.toml"))


def test_sources_are_complete() -> None:
    """Every source says what it is and gives the address of its page, not of a site alone."""
    for key, source in read("sources.toml").items():
        assert re.fullmatch(r"[SW]\d+", key), key
        assert source["cite"].strip(), key
        assert re.fullmatch(r"https?://[^/\s]+/\S+", source["url"]), key


@pytest.mark.parametrize("page", PAGES)
def test_pages_link_their_sources(page: str) -> None:
    """Every key in a page has the address that the bibliography gives, and none is idle."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    known, links = read("sources.toml"), linked_sources(page)
    assert links == {key: known[key]["url"] for key in links}
    assert set(re.findall(r"\[([SW]\d+)\](?!:)", text)) == set(links)


def test_scenario_fields() -> None:
    """Every option tells what it is, where the border runs and on what ground."""
    for scenario in scenarios():
        for field in ("title", "proponent", "status", "line", "context"):
            assert scenario[field].strip(), (scenario["id"], field)
        assert re.fullmatch(r"\d{4}(-\d\d-\d\d)?", scenario.get("date", "1900")), scenario["id"]
        assert "\n" not in scenario["context"], scenario["id"]


def test_scenario_units_and_forces() -> None:
    """Options cede known units, each once, under a known force."""
    for scenario in scenarios():
        ceded = [unit for cede in scenario.get("cede", []) for unit in cede["units"]]
        split = [part["unit"] for part in scenario.get("split", [])]
        parts = [*scenario.get("cede", []), *scenario.get("split", [])]
        assert len(set(ceded + split)) == len(ceded + split), scenario["id"]
        assert set(ceded) <= set(ISLANDS), scenario["id"]
        assert set(split) <= {*ISLANDS, "sakhalin"}, scenario["id"]
        assert {part["forces"] for part in parts} <= {"JP", "RU", "none"}, scenario["id"]


def test_scenario_splits() -> None:
    """The two split options follow the rules that they name."""
    splits = {s["id"]: s["split"] for s in scenarios() if "split" in s}
    assert splits == {
        "half-area-2006": [
            {"unit": "iturup", "forces": "JP", "rule": "equal-land", "among": FOUR_ISLANDS}
        ],
        "portsmouth-1905": [
            {
                "unit": "sakhalin",
                "forces": "JP",
                "rule": "parallel",
                "lat": 50.0,
                "cede_side": "south",
            }
        ],
    }


@pytest.mark.parametrize(
    ("scenario_id", "count", "forces"),
    [
        ("status-quo", 0, None),
        ("habomai-shikotan-1956", 9, "JP"),
        ("three-islands", 10, "JP"),
        ("half-area-2006", 10, "JP"),
        ("four-islands", 11, "JP"),
        ("four-islands-demilitarised", 11, "none"),
        ("kawana-1998", 11, "RU"),
        ("urup-line", 15, "JP"),
        ("st-petersburg-1875", 33, "JP"),
        ("portsmouth-1905", 33, "JP"),
    ],
)
def test_scenario_cedes_a_prefix(scenario_id: str, count: int, forces: str | None) -> None:
    """Every named option cedes the southernmost islands, in order."""
    cedes = read(f"scenarios/{scenario_id}.toml").get("cede", [])
    assert [unit for cede in cedes for unit in cede["units"]] == ISLANDS[:count]
    assert {cede["forces"] for cede in cedes} == ({forces} if forces else set())
