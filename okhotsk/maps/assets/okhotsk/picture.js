/* The page as a picture, made in the browser: title, maps as they are shown, legend, sources, state. A sheet
   of clones is written into an SVG, whose address holds it all, and that is drawn on a canvas. */
(function () {
  "use strict";
  var SHARP = 2, LEAST = 640, MOST = 1600, TABLE = 1200;  // pixels of a CSS pixel; how wide a sheet may be

  function make(name, className, parent) {
    var node = document.createElement(name);
    if (className) { node.className = className; }
    if (parent) { parent.appendChild(node); }
    return node;
  }

  function line(parent, words) { if (words) { make("p", "", parent).textContent = words; } }

  function seen(node) { return node.getClientRects().length > 0; }

  /* A copy of what is shown, without controls and what cannot come along. */
  function copy(node, unwanted) {
    var twin = node.cloneNode(true), drawn = node.querySelectorAll("canvas");
    twin.querySelectorAll("canvas").forEach(function (canvas, n) {
      var image = make("img", canvas.className), from = drawn[n];
      image.style.cssText = canvas.style.cssText;
      if (from.width && from.height) { image.src = from.toDataURL(); }
      canvas.replaceWith(image);
    });
    twin.querySelectorAll("img").forEach(function (image) {
      image.removeAttribute("loading");
      if (!/^data:/.test(image.getAttribute("src") || "")) { image.remove(); }
    });
    twin.querySelectorAll("script, noscript, button, .ok-take, [hidden]" + (unwanted ? ", " + unwanted : ""))
      .forEach(function (other) { other.remove(); });
    twin.querySelectorAll("[tabindex]").forEach(function (other) { other.removeAttribute("tabindex"); });
    return twin;
  }

  function head(sheet) {
    var box = make("header", "ok-sheet-head", sheet), own = document.querySelector(".ok-heading");
    var title = document.querySelector("h1");
    make("h1", "", box).textContent = title ? title.textContent : document.title;
    if (own) {
      own.querySelectorAll("p:not(.ok-tools):not(.ok-howto), ul").forEach(function (part) {
        if (part.closest(".ok-tools") || !seen(part)) { return; }
        var twin = copy(part, "a, .ok-unseen");
        // The point that stood after a link goes with it.
        if (twin.firstChild && twin.firstChild.nodeType === Node.TEXT_NODE) {
          twin.firstChild.data = twin.firstChild.data.replace(/^\s*·\s*/, "");
        }
        if (twin.textContent.trim()) { box.appendChild(twin); }
      });
    }
    document.querySelectorAll("main > .answer, .ok-figures > h2:not(.ok-unseen), .ok-index").forEach(function (part) {
      if (seen(part)) { line(box, part.textContent); }
    });
  }

  function mapsOf(sheet, width) {
    var shown = Array.prototype.filter.call(document.querySelectorAll(".leaflet-container"), seen);
    if (!shown.length) { return; }
    var row = make("div", "ok-sheet-maps", sheet), each = (width - 8 * (shown.length - 1)) / shown.length;
    shown.forEach(function (container) {
      var size = container.getBoundingClientRect(), scale = (each - 2) / size.width;
      var frame = make("div", "ok-map", row);
      frame.style.cssText = "width:" + (each - 2) + "px;height:" + size.height * scale + "px";
      var twin = copy(container, ".leaflet-control-container, .leaflet-popup-pane, .ok-ring"), bar = container.querySelector(".leaflet-control-scale");
      twin.style.cssText = "position:absolute;width:" + size.width + "px;height:" + size.height + "px;transform:scale(" + scale + ")";
      if (bar) {
        make("div", "leaflet-bottom leaflet-right", twin).appendChild(bar.cloneNode(true));
      }
      frame.appendChild(twin);
    });
  }

  /* What a page without a map shows: its pictures and the table that compares. */
  function pictures(sheet) {
    if (document.querySelector(".leaflet-container")) { return; }
    [".story", ".scroll table"].forEach(function (one) {
      var part = document.querySelector(one);
      if (part) { make("div", "ok-sheet-picture", sheet).appendChild(copy(part)); }
    });
  }

  function keys(sheet) {
    var from = document.querySelector(".ok-legend .ok-panel-body, .ok-shown .ok-panel-body");
    if (!from || from.closest("[hidden]")) { return; }
    var box = make("section", "ok-sheet-keys", sheet);
    copy(from, "label:has(input:not(:checked)) + *").childNodes.forEach(function (part) {
      box.appendChild(part.cloneNode(true));
    });
    var boxes = from.querySelectorAll("label input");
    box.querySelectorAll("label").forEach(function (label, n) {
      if (boxes[n] && !boxes[n].checked) { label.remove(); }
    });
    box.querySelectorAll("input").forEach(function (input) { input.remove(); });
  }

  function foot(sheet, data, state) {
    var box = make("footer", "ok-sheet-foot", sheet);
    Object.keys(data.sources).forEach(function (name) {
      line(box, name + ": " + data.sources[name].join(" ").replace(/ https?:\/\/\S+/g, ";").replace(/;$/, "."));
    });
    if (state) { line(box, state); }
    line(box, data.made + ".");
  }

  function styles() {
    return Array.prototype.map.call(document.querySelectorAll("style"), function (style) {
      return style.textContent;
    }).join("\n");
  }

  /* The sheet as the address of an SVG; `high` is more than it needs. */
  function address(sheet, width, high) {
    var SVG = "http://www.w3.org/2000/svg", root = document.createElementNS(SVG, "svg");
    root.setAttribute("width", width * SHARP);
    root.setAttribute("height", high * SHARP);
    root.setAttribute("viewBox", "0 0 " + width + " " + high);
    var hold = document.createElementNS(SVG, "foreignObject"), style = make("style");
    hold.setAttribute("width", width);
    hold.setAttribute("height", high);
    style.textContent = styles();
    root.appendChild(hold);
    hold.appendChild(style);
    document.querySelectorAll("pattern").forEach(function (pattern) {
      var defs = document.createElementNS(SVG, "defs");
      defs.appendChild(pattern.cloneNode(true));
      root.appendChild(defs);
    });
    hold.appendChild(sheet);
    var text = new XMLSerializer().serializeToString(root).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
    return "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  }

  /* Rows from the top to the last one that is not white. */
  function used(brush, width, high) {
    var strip = 256;
    for (var top = high; top > 0; top -= strip) {
      var from = Math.max(0, top - strip), pixels = new Uint32Array(brush.getImageData(0, from, width, top - from).data.buffer);
      for (var n = pixels.length - 1; n >= 0; n--) {
        if (pixels[n] !== 0xffffffff) { return from + Math.floor(n / width) + 1; }
      }
    }
    return 1;
  }

  function draw(image, width, high) {
    var canvas = make("canvas"), brush = canvas.getContext("2d", { willReadFrequently: true });
    canvas.width = width * SHARP;
    canvas.height = high * SHARP;
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(image, 0, 0, canvas.width, canvas.height);
    var rows = Math.min(canvas.height, used(brush, canvas.width, canvas.height) + 20 * SHARP), kept = make("canvas");
    kept.width = canvas.width;
    kept.height = rows;
    kept.getContext("2d").drawImage(canvas, 0, 0);
    return new Promise(function (done, failed) {
      kept.toBlob(function (blob) { if (blob) { done(blob); } else { failed(new Error("no picture")); } }, "image/png");
    });
  }

  window.okhotsk.picture = function (data, map, state) {
    var shown = map && (document.querySelector(".ok-maps") || map.getContainer());
    var wide = shown ? shown.getBoundingClientRect().width + 42 : TABLE;
    var width = Math.round(Math.min(MOST, Math.max(LEAST, wide)));
    var sheet = make("div", "ok-sheet" + (width < 900 ? " ok-sheet-narrow" : ""));
    sheet.style.width = width + "px";
    head(sheet);
    mapsOf(sheet, width - 40);
    pictures(sheet);
    keys(sheet);
    foot(sheet, data, state);
    var off = make("div", "", document.body);
    off.style.cssText = "position:fixed;left:-9999px;top:0;visibility:hidden";
    off.setAttribute("aria-hidden", "true");
    off.appendChild(sheet);
    var high = Math.ceil(sheet.offsetHeight * 1.1 + 60);
    off.remove();
    var image = new Image();
    image.src = address(sheet, width, high);
    return image.decode().then(function () { return draw(image, width, high); });
  };
})();
