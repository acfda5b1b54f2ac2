"""Print figures: every kind, every format, legible and the same twice."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib.text import Text
from packaging.version import Version
from PIL import Image

from okhotsk.assessment import index
from okhotsk.assessment.robustness import Spread
from okhotsk.assessment.uncertainty import Uncertainty
from okhotsk.cli.main import main
from okhotsk.report.figures import FIGURES, draw, save
from okhotsk.report.layout import SMALLEST_PT, WIDTHS, FigureError
from okhotsk.scenario.read import load_scenario, scenario_ids
from okhotsk.sweep.frontier import Frontier

BASELINES = Path(__file__).parents[1] / "baseline"
# Mean difference per pixel and channel that another release of matplotlib may make.
TOLERANCE = 3.0


@pytest.fixture(scope="module")
def frontier():
    """A made-up frontier of five steps."""
    steps = pd.DataFrame({"up_to": ["nothing", "Shikotan", "Kunashir", "Iturup", "Urup"]})
    steps["ceded_land_km2"] = [0.0, 367.0, 1887.0, 5112.0, 6553.0]
    for n, c in enumerate(index.read_recipe().components):
        steps[f"{c.component_id}_percent"] = np.linspace(100, 20 + 10 * n, 5)
    steps["index"] = [100, 99.9, 95, 59, 56]
    steps["index_low"], steps["index_high"] = steps["index"] - 9, steps["index"].clip(upper=96) + 4
    return Frontier(pd.DataFrame(), steps, (), 32)


def spread_of(ids):
    """Made-up ranks and drivers."""
    ranks = pd.DataFrame(np.eye(len(ids)), index=ids)
    ranks.iloc[1:3, 1:3] = [[0.7, 0.3], [0.3, 0.7]]
    rows = [
        {
            "scenario_id": name,
            "result": "index",
            "assumption": assumption,
            "first_order": share / 2,
            "total": share,
            "first_order_error": 0.05,
            "total_error": 0.02,
        }
        for name in ids[1:]
        for assumption, share in (("sensor_range_km", 0.6), ("patrol_depth_m", 0.2), ("floor", 0.3))
    ]
    empty = pd.DataFrame()
    return Spread(Uncertainty(tuple(ids), empty, ranks, empty), pd.DataFrame(rows))


@pytest.fixture(scope="module")
def spread(results):
    """Made-up ranks and drivers of the shared options."""
    return spread_of([r.scenario.scenario_id for r in results])


@pytest.fixture(scope="module")
def made(theatre, results, frontier, spread):
    """Draw any figure."""

    def make(name, width="column"):
        needs = FIGURES[name].needs
        chosen = results[1:2] if needs == "option" else results
        return draw(
            name, theatre=theatre, results=chosen, frontier=frontier, spread=spread, width=width
        )

    return make


def words_of(figure):
    """All texts that are seen, with the box each takes."""
    figure.draw_without_rendering()
    unseen = set()
    for axes in figure.axes:
        if not axes.get_visible():
            unseen |= set(axes.findobj(Text))
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            unseen |= {
                label
                for tick in axis.get_major_ticks() + axis.get_minor_ticks()
                if not low <= tick.get_loc() <= high
                for label in (tick.label1, tick.label2)
            }
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return [(t, t.get_window_extent()) for t in texts if t not in unseen]


@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("name", list(FIGURES))
def test_every_figure_is_legible(made, name, width):
    assert_legible(made(name, width), width)


@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("name", ["ranks", "drivers", "components"])
def test_all_named_options_fit(results, name, width):
    shown = [replace(results[1], scenario=load_scenario(name)) for name in scenario_ids()]
    figure = draw(name, results=shown, spread=spread_of(scenario_ids()), width=width)
    assert_legible(figure, width)


@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("name", ["refuge", "enclosure"])
def test_all_named_curves_fit(results, name, width):
    """The legend is not cut off where some curves agree and are named together."""
    groups = (0, 0, 1, 2, 3, 3, 0, 4, 5, 6)  # as lines of the named options are

    def shown(group, scenario_id):
        part = 1 - group / 20
        curves = results[1].refuge_curve, results[1].enclosure
        refuge, enclosure = (curve.copy() for curve in curves)
        refuge["refuge_km2"] *= part
        enclosure["enclosed_km2"] *= part
        scenario = load_scenario(scenario_id)
        return replace(results[1], scenario=scenario, refuge_curve=refuge, enclosure=enclosure)

    chosen = [shown(*pair) for pair in zip(groups, scenario_ids(), strict=True)]
    figure = draw(name, results=chosen, width=width)
    assert len(figure.legends[0].get_texts()) == len(set(groups))
    assert_legible(figure, width)


def assert_legible(figure, width):
    """Assert that all texts are large enough, on the sheet and not on each other."""
    assert figure.get_figwidth() * 25.4 == pytest.approx(WIDTHS[width][0])
    found = words_of(figure)
    assert len(found) > 5
    small = [t.get_text() for t, _ in found if t.get_fontsize() < SMALLEST_PT - 0.01]
    assert not small
    edge = figure.bbox.padded(2)
    outside = [
        t.get_text()
        for t, box in found
        if not edge.containsx(box.x0)
        or not edge.containsx(box.x1)
        or not edge.containsy(box.y0)
        or not edge.containsy(box.y1)
    ]
    assert not outside
    slack = 1.5  # pixels that boxes of type may share without touching
    both = [
        (one.get_text(), other.get_text())
        for (one, a), (other, b) in combinations(found, 2)
        if one.get_rotation() == other.get_rotation() == 0
        and a.padded(-slack).overlaps(b.padded(-slack))
    ]
    assert not both


@pytest.mark.parametrize("width", list(WIDTHS))
def test_the_name_of_every_option_fits_over_its_small_map(results, width):
    shown = [replace(results[1], scenario=load_scenario(name)) for name in scenario_ids()]
    figure = draw("options", results=shown, width=width)
    figure.draw_without_rendering()
    for axes in figure.axes[: len(shown)]:
        assert axes.title.get_window_extent().width <= 1.02 * axes.get_window_extent().width


def test_waters_of_a_section_differ_in_grey(made):
    keys = made("strait-sections").legends[0].legend_handles[:3]
    assert [bool(key.get_hatch()) for key in keys] == [False, True, False]
    grey = [float(np.dot(key.get_facecolor()[:3], (0.3, 0.59, 0.11))) for key in keys]
    assert abs(grey[0] - grey[2]) > 0.2


def test_curves_that_agree_are_named_together(results):
    twice = [results[0], replace(results[0], scenario=load_scenario("kawana-1998")), results[1]]
    for name in ("refuge", "enclosure"):
        words = [t.get_text() for t in draw(name, results=twice).legends[0].get_texts()]
        assert "Status quo; Kawana (1998)" in words
        assert len(words) == 2


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
