"""Maps of folium and geopandas, as their users draw them, with our layers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import folium
import geopandas
import pytest
from branca.colormap import LinearColormap
from browser import Seen
from folium.plugins import MarkerCluster
from shapely import box

from okhotsk.api import Assessment

PLACES = geopandas.GeoDataFrame(
    {"depth": [10.0, 250.0, 4000.0], "kind": ["bay & cape", "sea", "trench"]},
    geometry=[box(145, 45, 147, 47), box(149, 50, 152, 53), box(154, 45, 157, 48)],
    crs=4326,
)
HOSTILE = "`${alert(1)} {{ 7*7 }} </script> \\"


@pytest.fixture(scope="module")
def result(results: list[Assessment]) -> Assessment:
    return results[1]


@pytest.fixture
def saved(open_page: Any, tmp_path: Path) -> Callable[..., Any]:
    """Save a map or a figure as folium does, and open it with the network off."""

    @contextmanager
    def save(what: Any, *size: int) -> Iterator[Seen]:
        path = tmp_path / "map.html"
        what.save(path)
        with open_page(path, *size) as seen:
            yield seen

    return save


def lines(seen: Any) -> int:
    return seen.locator("path.leaflet-interactive").count()


def box_of(page: Any, name: str) -> Any:
    """The box of a layer in the list of layers."""
    return page.locator(".ok-layers").get_by_label(name, exact=True)


# --- our layers on a map of somebody else ---


@pytest.mark.browser
def test_our_layers_come_to_a_map_of_ones_own(saved, result) -> None:
    own = folium.Map([48, 150], zoom_start=6, tiles=None)
    folium.Marker([50, 150], popup="A popup", tooltip="A tooltip").add_to(own)
    assert result.explore(m=own) is own
    with saved(own) as seen:
        assert lines(seen.page) > 30
        view = seen.map_js("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")
        assert view == pytest.approx([6, 48, 150], abs=0.02)  # its own, to a pixel
        seen.page.locator(".ok-legend-section", has_text="Depth in metres").wait_for()
        box_of(seen.page, "Patrol water").check()
        box_of(seen.page, "Patrol water").uncheck()
        seen.page.locator(".leaflet-marker-icon").first.click()
        assert seen.page.locator(".leaflet-popup-content").inner_text() == "A popup"
        straits = ".leaflet-okhotsk-straits-pane path.leaflet-interactive"
        seen.page.locator(straits).first.dispatch_event("click")
        seen.page.locator(".leaflet-popup-content", has_text="Regime").wait_for()
        seen.assert_quiet()


@pytest.mark.browser
def test_over_tiles_the_land_is_pale_and_the_seabed_off(saved, result) -> None:
    own = result.explore(
        m=folium.Map([48, 150], zoom_start=6, attr="x", tiles="https://x.example/{z}")
    )
    with saved(own) as seen:
        assert not box_of(seen.page, "Seabed").is_checked()
        assert seen.page.locator(".leaflet-image-layer").count() == 0
        land = seen.page.locator("path[fill='#e4ddd0']").first
        assert float(land.get_attribute("fill-opacity")) < 0.5
        assert seen.page.content().count("jsdelivr") == 0


def test_a_list_of_layers_of_ones_own_is_the_only_one(result) -> None:
    own = folium.Map([48, 150], tiles=None)
    folium.LayerControl().add_to(own)
    html = result.explore(m=own).get_root().render()
    assert html.count("okhotsk.layers(map_") == 1
    assert "L.control.layers(" not in html


def test_a_second_assessment_is_a_group_of_its_own(results) -> None:
    own = folium.Map([48, 150], tiles=None)
    results[1].explore(m=own)
    assert results[2].explore(m=own, name="Other") is own
    html = own.get_root().render()
    assert html.count("okhotsk.layers(map_") == html.count("okhotsk.legend(map_") == 1
    assert '"title": "Other"' in html


def test_tooltips_popups_and_legend_can_be_left_out_there_too(result) -> None:
    own = result.explore(
        m=folium.Map([48, 150], tiles=None), tooltip=False, popup=False, legend=False
    )
    html = own.get_root().render()
    assert not any(f"okhotsk.{what}(" in html for what in ("tooltip", "popup", "legend"))


@pytest.mark.browser
def test_a_map_that_needs_scripts_from_the_network_stays_one_of_folium(
    open_page, result, tmp_path
) -> None:
    """Our layers and their scripts are in the page; Leaflet and the cluster come from servers."""
    own = folium.Map([48, 150], zoom_start=6, tiles=None)
    MarkerCluster([[50, 150], [50, 151]]).add_to(own)
    html = result.explore(m=own).get_root().render()
    assert "markercluster" in html
    assert "jsdelivr" in html
    leaflet = Path(__file__).parents[2] / "okhotsk/maps/assets/leaflet/leaflet.js"
    # What the servers would answer.
    cluster = "<script>L.markerClusterGroup = () => L.layerGroup();</script>"
    link = r'<script src="[^"]*/leaflet.js"></script>'
    page, found = re.subn(link, f'<script src="{leaflet.as_uri()}"></script>{cluster}', html)
    assert found == 1
    (tmp_path / "x.html").write_text(page, "utf-8")
    with open_page(tmp_path / "x.html") as seen:
        assert lines(seen.page) > 30
        box_of(seen.page, "Patrol water").check()
        assert seen.page_errors == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"m": "map"}, "m is a str, expected a folium.Map"),
        ({"m": folium.Map(prefer_canvas=True)}, "prefer_canvas"),
        ({"m": folium.Map(crs="EPSG4326")}, "drawn for EPSG3857"),
        ({"m": folium.Map(tiles=None), "tiles": "OpenStreetMap"}, "folium.Map(tiles=...)"),
    ],
)
def test_a_map_that_cannot_hold_them_is_refused_untouched(result, given, words) -> None:
    before = len(getattr(given["m"], "_children", ()))
    with pytest.raises(TypeError) as caught:
        result.explore(**given)
    assert words in str(caught.value)
    assert len(getattr(given["m"], "_children", ())) == before


# --- their layers on a map of ours ---


@pytest.mark.browser
def test_popups_and_tooltips_of_folium_say_what_they_say(saved, result) -> None:
    fmap = result.explore()
    folium.Marker(
        [47, 152],
        popup=folium.Popup(f"<b>Bold</b> {HOSTILE}", max_width=200, show=True),
        tooltip=folium.Tooltip(f"<i>Slanted</i> {HOSTILE}", style="color:red", sticky=False),
    ).add_to(fmap)
    folium.CircleMarker(
        [46, 150], popup=folium.Popup("<b>Not bold</b>", parse_html=True), color="#123456"
    ).add_to(fmap)
    with saved(fmap) as seen:
        popup = seen.page.locator(".leaflet-popup-content")
        assert popup.inner_html().startswith("<b>Bold</b> `${alert(1)} {{ 7*7 }}")
        seen.page.locator(".leaflet-marker-icon[src]").dispatch_event("mouseover")
        tip = seen.page.locator(".leaflet-tooltip div")
        assert tip.evaluate("one => one.style.color") == "red"
        assert tip.inner_text().startswith("Slanted `${alert(1)} {{ 7*7 }}")
        seen.page.locator("path[stroke='#123456']").dispatch_event("click")
        seen.page.get_by_text("<b>Not bold</b>").wait_for()
        seen.assert_quiet()


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.browser
def test_geopandas_colours_numbers_with_a_ramp(saved, result, own) -> None:
    base = result.explore() if own else result.explore(m=folium.Map([48, 150], zoom_start=5))
    fmap = PLACES.explore(m=base, column="depth", cmap="viridis", name="Places")
    with saved(fmap) as seen:
        section = seen.page.locator(
            ".ok-legend-section", has=seen.page.get_by_text("depth", exact=True)
        )
        assert section.locator(".ok-ramp li").all_inner_texts() == ["10", "2,005", "4,000"]
        assert section.is_visible()
        seen.page.locator("path[fill='#440154']").dispatch_event("mouseover")
        assert "bay & cape" in seen.page.locator(".leaflet-tooltip").inner_text()
        seen.page.get_by_label("Places", exact=True).uncheck()
        assert not section.is_visible()
        if own:  # the other has tiles, which the network does not give
            seen.assert_quiet()


@pytest.mark.browser
def test_geopandas_colours_categories_and_classes(saved, result) -> None:
    fmap = PLACES.explore(m=result.explore(), column="kind", popup=True)
    fmap = PLACES.explore(
        m=fmap, column="depth", scheme="equalinterval", k=2, legend_kwds={"colorbar": False}
    )
    with saved(fmap) as seen:
        kinds = seen.page.locator(
            ".ok-legend-section", has=seen.page.get_by_text("kind", exact=True)
        )
        assert kinds.locator("li").all_inner_texts() == ["bay & cape", "sea", "trench"]
        classes = seen.page.locator(
            ".ok-legend-section", has=seen.page.get_by_text("depth", exact=True)
        )
        assert classes.locator("li").count() == 2
        assert seen.page.locator(".maplegend").count() == 0
        assert box_of(seen.page, "Added layer 1").is_checked()
        seen.assert_quiet()


@pytest.mark.browser
def test_a_choropleth_of_folium_has_its_ramp(saved, result) -> None:
    fmap = result.explore()
    table = PLACES.reset_index()
    folium.Choropleth(
        PLACES.__geo_interface__,
        data=table,
        columns=["index", "depth"],
        key_on="feature.id",
        legend_name="Depth of places",
        name="Choropleth",
    ).add_to(fmap)
    LinearColormap(["red", "blue"], vmin=3, vmax=3, caption="One value").add_to(fmap)
    with saved(fmap) as seen:
        seen.page.locator(".ok-legend-section h3", has_text="Depth of places").wait_for()
        seen.page.locator(".ok-legend-section h3", has_text="One value").wait_for()
        seen.assert_quiet()


# --- figures and files ---


@pytest.mark.browser
def test_in_a_figure_of_folium_the_map_is_a_frame(open_page, result, tmp_path) -> None:
    figure = folium.Figure(width=900, height=600)
    fmap = result.explore(height=420)
    figure.add_child(fmap)
    (tmp_path / "figure.html").write_text(figure.render(), "utf-8")
    with open_page(tmp_path / "figure.html") as seen:
        assert seen.page.locator("iframe").get_attribute("height") == "420"
        inside = seen.page.locator("iframe").content_frame
        inside.locator(".okhotsk-place", has_text="Bussol").wait_for()
        assert lines(inside) > 30
        seen.assert_quiet()
    assert fmap.to_html() == result.explore(height=420).to_html()
    assert figure.render().count("<iframe") == 1


@pytest.mark.parametrize("form", [str, Path])
def test_a_file_is_written_whole_or_not_at_all(result, tmp_path, form) -> None:
    path = tmp_path / "map.html"
    path.write_text("what was there")
    fmap = result.explore()
    folium.Marker([50, 150], icon=folium.Icon(color="red")).add_to(fmap)
    with pytest.raises(ValueError, match="Icon cannot go into a self-contained page"):
        fmap.save(form(path))
    assert path.read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [path]
    result.explore().save(form(path))
    assert path.read_text("utf-8") == result.to_html()


def test_an_open_file_gets_the_page(result, tmp_path) -> None:
    with (tmp_path / "map.html").open("wb") as file:
        result.explore().save(file, close_file=False)
        assert not file.closed
    assert (tmp_path / "map.html").read_text("utf-8") == result.to_html()
