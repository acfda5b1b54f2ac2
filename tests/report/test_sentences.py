"""Sentences made of figures: numbers, nouns and thresholds."""

from __future__ import annotations

import pandas as pd
import pytest

from okhotsk.report import sentences
from okhotsk.scenario.island_sets import read_blocks


def test_answer_names_steps_thresholds_and_the_costliest(steps):
    found = sentences.answer(steps)
    assert found[0] == (
        "To keep 99% of today's index, the border can move up to Shikotan: 367 km² with one "
        "person; the index is 99.9 (91 to 100, 5–95% over assumptions, "
        "the floor of components and weightings)."
    )
    assert found[1].startswith("To keep 90 or 75% of today's index, the border can move up to Kuna")
    assert "11,487 people" in found[1]
    assert found[-1] == (
        "With these assumptions the step that lowers the index most is the one to Iturup: from 95 "
        "to 59."
    )
    worse = steps.assign(index=[100, 40, 30, 20, 10])
    assert sentences.answer(worse)[0].startswith("To keep 99, 90, 75 or 50% of today's")


def test_answer_gives_the_survey_of_a_step_that_has_one(steps):
    """The step up to Shikotan has a survey; the step beyond Iturup has none."""
    blocks = read_blocks()
    at = [block.title for block in blocks].index("Shikotan") + 1
    row = steps[steps.up_to == "Shikotan"]
    chain = pd.concat([steps.iloc[[0]]] * at + [row, steps.iloc[[-1]]], ignore_index=True)
    first, *rest = sentences.answer(chain, blocks)
    assert "Shikotan: 367 km² (survey of 2014: 346 km²) with one person; " in first
    assert not any("survey" in sentence for sentence in rest)


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no exits"), (1, "one exit"), (12, "twelve exits"), (13, "13 exits")]
)
def test_numbers_and_nouns_agree(number, words):
    assert sentences.count(number, "exit") == words


def test_sentences_hold_the_figures_of_the_record(results):
    for result in results[1:]:
        record, words = result.record, sentences.headline(result)
        assert f"{record['ceded_land_km2']:,.0f} km²" in words
        assert ("survey of 2014" in words) is (result.survey is not None)
        assert f" {record['index']:.0f} ({record['index_low']:.0f} to" in words
        told = " ".join([words, sentences.exits(result), *sentences.changes(results[0], result)])
        assert f"{record['barrier_km']:,.0f} km" in told
        assert "  " not in told
        assert " 1 people" not in told
    assert "at least" in sentences.headline(
        results[1]
    )  # half of Iturup: its people are not counted
