"""Sweep files in pandas, polars and DuckDB: names with units, types, nulls and what was assumed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from okhotsk.scenario.island_sets import parse_blocks
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.parquet import sweep_frame, write_frame, write_sweep
from okhotsk.theatre.model import Theatre

BLOCKS = parse_blocks("shikotan,kunashir")
Reader = Callable[[Path], tuple[dict[str, str], list[dict[str, Any]]]]
KINDS = {"O": "text", "f": "number", "i": "count", "u": "count", "b": "truth"}


def _by_pandas(path: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    frame = pd.read_parquet(path)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return {name: KINDS[kind.kind] for name, kind in frame.dtypes.items()}, rows


def _by_polars(path: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    pl = pytest.importorskip("polars")
    frame = pl.read_parquet(path)
    kinds = {
        name: "text"
        if kind == pl.String
        else "truth"
        if kind == pl.Boolean
        else "number"
        if kind.is_float()
        else "count"
        for name, kind in frame.schema.items()
    }
    return kinds, frame.to_dicts()


def _by_duckdb(path: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    duckdb = pytest.importorskip("duckdb")
    names = {"VARCHAR": "text", "DOUBLE": "number", "FLOAT": "number", "BOOLEAN": "truth"}
    with duckdb.connect() as base:
        found = base.execute(f"SELECT * FROM '{path}'")
        kinds = {row[0]: names.get(str(row[1]), "count") for row in found.description}
        rows = [dict(zip(kinds, row, strict=True)) for row in found.fetchall()]
    return kinds, rows


@pytest.fixture(params=[_by_pandas, _by_polars, _by_duckdb], ids=["pandas", "polars", "duckdb"])
def reader(request: pytest.FixtureRequest) -> Reader:
    made: Reader = request.param
    return made


@pytest.fixture(scope="module")
def sweep(coarse: Theatre) -> Sweep:
    return Sweep(coarse, blocks=BLOCKS)


@pytest.fixture(scope="module")
def path(sweep: Sweep, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("sweep") / "sweep.parquet"
    write_sweep(sweep, made, exposures=False)
    return made


def test_names_types_and_figures_are_those_of_the_table(sweep, path, reader: Reader) -> None:
    wanted = sweep_frame(sweep, exposures=False)
    kinds, rows = reader(path)
    assert [*kinds] == list(wanted)
    assert kinds == {name: KINDS[kind.kind] for name, kind in wanted.dtypes.items()}
    assert {"scenario_id": "text", "pieces": "count", "barrier_km": "number"}.items() <= (
        kinds.items()
    )
    assert [row["scenario_id"] for row in rows] == wanted.scenario_id.tolist()
    for name in wanted.select_dtypes("number"):
        assert [row[name] for row in rows] == pytest.approx(wanted[name].tolist()), name


def test_what_is_missing_is_missing_there(sweep, tmp_path: Path, reader: Reader) -> None:
    frame = sweep_frame(sweep, exposures=False).assign(seabed=["a", None, "b", "c"])
    frame.loc[1, "barrier_km"] = np.nan
    write_frame(frame, tmp_path / "repeats.parquet")
    kinds, rows = reader(tmp_path / "repeats.parquet")
    assert (kinds["seabed"], kinds["barrier_km"]) == ("text", "number")
    assert [row["seabed"] for row in rows] == ["a", None, "b", "c"]
    assert [row["barrier_km"] is None for row in rows] == [False, True, False, False]


def test_the_file_says_what_was_assumed(path: Path) -> None:
    """As the documentation reads it, by pyarrow and by DuckDB."""
    told = json.loads(pq.read_schema(path).metadata[b"okhotsk"])
    assert told["assumptions"]["territorial_sea_nm"] == 12
    assert told["pieces"] == [["shikotan", "shikotan"], ["kunashir", "kunashir"]]
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as base:
        asked = f"SELECT decode(value) FROM parquet_kv_metadata('{path}') WHERE key = 'okhotsk'"
        [(value,)] = base.execute(asked).fetchall()
    assert json.loads(value) == told
