"""The page of a map: self-contained, repeatable, safe, and working in a real browser."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import branca
import folium
import numpy as np
import pytest
from browser import DESK, HOSTILE, PHONE, Seen
from pyproj import Geod

from okhotsk.html import escape
from okhotsk.maps import offline, snippet
from okhotsk.maps.widgets import base
from okhotsk.maps.widgets.legend import Entry, Legend, Ramp, Section


def square(lon: float, lat: float, size: float, name: str) -> dict:
    ring = [(lon, lat), (lon + size, lat), (lon + size, lat + size), (lon, lat + size), (lon, lat)]
    properties = {"name": name, "tip": escape(name), "raw": name}
    properties["popup"] = (
        f"<h3>{escape(name)}</h3><table><tr><th>Area</th><td>1 km²</td></tr></table>"
    )
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}


def feature_group(
    m: folium.Map, name: str, data: dict, colour: str, **kwargs
) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name=name, **kwargs).add_to(m)
    edge = "#8a2d3b" if colour.startswith("url") else colour
    style = {"color": edge, "fillColor": colour, "fillOpacity": 0.45, "weight": 1.5}
    layer = folium.GeoJson(data, style_function=lambda _, style=style: style).add_to(group)
    base.FeaturePopup("popup", label="name").add_to(layer)
    base.FeatureTooltip("tip").add_to(layer)
    return group


def seabed(m: folium.Map) -> folium.raster_layers.ImageOverlay:
    y, x = np.mgrid[0:1:120j, 0:1:160j]
    depth = (np.hypot(x - 0.45, y - 0.6) * 1.5).clip(0, 1)
    shallow, deep = np.array([214, 230, 240]), np.array([72, 120, 160])
    rgba = np.empty((*depth.shape, 4), np.uint8)
    rgba[..., :3] = deep + (shallow - deep) * depth[..., None]
    rgba[..., 3] = 255
    return folium.raster_layers.ImageOverlay(
        rgba, bounds=[[43, 142], [56, 158]], name="Seabed", mercator_project=False
    ).add_to(m)


def build(name: str = "Kunashir", *, other: str = "Iturup") -> folium.Map:
    m = folium.Map(location=[48.5, 150], zoom_start=5, tiles=None)
    image = seabed(m)
    hatch = base.Hatch("#8a2d3b").add_to(m)
    now = feature_group(m, "Russian territorial sea", square(144, 44, 4, name), "#2c6e49")
    ceded = feature_group(m, "After a handover", square(150, 48, 3, other), hatch.fill, show=False)
    line = folium.FeatureGroup(name=f"Seal line {name}").add_to(m)
    folium.PolyLine([(45, 147), (51, 157)], color="#b5471b", weight=3, dash_array="8 5").add_to(
        line
    )
    base.add_controls(
        m,
        groups={"Base": [image], "Option": [now, ceded], "Bastion": [line]},
        exclusive=["Option"],
    )
    ramp = [f"rgb({72 + 6 * i},{120 + 4 * i},{160 + 3 * i})" for i in range(24)]
    Legend(
        [
            Section(
                title="Depth, m",
                items=[Ramp(colours=ramp, ticks=[(0, "4000"), (0.5, "2000"), (1, "0")])],
                layer=image,
            ),
            Section(
                title="Territorial sea",
                items=[Entry(label=name, colour="#2c6e49", opacity=0.45, edge="#2c6e49")],
                layer=now,
            ),
            Section(
                title="After a handover",
                items=[Entry(label="Japanese", colour="#8a2d3b", kind="hatch", edge="#8a2d3b")],
                layer=ceded,
                note="Hypothetical.",
            ),
            Section(
                title="Bastion",
                items=[
                    Entry(label="Seal line", colour="#b5471b", kind="dash", width=3),
                    Entry(label="Route", colour="#17222d", kind="line"),
                    Entry(label="Base", colour="#17222d", kind="point"),
                ],
                layer=line,
            ),
        ]
    ).add_to(m)
    return m


def rendered(m: folium.Map | None = None, **kwargs) -> str:
    options = {
        "title": "Sea of Okhotsk & <test>",
        "description": 'Two "squares".',
        "heading_html": "<h1>Sea of Okhotsk</h1><p>Two squares that stand for the islands.</p>",
    } | kwargs
    return offline.render(m or build(), **options)


@pytest.fixture(scope="module")
def html() -> str:
    return rendered()


@pytest.fixture(scope="module")
def path(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("page") / "map.html"
    target.write_text(html, encoding="utf-8")
    return target


class Tags(HTMLParser):
    """Collects each start tag and its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


