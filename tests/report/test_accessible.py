"""A report can be read without a mouse."""

from __future__ import annotations

import pytest
from accessible import assert_accessible, tab_stops
from browser import PHONE, WIDE

from okhotsk.report.document import write_report


@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_nothing_serious_keeps_anybody_out(document, open_page, tmp_path, size):
    path = write_report(document, tmp_path / "report.html", "html")[0]
    with open_page(path, *size) as seen:
        assert tab_stops(seen, 1)[0].startswith("Skip")
        assert_accessible(seen)
