/* The legend. Its HTML is written and escaped before; here each section follows its layer.
   `layers` holds one entry a section: the Leaflet layer, or null for "always". */
okhotsk.legend = function (map, options, layers) {
  "use strict";
  var parts = okhotsk.panel(map, {
    position: options.position, className: "ok-legend", title: options.title
  });
  parts.body.innerHTML = options.html;
  // It may scroll and holds nothing else that the keyboard could reach.
  parts.body.tabIndex = 0;
  parts.body.setAttribute("role", "group");
  parts.body.setAttribute("aria-label", options.title);
  var sections = parts.body.querySelectorAll(".ok-legend-section");

  function update() {
    var shown = 0;
    layers.forEach(function (layer, index) {
      var visible = !layer || map.hasLayer(layer);
      sections[index].hidden = !visible;
      shown += visible ? 1 : 0;
    });
    parts.box.hidden = shown === 0;
  }

  map.on("layeradd layerremove", function (event) {
    if (layers.indexOf(event.layer) >= 0) { update(); }
  });
  update();
};
