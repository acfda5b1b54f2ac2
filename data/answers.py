"""Write answers.zip: what takes longest of a first run, on the shipped data, already answered.

Run ``make answers`` after the code or the data have changed. Each answer lies under the digest of
all that it follows from, as in the cache: with other code, data or libraries it is not found, and
computed anew. ``tests/test_answers.py`` computes some of them anew.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from okhotsk.assessment.compute import compute_results
from okhotsk.assessment.verdicts import claims_table
from okhotsk.cache import ANSWERS
from okhotsk.datasets import data_folder
from okhotsk.maps.explorer.solved import find_solved
from okhotsk.scenario.island_sets import read_blocks
from okhotsk.theatre.storage import load

KINDS = ("claims", "explorer", "points", "samples", "seabeds", "straits")
WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is done


def is_wanted(path: Path) -> bool:
    """Whether an answer is asked for by a first run, and not only by the search for a limit."""
    kind = path.name.partition("-")[0]
    if kind != "samples":
        return kind in KINDS
    with np.load(path) as arrays:
        return len(arrays["table"]) > 1


def pack(folder: Path, target: Path) -> None:
    """Write the wanted answers of a cache into one file."""
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as sink:
        for path in sorted(filter(is_wanted, folder.glob("*.npz"))):
            sink.writestr(ZipInfo(path.name, WRITTEN), path.read_bytes(), ZIP_DEFLATED)


def main() -> None:
    """Answer everything anew in a cache of its own, and pack it."""
    target = data_folder() / ANSWERS
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OKHOTSK_CACHE_DIR"] = folder
        theatre = load()
        claims_table(compute_results(theatre))
        # With samples of the assumptions it takes hours: `okhotsk explorer` does that.
        find_solved(theatre, read_blocks(), samples=0)
        pack(Path(folder), target)


if __name__ == "__main__":
    main()
