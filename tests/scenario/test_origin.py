"""Where an option comes from, in words."""

from __future__ import annotations

import pytest

from okhotsk.scenario.model import Scenario
from okhotsk.scenario.origin import origin
from okhotsk.scenario.read import load_scenario, scenario_ids


def test_all_that_is_known_is_told() -> None:
    half = load_scenario("half-area-2006")
    first, context = origin(half)
    assert first.startswith(
        "13 December 2006, Taro Aso, Foreign Minister of Japan: floated in 2006"
    )
    assert context == " ".join(half.context.split())


@pytest.mark.parametrize("name", scenario_ids())
def test_named_options_have_a_context(name: str) -> None:
    assert all(text.endswith((".", '"', "]")) for text in origin(load_scenario(name)))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, ()),
        ({"date": "2026-13-01"}, ("2026-13-01.",)),
        ({"date": "spring 2026"}, ("spring 2026.",)),
        ({"status": "a draft."}, ("a draft.",)),
        ({"proponent": "none", "date": "2001", "status": "hypothetical"}, ("Hypothetical.",)),
        ({"proponent": "none of us", "status": "a draft"}, ("none of us: a draft.",)),
        (
            {"proponent": "A memo", "context": "One\nline.\n\n Two."},
            ("A memo.", "One line.", "Two."),
        ),
    ],
)
def test_what_is_missing_is_left_out(given: dict[str, str], told: tuple[str, ...]) -> None:
    assert origin(Scenario(scenario_id="mine", title="Mine", **given)) == told
