/* Popups and tooltips from a property of each feature, with no other library. */
(function () {
  "use strict";

  function property(field) {
    return function (layer) {
      return layer.feature && layer.feature.properties[field] || "";
    };
  }

  /* Lines and areas are not in the tab order by themselves. */
  function focusable(layer, label) {
    layer.on("add", prepare);
    if (layer._map) { prepare(); }
    function prepare() {
      var element = layer.getElement && layer.getElement();
      if (!element || element.hasAttribute("tabindex")) { return; }
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      if (label) { element.setAttribute("aria-label", label); }
      element.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          layer.openPopup();
        }
        // Leaflet hears Escape only while the map itself has the focus.
        if (event.key === "Escape") { layer.closePopup(); }
      });
    }
  }

  okhotsk.popup = function (group, options) {
    group.eachLayer(function (layer) {
      if (!property(options.field)(layer)) { return; }
      layer.bindPopup(property(options.field), { maxWidth: options.maxWidth });
      if (options.label) { focusable(layer, String(property(options.label)(layer))); }
    });
  };

  okhotsk.tooltip = function (group, options) {
    group.eachLayer(function (layer) {
      if (!property(options.field)(layer)) { return; }
      layer.bindTooltip(property(options.field), { sticky: options.sticky });
      // Leaflet opens the tooltip on a click too; beside the popup it says nothing new.
      layer.on("popupopen tooltipopen", function () {
        if (layer.isPopupOpen()) { layer.closeTooltip(); }
      });
    });
  };
})();
