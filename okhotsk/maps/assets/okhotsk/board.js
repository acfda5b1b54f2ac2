/* The layers of the explorer on one map, drawn anew for every cession. */
(function () {
  "use strict";

  /* Beside their colours exits have cores, so that they differ in grey too. */
  var CORES = { shared: { weight: 3, dashArray: "0.1 6", lineCap: "round" },
    japanese: { weight: 2.5, dashArray: null, lineCap: "butt" } };

  /* Pictures travel deflated; a browser of 2023 or later unpacks them. */
  function unpack(text) {
    var bytes = Uint8Array.from(atob(text), function (c) { return c.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).arrayBuffer().then(function (data) { return new Uint8Array(data); });
  }

  /* A canvas that Leaflet places as it would an image. */
  var Picture = L.ImageOverlay.extend({
    initialize: function (size, bounds, options) {
      this._canvas = document.createElement("canvas");
      this._canvas.width = size[0];
      this._canvas.height = size[1];
      L.ImageOverlay.prototype.initialize.call(this, "", bounds, options);
    },
    _initImage: function () {
      this._image = this._canvas;
      L.DomUtil.addClass(this._image, "leaflet-image-layer leaflet-zoom-animated ok-picture");
      this._image.setAttribute("aria-hidden", "true");
    },
    /* Paint each pixel in the colour (a number, ABGR) of its row. */
    paint: function (pixels, colours) {
      if (this._pixels === pixels && String(this._colours) === String(colours)) { return; }
      var brush = this._canvas.getContext("2d");
      this._data = this._data || brush.createImageData(this._canvas.width, this._canvas.height);
      var out = new Uint32Array(this._data.data.buffer);
      for (var n = 0; n < pixels.length; n++) { out[n] = colours[pixels[n]]; }
      brush.putImageData(this._data, 0, 0);
      this._pixels = pixels;
      this._colours = colours;
    }
  });

  /* A tooltip. The tab key reaches it where nothing else on the page says the same. */
  function tip(layer, words, reached) {
    layer.on("add", function () {
      layer.getElement().setAttribute("tabindex", reached ? "0" : "-1");
      announce(layer);
    });
    return layer.bindTooltip(words, { sticky: true });
  }

  /* What a screen reader calls it. */
  function announce(layer) {
    var node = layer.getElement();
    if (!node) { return; }
    node.setAttribute("role", "img");
    node.setAttribute("aria-label", layer.getTooltip().getContent());
  }

  function abgr(colour, alpha) {
    var value = parseInt(colour.slice(1), 16);
    var red = value >>> 16, green = value >>> 8 & 255, blue = value & 255;
    return (Math.round(alpha * 255) << 24 | blue << 16 | green << 8 | red) >>> 0;
  }

  // What answers the pointer for an island, the lowest first: room round it below the straits, the size
  // that it has at least, its land, and a core that no neighbour takes from it.
  var SLACK_PX = 18, TARGET_PX = 14, CORE_PX = 4;
  // The seabed is in Leaflet's pane of overlays, at 400.
  var PANES = ["waters", "shore", "casing", "seal", "reach", "lines", "isles"];

  function board(map, scene, answer, look, pixels) {
    var colours = look.colours, strokes = look.strokes, today = answer.course("barrier_km", 0);
    var pictures = {}, straits = [], cores = [], land = [], courses = {};
    var lines = { barrier_km: L.layerGroup(), operating_area_km2: L.layerGroup() };
    var shown = {}, waiting = {}, alpha = colours.alpha, said = [], place = null;
    var marks = scene.straits.filter(function (strait) { return strait.exit; })
      .map(function (strait) { return strait.line; });
    PANES.forEach(function (name, n) { map.createPane("ok-" + name).style.zIndex = 410 + 10 * n; });
    var extra = L.layerGroup().addTo(map);

    ["zones", "refuge", "sensed"].forEach(function (name) {
      pictures[name] = new Picture(scene.size, scene.bounds, { pane: "ok-waters" });
    });
    scene.land.forEach(function (unit) {
      var free = unit.holder >= 0, shape = L.polygon(unit.rings, { pane: free ? "ok-isles" : "ok-shore", weight: 0.7,
        fillOpacity: 1, smoothFactor: 0.5, interactive: free, className: "ok-land" });
      land.push({ holder: unit.holder, shape: shape, all: free && targets(shape, unit.rings) });
    });
    ["far", "near", "shape", "core"].forEach(function (name) {
      land.forEach(function (unit) {
        if (unit.all) { unit.all[name].addTo(map); } else if (name === "shape") { unit.shape.addTo(map); }
      });
    });
    scene.straits.forEach(function (strait) {
      var line = L.polyline(strait.line, { pane: "ok-lines", weight: strait.exit ? 8 : 3, lineCap: "butt" });
      straits.push(tip(line, strait.name, strait.exit).addTo(map));
      cores.push(strait.exit && L.polyline(strait.line, { pane: "ok-lines", color: "#fff", interactive: false }));
    });
    Object.keys(lines).forEach(function (name) { lines[name].addTo(map); });
    map.on("zoomend", widen);
    widen();

    function targets(shape, rings) {
      function unseen(pane, weight) {
        return L.polygon(rings, { pane: pane, weight: weight, opacity: 0, fillOpacity: 0, smoothFactor: 2 });
      }
      var own = { far: unseen("ok-reach", SLACK_PX), near: unseen("ok-isles", 0), shape: shape, core: unseen("ok-isles", 0) };
      return Object.assign(L.featureGroup([own.far, own.near, own.shape, own.core]), own);
    }

    /* Small islands keep a size that a pointer finds. */
    function widen() {
      land.forEach(function (unit) {
        if (!unit.all) { return; }
        var bounds = unit.shape.getBounds(), one = map.latLngToLayerPoint(bounds.getNorthWest());
        var size = map.latLngToLayerPoint(bounds.getSouthEast()).subtract(one), least = Math.min(size.x, size.y);
        unit.all.near.setStyle({ weight: Math.max(TARGET_PX - least, 0) });
        unit.all.core.setStyle({ weight: Math.max(CORE_PX - least, 0) });
      });
    }

    function show(name, on) {
      shown[name] = on;
      if (on && waiting[name]) { waiting[name](); }
      [].concat(pictures[name] || lines[name] || straits).forEach(function (layer) {
        if (on) { layer.addTo(map); } else { layer.remove(); }
      });
      if (name === "straits") { cores.forEach(showCore); }
      label();
    }

    /* A core is seen where its strait is, if its regime has one. */
    function showCore(core, n) {
      if (core && core.kind && map.hasLayer(straits[n])) { core.addTo(map); } else if (core) { core.remove(); }
    }

    /* A picture that is not shown is painted when it is. */
    function paint(name, data, coloursOf) {
      waiting[name] = function () { pictures[name].paint(data, coloursOf()); };
      if (shown[name]) { waiting[name](); }
    }

    function zoneColours(rows, isJapanese) {
      return Uint32Array.from(rows, function (row) {
        if (!row) { return 0; }
        if (row[0] === "pocket") { return abgr(colours.pocket, alpha.pocket); }
        var colour = isJapanese(row[1]) ? colours.japan : colours.russia;
        return abgr(colour, alpha[row[0]][isJapanese(row[1]) ? 1 : 0]);
      });
    }

    function waterColours(rows, colour, alpha, isOn) {
      return Uint32Array.from(rows, function (mask, n) { return isOn(mask, n) ? abgr(colour, alpha) : 0; });
    }

    function stroke(which, pane, points, style) {
      L.polyline(points, Object.assign({ pane: pane, interactive: false }, style)).addTo(lines[which]);
    }

    /* Lines let the pointer through, to the straits and islands. */
    function drawLine(which, course) {
      lines[which].clearLayers();
      courses[which] = course.filter(function (points) { return points.length > 1; });
      if (which === "barrier_km" && said.length > 1) { drawToday(); }
      courses[which].forEach(function (points) {
        if (which !== "barrier_km") {
          return stroke(which, "ok-seal", points, { color: colours.section, weight: 2.5, dashArray: strokes.dash });
        }
        stroke(which, "ok-casing", points, { color: "#fff", opacity: 0.9, weight: strokes.casing });
        stroke(which, "ok-seal", points, { color: colours.seal, weight: strokes.seal, className: "ok-seal-line" });
      });
    }

    /* Today's line, dashed, below that of another set. */
    function drawToday() {
      todayCourse().forEach(function (points) {
        stroke("barrier_km", "ok-seal", points, { color: colours.before, weight: strokes.before,
          dashArray: strokes.dash, lineCap: "butt", className: "ok-today-line" });
      });
    }

    function todayCourse() {
      return today.map(function (n) { return scene.lines.barrier_km[n]; })
        .filter(function (points) { return points.length > 1; });
    }

    function only(course, other) {
      var known = other.map(String);
      return course.filter(function (points) { return known.indexOf(String(points)) < 0; });
    }

    /* The lengths, each on the part of its line that the other does not share, off the straits. */
    function lengths() {
      var course = courses.barrier_km || [], before = todayCourse();
      if (!shown.barrier_km || !said.length) { return []; }
      var own = only(course, before), past = only(before, course);
      var out = [{ id: "seal", words: said[0], course: own.length ? own : course, other: marks.concat(said[1] ? past : []) }];
      if (!said[1] || !past.length) { return out; }
      return out.concat({ id: "today", words: said[1], course: past, other: marks.concat(own) });
    }

    function drawStraits(regimeOf) {
      scene.straits.forEach(function (strait, n) {
        var kind = regimeOf(strait);
        straits[n].setStyle({ color: colours[kind], opacity: strait.exit ? 1 : 0.75 });
        straits[n].setTooltipContent(strait.name + ": " + { russian: "both shores Russian",
          shared: "shared", japanese: "both shores Japanese" }[kind]);
        announce(straits[n]);
        if (!cores[n]) { return; }
        cores[n].kind = CORES[kind];
        if (CORES[kind]) { cores[n].setStyle(CORES[kind]); }
        showCore(cores[n], n);
      });
    }

    function paintLand(styleOf) {
      land.forEach(function (unit) { unit.shape.setStyle(styleOf(unit.holder)); });
    }

    var plain = { color: colours.coast, fillColor: colours.land };
    function given(forces) {
      var fill = { JP: colours.japan, none: colours.unarmed, RU: colours.kept }[forces];
      return { color: colours.japan, fillColor: fill };
    }

    /* Draw a set; `words` are what its seal line is called, and today's where that is another. */
    function draw(state, words) {
      said = words;
      extra.clearLayers();
      if (state.frozen) { drawFrozen(state.frozen); } else { drawSet(state); }
    }

    function drawSet(state) {
      var ceded = state.ceded, hostile = state.armed ? ceded : 0;
      function isJapanese(holder) { return answer.japanese(holder, ceded); }
      paint("zones", pixels.zones, function () { return zoneColours(scene.zones.rows, isJapanese); });
      paint("refuge", pixels.refuge, function () {
        return waterColours(scene.refuge.rows, colours.refuge, alpha.refuge,
          function (mask, n) { return n > 1 && (mask & hostile) === 0; });
      });
      paint("sensed", pixels.sensed, function () {
        return waterColours(scene.sensed.rows, colours.sensed, alpha.sensed,
          function (mask, n) { return n === 1 || (mask & hostile) !== 0; });
      });
      paintLand(function (holder) {
        return holder >= 0 && isJapanese(holder) ? given(state.armed ? "JP" : "none") : plain;
      });
      drawStraits(function (strait) { return answer.regime(strait.sides, ceded); });
      Object.keys(lines).forEach(function (name) {
        drawLine(name, answer.course(name, ceded).map(function (n) { return scene.lines[name][n]; }));
      });
    }

    function drawFrozen(option) {
      var own = pixels.frozen[option.id];
      paint("zones", own.zones, function () {
        return zoneColours(option.zones.rows, function (holder) { return holder === -2; });
      });
      ["refuge", "sensed"].forEach(function (name) {
        paint(name, own[name], function () { return Uint32Array.of(0, abgr(colours[name], alpha[name])); });
      });
      paintLand(function () { return plain; });
      option.land.forEach(function (part) {
        L.polygon(part.rings, Object.assign({ pane: "ok-isles", weight: 0.7, fillOpacity: 1,
          interactive: false }, given(part.forces))).addTo(extra);
      });
      drawStraits(function (strait) { return option.regimes[strait.id]; });
      Object.keys(lines).forEach(function (name) { drawLine(name, option.lines[name]); });
    }

    /* Point out a block on the map, or no longer. */
    function mark(holder, on) {
      land.forEach(function (unit) {
        if (unit.holder === holder) { unit.shape.getElement().classList.toggle("ok-marked", on); }
      });
    }

    /* Names and lengths find their places anew, once the ring stands. */
    function label() {
      if (place) { place(); }
    }
    function name() {
      place = okhotsk.callouts(map, scene.names, marks, lengths);
    }

    return { map: map, draw: draw, show: show, land: land, mark: mark, label: label, name: name };
  }

  /* Unpack all pictures, then call back with their pixels. */
  function unpackAll(scene) {
    var pixels = { frozen: {} }, waiting = [];
    function take(into, name, text) {
      waiting.push(unpack(text).then(function (data) { into[name] = data; }));
    }
    ["zones", "refuge", "sensed"].forEach(function (name) { take(pixels, name, scene[name].pixels); });
    scene.frozen.forEach(function (option) {
      var own = pixels.frozen[option.id] = {};
      take(own, "zones", option.zones.pixels);
      take(own, "refuge", option.refuge);
      take(own, "sensed", option.sensed);
    });
    return Promise.all(waiting).then(function () { return pixels; });
  }

  window.okhotsk.board = board;
  window.okhotsk.inflate = unpack;
  window.okhotsk.unpack = unpackAll;
})();
