"""Every cession: printed, written, repeated."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from commands import ASSESS, Run

import okhotsk


def test_sweep_prints_every_cession(run: Run, rough: None) -> None:
    result = run("sweep", "--pieces", "shikotan,kunashir", "--no-index", "--format", "json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.output)
    assert [row["scenario_id"] for row in rows] == [
        "cede-nothing",
        "cede-shikotan",
        "cede-kunashir",
        "cede-shikotan-kunashir",
    ]
    assert [row["pieces"] for row in rows] == [0, 1, 2, 3]
    assert rows[0]["barrier_km"] <= rows[3]["barrier_km"]
    assert set(rows[0]) <= {*ASSESS, "pieces"}


def test_sweep_writes_a_file(run: Run, rough: None) -> None:
    words = ("--pieces", "shikotan,kunashir", "--family", "chain", "--no-index")
    result = run("sweep", *words)
    assert result.exit_code == 0, result.output
    assert result.output == "sweep.parquet: 3 cessions\n"
    assert [path.name for path in Path().iterdir()] == ["sweep.parquet"]


def test_sweep_names_what_is_wrong(run: Run) -> None:
    result = run("sweep", "--pieces", "shikotan,atlantis")
    assert result.exit_code == 2
    assert "unknown unit 'atlantis'" in result.output
    assert run("sweep", "--format", "csv", "--output", "x.parquet").exit_code == 2


def test_sweep_repeats_under_other_assumptions(
    run: Run, rough: None, monkeypatch: pytest.MonkeyPatch, coarse: okhotsk.Theatre
) -> None:
    monkeypatch.setattr("okhotsk.sweep.cluster.load", lambda **_: coarse)
    words = ("--pieces", "shikotan", "--no-index", "--vary", "refuge_standoff_km=100,150")
    result = run("sweep", *words, "--set", "soya_nm=12", "--format", "csv")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(io.StringIO(result.output))
    assert table.refuge_standoff_km.tolist() == [100, 100, 150, 150]
    assert (table.soya_nm == 12).all()
    assert run("sweep", *words).output == "sweep.parquet: 4 cessions\n"
    result = run("sweep", "--vary", "refuge_standoff_km=far")
    assert (result.exit_code, "expected NAME=VALUE with numbers" in result.output) == (2, True)
