/* A ring beside the chain that says where the border stands: drag it, or move it with the arrow keys.
   `options` is {name, places, shores, at, move}: where the border may stand, the rings of the islands
   that the ring must not cover, the number of the place where the border stands now, and what to
   call with the number of another. */
(function () {
  "use strict";
  var STEPS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };
  var OCEAN = L.point(0.73, 0.68);  // the way from the chain to the Pacific on the screen
  var NEAR_PX = 30, FAR_PX = 600, RADIUS_PX = 13, GAP_PX = 6;

  function describe(node, options) {
    var words = { role: "slider", "aria-label": options.name, "aria-valuemin": 0,
      "aria-valuemax": options.places.length - 1 };
    Object.keys(words).forEach(function (key) { node.setAttribute(key, words[key]); });
  }

  window.okhotsk.ring = function (map, options) {
    var places = options.places, icon = L.divIcon({ className: "ok-handle", iconSize: [26, 26], html: "<span></span>" });
    var spots = [], shores = null, now = 0;
    var tether = L.polyline([], { pane: "ok-casing", className: "ok-tether", interactive: false }).addTo(map);
    var ring = L.marker(places[0], { icon: icon, draggable: true, autoPan: true, zIndexOffset: 1000,
      title: "Border: drag it along the chain, or move it with the arrow keys" });

    function pixels() {
      shores = shores || options.shores.map(function (line) {
        return line.map(function (spot) { return map.latLngToLayerPoint(spot); });
      });
      return shores;
    }

    function free(point) {
      return pixels().every(function (line) {
        var within = false;
        var far = line.every(function (corner, n) {
          var last = line[n ? n - 1 : line.length - 1];
          if ((corner.y > point.y) !== (last.y > point.y) &&
              point.x < corner.x + (last.x - corner.x) * (point.y - corner.y) / (last.y - corner.y)) {
            within = !within;
          }
          return L.LineUtil.pointToSegmentDistance(point, last, corner) > RADIUS_PX + GAP_PX;
        });
        return far && !within;
      });
    }

    /* Beside a place, on the side of the ocean and clear of every island. */
    function beside(n) {
      if (spots[n]) { return spots[n]; }
      var from = map.latLngToLayerPoint(places[n]), far = NEAR_PX;
      function at(px) { return from.add(OCEAN.multiplyBy(px)); }
      while (far < FAR_PX && !free(at(far))) { far += 4; }
      return (spots[n] = map.layerPointToLatLng(at(far)));
    }

    function nearest(spot) {
      var far = places.map(function (_, n) { return map.distance(spot, beside(n)); });
      return far.indexOf(Math.min.apply(null, far));
    }

    function moor() {
      ring.setLatLng(beside(now));
      tether.setLatLngs([places[now], beside(now)]);
    }

    ring.on("drag", function (event) {
      var to = nearest(event.latlng);
      if (to === options.at()) { return; }
      options.move(to);
      ring.setLatLng(event.latlng);  // it stays under the pointer until it is let go
    });
    ring.on("dragend", function () { ring.stand(options.at()); });
    map.on("zoomend viewreset", function () {
      spots = [];
      shores = null;
      moor();
    });
    ring.addTo(map);
    describe(ring.getElement(), options);
    ring.getElement().addEventListener("keydown", function (event) {
      var step = STEPS[event.key];
      if (!step) { return; }
      event.preventDefault();
      event.stopPropagation();
      options.move(Math.min(Math.max(options.at() + step, 0), places.length - 1));
    });

    /* Stand by a place; pale by the first where there is no border (-1). */
    ring.stand = function (at, words) {
      now = Math.max(at, 0);
      moor();
      ring.setOpacity(at < 0 ? 0.5 : 1);
      ring.getElement().setAttribute("aria-valuenow", now);
      if (words) { ring.getElement().setAttribute("aria-valuetext", words); }
    };
    return ring;
  };
})();
