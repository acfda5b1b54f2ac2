"""The validation document is what a fresh run writes, and the main agreements hold.

The section on the Natural Earth isobaths needs the folder that OKHOTSK_REFERENCE_DIR names; without
it that section is not compared and its bounds are skipped.
"""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from documents import DOCS, load_script

import okhotsk
from okhotsk.theatre.coast import read_islands
from okhotsk.theatre.ensemble import strait_intervals
from okhotsk.theatre.model import Theatre

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


validation = partial(load_script, "validation")


@pytest.fixture(scope="module")
def committed() -> Mapping[str, str]:
    """Give the committed sections by heading."""
    return dict(validation().read((DOCS / "validation.md").read_text("utf-8")))


def reference() -> Path:
    """Give the folder of the reference isobaths, or skip."""
    folder = validation().reference_folder()
    if folder is None:
        pytest.skip("OKHOTSK_REFERENCE_DIR names no folder with natural_earth_isobaths.gpkg")
    return Path(folder)


def assert_same(found: str, expected: str) -> None:
    """Compare texts; numbers may differ by one in the last digit, padding does not count."""

    def plain(text: str) -> str:
        return re.sub(r"[ -]*-{2,}:?|\s+", " ", NUMBER.sub("#", text).replace("-#", "+#"))

    assert plain(found) == plain(expected)
    for new, old in zip(NUMBER.findall(found), NUMBER.findall(expected), strict=True):
        digits = len(old.partition(".")[2])
        gap = abs(float(new.replace(",", "")) - float(old.replace(",", "")))
        assert gap <= 1.01 * 10.0**-digits, (new, old)


@pytest.mark.slow
def test_document_is_a_fresh_run(theatre: Theatre, committed: Mapping[str, str]) -> None:
    """Every section that can be computed here stands in the committed document."""
    module = validation()
    fresh = module.build(theatre, reference=module.reference_folder())
    assert set(committed) == {"", module.ISOBATHS, *fresh}
    for heading, text in fresh.items():
        assert_same(text, committed[heading])


def test_opening_and_order(committed: Mapping[str, str]) -> None:
    """The document has the opening and the headings of the words, in order."""
    module = validation()
    words = module.read(module.WORDS.read_text("utf-8"))
    assert list(committed) == list(words)
    assert " ".join(committed[""].split()) == " ".join(words[""].split())


def test_isobath_section_is_filled(committed: Mapping[str, str]) -> None:
    """The committed document holds the comparison with the isobaths."""
    section = committed[validation().ISOBATHS]
    assert section.count("whole sea") == 4
    assert "{" not in section


def test_every_published_value_is_listed(committed: Mapping[str, str]) -> None:
    """No published width, depth, cross-section or area is left out."""
    counts = {"3. Widths of the straits": 0, "5. Sills and depths": 0, "6. Islands": 0}
    for strait in okhotsk.theatre.straits.read_straits():
        for value in strait.published:
            kind = value["quantity"]
            counts["3. Widths of the straits"] += kind == "width_km"
            counts["5. Sills and depths"] += kind.endswith("depth_m")
    counts["6. Islands"] = sum(len(i.published) for i in read_islands().values())
    for heading, count in counts.items():
        rows = [line for line in committed[heading].splitlines() if line.startswith("| ")]
        assert len(rows) == count + 2, heading


def test_large_difference_needs_a_reason() -> None:
    """A difference above 10 % without a reason stops the run."""
    with pytest.raises(LookupError, match="differs by"):
        validation().because(0.11, ("nowhere", 1.0), None)
    assert validation().because(0.09, ("nowhere", 1.0), None) == ""


def test_sea(theatre: Theatre) -> None:
    """The sea lies within 8 % of every plausible published figure, its depth within 13 %."""
    values = validation().sea_values(theatre)
    known: list[dict[str, Any]] = okhotsk.datasets.read_data("sea.toml")["published"]
    for record in known:
        if record["quantity"] in values and record["value"] != 3916:
            most = 0.13 if record["quantity"] == "max_depth_m" else 0.08
            assert values[record["quantity"]] == pytest.approx(record["value"], rel=most)


@pytest.mark.parametrize(("depth", "most", "overlap"), [(200, 0.09, 0.90), (1000, 0.14, 0.85)])
def test_isobaths(theatre: Theatre, depth: int, most: float, overlap: float) -> None:
    """Areas deeper than the isobaths agree with the reference over the whole sea."""
    ours, theirs, both = validation().isobath_areas(theatre, reference())[depth, "whole sea"]
    assert abs(ours / theirs - 1) < most
    assert both / (ours + theirs - both) > overlap


