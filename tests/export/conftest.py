"""One option in every format."""

from __future__ import annotations

import pytest

from okhotsk.export.layers import make_bundle
from okhotsk.export.write import KINDS, default_path, write_layers


@pytest.fixture(scope="session")
def result(results):
    """An option that hands land over with Russian forces, and without any."""
    return next(r for r in results if r.scenario.scenario_id == "four-islands-demilitarised")


@pytest.fixture(scope="session")
def bundle(result):
    """Its layers and tables."""
    return make_bundle(result)


@pytest.fixture(scope="session")
def files(result, tmp_path_factory):
    """Every format, by kind."""
    folder = tmp_path_factory.mktemp("export")
    paths = {kind: folder / default_path(result, kind) for kind in KINDS}
    for kind, path in paths.items():
        write_layers(result, path, kind=kind)
    return paths
