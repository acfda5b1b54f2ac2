/* Names that never lie on each other and are never cut by the frame. The markers of `group` come
   most important first; `zooms` says from which zoom on each may be shown. */
okhotsk.labels = function (map, group, zooms) {
  "use strict";
  var GAP = 3;

  function apart(one, two) {
    return one.right + GAP < two.left || two.right + GAP < one.left ||
      one.bottom + GAP < two.top || two.bottom + GAP < one.top;
  }

  function inside(box, frame) {
    return box.left >= frame.left && box.right <= frame.right &&
      box.top >= frame.top && box.bottom <= frame.bottom;
  }

  function place() {
    if (!map.hasLayer(group)) { return; }
    var kept = [];
    var frame = map.getContainer().getBoundingClientRect();
    group.getLayers().forEach(function (marker, index) {
      var name = marker.getElement().firstElementChild;
      var box = name.getBoundingClientRect();
      var free = map.getZoom() >= zooms[index] && inside(box, frame) &&
        kept.every(function (other) { return apart(box, other); });
      name.style.visibility = free ? "" : "hidden";
      if (free) { kept.push(box); }
    });
  }

  map.on("moveend zoomend resize", place);
  group.on("add", place);
  window.addEventListener("load", place);
  place();
};
