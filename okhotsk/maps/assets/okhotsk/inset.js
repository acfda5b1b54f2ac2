/* The inset: the whole window, north up, with a frame round what the map shows. */
okhotsk.locator = function (map, data) {
  "use strict";
  var control = new L.Control({ position: "bottomleft" });
  var box = L.DomUtil.create("div", "ok-locator");
  box.innerHTML = data.svg;
  var frame = box.querySelector(".ok-locator-view");
  var edges = data.bounds, width = data.size[0], height = data.size[1];

  function stretch(lat) { return Math.asinh(Math.tan(lat * Math.PI / 180)); }

  function across(lon) {
    return Math.min(width, Math.max(0, width * (lon - edges[0]) / (edges[2] - edges[0])));
  }

  function down(lat) {
    var top = stretch(edges[3]), low = stretch(edges[1]);
    return Math.min(height, Math.max(0, height * (top - stretch(lat)) / (top - low)));
  }

  function update() {
    var view = map.getBounds();
    var left = across(view.getWest()), right = across(view.getEast());
    var top = down(view.getNorth()), bottom = down(view.getSouth());
    frame.setAttribute("x", left);
    frame.setAttribute("y", top);
    frame.setAttribute("width", right - left);
    frame.setAttribute("height", bottom - top);
  }

  control.onAdd = function () { return box; };
  control.addTo(map);
  map.on("moveend zoomend resize", update);
  update();
};
