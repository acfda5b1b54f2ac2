"""Print figures: every kind, every format, legible and the same twice."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
import pytest
from click.testing import CliRunner
from legible import assert_legible
from packaging.version import Version
from PIL import Image

from okhotsk.cli.main import main
from okhotsk.report.figures import FIGURES, draw, save
from okhotsk.report.layout import WIDTHS, FigureError

BASELINES = Path(__file__).parents[1] / "baseline"
# Mean difference per pixel and channel that another release of matplotlib may make.
TOLERANCE = 3.0


@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("name", list(FIGURES))
def test_every_figure_is_legible(made, name, width):
    assert_legible(made(name, width), width)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_figure_gives_the_same_bytes(made, suffix, tmp_path):
    one, other = (save(made("refuge"), tmp_path / f"{n}{suffix}").read_bytes() for n in "ab")
    assert one == other
    assert len(one) > 5000
    assert b"/tmp" not in one


@pytest.mark.skipif(
    Version(matplotlib.__version__) < Version("3.11"), reason="older matplotlib sets other type"
)
@pytest.mark.parametrize("name", ["option", "strait-sections", "components", "frontier"])
def test_figures_look_as_they_did(made, name, tmp_path):
    """Compare with a picture that was looked at (tests/baseline; delete it to draw it anew)."""
    path = save(made(name), tmp_path / f"{name}.png")
    small = Image.open(path).convert("RGB").resize((360, 400), Image.Resampling.LANCZOS)
    known = BASELINES / f"{name}.png"
    if not known.exists():
        small.quantize(64).save(known, optimize=True)
        pytest.fail(f"{known} was not there and was drawn: look at it, then run again")
    then = Image.open(known).convert("RGB")
    apart = np.abs(np.asarray(small, float) - np.asarray(then, float)).mean()
    assert apart < TOLERANCE


def test_wrong_names_are_told_in_a_sentence(results, tmp_path):
    with pytest.raises(FigureError, match="unknown figure 'map', expected one of theatre"):
        draw("map", results=results)
    with pytest.raises(FigureError, match="shows one option, got 3"):
        draw("option", results=results)
    with pytest.raises(FigureError, match="needs frontier"):
        draw("frontier", results=results)
    with pytest.raises(FigureError, match="unknown width 'wide'"):
        draw("option", results=results[:1], width="wide")
    with pytest.raises(FigureError, match="is written as"):
        save(draw("refuge", results=results), tmp_path / "refuge.gif")
    assert not list(tmp_path.iterdir())


def test_the_command_lists_and_draws(monkeypatch, results, tmp_path):
    run = CliRunner().invoke
    listed = run(main, ["figure", "--list"]).output
    assert all(name in listed for name in FIGURES)
    monkeypatch.setattr("okhotsk.cli.session.Session.assess", lambda *_: results[1:2])
    path = tmp_path / "option.svg"
    done = run(main, ["figure", "option", "half-area-2006", "--output", str(path)])
    assert done.exit_code == 0, done.output
    assert path.read_text("utf-8").startswith("<?xml")
    refused = run(main, ["figure", "option", "--output", str(path)])
    assert refused.exit_code == 2
    assert run(main, ["figure", "nothing"]).exit_code == 2


def test_an_assessment_plots_itself(results):
    assert len(results[0].plot().axes) == 1