@pytest.mark.parametrize(
    ("strait", "km"),
    [
        ("la-perouse", 43),
        ("yekaterina", 22),
        ("friza", 40),
        ("bussol", 68),
        ("diana", 20),
        ("kruzenshtern", 50),
        ("izmena", 16),
    ],
)
def test_widths(theatre: Theatre, strait: str, km: float) -> None:
    """Widths agree with the best published value within 5 %."""
    assert validation().throats_of(theatre)[strait].width_km == pytest.approx(km, rel=0.05)


def test_published_widths_leave_the_corridors_computed(theatre: Theatre) -> None:
    """Where the pilots' widths are known; those of the Fourth Kuril Strait disagree."""
    rows = validation().corridor_rows(theatre)
    left: dict[str, list[tuple[str, str]]] = {}
    for name, computed, by_width, _ in rows:
        left.setdefault(name.split(" (")[0], []).append((computed, by_width))
    assert set(left) == {"Bussol", "Kruzenshtern", "Fourth Kuril"}
    for name in ("Bussol", "Kruzenshtern"):
        for computed, by_width in left[name]:
            km, left_km = (float(text.removesuffix(" km")) for text in (computed, by_width))
            assert km == pytest.approx(left_km, abs=1)
    fourth = [by_width for _, by_width in left["Fourth Kuril"]]
    assert "none" in fourth
    assert set(fourth) != {"none"}


def test_friza_sill(theatre: Theatre) -> None:
    """The only published deep sill lies within the interval over seabeds."""
    table = strait_intervals(theatre, operating_depth_m=450)
    names = [throat.strait.strait_id for throat in theatre.throats]
    row = table.iloc[names.index("friza")]
    assert row.sill_depth_m_low < 500 < row.sill_depth_m_high


def test_only_two_throats_are_deeper_than_1000_m(theatre: Theatre) -> None:
    """Bussol and Kruzenshtern, as published."""
    assert validation().deep_throats(theatre) == ["Bussol", "Kruzenshtern"]


def test_cross_sections(theatre: Theatre) -> None:
    """Kruzenshtern within 10 %, Bussol within 28 %, its share within 9 % of what is published."""
    throats = validation().throats_of(theatre)
    both = throats["kruzenshtern"].throat_area_km2 + throats["lovushek"].throat_area_km2
    bussol = throats["bussol"].throat_area_km2
    assert both == pytest.approx(40.84, rel=0.1)
    assert bussol == pytest.approx(83.83, rel=0.28)
    assert bussol / validation().kuril_km2(theatre) == pytest.approx(0.433, rel=0.09)


@pytest.mark.parametrize(
    ("unit", "km2", "most"),
    [("iturup", 3166.64, 0.025), ("kunashir", 1489.27, 0.025), ("shikotan", 247.65, 0.05)]
    + [("paramushir", 2053, 0.005), ("shumshu", 388, 0.005)],
)
def test_island_areas(theatre: Theatre, unit: str, km2: float, most: float) -> None:
    """Areas of large islands agree with the best published value."""
    area = theatre.islands.set_index("island_id").area_km2[unit]
    assert area == pytest.approx(km2, rel=most)


def test_chain_area(theatre: Theatre) -> None:
    """The whole chain agrees with its published area within half a per cent."""
    assert theatre.islands.area_km2.sum() == pytest.approx(10503.2, rel=0.005)


def test_half_area(theatre: Theatre) -> None:
    """A fifth of Iturup, as the published areas give it."""
    assert validation().ceded_share_of_iturup(theatre) == pytest.approx(0.210, abs=0.006)


def test_pocket(theatre: Theatre) -> None:
    """The pocket is near its published size without Ostrov Iony and smaller with it."""
    whole, bare = (validation().pocket_km2(theatre, iony=iony) for iony in (True, False))
    assert whole == pytest.approx(43_500, rel=0.02)
    assert bare == pytest.approx(50_000, rel=0.04)


def test_exits_make_up_the_curve(theatre):
    """The throats of all exits are the sea's ways out, each at most what the curve spends on it."""
    exits = sum(t.throat_area_km2 for t in theatre.throats if t.strait.exit)
    assert 0.99 * theatre.sea.section_km2 < exits < theatre.sea.section_km2


@pytest.mark.slow
def test_zones_by_cells_and_polygons(theatre: Theatre) -> None:
    """Both ways give the same areas."""
    for name, (cells, polygons) in validation().zone_areas(theatre).items():
        assert cells == pytest.approx(polygons, rel=0.005), name


def test_distances(theatre: Theatre) -> None:
    """Distance fields meet the geodesic to the shore within metres."""
    errors_m = np.abs(validation().distance_errors_m(theatre, count=100))
    assert errors_m.max() < 20
    assert errors_m.mean() < 1


def test_cell_areas(theatre: Theatre) -> None:
    """Cell areas are those of geodesic polygons."""
    assert validation().cell_area_error(theatre) < 1e-6
