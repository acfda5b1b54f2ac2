"""Sweeps on disk: every cession and its figures as one Parquet file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from okhotsk.files import replacing
from okhotsk.raster.arrays import SetArray
from okhotsk.scenario.island_sets import Block
from okhotsk.sweep.engine import Columns, Sweep

BLOCK = 1 << 17  # cessions at a time, so that memory does not grow with their number


def write_sweep(
    sweep: Sweep,
    path: Path,
    *,
    exposures: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> int:
    """Write the figures of all cessions of a sweep to a Parquet file, and return their number.

    Columns: ``scenario_id``; ``pieces``, the set of pieces handed over as a number whose bit n
    stands for the n-th piece; and the columns of the ``assess`` command. The metadata of the
    file (key ``okhotsk``, JSON) name the pieces, the assumptions and the theatre. Written under
    another name and moved into place, so that no half of a file is left.
    """
    with replacing(path) as target:
        writer = None
        try:
            for first in range(0, len(sweep.chosen), BLOCK):
                chosen = sweep.chosen[first : first + BLOCK]
                table = _arrow(chosen, sweep, sweep.figures(chosen, exposures=exposures))
                writer = writer or pq.ParquetWriter(target, table.schema, compression="zstd")
                writer.write_table(table)
                if progress:
                    progress("writing", first + len(chosen), len(sweep.chosen))
        finally:
            if writer:
                writer.close()
    return len(sweep.chosen)


def write_frame(frame: pd.DataFrame, path: Path) -> int:
    """Write the figures of several sweeps to a Parquet file, and return the number of rows."""
    with replacing(path) as target:
        pq.write_table(pa.Table.from_pandas(frame), target, compression="zstd")
    return len(frame)


def sweep_frame(sweep: Sweep, *, exposures: bool = True) -> pd.DataFrame:
    """Return the figures of all cessions of a sweep as a table."""
    table = _arrow(sweep.chosen, sweep, sweep.figures(sweep.chosen, exposures=exposures))
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _arrow(chosen: SetArray, sweep: Sweep, columns: Columns) -> pa.Table:
    """Figures as an Arrow table."""
    ids = _ids(chosen, sweep.pieces, demilitarised=sweep.demilitarised)
    known: dict[str, Any] = {
        "pieces": [[piece.piece_id, *piece.units] for piece in sweep.pieces],
        "demilitarised": sweep.demilitarised,
        "assumptions": sweep.ground.assumptions.as_dict(),
        "theatre": sweep.theatre.key,
        "seabed": sweep.theatre.seabed.name,
    }
    table = pa.table({"scenario_id": ids, "pieces": chosen, **columns})
    return table.replace_schema_metadata({"okhotsk": json.dumps(known)})


def _ids(chosen: SetArray, pieces: Sequence[Block], *, demilitarised: bool) -> pa.Array:
    """Id of every cession: the pieces handed over, joined by hyphens."""
    words = [
        pc.if_else(pa.array((chosen >> np.uint64(n) & np.uint64(1)) == 1), piece.piece_id, None)
        for n, piece in enumerate(pieces)
    ]
    words.insert(0, pa.array(np.full(len(chosen), "cede")))
    words.append(pc.if_else(pa.array(chosen == 0), "nothing", None))
    words.append(
        pa.array([("demilitarised" if demilitarised else None)] * len(chosen), pa.string())
    )
    return pc.binary_join_element_wise(*words, "-", null_handling="skip")
