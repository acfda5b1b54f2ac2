"""Every table of a TOML file answers every mistake in it with one clear sentence."""

from __future__ import annotations

import copy
import datetime
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from okhotsk import datasets
from okhotsk.assessment import claims, index
from okhotsk.datasets import REGISTRY, SOURCES, data_folder, read_toml
from okhotsk.errors import DataError, OkhotskError, ScenarioError
from okhotsk.measures import missiles
from okhotsk.scenario import island_sets, read
from okhotsk.scenario.border import LINE
from okhotsk.schema import (
    DATE,
    FLAG,
    NUMBER,
    NUMBERS,
    POSITION,
    TABLES,
    TEXT,
    TEXTS,
    WHOLE,
    Key,
    Kind,
    Schema,
    check,
    in_words,
    show,
    validate,
)
from okhotsk.sweep import frontier
from okhotsk.theatre import coast, sea, straits

Record = dict[str, Any]


@cache
def shipped(file: str) -> Record:
    """The contents of a data file."""
    return read_toml(data_folder() / file)


@dataclass(frozen=True)
class Reader:
    """A file, what it may hold, and what reads it."""

    file: str
    schema: Schema
    read: Callable[[], object]
    error: type[OkhotskError] = DataError

    @property
    def record(self) -> Record:
        """The contents as shipped."""
        return copy.deepcopy(shipped(self.file))


def scenario_reader(name: str) -> Reader:
    path = data_folder() / "scenarios" / f"{name}.toml"
    reads = partial(read.read_scenario, path)
    return Reader(f"scenarios/{name}.toml", read.scenario_schema(), reads, ScenarioError)


READERS = (
    Reader("islands.toml", coast.ISLANDS, coast.read_islands.__wrapped__),
    Reader("straits.toml", straits.straits_schema(), straits.read_straits),
    Reader("sea.toml", sea.SEA, lambda: sea.find_place.__wrapped__("base")),
    Reader("missiles.toml", missiles.MISSILES, missiles.missile_ranges),
    Reader("cessions.toml", island_sets.blocks_schema(), island_sets.read_blocks),
    Reader("index.toml", index.INDEX, index.read_recipe.__wrapped__),
    Reader("claims.toml", claims.claims_schema(), claims.read_claims.__wrapped__),
    Reader("frontier.toml", frontier.FRONTIER, frontier.read_thresholds),
    Reader("sources.toml", SOURCES, datasets.citations.__wrapped__),
    Reader("registry.toml", REGISTRY, datasets.check),
    scenario_reader("half-area-2006"),
    scenario_reader("portsmouth-1905"),
)
# A value that has another type than each kind.
OTHER_TYPE: dict[Kind, tuple[Any, ...]] = {
    TEXT: (5, True, ["a"], {}, datetime.date(2026, 1, 2)),
    TEXTS: ("a", [1], [["a"]], {}),
    NUMBER: ("5", True, [5], {}),
    NUMBERS: (5, ["5"], [True]),
    WHOLE: (1.5, "5", False),
    FLAG: (1, "true", []),
    DATE: ("2026-01-02", 2026),
    POSITION: ([148.0], [148.0, "46"], [46.5, 148.0], [1, 2, 3], "148, 46"),
    TABLES: ("a", 5, ["a"], {}),
    LINE: (5, [1, 2], [[148.0, 46.0]], [[148.0], [149.0]], {}),
}


@dataclass(frozen=True)
class Place:
    """A record in a file: itself, what it may hold, and the words that name it."""

    record: Record
    schema: Schema
    words: tuple[str, ...]


def places(record: Record, schema: Schema, words: tuple[str, ...] = ()) -> Iterator[Place]:
    """Give a record and all records in it."""
    yield Place(record, schema, words)
    for name, key in schema.keys.items():
        for number, inner in enumerate(record.get(name, ()) if key.table else (), 1):
            label = inner.get(key.table.label) if key.table.label else None
            yield from places(
                inner, key.table, (*words, f"{name} {repr(label) if label else number}")
            )
    if schema.others:
        for name in set(record) - set(schema.keys):
            yield from places(record[name], schema.others, (*words, repr(name)))


def drawn_place(data: st.DataObject, record: Record, schema: Schema) -> Place:
    return data.draw(st.sampled_from(list(places(record, schema))), "record")


