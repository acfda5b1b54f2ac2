"""Layers of print maps: drawn and named as the catalogue has them."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex

from okhotsk.report.map_layers import ceded_keys, land_look, printed, seal_keys, zone_keys
from okhotsk.style import LOOKS


def test_a_class_that_figures_leave_out_is_refused() -> None:
    with pytest.raises(KeyError, match="'ru-eez' of layer 'zones' is not drawn in figures"):
        printed("zones", "ru-eez")


def test_keys_have_the_colours_of_the_catalogue() -> None:
    shown = [s for s in LOOKS["zones"].swatches.values() if s.paper]
    assert {(k.get_label(), to_hex(k.get_facecolor())) for k in zone_keys()} == {
        (s.paper.label, s.fill) for s in shown if s.paper
    }
    assert [to_hex(k.get_color()) for k in seal_keys()] == [
        LOOKS["seal_lines"].of(name).line for name in ("seal", "section")
    ]
    assert len(seal_keys(section=False)) == 1


def test_only_land_that_is_ceded_has_a_key(results) -> None:
    today, half, demilitarised = results
    assert ceded_keys([today]) == []
    assert [k.get_hatch() for k in ceded_keys([half])] == [None]
    assert [k.get_hatch() for k in ceded_keys([half, demilitarised])] == [
        None,
        land_look("ceded, demilitarised")["hatch"],
    ]
