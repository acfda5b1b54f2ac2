"""What the tables of a TOML file may hold, and every way in which a record departs from that.

Every reader describes its file as a :class:`Schema` and calls :func:`validate`, which names all
problems of the file at once.
"""

from __future__ import annotations

import datetime
import difflib
import re
import reprlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import partial
from typing import Any

from okhotsk.errors import DataError, OkhotskError

MOST_PROBLEMS = 20  # in one message
FIRST_PROBLEMS = 3  # of those that are more: they have one cause
MOST_VALUES = 5  # of one list in one problem
LONG = 60  # letters: an expectation longer than this is said once in a message
# Neither XML nor a terminal can carry these; or they turn around what stands after the text.
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

Record = Mapping[str, Any]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, float) or abs(value) <= sys.float_info.max


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list(value: Any, holds: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(map(holds, value))


def _is_position(value: Any) -> bool:
    if not _is_list(value, _is_number) or len(value) != 2:
        return False
    return bool(abs(value[0]) <= 180 and abs(value[1]) <= 90)


@dataclass(frozen=True)
class Kind:
    """A type of values: its name for readers, and which values belong to it."""

    words: str
    holds: Callable[[Any], bool]


TEXT = Kind("a text", _is_text)
TEXTS = Kind("a list of texts", partial(_is_list, holds=_is_text))
NUMBER = Kind("a number", _is_number)
NUMBERS = Kind("a list of numbers", partial(_is_list, holds=_is_number))
WHOLE = Kind("a whole number", _is_whole)
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
DATE = Kind("a date", lambda value: isinstance(value, datetime.date))
POSITION = Kind("a longitude and a latitude in degrees", _is_position)
TABLES = Kind("tables", partial(_is_list, holds=lambda value: isinstance(value, dict)))


@dataclass(frozen=True)
class Key:
    """What may stand under a key.

    Attributes
    ----------
    kind
        Type of the value.
    required
        Whether the key must be there.
    needed_by
        Another key and its value with which this key must be there.
    choices
        The values that are allowed, of a text or of each text in a list; all where empty.
    low, high
        Bounds of a number, or of each number in a list.
    pattern
        Regular expression that a text must match as a whole.
    most
        How many letters a text, or each text in a list, may have; any number where 0.
    words
        What is expected, where the kind says too little.
    unknown
        What to say of a value that is no choice, with the value as ``{}``.
    table
        What each of the tables under this key may hold.
    """

    kind: Kind = TEXT
    _: KW_ONLY
    required: bool = True
    needed_by: tuple[str, str] | None = None
    choices: tuple[str, ...] = ()
    low: float = -sys.float_info.max
    high: float = sys.float_info.max
    pattern: str = ""
    most: int = 0
    words: str = ""
    unknown: str = ""
    table: Schema | None = None


@dataclass(frozen=True)
class Rule:
    """A condition on several keys; ``find`` returns what is wrong, one sentence each.

    It is asked only of records in which these keys have the right types.
    """

    keys: tuple[str, ...]
    find: Callable[[Record], Iterable[str]]


@dataclass(frozen=True)
class Schema:
    """What a table may hold.

    Attributes
    ----------
    keys
        Its keys.
    label
        The key that identifies a record among others, no two with the same value; None where
        records are numbered.
    rules
        Conditions on several keys.
    others
        What the table under every key that is not in ``keys`` may hold; None where there must be
        no other key.
    """

    keys: Mapping[str, Key] = field(default_factory=dict)
    _: KW_ONLY
    label: str | None = None
    rules: tuple[Rule, ...] = ()
    others: Schema | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong in which record, and what is expected instead."""

    what: str
    expected: str = ""

    def __str__(self) -> str:
        return f"{self.what}, expected {self.expected}" if self.expected else self.what


def validate(
    record: Record,
    schema: Schema,
    *,
    file: object,
    where: str = "",
    error: type[OkhotskError] = DataError,
) -> None:
    """Stop with all problems of a file in one line.

    Parameters
    ----------
    record, schema
        The contents of the file, and what it may hold.
    file, where
        Names of the file and of the record, for the message.
    error
        What to raise.

    Examples
    --------
    >>> validate({"nmae": "Urup"}, Schema({"name": Key()}), file="islands.toml")
    Traceback (most recent call last):
    okhotsk.errors.DataError: islands.toml: unknown key 'nmae', expected 'name'; 'name' must be a
    text, but key 'name' is missing
    """
    if problems := check(record, schema, where):
        raise error(f"{file}: {in_words(problems)}")


def in_words(problems: Sequence[Problem]) -> str:
    """Return problems as one line of bounded length."""
    parts, said = [], set[str]()
    told = MOST_PROBLEMS if len(problems) <= MOST_PROBLEMS else FIRST_PROBLEMS
    for problem in problems[:told]:
        parts.append(problem.what if problem.expected in said else str(problem))
        if len(problem.expected) > LONG:
            said.add(problem.expected)
    if more := len(problems) - len(parts):
        parts.append(f"and {more:,} more problems")
    return "; ".join(parts)


def check(record: Record, schema: Schema, where: str = "") -> list[Problem]:
    """Return all problems of a record and of the tables in it; none where it is as it should be.

    Parameters
    ----------
    record, schema
        The record, and what it may hold.
    where
        How messages name the record; empty for a whole file.
    """
    problems, _ = _examine(record, schema, where, "")
    return problems


def _examine(record: Record, schema: Schema, where: str, path: str) -> tuple[list[Problem], bool]:
    """Problems of a record, and whether all of its keys have the right types."""
    problems, fitting = _examine_others(record, schema, where), set()
    for name, key in schema.keys.items():
        found, fits = _examine_key(record, name, key, where, path)
        problems += found
        fitting |= {name} if fits else set()
    for rule in schema.rules:
        if fitting.issuperset(rule.keys):
            problems += [Problem(_at(where, what)) for what in rule.find(record)]
    return problems, fitting == set(schema.keys)


def _examine_others(record: Record, schema: Schema, where: str) -> list[Problem]:
    """Problems of the keys that are not in the schema."""
    problems: list[Problem] = []
    for name in sorted(set(record) - set(schema.keys)):
        if schema.others is None:
            near = difflib.get_close_matches(name[:LONG], schema.keys, 1)
            what = _at(where, f"unknown key {show(name)}")
            problems.append(Problem(what, one_of(near or tuple(schema.keys))))
        elif isinstance(record[name], dict):
            problems += check(record[name], schema.others, _at(where, show(name)))
        else:
            what = f"{show(name)} must be a table, not {show(record[name])}"
            problems.append(Problem(_at(where, what)))
    return problems


def _examine_key(
    record: Record, name: str, key: Key, where: str, path: str
) -> tuple[list[Problem], bool]:
    """Problems of what stands under a key, and whether it has the right type."""
    cause = _cause(key, record)
    must = _requirement(name, key, where, path, cause)
    if name not in record:
        if not (key.required or cause):
            return [], True
        return [
            Problem(_at(where, must if cause else f"{must}, but key {name!r} is missing"))
        ], False
    value = record[name]
    fits = key.kind.holds(value)
    if fits and key.table is not None:
        return _examine_tables(value, name, key.table, where, path)
    if not fits and not (key.kind is TEXT and key.choices):
        return [Problem(_at(where, f"{must}, not {show(value)}"))], False
    problems = [Problem(_at(where, p.what), p.expected) for p in _values(name, key, value)]
    if problems and cause:
        problems = [Problem(_at(where, f"{must}, not {show(value)}"))]
    return problems, fits


def _cause(key: Key, record: Record) -> str:
    """What makes an optional key necessary; empty where nothing does."""
    if key.needed_by is None or record.get(key.needed_by[0]) != key.needed_by[1]:
        return ""
    return f"{key.needed_by[0]} {key.needed_by[1]!r}"


def _requirement(name: str, key: Key, where: str, path: str, cause: str) -> str:
    """The sentence of what a key must be."""
    if cause:
        return f"{cause} needs {name}, {key.words or key.kind.words}"
    words = f"written as [[{path}{name}]] tables" if key.table else key.words or key.kind.words
    return f"{name if where else repr(name)} must be {words}"


def _examine_tables(
    records: Sequence[Record], name: str, schema: Schema, where: str, path: str
) -> tuple[list[Problem], bool]:
    """Problems of the tables under a key, and whether all of their keys have the right types."""
    problems, fits = [], True
    for number, record in enumerate(records, 1):
        label = record.get(schema.label) if schema.label else None
        here = f"{name} {show(label) if isinstance(label, str) else number}"
        found, fine = _examine(record, schema, _at(where, here), f"{path}{name}.")
        problems += found
        fits &= fine
    labels = [record.get(schema.label) for record in records] if schema.label else []
    counts = Counter(label for label in labels if isinstance(label, str))
    twice = [label for label, count in counts.items() if count > 1]
    once = f"every {schema.label} once"
    problems += [
        Problem(_at(where, f"{name} {show(label)} stands {counts[label]} times"), once)
        for label in twice
    ]
    return problems, fits


def _values(name: str, key: Key, value: Any) -> list[Problem]:
    """Problems of a value, or of the values in a list."""
    listed = key.kind in (TEXTS, NUMBERS)
    items = value if listed else [value]
    texts = "".join(item for item in items if isinstance(item, str))
    problems = [
        Problem(f"{name} holds the control character U+{ord(mark):04X}", "printable text")
        for mark in dict.fromkeys(CONTROL.findall(texts))
    ]
    problems += [
        Problem(f"{name} has {len(item):,} letters", f"{key.most:,} at most")
        for item in items
        if key.most and len(item) > key.most
    ][:1]
    if wrong := [item for item in items if not _is_allowed(item, key)]:
        more = f" and {len(wrong) - MOST_VALUES:,} more" if len(wrong) > MOST_VALUES else ""
        got = ", ".join(map(show, wrong[:MOST_VALUES])) + more
        said = key.unknown or f"{name} {'holds' if listed else 'is'} {{}}"
        problems.append(Problem(said.format(got), _expectation(key)))
    return problems


def _is_allowed(value: Any, key: Key) -> bool:
    """Whether a value is among the choices, within the bounds and of the pattern."""
    if key.choices:
        return value in key.choices
    if key.kind in (NUMBER, NUMBERS, WHOLE):
        return bool(key.low <= value <= key.high)
    return not key.pattern or bool(re.fullmatch(key.pattern, value))


def _expectation(key: Key) -> str:
    """What is expected of a value of the right type."""
    if key.choices and (key.kind is TEXTS or not key.words):
        return one_of(key.choices)
    if key.words:
        return key.words
    ends = Key()
    if key.high < ends.high:
        return f"{key.low:g} to {key.high:g}"
    return f"{key.low:g} or more" if key.low > ends.low else "a finite number"


def _at(where: str, what: str) -> str:
    return f"{where}: {what}" if where else what


def one_of(choices: Iterable[str]) -> str:
    """Return choices in words.

    Examples
    --------
    >>> one_of(("parallel", "equal-land"))
    "'parallel' or 'equal-land'"
    >>> one_of(("RU", "JP", "none"))
    'one of RU, JP, none'
    """
    listed = tuple(choices)
    if len(listed) <= 2:
        return " or ".join(map(repr, listed))
    return f"one of {', '.join(listed)}"


class _Short(reprlib.Repr):
    """Representations of bounded length."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = LONG
        self.maxlist, self.maxdict, self.maxlevel = MOST_VALUES, 2, 2

    def repr_int(self, x: int, level: int) -> str:
        """Digits of an integer, unless there are more than Python will write."""
        return super().repr_int(x, level) if abs(x) < 10**LONG else "a number of very many digits"


def show(value: Any) -> str:
    """Return a value of a TOML file as a message shows it, shortened.

    Examples
    --------
    >>> show("a" * 1000)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaa...aaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
    >>> show(-1.0), show(True), show([["urup"]])
    ('-1', 'true', "[['urup']]")
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, datetime.date | datetime.time):
        return str(value)
    return _Short().repr(value)
