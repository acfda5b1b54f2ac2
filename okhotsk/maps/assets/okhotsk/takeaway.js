/* The menu "Take it away": a picture, layers, a table, words to cite, code to embed, a link. All of it is made
   from what the page holds; nothing is loaded. `map` is null on pages without one. */
(function () {
  "use strict";

  function make(name, className, parent, words) {
    var node = document.createElement(name);
    if (className) { node.className = className; }
    if (words) { node.textContent = words; }
    if (parent) { parent.appendChild(node); }
    return node;
  }

  /* Save what the page made as a file. */
  function store(blob, file) {
    var anchor = make("a", "", document.body);
    anchor.href = URL.createObjectURL(blob);
    anchor.download = file;
    anchor.click();
    anchor.remove();
    setTimeout(function () { URL.revokeObjectURL(anchor.href); }, 60000);
  }

  function slug(words) {
    return words.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
      .replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
  }

  /* ---- the view in the address: #map=zoom/lat/lon&layers=a,b ---- */
  function parts(text) {
    var out = {};
    text.replace(/^#/, "").split("&").forEach(function (pair) {
      var at = pair.indexOf("=");
      if (at > 0) { out[pair.slice(0, at)] = pair.slice(at + 1); }
    });
    return out;
  }

  function viewOf(text) {
    var given = (text || "").split("/"), numbers = given.map(Number);
    var fits = given.length === 3 && given.every(Boolean) && numbers.every(isFinite) &&
      Math.abs(numbers[1]) <= 90 && Math.abs(numbers[2]) <= 360;
    return fits ? numbers : null;
  }

  function restore(map) {
    var given = parts(location.hash), view = viewOf(given.map), snap = map.options.zoomSnap;
    if ("layers" in given && map.okLayers) {
      var wanted = given.layers.split(",");
      map.okLayers.forEach(function (item) {
        if (item.input.checked !== wanted.indexOf(slug(item.name)) >= 0) { item.input.click(); }
      });
    }
    if (!view) { return; }
    map.options.zoomSnap = 0;  // the zoom of a view that fills its frame is no whole number
    map.setView([view[1], view[2]], view[0], { animate: false });
    map.options.zoomSnap = snap;
  }

  function fragment(map) {
    var at = map.getCenter(), out = "map=" + [+map.getZoom().toFixed(2), at.lat.toFixed(4), at.lng.toFixed(4)].join("/");
    var shown = (map.okLayers || []).filter(function (item) { return map.hasLayer(item.layer); });
    return out + "&layers=" + shown.map(function (item) { return slug(item.name); }).join(",");
  }

  /* ---- words ---- */
  function today() { return new Date().toISOString().slice(0, 10); }

  function cell(value) {
    if (value === null || value === undefined) { return ""; }
    if (typeof value === "number" || typeof value === "boolean") { return String(value); }
    var text = String(value);
    // A spreadsheet would run a text that begins so as a formula; numbers stay numbers.
    if (/^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(text)) { text = "'" + text; }
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function csv(table) {
    return "\ufeff" + [table.head].concat(table.rows).map(function (row) {
      return row.map(cell).join(",") + "\r\n";
    }).join("");
  }

  /* The table of figures that a page fills in itself. */
  function tableOfPage() {
    var table = document.querySelector(".ok-figures .ok-all") || document.querySelector(".ok-figures table");
    var rows = Array.prototype.map.call(table.rows, function (row) {
      return Array.prototype.map.call(row.cells, function (one) {
        return Array.prototype.map.call(one.childNodes, function (part) { return part.textContent; })
          .join(" ").replace(/\s+/g, " ").trim();
      });
    });
    return { head: rows[0], rows: rows.slice(1) };
  }

  function takeaway(data, map) {
    var given = null;

    function name(kind, ending) {
      var choice = data.kind === "explorer" && parts(location.hash).a;
      var own = data.stem + (choice ? " " + decodeURIComponent(choice).replace(/!$/, " demilitarised") : "");
      return "okhotsk-" + slug(own) + "-" + kind + "." + ending;
    }

    function address() { return location.href.split("#")[0]; }

    function travels() { return !/^(file|https?):/.test(location.protocol); }

    function hash() {
      if (!map) { return ""; }
      return map.okLayers ? "#" + fragment(map) : location.hash;
    }

    function link() { return (travels() ? data.page : address()) + hash(); }

    function citation() {
      return data.citation + " Read on " + today() + ".\n\nSources:\n" + data.cited.join("\n") + "\n\n" +
        data.bibtex + "\n  urldate = {" + today() + "}\n}\n";
    }

    function embed() {
      var target = (/^https?:/.test(location.protocol) ? address() : data.page) + hash();
      function quoted(text) {
        return '"' + text.replace(/[&<>"]/g, function (sign) { return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[sign]; }) + '"';
      }
      return "<iframe src=" + quoted(target) + " title=" + quoted(data.title) +
        ' width="100%" height="600" style="border:0" loading="lazy" allow="fullscreen"></iframe>';
    }

    function state() {
      if (!map) { return ""; }
      var at = map.getCenter(), shown = document.querySelectorAll(".ok-layers label, .ok-shown label");
      var names = Array.prototype.filter.call(shown, function (label) {
        return label.querySelector("input:checked");
      }).map(function (label) { return label.textContent.trim(); });
      return "View: centre " + at.lat.toFixed(2) + "° N, " + at.lng.toFixed(2) + "° E, zoom " + +map.getZoom().toFixed(2) +
        ". Layers: " + names.join("; ") + ".";
    }

    function collection() {
      return JSON.stringify({
        type: "FeatureCollection", name: data.title, citation: data.citation, sources: data.cited,
        features: data.features ? data.features.map(function (one) {
          return { type: "Feature", properties: one.properties, geometry: okhotsk.geometry(one.geometry) };
        }) : okhotsk.features(map)
      });
    }

    /* ---- files ---- */
    function say(words) { said.textContent = words; }

    function save(blob, file) {
      store(blob, file);
      say("Saved as " + file);
    }

    function saveText(text, file, type) { save(new Blob([text], { type: type + ";charset=utf-8" }), file); }

    function savePicture() {
      say("Drawing the picture");
      return okhotsk.picture(data, map, state()).then(function (blob) {
        save(blob, name("picture", "png"));
      }).catch(function () {
        show("Picture", "This browser does not let a page draw itself. Print the page instead, to a PDF.", "", null);
      });
    }

    /* ---- the dialog ---- */
    function show(title, note, text, file) {
      if (given) { given.remove(); }
      given = make("dialog", "ok-given", document.body);
      make("h2", "", given, title).id = "ok-given-title";
      given.setAttribute("aria-labelledby", "ok-given-title");
      make("p", "", given, note);
      var area = file && make("textarea", "", given), row = make("div", "", given), told = make("p", "", given);
      told.setAttribute("role", "status");
      if (file) {
        area.readOnly = true;
        area.value = text;
        area.setAttribute("aria-label", title);
        push(row, "Copy", function () { copy(area, told); });
        push(row, "Save as a file", function () { saveText(text, file, "text/plain"); });
      }
      push(row, "Close", function () { given.close(); });
      given.addEventListener("close", function () { button.focus(); });
      given.showModal();
      if (area) { area.focus(); area.select(); }
    }

    function push(parent, words, act) {
      var node = make("button", "", parent, words);
      node.type = "button";
      node.addEventListener("click", act);
    }

    function copy(area, told) {
      function done() { told.textContent = "Copied."; }
      function other() {
        area.select();
        told.textContent = document.execCommand("copy") ? "Copied." : "Press Ctrl+C to copy.";
      }
      if (navigator.clipboard) { navigator.clipboard.writeText(area.value).then(done, other); } else { other(); }
    }

    /* ---- the menu ---- */
    var items = [
      ["Picture (PNG)", "with title, legend and sources", savePicture],
      [data.features ? "Seal lines (GeoJSON)" : "Layers shown (GeoJSON)", "for GIS programs", function () {
        saveText(collection(), name("layers", "geojson"), "application/geo+json");
      }],
      ["Figures (CSV)", "for spreadsheets", function () {
        saveText(csv(data.table || tableOfPage()), name("figures", "csv"), "text/csv");
      }],
      ["Citation", "plain and BibTeX", function () {
        show("Citation", "Plain text, the sources, and BibTeX.", citation(), name("citation", "txt"));
      }],
      ["Embed code", "an iframe for a web page", function () {
        show("Embed code", "Put the page beside your own, or give the address where it lies.", embed(), name("embed", "txt"));
      }],
      ["Link", map ? "to this view and these layers" : "to this page", function () {
        show("Link", travels() ? "The page has no address of its own here: this is its file name." : "It opens the page as it is now.",
          link(), name("link", "txt"));
      }]
    ];
    var place = document.querySelector(".ok-tools, header .actions") || document.querySelector(".ok-heading") || document.body;
    var box = make("span", "ok-take"), button = make("button", "", box, "Take it away"), menu = make("ul", "ok-take-menu", box);
    var said = make("span", "ok-take-said", box), typed = "";
    if (place === document.body) { place.insertBefore(box, document.querySelector("h1").nextSibling); } else { place.appendChild(box); }
    button.type = "button";
    button.id = "ok-take-button";
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", "ok-take-menu");
    menu.id = "ok-take-menu";
    menu.setAttribute("role", "menu");
    menu.setAttribute("aria-labelledby", button.id);
    menu.hidden = true;
    said.setAttribute("role", "status");
    var entries = items.map(function (item) {
      var row = make("li", "", menu), node = make("button", "", row, item[0]);
      row.setAttribute("role", "none");
      node.type = "button";
      node.tabIndex = -1;
      node.setAttribute("role", "menuitem");
      make("small", "", node, item[1]);
      node.addEventListener("click", function () { close(); item[2](); });
      return node;
    });

    /* Under the button, inside the window: nothing that scrolls cuts it off. */
    function open(at) {
      menu.hidden = false;
      button.setAttribute("aria-expanded", "true");
      var from = button.getBoundingClientRect(), size = menu.getBoundingClientRect();
      menu.style.left = Math.max(8, Math.min(from.left, document.documentElement.clientWidth - size.width - 8)) + "px";
      menu.style.top = Math.max(8, Math.min(from.bottom + 2, window.innerHeight - size.height - 8)) + "px";
      entries[at].focus();
    }

    function close() {
      if (menu.hidden) { return; }
      menu.hidden = true;
      button.setAttribute("aria-expanded", "false");
      button.focus();
    }

    function move(event) {
      var at = entries.indexOf(document.activeElement), last = entries.length - 1;
      var to = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[event.key];
      if (to === undefined && event.key.length === 1 && /\S/.test(event.key)) {
        typed = event.key.toLowerCase();
        var turned = entries.slice(at + 1).concat(entries.slice(0, at + 1));
        to = entries.indexOf(turned.find(function (node) { return node.textContent.toLowerCase().indexOf(typed) === 0; }));
      }
      if (event.key === "Escape") { close(); event.preventDefault(); event.stopPropagation(); }
      if (event.key === "Tab") { close(); }
      if (to >= 0) { entries[to].focus(); event.preventDefault(); }
    }

    button.addEventListener("click", function () { if (menu.hidden) { open(0); } else { close(); } });
    button.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        open(event.key === "ArrowDown" ? 0 : entries.length - 1);
      }
    });
    menu.addEventListener("keydown", move);
    document.addEventListener("pointerdown", function (event) {
      if (!menu.hidden && !box.contains(event.target)) {
        menu.hidden = true;
        button.setAttribute("aria-expanded", "false");
      }
    });
    if (map && map.okLayers) {
      restore(map);
      window.addEventListener("hashchange", function () { restore(map); });
    }
  }

  window.okhotsk.takeaway = takeaway;
  window.okhotsk.save = store;
})();