@contextmanager
def served(record: Record) -> Iterator[None]:
    """Let every file hold a record."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "read_toml", lambda _: record)
        patch.setattr(read, "read_toml", lambda _: record)
        yield


def said(reader: Reader, record: Record) -> str:
    """What reading a file of some content is answered with, which must be one line."""
    with served(record), pytest.raises(reader.error) as caught:
        reader.read()
    message = str(caught.value)
    assert type(caught.value) is reader.error
    assert reader.file.rsplit("/", 1)[-1] in message.split(": ")[0]
    assert "\n" not in message
    return message


every_table = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.file)
patiently = settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@every_table
def test_shipped_file_is_as_described(reader: Reader) -> None:
    assert check(reader.record, reader.schema) == []
    reader.read()


@every_table
@patiently
@given(st.data())
def test_missing_key_is_named_with_its_record(reader: Reader, data: st.DataObject) -> None:
    record = reader.record
    place = drawn_place(data, record, reader.schema)
    needed = [name for name, key in place.schema.keys.items() if key.required]
    if not needed:
        return
    name = data.draw(st.sampled_from(needed), "key")
    del place.record[name]
    message = said(reader, record)
    assert f"but key {name!r} is missing" in message
    # A record that lost its label is told by its number.
    assert all(
        word in message for word in place.words[: -1 if name == place.schema.label else None]
    )


@every_table
@patiently
@given(st.data())
def test_wrong_type_is_named_with_its_record(reader: Reader, data: st.DataObject) -> None:
    record = reader.record
    place = drawn_place(data, record, reader.schema)
    if not place.schema.keys:
        return
    name = data.draw(st.sampled_from(sorted(place.schema.keys)), "key")
    wrong = data.draw(st.sampled_from(OTHER_TYPE[place.schema.keys[name].kind]), "value")
    place.record[name] = wrong
    message = said(reader, record)
    assert name in message
    assert show(wrong) in message or "[[" in message
    assert all(
        word in message for word in place.words[: -1 if name == place.schema.label else None]
    )


@every_table
@patiently
@given(st.data())
def test_unknown_key_is_named_with_its_record(reader: Reader, data: st.DataObject) -> None:
    record = reader.record
    place = drawn_place(data, record, reader.schema)
    known = set(place.schema.keys)
    name = data.draw(st.text(min_size=1).filter(lambda text: text not in known), "key")
    place.record[name] = "anything"
    message = said(reader, record)
    what = "must be a table" if place.schema.others else "unknown key"
    assert what in message
    assert show(name) in message
    assert all(word in message for word in place.words)


@every_table
@patiently
@given(st.data())
def test_all_problems_of_a_file_are_named_at_once(reader: Reader, data: st.DataObject) -> None:
    record = reader.record
    found = list(places(record, reader.schema))
    numbers = st.integers(0, len(found) - 1)
    chosen = data.draw(st.lists(numbers, min_size=1, max_size=5, unique=True), "records")
    for number in chosen:
        found[number].record[f"wrong-{number}"] = "anything"
    message = said(reader, record)
    assert all(f"'wrong-{number}'" in message for number in chosen)


@every_table
@patiently
@given(st.data())
def test_whatever_a_file_holds_there_is_no_other_error(reader: Reader, data: st.DataObject) -> None:
    record = reader.record
    place = drawn_place(data, record, reader.schema)
    texts = st.text(max_size=5)
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts | st.dates(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=5,
    ).filter(lambda value: value is not None)
    keys = st.sampled_from(sorted(place.schema.keys)) if place.schema.keys else texts
    place.record.update(data.draw(st.dictionaries(keys | texts, values, min_size=1, max_size=3)))
    if check(record, reader.schema):
        said(reader, record)
    else:
        with served(record):
            reader.read()


# The checker


PIECE = Schema({"id": Key(), "km": Key(NUMBER, low=0, high=10)}, label="id")
LIST = Schema({"piece": Key(TABLES, table=PIECE)})


def problem(record: Record, schema: Schema) -> str:
    (found,) = check(record, schema)
    return str(found)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        (Key(NUMBER), float("nan"), "x is nan, expected a finite number"),
        (Key(NUMBER), float("inf"), "x is inf, expected a finite number"),
        (Key(NUMBER), 10**400, "'x' must be a number, not a number of very many digits"),
        (Key(WHOLE), 10**400, "x is a number of very many digits, expected a finite number"),
        (Key(NUMBER, low=0), -1.0, "x is -1, expected 0 or more"),
        (Key(NUMBER, low=0, high=1), 1.5, "x is 1.5, expected 0 to 1"),
        (Key(NUMBER, low=0, high=1), 1.0000001, "x is 1.0000001, expected 0 to 1"),
        (Key(NUMBERS, low=0, high=1), [0.5, 2, 3], "x holds 2, 3, expected 0 to 1"),
        (Key(choices=("a", "b")), "c", "x is 'c', expected 'a' or 'b'"),
        (Key(choices=("a",)), ["a"], "x is ['a'], expected 'a'"),
        (Key(TEXTS, choices=("a", "b", "c")), ["a", "d"], "x holds 'd', expected one of a, b, c"),
        (Key(TEXTS), "a", "'x' must be a list of texts, not 'a'"),
        (Key(FLAG), 1, "'x' must be true or false, not 1"),
        (Key(TABLES, table=PIECE), 5, "'x' must be written as [[x]] tables, not 5"),
        (Key(), "soft\x0bbreak", "x holds the control character U+000B, expected printable text"),
        (Key(pattern="[a-z]+", words="small letters"), "A", "x is 'A', expected small letters"),
    ],
)
def test_sentence_of_a_wrong_value(key: Key, value: Any, says: str) -> None:
    assert problem({"x": value}, Schema({"x": key})) == says


@pytest.mark.parametrize("text", ["two\nlines", "tab\tstop", "Курилы 千島 é", ""])
def test_texts_that_serve(text: str) -> None:
    assert check({"x": text}, Schema({"x": Key()})) == []


def test_unknown_key_is_told_the_nearest_known_one() -> None:
    names = Schema({"title": Key(), "short": Key(), "date": Key()})
    record = dict.fromkeys(names.keys, "x")
    assert problem(record | {"titel": "x"}, names) == "unknown key 'titel', expected 'title'"
    other = problem(record | {"zzz": "x"}, names)
    assert other == "unknown key 'zzz', expected one of title, short, date"


def test_nested_tables_name_every_level() -> None:
    inner = Schema({"km": Key(WHOLE)})
    schema = Schema(
        {
            "piece": Key(
                TABLES, table=Schema({"id": Key(), "range": Key(TABLES, table=inner)}, label="id")
            )
        }
    )
    record = {"piece": [{"id": "bal", "range": [{"km": 1}, {"km": "2"}]}, {"id": "b", "range": 3}]}
    assert [str(p) for p in check(record, schema)] == [
        "piece 'bal': range 2: km must be a whole number, not '2'",
        "piece 'b': range must be written as [[piece.range]] tables, not 3",
    ]


def test_records_of_one_id_are_named_once() -> None:
    record = {"piece": [{"id": name, "km": 1} for name in "abaca"]}
    assert problem(record, LIST) == "piece 'a' stands 3 times, expected every id once"


def test_thousands_of_problems_make_one_short_line() -> None:
    choices = tuple(f"unit-{n}" for n in range(40))
    table = Schema({"unit": Key(choices=choices)})
    schema = Schema({"cede": Key(TABLES, table=table)})
    record = {"cede": [{"unit": "x" * 10_000, "y" * 10_000: 1} for _ in range(5000)]}
    line = in_words(check(record, schema))
    assert line.endswith("; and 9,997 more problems")
    assert len(line) < 1000
    assert line.count("unit-39") == 1
    many = Schema({"units": Key(TEXTS, choices=choices)})
    assert "'z', 'z', 'z', 'z', 'z' and 4,995 more, expected one of unit-0" in problem(
        {"units": ["z"] * 5000}, many
    )


def test_file_and_error_are_those_asked_for() -> None:
    with pytest.raises(ScenarioError, match=r"^mine\.toml: 'piece' must be .* is missing$"):
        validate({}, LIST, file="mine.toml", error=ScenarioError)
    validate({"piece": []}, LIST, file="mine.toml")


@pytest.mark.parametrize(
    "value",
    ["9" * 5000, "0x" + "f" * 9000, "[" * 3000 + "]" * 3000, "{a=" * 3000 + "1" + "}" * 3000],
    ids=["digits", "hexadecimal", "lists", "tables"],
)
def test_values_of_broken_generators(tmp_path: Path, value: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'id = "mine"\ntitle = {value}\n')
    with pytest.raises(OkhotskError) as caught:
        read.load_scenario(path)
    message = str(caught.value)
    assert str(path) in message
    assert len(message) < len(str(path)) + 200


def test_file_of_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b'\xef\xbb\xbfid = "mine"\r\ntitle = "Mine"\r\n')
    assert read.load_scenario(path).title == "Mine"
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(path.read_text("utf-8"))
