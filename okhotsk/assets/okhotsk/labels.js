/* Names that never lie on each other. The markers of `group` come most important first; `zooms`
   says from which zoom on each may be shown. */
okhotsk.labels = function (map, group, zooms) {
  "use strict";
  var GAP = 3;

  function apart(one, two) {
    return one.right + GAP < two.left || two.right + GAP < one.left ||
      one.bottom + GAP < two.top || two.bottom + GAP < one.top;
  }

  function place() {
    if (!map.hasLayer(group)) { return; }
    var kept = [];
    group.getLayers().forEach(function (marker, index) {
      var name = marker.getElement().firstElementChild;
      var box = name.getBoundingClientRect();
      var free = map.getZoom() >= zooms[index] &&
        kept.every(function (other) { return apart(box, other); });
      name.style.visibility = free ? "" : "hidden";
      if (free) { kept.push(box); }
    });
  }

  map.on("zoomend resize", place);
  group.on("add", place);
  window.addEventListener("load", place);
  place();
};
