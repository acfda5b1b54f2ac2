/* The layer panel: one fieldset a group, check boxes, or radio buttons where one excludes
   the others. `groups` is [{title, exclusive, layers: [{name, layer, order}]}]; `order` is the place in
   the drawing, lowest first. */
okhotsk.layers = function (map, groups, options) {
  "use strict";
  var parts = okhotsk.panel(map, {
    position: "topright", className: "ok-layers", title: options.title
  });
  var all = [];

  function restack() {
    // A layer switched on again would lie above all others; keep the order of the map.
    all.forEach(function (item) {
      if (map.hasLayer(item.layer) && item.layer.bringToFront) { item.layer.bringToFront(); }
    });
  }

  function apply(item, wanted) {
    if (wanted === map.hasLayer(item.layer)) { return; }
    if (wanted) { map.addLayer(item.layer); } else { map.removeLayer(item.layer); }
    map.fire(wanted ? "overlayadd" : "overlayremove", { layer: item.layer, name: item.name });
  }

  function update(group) {
    group.layers.forEach(function (item) { apply(item, item.input.checked); });
    restack();
  }

  function addItem(group, item, fieldset, number) {
    var label = L.DomUtil.create("label", "", fieldset);
    item.input = L.DomUtil.create("input", "", label);
    item.input.type = group.exclusive ? "radio" : "checkbox";
    item.input.name = "ok-layers-" + number;
    item.input.checked = map.hasLayer(item.layer);
    L.DomUtil.create("span", "", label).textContent = item.name;
    item.input.addEventListener("change", function () { update(group); });
    all.push(item);
  }

  groups.forEach(function (group, number) {
    var fieldset = L.DomUtil.create("fieldset", "", parts.body);
    var legend = L.DomUtil.create("legend", group.title ? "" : "ok-unseen", fieldset);
    legend.textContent = group.title || options.title;
    group.layers.forEach(function (item) { addItem(group, item, fieldset, number); });
    if (group.exclusive) {
      // Checking a radio clears the one before it, so the first layer shown wins.
      var first = group.layers.filter(function (item) { return map.hasLayer(item.layer); })[0];
      if (first) { first.input.checked = true; }
      update(group);
    }
  });

  all.sort(function (one, two) { return one.order - two.order; });
  map.okLayers = all;
  restack();

  map.on("layeradd layerremove", function (event) {
    all.forEach(function (item) {
      if (item.layer === event.layer) { item.input.checked = map.hasLayer(item.layer); }
    });
  });
};
