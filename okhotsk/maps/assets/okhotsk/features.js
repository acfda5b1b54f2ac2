/* Popups and tooltips from a property of each feature, with no other library. */
(function () {
  "use strict";

  function property(field) {
    return function (layer) {
      return layer.feature && layer.feature.properties[field] || "";
    };
  }

  /* Where an arrow key leads among `count` things; undefined for other keys. */
  function step(key, at, count) {
    var to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1 }[key];
    return to === undefined ? to : (to + count) % count;
  }

  /* Lines and areas are not in the tab order by themselves. A group of them is one stop of the tab key,
     and the arrow keys move inside it. */
  function stops() {
    var all = [], current = null;

    function shown() {
      return all.filter(function (one) { return one.element && one.element.isConnected; });
    }

    function settle(wanted) {
      var there = shown();
      current = there.indexOf(wanted) >= 0 ? wanted : there[0];
      there.forEach(function (one) {
        one.element.setAttribute("tabindex", one === current ? "0" : "-1");
      });
    }

    return function (layer, label) {
      var stop = { element: null };
      all.push(stop);
      layer.on("add", prepare);
      layer.on("remove", function () { settle(current); });
      if (layer._map) { prepare(); }

      function prepare() {
        var element = layer.getElement && layer.getElement();
        if (!element || element === stop.element) { return; }
        stop.element = element;
        element.setAttribute("role", layer.getPopup() ? "button" : "img");
        if (layer.getPopup()) { element.setAttribute("aria-haspopup", "dialog"); }
        if (label) { element.setAttribute("aria-label", label); }
        element.addEventListener("focus", function () { settle(stop); });
        element.addEventListener("keydown", pressed);
        settle(current);
      }

      function pressed(event) {
        var there = shown(), to = step(event.key, there.indexOf(stop), there.length);
        if (layer.getPopup() && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); enter(layer, stop.element); }
        // Leaflet hears Escape only while the map itself has the focus.
        if (event.key === "Escape") { layer.closePopup(); }
        if (to !== undefined) {
          event.preventDefault();
          event.stopPropagation();  // else the map moves too
          there[to].element.focus({ preventScroll: true });
        }
      }
    };
  }

  /* Open a popup for the keyboard: the focus goes into it, and back when Escape or its button closes it. */
  function enter(layer, element) {
    layer.openPopup();
    var popup = layer.getPopup(), box = popup.getElement(), title = box && box.querySelector("h3");
    if (!box) { return; }
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", title ? title.textContent : "Details");
    box.tabIndex = -1;
    box.focus({ preventScroll: true });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { event.stopPropagation(); layer.closePopup(); }
    });
    layer.once("popupclose", function () {
      // Only where the focus was in the popup: a click elsewhere takes it along.
      var inside = box.contains(document.activeElement) || document.activeElement === document.body;
      if (inside && element.isConnected) { element.focus({ preventScroll: true }); }
    });
  }

  function words(html) {
    var page = new DOMParser().parseFromString(html.replace(/<br\s*\/?>/g, ", "), "text/html");
    return page.body.textContent;
  }

  var tips = stops();  // what has nothing but a tooltip is one stop, of all layers together

  okhotsk.popup = function (group, options) {
    var focusable = stops();
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
      if (!layer.getPopup()) { tips(layer, words(property(options.field)(layer))); }
    });
  };
})();
