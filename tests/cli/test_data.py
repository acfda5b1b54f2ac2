"""The check of the shipped data."""

from __future__ import annotations

from commands import refusal


def test_data_check(run):
    result = run("data", "check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("all files as registered\n")


def test_data_check_names_every_altered_file(run, monkeypatch):
    altered = ["seabed.tif: missing; reinstall", "islands.toml: sha256 is 1, expected 2"]
    monkeypatch.setattr("okhotsk.datasets.check", lambda: altered)
    assert refusal(run("data", "check")) == "; ".join(altered)
