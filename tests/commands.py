"""What commands of the command line return: their rows, their refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

ASSESS = [
    "scenario_id",
    "ceded_land_km2",
    "ceded_population",
    "ceded_coast_km",
    "sea_km2",
    "ru_territorial_sea_km2",
    "jp_territorial_sea_km2",
    "ru_eez_km2",
    "jp_eez_km2",
    "high_seas_km2",
    "exits_russian",
    "exits_shared",
    "exits_japanese",
    "russian_throat_share",
    "russian_operating_share",
    "access_depth_m",
    "egress_depth_m",
    "barrier_km",
    "barrier_area_km2",
    "operating_area_km2",
    "patrol_km2",
    "refuge_km2",
    "refuge_share",
    "sensed_share",
    "egress_exposure",
    "base_exposure",
    "intruder_exposure",
    "index",
    "index_low",
    "index_high",
    "barrier_km_low",
    "barrier_km_high",
    "operating_area_km2_low",
    "operating_area_km2_high",
    "russian_operating_share_low",
    "russian_operating_share_high",
    "refuge_share_low",
    "refuge_share_high",
    "sensed_share_low",
    "sensed_share_high",
    "egress_exposure_low",
    "egress_exposure_high",
    "base_exposure_low",
    "base_exposure_high",
    "intruder_exposure_low",
    "intruder_exposure_high",
    "access_depth_m_low",
    "access_depth_m_high",
    "egress_depth_m_low",
    "egress_depth_m_high",
    "patrol_km2_low",
    "patrol_km2_high",
    "index_seabed_low",
    "index_seabed_high",
]
STRAITS = [
    "strait_id",
    "name",
    "name_ru",
    "name_ja",
    "side_a",
    "side_b",
    "exit",
    "resolved",
    "width_km",
    "throat_width_km",
    "throat_area_km2",
    "operating_area_km2",
    "throat_share",
    "sill_depth_m",
]
STRAIT_ENDS = [
    "throat_area_km2_low",
    "throat_area_km2_high",
    "operating_area_km2_low",
    "operating_area_km2_high",
    "throat_share_low",
    "throat_share_high",
    "sill_depth_m_low",
    "sill_depth_m_high",
]
# What a scenario adds.
HELD = ["scenario_id", "holder_a", "holder_b", "regime", "corridor_km", "corridor_depth_m"]
Run = Callable[..., Result]


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    found = json.loads(result.stdout, parse_constant=pytest.fail)
    assert isinstance(found, list)
    assert all(not isinstance(value, dict | list) for row in found for value in row.values())
    return found


def refusal(result: Result) -> str:
    """The one sentence of a refused command."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    sentences = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(sentences) == 1
    assert result.stderr.rstrip().endswith(sentences[0])
    assert "Traceback" not in result.stderr
    assert list(Path.cwd().iterdir()) == []
    return sentences[0].removeprefix("Error: ")
