"""The benchmarks' results have the documented shape, and their table shows them."""

from __future__ import annotations

import copy
import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("benchmarks.report")


def row(tool: str, seconds: float, **more: Any) -> dict[str, Any]:
    return {
        "kernel": "cut",
        "resolution": "1m",
        "tool": tool,
        "seconds": seconds,
        "peak_mb": 100,
        "answer": f"as {tool} does",
        "error": {"against": "itself", "max": 0.25},
        "runs": 3,
        **more,
    }


@pytest.fixture
def results() -> dict[str, Any]:
    absence = {"kernel": "viewshed", "resolution": "4m", "tool": "gdal", "why": "not on PATH"}
    case = {"kernel": "cut", "tool": "okhotsk", "case": "channels", "max": 0.005}
    rows = [row("pymaxflow16", 18.0), row("okhotsk", 1.5, compile_seconds=4.0)]
    return {"machine": {}, "results": rows, "absent": [absence], "analytic": [case]}


def test_table_sets_the_peer_against_ours(report: ModuleType, results: dict[str, Any]) -> None:
    report.check(results)
    head, ours, peer, analytic, absent = report.table(results).splitlines()
    assert head.split()[:4] == ["kernel", "cells", "tool", "seconds"]
    assert ours.split()[:6] == ["cut", "1m", "okhotsk", "1.5", "100", "3"]
    assert peer.split()[2:9] == ["pymaxflow16", "18", "100", "3", "12.0x", "12x", "0.25"]
    assert "0.50%" in analytic
    assert "gdal: not on PATH" in absent


def test_targets_are_shown_at_the_finest_resolution_only(
    report: ModuleType, results: dict[str, Any]
) -> None:
    for one in results["results"]:
        one["resolution"] = "4m"
    report.check(results)
    assert "12.0x" in report.table(results)
    assert "12x" not in report.table(results).split()


def test_ratio_needs_ours_at_the_same_place(report: ModuleType, results: dict[str, Any]) -> None:
    peer, ours = results["results"]
    assert report.ratio(results["results"], peer) == 12
    assert report.ratio(results["results"], ours) is None
    ours["resolution"] = "4m"
    assert report.ratio(results["results"], peer) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [("kernel", "speed"), ("resolution", "30s"), ("tool", "grass"), ("seconds", 0), ("runs", 0)],
)
def test_check_refuses_a_wrong_value(
    report: ModuleType, results: dict[str, Any], key: str, value: Any
) -> None:
    results["results"][0][key] = value
    with pytest.raises(ValueError, match=r"results\.json"):
        report.check(results)


def test_check_refuses_a_wrong_shape(report: ModuleType, results: dict[str, Any]) -> None:
    lacking, doubled, uncompiled = (copy.deepcopy(results) for _ in range(3))
    del lacking["analytic"]
    doubled["results"].append(doubled["results"][0])
    del uncompiled["results"][1]["compile_seconds"]
    for wrong in (lacking, doubled, uncompiled):
        with pytest.raises(ValueError, match=r"results\.json"):
            report.check(wrong)


@pytest.mark.skipif(not RESULTS.exists(), reason="make bench has not been run")
def test_results_at_hand_have_the_documented_shape(report: ModuleType) -> None:
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    report.check(found)
    assert len(report.table(found).splitlines()) > len(found["results"])


def test_machine_is_described(report: ModuleType) -> None:
    machine = report.describe_machine({"gdal": "3.6.2"})
    assert machine["cores"] >= 1
    assert machine["versions"]["numpy"]
    assert machine["versions"]["gdal"] == "3.6.2"
