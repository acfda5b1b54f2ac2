/* What a map shows as GeoJSON (RFC 7946): lon/lat, outer rings counterclockwise, one feature a shape. */
(function () {
  "use strict";

  /* Twice the signed area of a ring: positive where it runs counterclockwise. */
  function turn(ring) {
    return ring.reduce(function (sum, point, n) {
      var next = ring[(n + 1) % ring.length];
      return sum + point[0] * next[1] - next[0] * point[1];
    }, 0);
  }

  function wound(rings) {
    return rings.map(function (ring, n) {
      return turn(ring) > 0 === (n === 0) ? ring : ring.slice().reverse();
    });
  }

  function geometry(shape) {
    if (shape.type === "GeometryCollection") {
      return { type: shape.type, geometries: shape.geometries.map(geometry) };
    }
    var points = shape.coordinates;
    if (shape.type === "Polygon") { points = wound(points); }
    if (shape.type === "MultiPolygon") { points = points.map(wound); }
    return { type: shape.type, coordinates: points };
  }

  function parsed(html) { return new DOMParser().parseFromString(String(html), "text/html").body; }

  function words(html) { return parsed(String(html).replace(/<br\s*\/?>/g, ", ")).textContent.replace(/\s+/g, " ").trim(); }

  /* The rows of a popup's table, by their names. */
  function told(html) {
    var out = {};
    parsed(html).querySelectorAll("tr").forEach(function (row) {
      var name = row.querySelector("th"), value = row.querySelector("td");
      if (name && value) { out[words(name.innerHTML)] = words(value.innerHTML); }
    });
    return out;
  }

  function properties(layer, name) {
    var own = layer.feature ? layer.feature.properties : {}, tip = layer.getTooltip && layer.getTooltip();
    var out = { layer: name };
    if (own.id) { out.id = own.id; }
    if (own.label) { out.name = own.label; }
    if (own.tip) { out.text = words(own.tip); }
    if (!own.tip && tip && typeof tip.getContent() === "string") { out.text = words(tip.getContent()); }
    if (own.html) { Object.assign(out, told(own.html)); }
    if (layer.options.stroke !== false && layer.options.color) { out.stroke = layer.options.color; }
    if (layer.options.fill && /^#/.test(layer.options.fillColor || "")) { out.fill = layer.options.fillColor; }
    return out;
  }

  /* White edges and cores, drawn beside the line that they belong to, are no things of their own. */
  function isOwn(layer) {
    var own = layer.feature ? layer.feature.properties : null;
    if (own) { return !own.core && !own.casing && !!layer.toGeoJSON; }
    if (!(layer instanceof L.Polyline)) { return false; }
    return layer instanceof L.Polygon || layer.options.interactive !== false;
  }

  function collect(group, name, out) {
    if (group.eachLayer && !group.feature) {
      group.eachLayer(function (layer) { collect(layer, name, out); });
    } else if (isOwn(group)) {
      var shape = group.feature ? group.feature.geometry : group.toGeoJSON().geometry;
      if (shape) { out.push({ type: "Feature", properties: properties(group, name), geometry: geometry(shape) }); }
    }
  }

  /* Features of the layers that a map shows, each with the name of its layer. */
  window.okhotsk.features = function (map) {
    var out = [];
    if (map.okLayers) {
      map.okLayers.forEach(function (item) {
        if (map.hasLayer(item.layer)) { collect(item.layer, item.name, out); }
      });
      return out;
    }
    map.eachLayer(function (layer) {
      if (layer instanceof L.Path) { collect(layer, (layer.options.pane || "").replace(/^ok-/, ""), out); }
    });
    return out;
  };
  window.okhotsk.geometry = geometry;
})();
