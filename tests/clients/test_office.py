"""LibreOffice opens our workbooks in German and in Japanese: numbers are numbers there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from clients.programs import need, office

from okhotsk import tables
from okhotsk.export.workbook import workbook_bytes

pytestmark = pytest.mark.clients
FRAME = pd.DataFrame(
    {
        "name_ru": ["пролив Лаперуза"],
        "name_ja": ["宗谷海峡"],
        "sill_depth_m": [49.0],
        "throat_area_km2": [3.12],
        "exit": [True],
    }
)
CELL = re.compile(
    r'value-type="(\w+)"(?: office:(?:boolean-)?value="([^"]*)")?[^>]*>\s*<text:p>([^<]*)'
)


def cells(path: Path, folder: Path, locale: str) -> list[tuple[str, str, str]]:
    """Kind, value and what is shown of every cell of the first two rows."""
    text = office(path, "fods", folder, locale=locale).read_text("utf-8")
    return CELL.findall(text)[: 2 * len(FRAME.columns)][len(FRAME.columns) :]


@pytest.fixture(params=["de_DE.UTF-8", "ja_JP.UTF-8"])
def locale(request: pytest.FixtureRequest) -> str:
    need("soffice")
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout
    if request.param.replace("-", "").lower() not in known.lower():
        pytest.skip(f"no locale {request.param} (apt-get install locales-all; or make clients)")
    return str(request.param)


def test_a_workbook_is_read_alike_everywhere(locale: str, tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    path.write_bytes(workbook_bytes({"straits": FRAME}))
    russian, japanese, depth, area, _ = cells(path, tmp_path, locale)
    assert (russian[2], japanese[2]) == ("пролив Лаперуза", "宗谷海峡")
    assert (depth[0], float(depth[1])) == ("float", 49)
    assert (area[0], float(area[1])) == ("float", 3.12)
    assert area[2] == ("3,12" if locale.startswith("de") else "3.12")


def test_why_there_is_a_workbook_beside_the_csv(tmp_path: Path, locale: str) -> None:
    """In German a spreadsheet takes the 3.12 of a CSV for a text: no mark in the file mends it."""
    path = tmp_path / "straits.csv"
    path.write_text(tables.render(FRAME, "csv") + "\n", encoding="utf-8")
    kind = cells(path, tmp_path, locale)[3][0]
    assert kind == ("string" if locale.startswith("de") else "float")
