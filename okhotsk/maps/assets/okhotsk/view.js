/* The view a map opens with: `data.first` fills the frame, without empty ground beside `data.sea`. A
   button shows the whole sea, and the first view again. */
okhotsk.view = function (map, data) {
  "use strict";
  var held = null, own = false;

  function bounds(edges) { return L.latLngBounds([edges[1], edges[0]], [edges[3], edges[2]]); }

  var first = bounds(data.first), sea = bounds(data.sea);

  /* The middle of a view that does not leave the sea, along one axis, in pixels. */
  function inside(middle, half, low, high) {
    return high - low < 2 * half ? (low + high) / 2 : Math.min(high - half, Math.max(low + half, middle));
  }

  function show(wanted) {
    var gap = wanted === sea ? 0 : map.getSize().y < 420 ? 10 : 24;
    var snap = map.options.zoomSnap, limits = map.options.maxBounds, half = map.getSize().divideBy(2);
    map.options.zoomSnap = 0;  // the view fills the frame
    map.setMaxBounds(null);  // else the map may still be moving into them, and moves on
    map.stop();
    var zoom = map.getBoundsZoom(wanted, false, L.point(2 * gap, 2 * gap));
    var middle = map.project(wanted.getSouthWest(), zoom)
      .add(map.project(wanted.getNorthEast(), zoom)).divideBy(2);
    var low = map.project(sea.getNorthWest(), zoom), high = map.project(sea.getSouthEast(), zoom);
    middle.x = inside(middle.x, half.x, low.x, high.x);
    middle.y = inside(middle.y, half.y, low.y, high.y);
    own = true;
    map.setView(map.unproject(middle, zoom), zoom, { animate: false });
    if (limits) { map.setMaxBounds(limits); }
    own = false;
    map.options.zoomSnap = snap;
    held = wanted;
    say();
  }

  function say() { button.textContent = held === sea ? "First view" : "Whole sea"; }

  var control = new L.Control({ position: "topleft" });
  var box = L.DomUtil.create("div", "leaflet-bar ok-view");
  var button = L.DomUtil.create("button", "", box);
  button.type = "button";
  L.DomEvent.disableClickPropagation(box);
  button.addEventListener("click", function () {
    show(held === sea ? first : sea);
  });
  control.onAdd = function () { return box; };
  control.addTo(map);

  // Until the reader moves the map, it is fitted anew to every size.
  map.on("movestart", function () { if (!own) { held = null; say(); } });
  map.on("resize", function () {
    if (held && !document.body.classList.contains("ok-printing")) { show(held); }
  });
  say();
  okhotsk.opens(map, function () { show(first); });
};
