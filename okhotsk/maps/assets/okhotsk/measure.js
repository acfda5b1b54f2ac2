/* Distances on the WGS84 ellipsoid, in kilometres and nautical miles. Click to add points;
   with the keyboard, move the map with the arrow keys and press Enter to add its centre. */
(function () {
  "use strict";
  var RAD = Math.PI / 180;

  /* Vincenty's inverse formula (Survey Review 23, 1975), metres. */
  function distance(from, to) {
    var a = 6378137, f = 1 / 298.257223563, b = a * (1 - f);
    var L0 = (to.lng - from.lng) * RAD, lambda = L0, last, step = 0;
    var u1 = Math.atan((1 - f) * Math.tan(from.lat * RAD));
    var u2 = Math.atan((1 - f) * Math.tan(to.lat * RAD));
    var s1 = Math.sin(u1), c1 = Math.cos(u1), s2 = Math.sin(u2), c2 = Math.cos(u2);
    var sinS, cosS, sigma, cosSqA, cos2m;
    do {
      var x = c2 * Math.sin(lambda), y = c1 * s2 - s1 * c2 * Math.cos(lambda);
      sinS = Math.sqrt(x * x + y * y);
      if (sinS === 0) { return 0; }
      cosS = s1 * s2 + c1 * c2 * Math.cos(lambda);
      sigma = Math.atan2(sinS, cosS);
      var sinA = c1 * c2 * Math.sin(lambda) / sinS;
      cosSqA = 1 - sinA * sinA;
      cos2m = cosSqA === 0 ? 0 : cosS - 2 * s1 * s2 / cosSqA;
      var C = f / 16 * cosSqA * (4 + f * (4 - 3 * cosSqA));
      last = lambda;
      lambda = L0 + (1 - C) * f * sinA *
        (sigma + C * sinS * (cos2m + C * cosS * (2 * cos2m * cos2m - 1)));
    } while (Math.abs(lambda - last) > 1e-12 && ++step < 200);
    // Only near the antipode does the formula not settle; the sphere is good enough there.
    if (step >= 200) { return L.CRS.Earth.distance(from, to); }
    var uSq = cosSqA * (a * a - b * b) / (b * b);
    var A = 1 + uSq / 16384 * (4096 + uSq * (-768 + uSq * (320 - 175 * uSq)));
    var B = uSq / 1024 * (256 + uSq * (-128 + uSq * (74 - 47 * uSq)));
    var delta = B * sinS * (cos2m + B / 4 * (cosS * (2 * cos2m * cos2m - 1) -
      B / 6 * cos2m * (4 * sinS * sinS - 3) * (4 * cos2m * cos2m - 3)));
    return b * A * (sigma - delta);
  }

  /* Points of the great circle between two places: a straight line on a Mercator map is
     not the shortest way. */
  function arc(from, to) {
    function vector(p) {
      var c = Math.cos(p.lat * RAD);
      return [c * Math.cos(p.lng * RAD), c * Math.sin(p.lng * RAD), Math.sin(p.lat * RAD)];
    }
    var a = vector(from), b = vector(to);
    var w = Math.acos(Math.max(-1, Math.min(1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
    if (w < 1e-4) { return [from, to]; }
    var out = [], n = 48;
    for (var i = 0; i <= n; i++) {
      var p = Math.sin((1 - i / n) * w) / Math.sin(w), q = Math.sin(i / n * w) / Math.sin(w);
      var v = [0, 1, 2].map(function (k) { return p * a[k] + q * b[k]; });
      var lng = Math.atan2(v[1], v[0]) / RAD;
      // Stay on the copy of the world that was clicked.
      lng += 360 * Math.round((from.lng + (to.lng - from.lng) * i / n - lng) / 360);
      out.push(L.latLng(Math.atan2(v[2], Math.hypot(v[0], v[1])) / RAD, lng));
    }
    return out;
  }

  function path(points) {
    var out = points.slice(0, 1);
    for (var i = 1; i < points.length; i++) { out = out.concat(arc(points[i - 1], points[i])); }
    return out;
  }

  function length(points) {
    var sum = 0;
    for (var i = 1; i < points.length; i++) { sum += distance(points[i - 1], points[i]); }
    return sum;
  }

  function text(metres) {
    function format(value) {
      var digits = value < 100 ? 1 : 0;
      return value.toLocaleString("en", {
        minimumFractionDigits: digits, maximumFractionDigits: digits
      });
    }
    return format(metres / 1000) + " km \u00b7 " + format(metres / 1852) + " nm";
  }

  var ICON = '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" ' +
    'stroke="currentColor" stroke-width="1.7" stroke-linejoin="round">' +
    '<path d="M3 16.5 16.5 3 21 7.5 7.5 21zM7 12.5l2 2M10 9.5l3 3M13 6.5l2 2"/></svg>';

  var Measure = L.Control.extend({
    options: { position: "topleft" },

    onAdd: function (map) {
      this._points = [];
      this._drawn = L.layerGroup();
      var box = L.DomUtil.create("div", "leaflet-bar ok-measure");
      var button = this._button = L.DomUtil.create("a", "", box);
      button.href = "#";
      button.title = "Measure distance";
      button.innerHTML = ICON;
      button.setAttribute("role", "button");
      button.setAttribute("aria-label", "Measure distance");
      button.setAttribute("aria-pressed", "false");
      this._readout(box);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.on(button, "click", function (event) {
        L.DomEvent.preventDefault(event);
        this._set(!this._active);
      }, this);
      // Buttons made of links answer to Enter only; readers of a button expect the space bar.
      L.DomEvent.on(button, "keydown", function (event) {
        if (event.key === " ") { L.DomEvent.preventDefault(event); button.click(); }
      });
      return box;
    },

    _readout: function (box) {
      var out = this._out = L.DomUtil.create("div", "ok-measure-out", box);
      out.hidden = true;
      this._text = L.DomUtil.create("output", "", out);
      var row = L.DomUtil.create("div", "", out);
      [["Undo", this._undo], ["Clear", this._clear], ["Close", this._close]].forEach(
        function (item) {
          var button = L.DomUtil.create("button", "", row);
          button.type = "button";
          button.textContent = item[0];
          L.DomEvent.on(button, "click", item[1], this);
        }, this);
    },

    _set: function (active) {
      var map = this._map, on = active ? "on" : "off";
      this._active = active;
      this._button.setAttribute("aria-pressed", String(active));
      this._out.hidden = !active;
      map.getContainer().classList.toggle("ok-measuring", active);
      map.closePopup();
      map.doubleClickZoom[active ? "disable" : "enable"]();
      map[on]("click", this._click, this)[on]("mousemove", this._move, this);
      L.DomEvent[on](map.getContainer(), "keydown", this._key, this);
      if (active) { this._drawn.addTo(map); map.getContainer().focus(); } else { this._clear(); }
      this._draw();
    },

    _click: function (event) { this._add(event.latlng); },
    _move: function (event) { this._draw(event.latlng); },
    _undo: function () { this._points.pop(); this._draw(); },
    _clear: function () { this._points = []; this._draw(); },
    _close: function () { this._set(false); this._button.focus(); },

    _key: function (event) {
      if (event.key === "Escape") { this._close(); return; }
      if (event.target !== this._map.getContainer()) { return; }
      if (event.key === "Backspace") { this._undo(); }
      if (event.key === "Enter") { this._add(this._map.getCenter()); }
    },

    _add: function (point) {
      var last = this._points[this._points.length - 1];
      if (last && last.equals(point)) { return; }
      this._points.push(point);
      this._draw();
    },

    _draw: function (pointer) {
      var points = this._points, live = pointer && points.length ? points.concat([pointer]) : points;
      var line = path(live), drawn = this._drawn.clearLayers();
      if (live.length > 1) {
        L.polyline(line, { color: "#fff", weight: 5, smoothFactor: 0,
          interactive: false }).addTo(drawn);
        L.polyline(line, { color: "#15202b", weight: 2, dashArray: pointer ? "5 5" : null,
          smoothFactor: 0, interactive: false }).addTo(drawn);
      }
      points.forEach(function (point) {
        L.circleMarker(point, { radius: 4, color: "#15202b", weight: 2, fillColor: "#fff",
          fillOpacity: 1, interactive: false }).addTo(drawn);
      });
      this._text.textContent = live.length > 1 ? text(length(live)) :
        points.length ? "Click the next point." : "Click the first point.";
    }
  });

  okhotsk.distance = distance;
  okhotsk.measure = function (map) { new Measure().addTo(map); };
})();