# --- the text of the page ---


def test_two_builds_give_the_same_bytes(html):
    assert rendered() == html


def test_one_map_rendered_twice_gives_the_same_bytes(html):
    m = build()
    assert rendered(m) == rendered(m) == html


def test_nothing_is_asked_from_the_network(html):
    for tag, attributes in Tags(html).found:
        if tag == "a":
            continue
        for name in ("src", "href", "data", "poster"):
            assert (attributes.get(name) or "data:").startswith(("data:", "#"))
    assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?!data:|#)\w", html)
    for name in ("jquery", "bootstrap", "awesome", "cdn.", "sourceMappingURL"):
        assert name not in html.lower()


def test_no_random_name_is_left(html):
    assert re.findall(r"_[0-9a-f]{32}", html) == []


def test_class_state_of_folium_is_unchanged():
    before = (
        list(folium.Map.default_js),
        list(folium.Map.default_css),
        list(folium.plugins.Fullscreen.default_js),
        branca.element.Element._generate_id.__func__,
    )
    m = build()
    rendered(m)
    assert before == (
        folium.Map.default_js,
        folium.Map.default_css,
        folium.plugins.Fullscreen.default_js,
        branca.element.Element._generate_id.__func__,
    )
    assert "default_js" not in vars(m)


def test_head(html):
    tags = Tags(html).found
    assert ("html", {"lang": "en"}) in tags
    assert "<title>Sea of Okhotsk &amp; &lt;test&gt;</title>" in html
    metas = [attributes for tag, attributes in tags if tag == "meta"]
    assert {"name": "description", "content": 'Two "squares".'} in metas
    viewports = [meta["content"] for meta in metas if meta.get("name") == "viewport"]
    assert viewports == ["width=device-width, initial-scale=1"]
    policy = next(m["content"] for m in metas if "Content-Security-Policy" in m.values())
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert "unsafe-eval" not in policy
    assert "http" not in policy


def test_a_small_map_is_small(html):
    assert len(html.encode()) < 400_000


def test_only_plugins_on_the_map_are_inlined():
    bare = rendered(folium.Map(location=[48, 150], tiles=None))
    assert "L.Map=" in bare or "leaflet" in bare
    for name in (
        "okhotsk.maps.widgets.legend",
        "okhotsk.measure",
        "okhotsk.maps.layers",
        "FullScreen",
    ):
        assert name not in bare


def test_licences_travel_with_the_scripts(html):
    assert "BSD 2-Clause License" in html
    assert "Volodymyr Agafonkin" in html
    assert "MIT" in html


def test_readme_lists_every_vendored_file_with_its_hash():
    root = Path(offline.__file__).parent / "assets"
    readme = (root / "README.md").read_text("utf-8")
    files = [
        f
        for f in root.rglob("*")
        if f.is_file() and f.parent.name in ("leaflet", "images", "leaflet.fullscreen")
    ]
    assert files
    for file in files:
        assert hashlib.sha256(file.read_bytes()).hexdigest() in readme, file


def test_a_tile_layer_stays_and_opens_only_images():
    m = folium.Map(location=[48, 150], tiles="https://example.org/{z}/{x}/{y}.png", attr="x")
    out = rendered(m)
    assert "https://example.org/{z}/{x}/{y}.png" in out
    assert "img-src data: https://example.org;" in out
    assert "default-src 'none'" in out


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://{s}.example.org/{z}/{x}/{y}.png", "https://*.example.org"),
        ("http://example.org:8080/{z}/{x}/{y}.png", "http://example.org:8080"),
        ("https://{host}/{z}/{x}/{y}.png", "https:"),
    ],
)
def test_a_page_may_load_tiles_from_their_host_only(url, origin):
    out = rendered(folium.Map(location=[48, 150], tiles=url, attr="x"))
    assert f"img-src data: {origin};" in out


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (
            lambda: folium.Marker([48, 150], popup=folium.Popup(branca.element.IFrame("x"))),
            "a page of its own",
        ),
        (lambda: folium.Marker([48, 150], icon=folium.Icon()), "awesome-markers"),
        (lambda: folium.plugins.MiniMap(), "not shipped"),
        (
            lambda: folium.raster_layers.ImageOverlay("https://x.org/a.png", [[0, 0], [1, 1]]),
            "image",
        ),
    ],
)
def test_elements_that_need_the_network_are_refused(element, reason):
    m = folium.Map(location=[48, 150], tiles=None)
    element().add_to(m)
    with pytest.raises(ValueError, match=reason):
        rendered(m)


