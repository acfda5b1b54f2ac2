"""Pages of the shared results, and these by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import NAMES

from okhotsk.api import Assessment


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest, site: Path) -> Path:
    return site / f"{request.param}.html"


@pytest.fixture(scope="module")
def named(results: list[Assessment]) -> dict[str, Assessment]:
    return {result.scenario.scenario_id: result for result in results}
