"""What the briefing holds for one option, and for none that cedes land."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
from PIL import Image

from okhotsk.report.briefing import make_briefing
from okhotsk.report.document import (
    compile_typst,
    render_document,
)
from okhotsk.sweep.frontier import Frontier


def test_one_option_has_its_map(results, steps):
    frontier = Frontier(pd.DataFrame(), steps, (), 32)
    found = make_briefing(results[1:2], results[0], frontier)
    assert [p.name for p in found.pictures] == ["frontier", "option"]
    pages = compile_typst(render_document(found, "pdf"), found, style="png", ppi=30)
    assert 4 <= len(pages) <= 8
    for page in pages:  # none of a line or two
        ink = np.asarray(Image.open(io.BytesIO(page)).convert("L")) < 200
        assert ink.any(axis=1).mean() > 0.1
    nothing = make_briefing(results[:1], results[0], frontier)
    assert not any(s.title.startswith("What changes") for s in nothing.sections)