def test_a_map_that_folium_rendered_before_is_refused():
    m = build()
    m.get_root().render()
    with pytest.raises(ValueError, match="build it again"):
        rendered(m)


def test_legend_of_a_layer_that_is_not_on_the_map():
    m = folium.Map(location=[48, 150], tiles=None)
    Legend([Section(title="Lost", layer=folium.FeatureGroup("gone"))]).add_to(m)
    with pytest.raises(ValueError, match="'Lost'.*'gone'"):
        rendered(m)


def test_group_of_a_layer_that_is_not_on_the_map():
    m = folium.Map(location=[48, 150], tiles=None)
    base.add_controls(m, groups={"Option": [folium.FeatureGroup("gone")]})
    with pytest.raises(ValueError, match="'gone'.*not on the map"):
        rendered(m)


def test_unknown_exclusive_group():
    m = folium.Map(location=[48, 150], tiles=None)
    with pytest.raises(ValueError, match="Optoin"):
        base.add_controls(m, groups={"Option": []}, exclusive=["Optoin"])


def test_hostile_names_do_not_close_the_script():
    out = rendered(build(HOSTILE))
    assert "<script>alert" not in out
    assert out.count("</script>") == rendered().count("</script>")


ALPHABETS = "²é Кунашир 国後島 \u2028 \N{ANCHOR} \N{WHALE}"


@pytest.mark.parametrize(
    "text",
    ["", "<p>x</p>\n\n<p title=\"a\">&amp; 'b'</p>\r\n", HOSTILE, ALPHABETS, "\x80\x85\x9f\xa0"],
)
def test_srcdoc_round_trip(text):
    line = snippet.embed_iframe(text, height=480, title=HOSTILE)
    ((tag, attributes),) = Tags(line).found
    assert tag == "iframe"
    assert attributes["srcdoc"] == text
    assert attributes["title"] == HOSTILE
    assert "\n" not in line


def test_a_frame_reads_the_same_in_every_encoding():
    assert snippet.embed_iframe(ALPHABETS, height=480, title=ALPHABETS).isascii()


def test_src_iframe():
    line = snippet.embed_iframe(src="maps/a&b.html", height=480, title="Map")
    ((_, attributes),) = Tags(line).found
    assert attributes["src"] == "maps/a&b.html"
    assert attributes["loading"] == "lazy"
    assert attributes["data-external"] == "1"
    assert attributes["width"] == "100%"


@pytest.mark.parametrize("given", [{}, {"html": "x", "src": "y"}])
def test_iframe_takes_one_source(given):
    with pytest.raises(ValueError, match="either"):
        snippet.embed_iframe(**given, height=1, title="x")


# --- in Chromium ---


def layer_box(seen: Seen, name: str):
    return seen.page.get_by_label(name, exact=True)


def sections(seen: Seen) -> list[str]:
    return seen.page.eval_on_selector_all(
        ".ok-legend-section:not([hidden]) h3", "all => all.map(h => h.textContent)"
    )


def overlaps(seen: Seen, one: str, two: str) -> bool:
    a, b = seen.page.locator(one).bounding_box(), seen.page.locator(two).bounding_box()
    return (
        a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    )


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_page_is_quiet_and_has_its_controls(open_page, path, size):
    with open_page(path, *size) as seen:
        for name in (".leaflet-control-zoom-fullscreen", ".ok-measure", ".ok-layers", ".ok-legend"):
            assert seen.page.locator(name).is_visible()
        scale = seen.page.locator(".leaflet-control-scale").inner_text()
        assert "km" in scale
        assert "nm" in scale
        assert seen.page.locator("path.leaflet-interactive").count() == 2
        assert (
            seen.page.evaluate("document.querySelector('.leaflet-image-layer').naturalWidth") == 160
        )
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        for one, two in [
            (".ok-layers", ".ok-legend"),
            (".ok-legend", ".leaflet-control-scale"),
            (".ok-layers", ".leaflet-control-zoom"),
        ]:
            assert not overlaps(seen, one, two)
        seen.assert_quiet()


@pytest.mark.browser
def test_panels_are_open_at_desk_width_and_folded_on_a_phone(open_page, path):
    for size, is_open in ((DESK, True), (PHONE, False)):
        with open_page(path, *size) as seen:
            for name in (".ok-layers", ".ok-legend"):
                assert seen.page.locator(name).evaluate("box => box.open") is is_open


