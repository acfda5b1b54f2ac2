/* Names that never lie on each other or under a button, and are never cut by the frame. The markers of
   `group` come most important first; `zooms` says from which zoom on each may be shown. Each has some
   places round its point and takes the first that is free. */
okhotsk.labels = function (map, group, zooms) {
  "use strict";
  var GAP = 3, OFF = 6;

  function apart(one, two) {
    return one.right + GAP < two.left || two.right + GAP < one.left ||
      one.bottom + GAP < two.top || two.bottom + GAP < one.top;
  }

  /* In a part of a document that is closed until it is on paper nothing has a size yet: about that of
     the letters. */
  function size(name) {
    return L.point(name.offsetWidth || 8 * name.textContent.length, name.offsetHeight || 18);
  }

  /* Left and top of the name from its point: names of islands on the ocean's side of the chain first,
     names of straits on the sea's. */
  function places(name) {
    var wide = size(name).x, high = size(name).y, half = -high / 2;
    var right = [OFF, half], left = [-OFF - wide, half];
    if (name.classList.contains("ok-middle")) { return [[-wide / 2, half]]; }
    if (name.classList.contains("ok-beside")) {
      return [right, [OFF, OFF], left, [-wide / 2, OFF], [-wide / 2, -OFF - high]];
    }
    if (name.classList.contains("ok-along")) {
      // Above a line that falls to the east a name stands clear of it on the right.
      var sides = [OFF, -OFF - wide, -wide / 2], found = [];
      if (name.classList.contains("ok-rising")) { sides = [-OFF - wide, OFF, -wide / 2]; }
      [1, 3, 5].forEach(function (step) {
        found.push([sides[0], -high - step * OFF], [sides[1], step * OFF],
          [sides[2], -high - (step + 1) * OFF], [sides[2], (step + 1) * OFF]);
      });
      return found;
    }
    return [[-2 * OFF - wide, -high - 2], left, [-wide / 2, -OFF - high], [-OFF - wide, OFF], [OFF, OFF], right,
      [-wide / 2, OFF], [OFF, -OFF - high]];
  }

  function free(point, at, name, kept, frame) {
    var left = point.x + at[0], top = point.y + at[1];
    var box = { left: left, top: top, right: left + size(name).x, bottom: top + size(name).y };
    var within = box.left >= 0 && box.top >= 0 && box.right <= frame.x && box.bottom <= frame.y;
    return within && kept.every(function (other) { return apart(box, other); }) ? box : null;
  }

  /* The buttons of the map, from its corner. */
  function buttons() {
    var frame = map.getContainer().getBoundingClientRect();
    var found = map.getContainer().querySelectorAll(".leaflet-control");
    return Array.prototype.map.call(found, function (one) {
      var box = one.getBoundingClientRect();
      return { left: box.left - frame.left, right: box.right - frame.left, top: box.top - frame.top,
        bottom: box.bottom - frame.top };
    });
  }

  function place() {
    if (!map.hasLayer(group)) { return; }
    var kept = buttons(), frame = map.getSize(), zoom = map.getZoom();
    group.getLayers().forEach(function (marker, index) {
      var name = marker.getElement().firstElementChild, box = null;
      var point = map.latLngToContainerPoint(marker.getLatLng());
      if (zoom >= zooms[index]) {
        places(name).some(function (at) {
          box = free(point, at, name, kept, frame);
          if (box) { name.style.transform = "translate(" + at[0] + "px, " + at[1] + "px)"; }
          return box;
        });
      }
      name.style.visibility = box ? "" : "hidden";
      if (box) { kept.push(box); }
    });
  }

  map.on("moveend zoomend resize", place);
  group.on("add", place);
  window.addEventListener("load", place);
  place();
};
