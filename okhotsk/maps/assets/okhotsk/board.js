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
      var brush = this._canvas.getContext("2d");
      var image = brush.createImageData(this._canvas.width, this._canvas.height);
      var out = new Uint32Array(image.data.buffer);
      for (var n = 0; n < pixels.length; n++) { out[n] = colours[pixels[n]]; }
      brush.putImageData(image, 0, 0);
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

  function board(map, scene, answer, colours, pixels) {
    var pictures = {}, straits = [], cores = [], land = [], extra = L.layerGroup().addTo(map);
    var lines = { barrier_km: L.layerGroup(), operating_area_km2: L.layerGroup() };
    var shown = {}, waiting = {}, alpha = colours.alpha;
    // The seabed is in Leaflet's pane of overlays, at 400.
    ["waters", "shore", "lines"].forEach(function (name, n) {
      map.createPane("ok-" + name).style.zIndex = 410 + 10 * n;
    });

    ["zones", "refuge", "sensed"].forEach(function (name) {
      pictures[name] = new Picture(scene.size, scene.bounds, { pane: "ok-waters" });
    });
    scene.land.forEach(function (unit) {
      var shape = L.polygon(unit.rings, { pane: "ok-shore", weight: 0.7, fillOpacity: 1,
        smoothFactor: 0.5, interactive: unit.holder >= 0, className: "ok-land" }).addTo(map);
      land.push({ holder: unit.holder, shape: shape });
    });
    scene.straits.forEach(function (strait) {
      var line = L.polyline(strait.line, { pane: "ok-lines", weight: strait.exit ? 7 : 3, lineCap: "butt" });
      straits.push(tip(line, strait.name, strait.exit).addTo(map));
      cores.push(strait.exit && L.polyline(strait.line, { pane: "ok-lines", color: "#fff", interactive: false }));
    });
    Object.keys(lines).forEach(function (name) { lines[name].addTo(map); });

    function show(name, on) {
      shown[name] = on;
      if (on && waiting[name]) { waiting[name](); }
      [].concat(pictures[name] || lines[name] || straits).forEach(function (layer) {
        if (on) { layer.addTo(map); } else { layer.remove(); }
      });
      if (name === "straits") { cores.forEach(showCore); }
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

    function drawLine(which, courses) {
      var style = which === "barrier_km" ? { color: colours.seal, weight: 3 }
        : { color: colours.section, weight: 2.5, dashArray: "7 5" };
      var words = which === "barrier_km" ? "Seal line (shortest)" : "Line of least section";
      lines[which].clearLayers();
      courses.forEach(function (points) {
        if (points.length < 2) { return; }
        tip(L.polyline(points, Object.assign({ pane: "ok-lines" }, style)), words).addTo(lines[which]);
      });
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

    function draw(state) {
      extra.clearLayers();
      if (state.frozen) { return drawFrozen(state.frozen); }
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
        L.polygon(part.rings, Object.assign({ pane: "ok-shore", weight: 0.7, fillOpacity: 1,
          interactive: false }, given(part.forces))).addTo(extra);
      });
      drawStraits(function (strait) { return option.regimes[strait.id]; });
      Object.keys(lines).forEach(function (name) { drawLine(name, option.lines[name]); });
    }

    return { map: map, draw: draw, show: show, land: land };
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