@pytest.mark.browser
def test_on_a_phone_one_panel_at_a_time(open_page, path):
    with open_page(path, *PHONE, has_touch=True, is_mobile=True) as seen:
        for name, other in ((".ok-legend", ".ok-layers"), (".ok-layers", ".ok-legend")):
            seen.page.locator(f"{name} summary").tap()
            seen.page.locator(f"{other}:not([open])").wait_for()
            box = seen.page.locator(name).bounding_box()
            assert box["width"] * box["height"] < 0.4 * PHONE[0] * PHONE[1]
        seen.assert_quiet()


@pytest.mark.browser
def test_layers_and_legend_follow_a_click(open_page, path):
    with open_page(path, *DESK) as seen:
        assert sections(seen) == ["Depth, m", "Territorial sea", "Bastion"]
        layer_box(seen, "After a handover").check()
        assert sections(seen) == ["Depth, m", "After a handover", "Bastion"]
        assert not layer_box(seen, "Russian territorial sea").is_checked()
        fill = seen.page.locator("path[fill^='url']").get_attribute("fill")
        assert fill == "url(#hatch-8a2d3b)"
        layer_box(seen, "Seabed").uncheck()
        assert sections(seen) == ["After a handover", "Bastion"]
        assert seen.page.locator(".leaflet-image-layer").count() == 0
        seen.assert_quiet()


@pytest.mark.browser
def test_layers_follow_the_keyboard(open_page, path):
    with open_page(path, *PHONE) as seen:
        seen.page.locator(".ok-layers summary").focus()
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Space")
        assert not layer_box(seen, "Seabed").is_checked()
        assert seen.page.locator(".leaflet-image-layer").count() == 0
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("ArrowDown")
        assert layer_box(seen, "After a handover").is_checked()
        seen.page.keyboard.press("Escape")
        assert not seen.page.locator(".ok-layers").evaluate("box => box.open")
        assert seen.page.evaluate("document.activeElement.tagName") == "SUMMARY"
        seen.assert_quiet()


@pytest.mark.browser
def test_a_layer_changed_by_script_is_shown_in_the_panel(open_page, path):
    with open_page(path, *DESK) as seen:
        seen.map_js("map.eachLayer(l => l instanceof L.ImageOverlay && map.removeLayer(l))")
        assert not layer_box(seen, "Seabed").is_checked()
        assert "Depth, m" not in sections(seen)


@pytest.mark.browser
def test_popup_and_tooltip_by_mouse(open_page, path):
    with open_page(path, *DESK) as seen:
        area = seen.page.locator("path[fill='#2c6e49']")
        area.hover()
        assert seen.page.locator(".leaflet-tooltip").inner_text() == "Kunashir"
        area.click()
        assert seen.page.locator(".leaflet-popup h3").inner_text() == "Kunashir"
        seen.page.locator(".leaflet-tooltip").wait_for(state="detached", timeout=3000)
        seen.assert_quiet()


@pytest.mark.browser
def test_popup_by_keyboard(open_page, path):
    with open_page(path, *DESK) as seen:
        area = seen.page.get_by_role("button", name="Kunashir")
        area.focus()
        seen.page.keyboard.press("Enter")
        assert seen.page.locator(".leaflet-popup h3").inner_text() == "Kunashir"


@pytest.mark.browser
def test_hostile_names_are_shown_as_text(open_page, tmp_path):
    target = tmp_path / "hostile.html"
    target.write_text(rendered(build(HOSTILE), title=HOSTILE), encoding="utf-8")
    with open_page(target, *DESK) as seen:
        shown = HOSTILE.replace("\u2028", "").strip()
        assert seen.page.title().replace("\u2028", "").strip() == shown
        seen.page.locator("path[fill='#2c6e49']").click()
        text = seen.page.locator(".leaflet-popup h3").text_content()
        assert text.replace("\u2028", "").strip() == shown
        assert HOSTILE in seen.page.locator(".ok-legend-section li span").first.text_content() or (
            HOSTILE in seen.page.locator(".ok-legend-section").nth(1).text_content()
        )
        assert seen.page.locator(".ok-layers").get_by_text(f"Seal line {HOSTILE[:8]}").count() == 1
        seen.assert_quiet()


@pytest.mark.browser
def test_injected_script_does_not_run(open_page, tmp_path):
    target = tmp_path / "injected.html"
    bad = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">"
    target.write_text(rendered(title="ours", heading_html=bad), encoding="utf-8")
    with open_page(target, *DESK) as seen:
        assert seen.page.title() == "ours"
        assert seen.map_js("map.getZoom()") == 5


