/* A border drawn across an island: two handles on the map, and the scenario file that says the same.
   `land` are the lands of the page, `state` returns what is handed over. The file is for
   `okhotsk assess`: the figures of the page are of whole islands. Returns what to call when the state
   has changed. */
(function () {
  "use strict";
  var make = L.DomUtil.create, START = [[45.35, 147.25], [44.75, 148.35]], STEP_PX = 5, PLACES = 4;
  var KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

  /* Where a segment meets another: the share of the first, or null. Spots are [lat, lon]. */
  function meets(a, b, c, d) {
    var r = [b[0] - a[0], b[1] - a[1]], s = [d[0] - c[0], d[1] - c[1]], cross = r[0] * s[1] - r[1] * s[0];
    if (!cross) { return null; }
    var t = ((c[0] - a[0]) * s[1] - (c[1] - a[1]) * s[0]) / cross;
    var u = ((c[0] - a[0]) * r[1] - (c[1] - a[1]) * r[0]) / cross;
    return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? t : null;
  }

  function edges(ring, each) {
    ring.forEach(function (spot, n) { each(ring[n ? n - 1 : ring.length - 1], spot); });
  }

  function inside(spot, ring) {
    var within = false;
    edges(ring, function (a, b) {
      if ((a[0] > spot[0]) !== (b[0] > spot[0]) &&
          spot[1] < a[1] + (b[1] - a[1]) * (spot[0] - a[0]) / (b[0] - a[0])) { within = !within; }
    });
    return within;
  }

  /* How much of a land lies along a line (in shares of the line), and whether an end stands on it. */
  function along(unit, ends) {
    var length = 0, ashore = false;
    unit.rings.forEach(function (polygon) {
      var at = [];
      edges(polygon[0], function (a, b) {
        var t = meets(ends[0], ends[1], a, b);
        if (t !== null) { at.push(t); }
      });
      at.sort(function (a, b) { return a - b; });
      for (var n = 0; n + 1 < at.length; n += 2) { length += at[n + 1] - at[n]; }
      ashore = ashore || ends.some(function (end) { return inside(end, polygon[0]); });
    });
    return { unit: unit, length: length, ashore: ashore };
  }

  /* The one island that a line crosses, or what is wrong with the line. */
  function crossed(land, ends) {
    var met = land.map(function (unit) { return along(unit, ends); });
    var own = met.filter(function (one) { return one.length > 0 && one.unit.holder >= 0; });
    if (met.some(function (one) { return one.ashore; })) { return { wrong: "An end of the line stands on land: draw it from sea to sea." }; }
    if (!own.length) { return { wrong: "The line crosses no island of the chain: draw it across one." }; }
    if (own.length > 1) { return { wrong: "The line crosses " + own.length + " islands: draw it across one." }; }
    if (Math.abs(ends[0][1] - ends[1][1]) < Math.abs(ends[0][0] - ends[1][0]) / 4) {
      return { wrong: "The line runs from south to north: draw it so that one side is the southern one." };
    }
    return { unit: own[0].unit };
  }

  /* Words of a list in TOML. */
  function listed(words) { return "[" + words.map(function (word) { return JSON.stringify(word); }).join(", ") + "]"; }

  /* The scenario file: the islands handed over, and the south of the one that the line crosses. */
  function scenarioFile(land, unit, ends, state) {
    var whole = land.filter(function (one) {
      return one.holder >= 0 && one.unit !== unit.unit && (state.ceded >>> one.holder & 1) === 1;
    }).map(function (one) { return one.unit; });
    var forces = 'forces = "' + (state.armed ? "JP" : "none") + '"';
    var line = ends.map(function (end) { return "[" + end[1].toFixed(PLACES) + ", " + end[0].toFixed(PLACES) + "]"; });
    return ['id = "border-across-' + unit.unit + '"', "title = " + JSON.stringify("Border across " + unit.name), ""]
      .concat(whole.length ? ["[[cede]]", "units = " + listed(whole), forces, ""] : [])
      .concat(["[[split]]", 'unit = "' + unit.unit + '"', forces, 'rule = "line"',
        "line = [" + line.join(", ") + "]  # longitude, latitude", 'cede_side = "south"', ""]).join("\n");
  }

  function handle(map, spot, name, moved) {
    var icon = L.divIcon({ className: "ok-handle ok-end", iconSize: [26, 26], html: "<span></span>" });
    var marker = L.marker(spot, { icon: icon, draggable: true, autoPan: true, zIndexOffset: 1100, title: name });
    marker.on("drag", moved);
    marker.addTo(map);
    marker.getElement().setAttribute("aria-label", name + ": drag it, or move it with the arrow keys");
    marker.getElement().addEventListener("keydown", function (event) {
      var step = KEYS[event.key];
      if (!step) { return; }
      event.preventDefault();
      event.stopPropagation();
      var at = map.latLngToLayerPoint(marker.getLatLng()).add(L.point(step).multiplyBy(STEP_PX));
      marker.setLatLng(map.layerPointToLatLng(at));
      moved();
    });
    return marker;
  }

  window.okhotsk.cut = function (map, parent, land, state) {
    var button = okhotsk.choices.button(parent, "Draw a border across an island", function () { open(!drawn); });
    var box = make("div", "ok-cut", parent), said = make("p", "ok-note", box), drawn = null, found = null;
    var file = okhotsk.choices.button(box, "Download the scenario file", download);
    said.setAttribute("role", "status");

    function spots() {
      return drawn.ends.map(function (end) { var at = end.getLatLng(); return [at.lat, at.lng]; });
    }

    function tell() {
      drawn.line.setLatLngs(spots());
      found = crossed(land, spots());
      file.disabled = !found.unit;
      said.textContent = found.wrong || "The south of " + found.unit.name + " is handed over, with the islands " +
        "ticked above. The figures of this page are of whole islands: assess the file with `okhotsk assess border-across-" +
        found.unit.unit + ".toml`.";
    }

    function open(on) {
      if (drawn) { drawn.ends.concat(drawn.line).forEach(function (one) { one.remove(); }); }
      drawn = null;
      button.setAttribute("aria-expanded", on);
      button.textContent = on ? "Remove the border across an island" : "Draw a border across an island";
      box.hidden = !on;
      if (!on) { return; }
      drawn = { line: L.polyline(START, { className: "ok-cut-line", interactive: false }).addTo(map), ends: [] };
      drawn.ends = ["Western end of the border", "Eastern end of the border"].map(function (name, n) {
        return handle(map, START[n], name, tell);
      });
      tell();
    }

    function download() {
      var text = scenarioFile(land, found.unit, spots(), state());
      okhotsk.save(new Blob([text], { type: "application/toml" }), "border-across-" + found.unit.unit + ".toml");
    }

    open(false);
    return function () { if (drawn) { tell(); } };
  };
})();
