"""Names that people type: each of the data stands for its own record, near misses for none."""

from __future__ import annotations

import csv
import tomllib

import pytest

from okhotsk.datasets import data_folder
from okhotsk.theatre.coast import groups, read_islands
from okhotsk.theatre.names import find_id, strait_names, suggest, unit_names, with_ids
from okhotsk.theatre.straits import read_straits

OTHER = list(csv.DictReader((data_folder() / "names.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("island", read_islands().values(), ids=lambda i: i.island_id)
def test_every_name_of_an_island_stands_for_it(island):
    for name in (island.island_id, island.name, island.name_ru, island.name_ja):
        assert name is None or find_id(name, unit_names()) == island.island_id


@pytest.mark.parametrize("strait", read_straits(), ids=lambda s: s.strait_id)
def test_every_name_of_a_strait_stands_for_it(strait):
    for name in (strait.strait_id, strait.name, strait.name_ru):
        assert name is None or find_id(name, strait_names()) == strait.strait_id


def test_a_japanese_name_stands_for_its_strait_or_for_none_where_two_have_it():
    named = [s for s in read_straits() if s.name_ja]
    for strait in named:
        shared = [s for s in named if s.name_ja == strait.name_ja]
        assert find_id(strait.name_ja, strait_names()) in (
            [strait.strait_id] if len(shared) == 1 else [None]
        )


@pytest.mark.parametrize("group", sorted({i.group for i in read_islands().values()}))
def test_a_group_keeps_its_name(group):
    assert find_id(group, unit_names()) == group
    assert group in groups()


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Etorofu", "iturup"),
        ("ITURUP ISLAND", "iturup"),
        ("о. Итуруп", "iturup"),
        ("択捉", "iturup"),
        ("Kunashiri", "kunashir"),
        ("остров Зеленый", "zeleny"),  # without the dots
        ("Habomai Islands", "habomai"),
    ],
)
def test_what_people_write_differently(name, unit):
    assert find_id(name, unit_names()) == unit


@pytest.mark.parametrize(
    ("name", "strait"),
    [
        ("Boussole", "bussol"),
        ("La Pérouse Strait", "la-perouse"),
        ("宗谷海峡", "la-perouse"),
        ("Vries", "friza"),
        ("Bussol'", "bussol"),
    ],
)
def test_straits_that_people_write_differently(name, strait):
    assert find_id(name, strait_names()) == strait


def test_a_near_miss_is_asked_about_and_nothing_like_a_name_is_not():
    assert find_id("Iturop", unit_names()) is None
    assert suggest("Iturop", unit_names()) == " (did you mean iturup?)"
    assert suggest("Gibraltar", unit_names()) == ""


def test_other_names_have_an_island_and_a_source():
    sources = tomllib.loads((data_folder() / "sources.toml").read_text("utf-8"))
    assert OTHER
    for row in OTHER:
        assert row["unit"] in read_islands()
        assert row["source"] in sources
        assert find_id(row["name"], unit_names()) == row["unit"]


def test_a_record_names_land_in_any_of_the_languages():
    record = {
        "title": "Iturup",
        "cede": [{"units": ["Etorofu", "Кунашир", 5]}, "no table"],
        "split": [{"unit": "得撫島", "among": ["Iturup"], "rule": "Iturup"}],
    }
    assert with_ids(record) == {
        "title": "Iturup",
        "cede": [{"units": ["iturup", "kunashir", 5]}, "no table"],
        "split": [{"unit": "urup", "among": ["iturup"], "rule": "Iturup"}],
    }
