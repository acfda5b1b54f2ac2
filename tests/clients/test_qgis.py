"""QGIS itself opens what we export: layers, order, titles, styles, numbers and grids."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest
from clients.programs import need_qgis, plain_environment

from okhotsk.api import Assessment
from okhotsk.colours import DEPTHS, SEAL, channels
from okhotsk.export.layers import Bundle, make_bundle
from okhotsk.export.write import write_layers
from okhotsk.style import LOOKS

pytestmark = pytest.mark.clients
SESSION = Path(__file__).parent / "qgis_session.py"
NUMBERS = {"Real", "Integer", "Integer64"}


@pytest.fixture(scope="module")
def result(coarse_results: dict[str, Assessment]) -> Assessment:
    return coarse_results["four-islands"]


@pytest.fixture(scope="module")
def bundle(result: Assessment) -> Bundle:
    return make_bundle(result)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("qgis")


@pytest.fixture(scope="module")
def told(result: Assessment, folder: Path) -> dict[str, Any]:
    """What QGIS says of all our files; one start serves every test."""
    python = need_qgis()
    for name in ("option.gpkg", "option.kml"):
        write_layers(result, folder / name)
    write_layers(result, folder / "grids", kind="cog")
    done = subprocess.run(
        [python, SESSION, folder],
        env=plain_environment(XDG_RUNTIME_DIR=str(folder), HOME=str(folder)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_load_all_draws_layers_in_the_order_of_our_maps(told, bundle) -> None:
    wanted = [layer.name for layer in (*reversed(bundle.layers), *bundle.tables)]
    assert [layer["name"] for layer in told["loaded"]] == wanted
    assert all(layer["valid"] for layer in told["loaded"])


def test_the_project_inside_has_titles_of_layers_and_their_order(told, bundle) -> None:
    project = told["project"]
    assert project["opened"]
    assert (project["title"], project["crs"]) == (bundle.title, "EPSG:3857")
    *layers, group = project["tree"]
    assert [layer["name"] for layer in layers] == [x.title for x in reversed(bundle.layers)]
    assert group["name"] == "Tables"
    assert [table["name"] for table in group["inside"]] == [x.title for x in bundle.tables]
    assert all(layer["valid"] for layer in (*layers, *group["inside"]))


@pytest.mark.parametrize("way", ["loaded", "project"])
def test_legends_columns_and_rows_are_ours(told, bundle, way) -> None:
    found = told["loaded"]
    if way == "project":
        *layers, group = told["project"]["tree"]
        found = [*layers, *group["inside"]]
    for read, layer in zip(found, (*reversed(bundle.layers), *bundle.tables), strict=True):
        look = LOOKS.get(layer.name)
        labels = [swatch.label for swatch in look.swatches.values()] if look else []
        assert read["legend"] == labels if look and look.column else len(read["legend"]) <= 1
        assert read["labels"] == bool(look and look.labels)
        assert read["rows"] == len(layer.frame)
        assert all(f["title"] and f["title"] != f["name"] for f in read["fields"][1:])
    straits = next(x for x in found if x["name"] in ("straits", "Straits by regime"))
    titles = {field["name"]: field["title"] for field in straits["fields"]}
    assert titles["sill_depth_m"] == "Sill, m"
    assert titles["throat_area_km2"] == "Section, km²"


def test_figures_of_kml_are_numbers(told, bundle) -> None:
    read = {layer["name"]: layer for layer in told["kml"]}
    for layer in bundle.layers:
        types = {field["name"]: field["type"] for field in read[layer.title]["fields"]}
        for name in layer.frame.select_dtypes("number"):
            assert types[name] in NUMBERS, (layer.name, name)


def test_grids_have_their_colours_and_a_legend_in_words(told, folder) -> None:
    grids = told["grids"]
    assert grids["depth"]["legend"][0] == "0 m"
    assert grids["depth"]["legend"][-1] == "6000 m and more"
    assert sorted(grids["zones"]["legend"]) == sorted(
        swatch.label for swatch in LOOKS["zones"].swatches.values()
    )
    assert grids["waters"]["legend"][0] == "Patrol water"
    assert len(grids["waters"]["legend"]) < 16
    depth, waters = colours_of(folder / "depth.png"), colours_of(folder / "waters.png")
    deepest = np.array(DEPTHS[-1][1])
    assert np.abs(depth - deepest).sum(axis=1).min() == 0
    assert depth.sum(axis=1).min() == deepest.sum()  # nothing is darker than the trench
    assert waters.sum(axis=1).min() > 200  # nothing is black


def test_seal_lines_lie_above_the_fills(told, folder) -> None:
    drawn = colours_of(folder / "project.png")
    assert np.abs(drawn - np.array(channels(SEAL))).sum(axis=1).min() < 6
    assert len(drawn) > 20


def colours_of(path: Path) -> np.ndarray:
    """The colours of a picture, one a row."""
    image = (matplotlib.image.imread(path)[..., :3] * 255).round().astype(np.uint32)
    packed = np.unique(image @ np.array([1 << 16, 1 << 8, 1], np.uint32))
    return np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=1).astype(int)
