"""The catalogue of columns: words, units, whom high values serve; and where pages take them."""

from __future__ import annotations

import re

from documents import DOCS

from okhotsk.assessment import index
from okhotsk.maps import assets
from okhotsk.measures.columns import NEITHER, SIDES, heads_of, read_columns, unit_of
from okhotsk.measures.figures import FIGURES

# What a component of the index says of a high figure.
KINDS = {"asset": "Russia", "burden": "Japan", "complement": "Japan", "exposure": "Japan"}


def test_every_figure_of_a_record_has_words_and_its_own_unit() -> None:
    for figure in FIGURES:
        if figure.reported:
            column = read_columns()[figure.column]
            assert column.title
            assert column.meaning
            assert not figure.unit or column.unit == figure.unit


def test_whom_a_high_figure_serves_is_what_the_index_makes_of_it() -> None:
    components = index.read_recipe().components
    assert len(components) == 8
    for component in components:
        assert read_columns()[component.column].serves == KINDS[component.kind], component


def test_an_interval_has_the_unit_and_the_side_of_its_figure() -> None:
    known = read_columns()
    assert {column.serves for column in known.values()} == {*SIDES, NEITHER}
    for name in ("barrier_km", "intruder_exposure", "sill_depth_m"):
        for end in ("low", "high"):
            own = known[f"{name}_{end}"]
            assert (own.unit, own.serves) == (known[name].unit, known[name].serves)


def test_no_title_calls_the_warning_of_intruders_an_exposure() -> None:
    """High is good for Russia, which the other word hides."""
    warning = read_columns()["intruder_exposure"]
    assert warning.title == "Warning of intruders"
    assert warning.judged == "high: good for Russia"
    assert read_columns()["egress_exposure"].judged == "high: bad for Russia"
    script = assets.text("okhotsk/readout.js")
    assert "Intruder" not in script
    assert "Warning of intruders" in script
    assert not re.search("intruder.?s exposure", (DOCS / "columns.md").read_text("utf-8"), re.I)


def test_heads_are_told_apart() -> None:
    names = list(read_columns())
    assert len(set(heads_of(names))) == len(names)
    assert heads_of(["driver_total", "second_driver_total"]) == [
        "Its Sobol index (driver_total)",
        "Its Sobol index (second_driver_total)",
    ]
    assert unit_of("population") == ""
