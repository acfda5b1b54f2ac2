/* Shared by the hand-written controls: one name space and one folding panel. */
(function () {
  "use strict";
  var narrow = window.matchMedia("(max-width: 599px)");
  // Panels of a column beside the map become tabs below it: as in panel.css.
  var low = window.matchMedia("(max-width: 899px), (max-height: 539px)");
  var panels = [], framed = window.self !== window.top;
  var IN_FRAME = L.point(680, 416);  // of a map on paper, as page.css has it in millimetres

  /* A folding panel in a corner of the map: native <details>, so the keyboard and screen
     readers work without more code. Open at desk width, folded at phone width. Where the map has a
     column beside it (`map.okSide`), the panel stands there. */
  function panel(map, options) {
    var side = map.okSide, small = side ? low : narrow;
    var box = L.DomUtil.create("details", "ok-panel " + options.className);
    var summary = L.DomUtil.create("summary", "", box);
    var body = L.DomUtil.create("div", "ok-panel-body", box);
    summary.textContent = options.title;
    box.open = !small.matches && !options.folded;
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    // Two open panels would cover a phone's map, or run out of a corner that is too low.
    box.addEventListener("toggle", function () {
      if (!box.open || document.body.classList.contains("ok-printing")) { return; }
      var corner = box.parentElement;
      var full = !side && corner && corner.scrollHeight > map.getSize().y - 60;
      panels.forEach(function (other) {
        if (other !== box && (small.matches || full && other.parentElement === corner)) {
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
    box.map = map;
    box.small = small;
    panels.push(box);
    if (side) {
      side.appendChild(box);
      // A sheet would lie on the popup.
      map.on("popupopen click", function () { if (low.matches) { box.open = false; } });
      return { box: box, body: body };
    }
    var control = new L.Control({ position: options.position });
    control.onAdd = function () { return box; };
    control.addTo(map);
    fit(map);
    return { box: box, body: body };
  }

  /* Panels scroll inside the map instead of growing out of it. */
  function fit(map) {
    [map.getContainer(), map.okSide].forEach(function (box) {
      if (box) { box.style.setProperty("--ok-map-height", map.getSize().y + "px"); }
    });
  }

  function refold() {
    var small = this;
    if (document.body.classList.contains("ok-printing")) { return; }
    panels.forEach(function (box) {
      if (box.small === small) { box.open = !small.matches && !box.folded; }
    });
  }
  narrow.addEventListener("change", refold);
  low.addEventListener("change", refold);
  L.Map.mergeOptions({ trackResize: false });  // of its window: `follow` watches the container
  L.Map.addInitHook(function () {
    this.getContainer().setAttribute("role", "region");
    this.getContainer().setAttribute("aria-label", document.title);
    // The tab key comes to the controls before it comes to what the map shows.
    this.getContainer().prepend(this._controlContainer);
    this.on("resize", function () { fit(this); }, this);
    follow(this);
    onPaper(this);
  });

  function sized(map) { return map.getSize().x > 0 && map.getSize().y > 0; }

  /* A map is as large as its container. In a closed part of a document, such as a slide or a tab, that
     has no size, and the map stays as it was. */
  function follow(map) {
    var box = map.getContainer();
    new ResizeObserver(function () {
      if (box.clientWidth && box.clientHeight) { map.invalidateSize({ debounceMoveend: true }); }
    }).observe(box);
  }

  /* The view a map opens with: `show` is called now, or once the map first has a size, unless the map
     was moved before. */
  function opens(map, show) {
    function stop() {
      map.okFirst = null;
      map.off("resize", wait).off("movestart", stop);
    }

    function wait() {
      if (!sized(map)) { return; }
      stop();
      show();
    }

    if (sized(map)) { show(); return; }
    map.okFirst = show;
    map.on("resize", wait).on("movestart", stop);
  }

  /* What a map shows, without the empty ground beside the seabed. */
  function seen(map) {
    var bounds = map.getBounds();
    map.eachLayer(function (layer) {
      var own = layer instanceof L.ImageOverlay && layer.getBounds();
      if (own && own.isValid() && own.intersects(bounds)) {
        bounds = L.latLngBounds(
          [Math.max(own.getSouth(), bounds.getSouth()), Math.max(own.getWest(), bounds.getWest())],
          [Math.min(own.getNorth(), bounds.getNorth()), Math.min(own.getEast(), bounds.getEast())]);
      }
    });
    return bounds;
  }

  /* A printed page shows as much as the screen did, in the size that the style sheet sets, and its
     legend below the map and its sources at the end, even where the screen had them folded. */
  function onPaper(map) {
    var keys = L.DomUtil.create("div", "ok-printed"), sources = L.DomUtil.create("div", "ok-printed"), back = null, moved = [];

    /* A part of a document that is closed until it is on paper has no size before: it gets its first
       view in the size that it will have. */
    function lay(bounds) {
      if (!bounds) { map.getSize = function () { return IN_FRAME.clone(); }; }
      map.invalidateSize({ animate: false, pan: false });
      if (bounds) { map.fitBounds(bounds, { animate: false }); } else { map.fire("resize"); }
    }

    window.addEventListener("beforeprint", function () {
      if (back) { return; }
      var bounds = sized(map) ? seen(map) : null, frame = map.getContainer().parentElement;
      back = { centre: map.getCenter(), zoom: map.getZoom(), limits: map.options.maxBounds, snap: map.options.zoomSnap,
        first: map.okFirst };
      map.options.zoomSnap = 0;  // the view fills the paper; and to stop is to snap
      map.stop();
      map.setMaxBounds(null);  // they would drag the view about between the two sizes
      moved = panels.filter(function (box) {
        return box.map === map && !box.hidden && box.matches(".ok-finding, .ok-legend, .ok-shown, .ok-credits");
      }).map(function (box) { return { box: box, home: document.createComment(""), open: box.open }; });
      moved.forEach(function (one) {
        one.box.replaceWith(one.home);
        one.box.open = true;
        (one.box.matches(".ok-credits") ? sources : keys).appendChild(one.box);
      });
      frame = frame.closest(".ok-maps") || frame;
      if (keys.firstChild) { frame.parentElement.insertBefore(keys, frame.nextSibling); }
      if (sources.firstChild) { document.body.appendChild(sources); }
      document.body.classList.add("ok-printing");
      document.body.classList.toggle("ok-framed", framed);
      lay(bounds);
    });

    window.addEventListener("afterprint", function () {
      if (!back) { return; }
      document.body.classList.remove("ok-printing");
      moved.forEach(function (one) {
        one.home.replaceWith(one.box);
        one.box.open = one.open;
      });
      keys.remove();
      sources.remove();
      delete map.getSize;
      map.invalidateSize({ animate: false, pan: false });
      map.setView(back.centre, back.zoom, { animate: false });
      map.options.zoomSnap = back.snap;
      if (back.limits) { map.setMaxBounds(back.limits); }
      if (back.first) { opens(map, back.first); }
      back = null;
    });
  }

  window.okhotsk = { panel: panel, opens: opens };
})();
