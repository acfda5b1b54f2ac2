/* A ring on the chain that says where the border stands: drag it, or move it with the arrow keys.
   `options` is {name, places, at, move}: where it may stand, the number of the place where it
   stands now, and what to call with the number of another. */
(function () {
  "use strict";
  var STEPS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };

  function describe(node, options) {
    var words = { role: "slider", "aria-label": options.name, "aria-valuemin": 0,
      "aria-valuemax": options.places.length - 1 };
    Object.keys(words).forEach(function (key) { node.setAttribute(key, words[key]); });
  }

  window.okhotsk.ring = function (map, options) {
    var places = options.places, icon = L.divIcon({ className: "ok-handle", iconSize: [26, 26], html: "<span></span>" });
    var ring = L.marker(places[0], { icon: icon, draggable: true, autoPan: true, zIndexOffset: 1000,
      title: "Border: drag it along the chain, or move it with the arrow keys" });

    function nearest(spot) {
      var far = places.map(function (place) { return map.distance(spot, place); });
      return far.indexOf(Math.min.apply(null, far));
    }

    ring.on("drag", function (event) {
      var to = nearest(event.latlng);
      if (to === options.at()) { return; }
      options.move(to);
      ring.setLatLng(event.latlng);  // it stays under the pointer until it is let go
    });
    ring.on("dragend", function () { ring.stand(options.at()); });
    ring.addTo(map);
    describe(ring.getElement(), options);
    ring.getElement().addEventListener("keydown", function (event) {
      var step = STEPS[event.key];
      if (!step) { return; }
      event.preventDefault();
      event.stopPropagation();
      options.move(Math.min(Math.max(options.at() + step, 0), places.length - 1));
    });

    /* Stand at a place; pale at the first where there is no border (-1). */
    ring.stand = function (at, words) {
      ring.setLatLng(places[Math.max(at, 0)]).setOpacity(at < 0 ? 0.5 : 1);
      ring.getElement().setAttribute("aria-valuenow", Math.max(at, 0));
      if (words) { ring.getElement().setAttribute("aria-valuetext", words); }
    };
    return ring;
  };
})();
