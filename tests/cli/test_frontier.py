"""The frontier: sentences, thresholds and steps."""

from __future__ import annotations

import io

import pandas as pd
from commands import Run


def test_frontier_prints_thresholds_and_steps(run: Run, rough: None) -> None:
    words = ("--pieces", "shikotan,kunashir,iturup", "--format", "csv")
    table = pd.read_csv(io.StringIO(run("frontier", *words).output))
    assert set(table.family) == {"chain", "any"}
    assert set(table.by) == {"land", "people", "eez"}
    assert {"index", "all", "straits"} <= set(table.measure)
    steps = pd.read_csv(io.StringIO(run("frontier", *words, "--steps").output))
    assert steps.up_to.tolist() == ["nothing", "shikotan", "kunashir", "iturup"]
    said = run("frontier", *words[:2]).output
    assert said.startswith("To keep 99")
    assert "shikotan to kunashir" in said
    assert max(map(len, said.partition("\n\n")[2].splitlines())) <= 100
