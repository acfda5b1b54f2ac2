"""Commands run in an empty folder, on what the tests already hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from commands import Run

import okhotsk
from okhotsk.cli.main import main


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def real(theatre: okhotsk.Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands have the theatre that the tests already hold."""
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: theatre)


@pytest.fixture
def rough(coarse: okhotsk.Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands have the coarse theatre."""
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: coarse)


@pytest.fixture
def done(
    results: list[okhotsk.Assessment], real: None, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Give the commands the shared results; returns what they asked for."""
    asked: dict[str, Any] = {}

    def give(theatre: Any, scenarios: Any = None, **options: Any) -> list[okhotsk.Assessment]:
        asked.update(options, scenarios=scenarios)
        return results if scenarios is None else results[: len(scenarios)]

    monkeypatch.setattr("okhotsk.assessment.compute.compute_results", give)
    return asked


@pytest.fixture
def plain(done: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """As done, with short texts in the place of the pages."""
    places = ("cli.outputs.map_page", "cli.outputs.overview_page", "maps.scenario_map.map_page")
    for name in places:
        monkeypatch.setattr(f"okhotsk.{name}", lambda result, **_: "page\n" * 500)
