/* A slider of keel depth. `data.ways` holds, for others and for Russia, which exits a boat of each
   keel passes and how much patrol water it reaches; while the panel is open the throats show it. */
okhotsk.keels = function (map, straits, data) {
  "use strict";
  var parts = okhotsk.panel(map, {
    position: "topright", className: "ok-keels", title: "Keel depth", folded: true
  });
  var closed = { color: "#5d6770", weight: 5, opacity: 0.9, dashArray: "2 4" };
  var faint = { opacity: 0.25 };
  var way = data.ways[0];

  function option(item, index) {
    var label = L.DomUtil.create("label", "", fieldset);
    var input = L.DomUtil.create("input", "", label);
    input.type = "radio";
    input.name = "ok-keels-way";
    input.checked = index === 0;
    L.DomUtil.create("span", "", label).textContent = item.name;
    input.addEventListener("change", function () { way = item; show(); });
  }

  var fieldset = L.DomUtil.create("fieldset", "", parts.body);
  L.DomUtil.create("legend", "", fieldset).textContent = "Whose boat";
  data.ways.forEach(option);
  var label = L.DomUtil.create("label", "ok-keels-depth", parts.body);
  var words = L.DomUtil.create("span", "", label);
  var slider = L.DomUtil.create("input", "", label);
  slider.type = "range";
  slider.min = 0;
  slider.max = way.steps.length - 1;
  slider.step = 1;
  slider.value = Math.max(0, way.steps.findIndex(function (step) {
    return step.keel >= data.start;
  }));
  var said = L.DomUtil.create("output", "", parts.body);
  said.setAttribute("aria-live", "polite");
  L.DomUtil.create("p", "", parts.body).textContent =
    "Thick: the boat passes. Dashed grey: too shallow or closed to it. Faint: depth unknown.";

  function sentence(step) {
    if (!step.open.length) { return "No exit is open to it."; }
    var names = step.open.map(function (id) { return data.names[id]; });
    return (names.length === 1 ? "One exit is" : names.length + " exits are") + " open to it: " +
      names.join(", ") + ". Patrol water in reach: " +
      Math.round(step.km2).toLocaleString("en-GB") + " km².";
  }

  function show() {
    var step = way.steps[slider.value];
    words.textContent = "Water it needs: " + step.keel + " m";
    slider.setAttribute("aria-valuetext", step.keel + " metres");
    said.textContent = sentence(step);
    straits.eachLayer(function (layer) {
      var id = layer.feature.properties.id;
      if (!(id in data.names)) { layer.setStyle(faint); return; }
      straits.resetStyle(layer);
      if (data.unknown.indexOf(id) >= 0) { layer.setStyle(faint); }
      else if (step.open.indexOf(id) < 0) {
        layer.setStyle(layer.feature.properties.core ? { opacity: 0 } : closed);
      }
    });
  }

  function hide() {
    straits.eachLayer(function (layer) { straits.resetStyle(layer); });
  }

  slider.addEventListener("input", show);
  parts.box.addEventListener("toggle", function () {
    if (parts.box.open) { show(); } else { hide(); }
  });
  words.textContent = "Water it needs";
};
