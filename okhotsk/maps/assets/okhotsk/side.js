/* The column beside the map: every panel that follows stands in it, and nothing lies on the map. Where
   there is little room it is a row of tabs below the map, of which one opens at a time. */
okhotsk.side = function (map, html) {
  "use strict";
  var container = map.getContainer(), frame = container.parentElement;

  /* Popups and tooltips lie above every control; their panes follow the map. */
  function raise() {
    var above = L.DomUtil.create("div", "ok-above", container);
    above.appendChild(map.getPane("tooltipPane"));
    above.appendChild(map.getPane("popupPane"));
    function follow() { L.DomUtil.setPosition(above, L.DomUtil.getPosition(map.getPane("mapPane"))); }
    map.on("move moveend viewreset", follow);
    map.on("zoomanim", function () { L.DomUtil.addClass(above, "leaflet-zoom-anim"); });
    map.on("zoomend", function () { L.DomUtil.removeClass(above, "leaflet-zoom-anim"); });
    follow();
  }

  /* In a frame: a link to the page by itself, whether it has an address or travels in the document. */
  function link() {
    var full = document.querySelector(".ok-full"), own = null;
    if (!full || window.self === window.top) { return; }
    try { own = window.frameElement && window.frameElement.getAttribute("srcdoc"); } catch (e) { own = null; }
    if (location.protocol === "about:" && !own) { return; }
    full.href = own ? URL.createObjectURL(new Blob([own], { type: "text/html" })) : location.href;
    full.hidden = false;
  }

  var side = map.okSide = L.DomUtil.create("div", "ok-side");
  frame.classList.add("ok-sided");
  frame.insertBefore(side, container);  // before the map: the tab key comes here first
  raise();
  link();
  var parts = okhotsk.panel(map, { className: "ok-finding", title: "Findings" });
  parts.body.innerHTML = html;
  map.invalidateSize({ animate: false, pan: false });
};
