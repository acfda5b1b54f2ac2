/* Shared by the hand-written controls: one name space and one folding panel. */
(function () {
  "use strict";
  var narrow = window.matchMedia("(max-width: 599px)");
  var panels = [];

  /* A folding panel in a corner of the map: native <details>, so the keyboard and screen
     readers work without more code. Open at desk width, folded at phone width. */
  function panel(map, options) {
    var box = L.DomUtil.create("details", "ok-panel " + options.className);
    var summary = L.DomUtil.create("summary", "", box);
    var body = L.DomUtil.create("div", "ok-panel-body", box);
    summary.textContent = options.title;
    box.open = !narrow.matches && !options.folded;
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    // Two open panels would cover a phone's map, or run out of a corner that is too low.
    box.addEventListener("toggle", function () {
      if (!box.open) { return; }
      var corner = box.parentElement;
      var full = corner && corner.scrollHeight > map.getSize().y - 60;
      panels.forEach(function (other) {
        if (other !== box && (narrow.matches || full && other.parentElement === corner)) {
          other.open = false;
        }
      });
    });
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !box.open) { return; }
      box.open = false;
      summary.focus();
    });
    box.folded = !!options.folded;
    panels.push(box);
    var control = new L.Control({ position: options.position });
    control.onAdd = function () { return box; };
    control.addTo(map);
    fit(map);
    return { box: box, body: body };
  }

  /* Panels scroll inside the map instead of growing out of it. */
  function fit(map) {
    map.getContainer().style.setProperty("--ok-map-height", map.getSize().y + "px");
  }

  narrow.addEventListener("change", function () {
    panels.forEach(function (box) { box.open = !narrow.matches && !box.folded; });
  });
  L.Map.addInitHook(function () {
    this.getContainer().setAttribute("role", "region");
    this.getContainer().setAttribute("aria-label", document.title);
    this.on("resize", function () { fit(this); }, this);
    // A printed page keeps its legend even where the screen had it folded.
    var folded = [];
    window.addEventListener("beforeprint", function () {
      folded = panels.filter(function (box) {
        return box.classList.contains("ok-legend") && !box.open;
      });
      folded.forEach(function (box) { box.open = true; });
    });
    window.addEventListener("afterprint", function () {
      folded.forEach(function (box) { box.open = false; });
    });
  });

  window.okhotsk = { panel: panel };
})();
