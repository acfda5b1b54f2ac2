"""Where an option comes from: when, by whom, and in which context, in words."""

from __future__ import annotations

import re

from okhotsk.scenario.model import Scenario

NOBODY = re.compile("none(;|$)")  # who proposed a scenario of our own
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def origin(scenario: Scenario) -> tuple[str, ...]:
    """Return who proposed an option, when, and what became of it; then its context by paragraph.

    Examples
    --------
    >>> origin(Scenario(scenario_id="a", title="A", date="2006-12-13", proponent="Taro Aso"))
    ('13 December 2006, Taro Aso.',)
    """
    nobody = NOBODY.match(scenario.proponent)  # then no day is its day either
    told = () if nobody else (in_words(scenario.date), scenario.proponent)
    when_whom = ", ".join(filter(None, told))
    said = ": ".join(text.rstrip(".") for text in (when_whom, scenario.status) if text)
    first = [f"{said.capitalize() if nobody else said}."] if said else []
    paragraphs = re.split(r"\n\s*\n", scenario.context.strip())
    return (*first, *(" ".join(text.split()) for text in paragraphs if text.strip()))


def in_words(date: str) -> str:
    """Return a day such as 1956-10-19 in words; other texts as they are."""
    found = DAY.fullmatch(date)
    if not found or not 1 <= int(found[2]) <= 12:
        return date
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}"
