"""The page on finer seabeds: its commands exist, and its file has the form that GEBCO publishes."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import click
import numpy as np
import pytest
import rasterio
from scipy.io import netcdf_file

from okhotsk.cli.main import main
from okhotsk.theatre.bathymetry import WINDOW, read_seabed

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "seabeds.md").read_text("utf-8")
LINES = re.findall(r"^ +(okhotsk .+?)(?: +#.*)?$", PAGE, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the page, on cells of 6 minutes."""
    path = tmp_path_factory.mktemp("form") / "gebco-form.nc"
    runpy.run_path(str(DOCS / "seabeds.py"))["write_form"](path, per_deg=10)
    return path


def test_it_has_the_form_of_gebco(form: Path) -> None:
    with rasterio.open(form) as source:
        said = {key.rpartition("#")[2]: text for key, text in source.tags(1).items()}
        assert said["standard_name"] == "height_above_reference_ellipsoid"
        assert said["long_name"] == "Elevation relative to sea level"
        assert (source.dtypes[0], source.units[0]) == ("int16", "m")
        assert np.allclose(source.bounds, WINDOW)
        height_m = source.read(1)
    assert height_m.max() > 0  # land has heights, as GEBCO's


def test_it_is_read_with_no_other_option_and_is_the_shipped_seabed(form: Path) -> None:
    shipped, read = read_seabed().depth_m, read_seabed(form).depth_m
    deep = shipped > 200
    assert np.median(np.abs(read - shipped)[deep]) < 15
    assert np.corrcoef(read[deep], shipped[deep])[0, 1] > 0.999


def test_its_rows_run_from_south_to_north(form: Path) -> None:
    with netcdf_file(form, mmap=False) as source:
        lat = source.variables["lat"][:]
        assert source.variables["elevation"].dimensions == ("lat", "lon")
    assert (np.diff(lat) > 0).all()


@pytest.mark.parametrize("line", LINES)
def test_commands_of_the_page_exist(line: str) -> None:
    _, *words = shlex.split(line.replace("~", ""))
    command: click.Command = main
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0))
        assert command is not None, line
    known = {option for param in command.params for option in param.opts}
    assert {word for word in words if word.startswith("-")} <= known
