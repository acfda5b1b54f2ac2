"""Sweeps on disk: every island set and its figures as one Parquet file."""

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
from okhotsk.sweep.areas import Columns
from okhotsk.sweep.engine import Sweep

CHUNK_SETS = 1 << 17  # island sets written together, so that memory stays bounded


def write_sweep(
    sweep: Sweep,
    path: Path,
    *,
    exposures: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> int:
    """Write the figures of all island sets of a sweep to a Parquet file, and return their number.

    Columns: ``scenario_id``; ``pieces``, the set of ceded blocks as a number whose bit n stands
    for the n-th block; and the columns of the ``assess`` command. The metadata of the file (key
    ``okhotsk``, JSON) name the blocks, the assumptions and the theatre. The file is written under
    another name and moved into place, so that it is never seen half written.
    """
    with replacing(path) as target:
        writer = None
        try:
            for first in range(0, len(sweep.island_sets), CHUNK_SETS):
                island_sets = sweep.island_sets[first : first + CHUNK_SETS]
                table = _arrow(island_sets, sweep, sweep.figures(island_sets, exposures=exposures))
                writer = writer or pq.ParquetWriter(target, table.schema, compression="zstd")
                writer.write_table(table)
                if progress:
                    progress("writing", first + len(island_sets), len(sweep.island_sets))
        finally:
            if writer:
                writer.close()
    return len(sweep.island_sets)


def write_frame(frame: pd.DataFrame, path: Path) -> int:
    """Write the figures of several sweeps to a Parquet file, and return the number of rows."""
    with replacing(path) as target:
        pq.write_table(pa.Table.from_pandas(frame), target, compression="zstd")
    return len(frame)


def sweep_frame(sweep: Sweep, *, exposures: bool = True) -> pd.DataFrame:
    """Return the figures of all island sets of a sweep as a table."""
    table = _arrow(sweep.island_sets, sweep, sweep.figures(sweep.island_sets, exposures=exposures))
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _arrow(island_sets: SetArray, sweep: Sweep, columns: Columns) -> pa.Table:
    """Figures as an Arrow table."""
    ids = _ids(island_sets, sweep.blocks, demilitarised=sweep.demilitarised)
    known: dict[str, Any] = {
        "pieces": [[block.block_id, *block.units] for block in sweep.blocks],
        "demilitarised": sweep.demilitarised,
        "assumptions": sweep.context.assumptions.as_dict(),
        "theatre": sweep.theatre.key,
        "seabed": sweep.theatre.seabed.name,
    }
    table = pa.table({"scenario_id": ids, "pieces": island_sets, **columns})
    return table.replace_schema_metadata({"okhotsk": json.dumps(known)})


def _ids(island_sets: SetArray, blocks: Sequence[Block], *, demilitarised: bool) -> pa.Array:
    """Id of every island set: the ceded blocks, joined by hyphens."""
    words = [
        pc.if_else(
            pa.array((island_sets >> np.uint64(n) & np.uint64(1)) == 1), block.block_id, None
        )
        for n, block in enumerate(blocks)
    ]
    words.insert(0, pa.array(np.full(len(island_sets), "cede")))
    words.append(pc.if_else(pa.array(island_sets == 0), "nothing", None))
    words.append(
        pa.array([("demilitarised" if demilitarised else None)] * len(island_sets), pa.string())
    )
    return pc.binary_join_element_wise(*words, "-", null_handling="skip")