@pytest.mark.browser
def test_measure(open_page, path):
    with open_page(path, *DESK) as seen:
        metres = seen.page.evaluate("okhotsk.distance({lat: 43, lng: 145}, {lat: 51, lng: 157})")
        assert metres == pytest.approx(Geod(ellps="WGS84").inv(145, 43, 157, 51)[2], abs=0.001)
        seen.page.get_by_role("button", name="Measure distance").click()
        seen.page.mouse.click(500, 400)
        seen.page.mouse.click(700, 300)
        shown = seen.page.locator(".ok-measure output").inner_text()
        km, nm = (float(n.replace(",", "")) for n in re.findall(r"([\d,.]+) [kn]m", shown))
        assert km / nm == pytest.approx(1.852, rel=0.01)
        assert seen.page.locator(".leaflet-popup").count() == 0
        seen.page.keyboard.press("Escape")
        assert not seen.page.locator(".ok-measure-out").is_visible()
        seen.page.locator("path[fill='#2c6e49']").click()
        assert seen.page.locator(".leaflet-popup").count() == 1
        seen.assert_quiet()


@pytest.mark.browser
def test_measure_by_keyboard(open_page, path):
    with open_page(path, *DESK) as seen:
        seen.page.get_by_role("button", name="Measure distance").press("Space")
        seen.page.keyboard.press("Enter")
        seen.map_js("map.panBy([200, 0], {animate: false})")
        seen.page.keyboard.press("Enter")
        assert "km" in seen.page.locator(".ok-measure output").inner_text()


@pytest.mark.browser
def test_marker_with_popup_needs_no_files(open_page, tmp_path):
    m = folium.Map(location=[48, 150], zoom_start=5, tiles=None)
    marker = folium.Marker([48, 150]).add_to(m)
    base.Popup(f"<p>{escape(HOSTILE)}</p>").add_to(marker)
    base.Tooltip(escape("Bussol {{ x }}")).add_to(marker)
    target = tmp_path / "marker.html"
    target.write_text(rendered(m), encoding="utf-8")
    with open_page(target, *DESK) as seen:
        icon = seen.page.locator("img.leaflet-marker-icon")
        assert icon.evaluate("image => image.naturalWidth") == 25
        icon.hover()
        assert seen.page.locator(".leaflet-tooltip").inner_text() == "Bussol {{ x }}"
        icon.click()
        assert "${c} </script>" in seen.page.locator(".leaflet-popup p").inner_text()
        seen.assert_quiet()


@pytest.mark.browser
def test_layers_keep_their_order_when_switched(open_page, path):
    with open_page(path, *DESK) as seen:
        for name in ("After a handover", "Russian territorial sea"):
            layer_box(seen, name).check()
        paths = seen.page.locator(".leaflet-overlay-pane path")
        assert paths.first.get_attribute("fill") == "#2c6e49"
        assert paths.last.get_attribute("stroke") == "#b5471b"


@pytest.mark.browser
def test_print_opens_the_legend(open_page, path):
    with open_page(path, *PHONE) as seen:
        legend = seen.page.locator(".ok-legend")
        for event, is_open in (("beforeprint", True), ("afterprint", False)):
            seen.page.evaluate(f"window.dispatchEvent(new Event('{event}'))")
            assert legend.evaluate("box => box.open") is is_open


@pytest.mark.browser
def test_full_screen(open_page, path):
    with open_page(path, *DESK) as seen:
        seen.page.locator(".leaflet-control-zoom-fullscreen").click()
        seen.page.locator(".leaflet-fullscreen-on").wait_for()
        assert seen.page.evaluate("document.fullscreenElement !== null")
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize("form", ["srcdoc", "src"])
def test_page_inside_an_iframe(open_page, html, path, form):
    given = {"html": html} if form == "srcdoc" else {"src": path.name}
    report = path.with_name(f"report-{form}.html")
    frame = snippet.embed_iframe(**given, height=520, title="Map")
    report.write_text(f"<!DOCTYPE html><title>r</title><h1>Report</h1>{frame}", encoding="utf-8")
    with open_page(report, *DESK) as seen:
        inside = seen.page.frame_locator("iframe")
        inside.get_by_label("After a handover", exact=True).check()
        inside.locator(".ok-legend-section h3", has_text="After a handover").wait_for()
        assert inside.locator("path.leaflet-interactive").count() == 2
        seen.assert_quiet()
