/* The explorer: hand islands over by click, border, list or preset; every figure answers at once. */
(function () {
  "use strict";
  var make = L.DomUtil.create, write = okhotsk.readout.write;

  function explorer(map, data) {
    var tables = data.tables, scene = data.scene, pieces = tables.blocks;
    var answer = okhotsk.answers(tables), today = answer.figures(0, true);
    var states = [start(), start()], active = 0, double = false, past = [];
    var boards = [], rings = [], page = layout(), view = {};

    function start() { return { ceded: 0, armed: true, frozen: null }; }
    function copy(state) { return { ceded: state.ceded, armed: state.armed, frozen: state.frozen }; }
    function capital(title) { return title.replace(/^the /, "The "); }
    function prefix(count) { return Math.pow(2, count) - 1; }
    function borderOf(ceded) {
      for (var n = 0; n <= pieces.length; n++) { if (ceded === prefix(n)) { return n; } }
      return -1;
    }

    /* The step of the chain at which the border stands; -1 for none. */
    function standing(state) { return state.frozen ? -1 : borderOf(state.ceded); }

    /* ---- the page around the map ---- */
    function layout() {
      var main = map.getContainer().parentElement, stage = make("div", "ok-stage");
      main.parentElement.insertBefore(stage, main);
      var maps = make("div", "ok-maps", stage);
      maps.appendChild(main);
      var aside = make("aside", "ok-side", stage);
      aside.setAttribute("aria-label", "Choose a cession and read its figures");
      return { main: main, maps: maps, aside: aside };
    }

    function labelled(parent, words, node) {
      var label = make("label", "ok-title", parent);
      node.id = "ok-" + words.split(" ")[0].replace(/\W/g, "").toLowerCase();
      label.htmlFor = node.id;
      label.textContent = words;
      parent.appendChild(node);
      return node;
    }

    function button(parent, words, act) {
      var node = make("button", "", parent);
      node.type = "button";
      node.textContent = words;
      node.addEventListener("click", act);
      return node;
    }

    function check(parent, words, act) {
      var label = make("label", "ok-check", parent), box = make("input", "", label);
      box.type = "checkbox";
      make("span", "", label).textContent = words;
      box.addEventListener("change", function () { act(box.checked); });
      return box;
    }

    function controls() {
      var box = make("section", "ok-choose", page.aside);
      view.tabs = make("div", "ok-tabs", box);
      view.tabs.setAttribute("role", "group");
      view.tabs.setAttribute("aria-label", "Which map the controls change");
      view.tab = ["A", "B"].map(function (name, n) {
        return button(view.tabs, "Map " + name, function () { active = n; refresh(); });
      });
      view.preset = labelled(box, "Named option", make("select", ""));
      make("option", "", view.preset).textContent = "Own choice";
      data.presets.forEach(function (preset) {
        var item = make("option", "", view.preset);
        item.value = preset.id;
        item.textContent = preset.title;
      });
      view.preset.addEventListener("change", function () {
        var chosen = find(view.preset.value);
        if (chosen) { change(chosen); }
      });
      view.border = labelled(box, "Border: hand over from the south up to", make("input", "ok-border"));
      view.border.type = "range";
      view.border.min = 0;
      view.border.max = pieces.length;
      view.border.step = 1;
      view.upTo = make("output", "ok-up-to", box);
      view.border.addEventListener("input", function () { change({ ceded: prefix(+view.border.value) }); });
      view.unarmed = check(box, "Demilitarised: no forces on what is handed over", function (on) {
        change({ armed: !on });
      });
      view.double = check(box, "Two maps side by side", function (on) { double = on; active = on ? 1 : 0; setUp(); });
      var row = make("div", "ok-buttons", box);
      view.undo = button(row, "Undo", undo);
      button(row, "Reset", function () { change(start()); });
      view.link = button(row, "Copy link", share);
    }

    function islands(parent) {
      var set = make("fieldset", "ok-islands", parent);
      make("legend", "", set).textContent = "Islands handed over, south to north";
      view.island = pieces.map(function (piece, n) {
        return check(set, capital(piece.title), function () { toggle(n); });
      });
    }

    function layersBox() {
      view.shown = okhotsk.panel(map, { title: "Layers and colours", className: "ok-shown",
        position: "topright", folded: true });
      data.layers.forEach(function (layer) {
        layer.box = check(view.shown.body, layer.title, function (on) {
          boards.forEach(function (board) { board.show(layer.id, on); });
        });
        layer.box.checked = layer.on;
        layer.box.insertAdjacentHTML("afterend", layer.swatch);
        layer.box.parentElement.insertAdjacentHTML("afterend", layer.keys);
      });
      view.shown.body.insertAdjacentHTML("beforeend", data.legend);
    }

    function table() {
      var box = make("section", "ok-figures", page.aside);
      view.head = make("h2", "", box);
      view.index = make("p", "ok-index", box);
      view.chart = make("div", "ok-chart", box);
      view.table = make("table", "", box);
      make("p", "ok-note", box).textContent = data.note;
      view.hint = make("p", "ok-note ok-howto", box);
      view.hint.textContent = "This option splits an island, goes beyond the chain or leaves Russian " +
        "forces in place: view only; choose islands to start your own.";
      view.live = make("p", "ok-unseen", box);
      view.live.setAttribute("role", "status");
    }

    /* ---- what changes ---- */
    function find(id) {
      var preset = data.presets.find(function (each) { return each.id === id; });
      if (!preset) { return null; }
      var frozen = scene.frozen.find(function (each) { return each.id === id; }) || null;
      return { ceded: preset.ceded, armed: preset.armed, frozen: frozen };
    }

    function presetOf(state) {
      if (state.frozen) { return state.frozen.id; }
      var same = data.presets.find(function (each) {
        return !each.frozen && each.ceded === state.ceded && (each.armed === state.armed || !state.ceded);
      });
      return same ? same.id : "";
    }

    function change(what, which) {
      if (which !== undefined) { active = which; }
      past.push(states.map(copy));
      if (past.length > 200) { past.shift(); }
      var state = states[active];
      state.frozen = null;
      Object.assign(state, what);
      refresh();
    }

    function toggle(n, which) {
      var state = states[which === undefined ? active : which];
      change({ ceded: (state.ceded ^ 1 << n) >>> 0 }, which);
    }

    function undo() {
      if (!past.length) { return; }
      states = past.pop();
      refresh();
    }

    function share() {
      var address = location.href.split("#")[0] + "#" + fragment();
      function told() {
        view.link.textContent = "Copied";
        setTimeout(function () { view.link.textContent = "Copy link"; }, 1500);
      }
      location.hash = fragment();
      if (navigator.clipboard) { navigator.clipboard.writeText(address).then(told, function () {}); }
    }

    function fragment() {
      return states.slice(0, double ? 2 : 1).map(function (state, n) {
        var name = "ab"[n], preset = presetOf(state);
        var ids = pieces.filter(function (_, k) { return state.ceded >>> k & 1; })
          .map(function (piece) { return piece.id; });
        return name + "=" + (preset || ids.join(",") + (state.armed ? "" : "!"));
      }).join("&");
    }

    function read(text) {
      var given = {};
      text.replace(/^#/, "").split("&").forEach(function (pair) {
        var parts = decodeURIComponent(pair).split("=");
        if (parts.length === 2) { given[parts[0]] = parts[1]; }
      });
      double = "b" in given;
      ["a", "b"].forEach(function (name, n) {
        if (name in given) { states[n] = find(given[name]) || parse(given[name]); }
      });
      active = 0;
    }

    function parse(text) {
      var ids = text.replace(/!$/, "").split(","), state = start();
      pieces.forEach(function (piece, n) {
        if (ids.indexOf(piece.id) >= 0) { state.ceded = (state.ceded | 1 << n) >>> 0; }
      });
      state.armed = !/!$/.test(text);
      return state;
    }

    /* ---- figures ---- */
    function figures(state) {
      if (state.frozen) { return state.frozen.record; }
      var out = answer.figures(state.ceded, state.armed), range = page.spread(state.ceded, state.armed, out);
      return Object.assign(out, { index_low: range[0], index_high: range[1] });
    }

    function titles(ceded) {
      return pieces.filter(function (_, n) { return ceded >>> n & 1; })
        .map(function (piece) { return piece.title.replace(/^the /, ""); });
    }

    /* What is handed over; in full, every piece by its name. */
    function headline(state, full) {
      if (state.frozen) { return state.frozen.title; }
      if (!state.ceded) { return "Nothing is handed over"; }
      var names = titles(state.ceded), border = borderOf(state.ceded);
      var words = border > 2 ? "Everything up to " + names[names.length - 1]
        : names.length > 4 && !full ? names.length + " of " + pieces.length + " pieces" : names.join(", ");
      return words + (state.armed ? "" : ", demilitarised");
    }

    function indexWords(found) {
      return "Index " + found.index.toFixed(0) + " (today 100; " + found.index_low.toFixed(0) + " to " +
        found.index_high.toFixed(0) + data.interval + ")";
    }

    function caption(live) {
      return live.map(function (state, n) {
        return (double ? "Map " + "AB"[n] : "Figures today and under this cession") + ": " +
          headline(state, true) + ".";
      }).join(" ");
    }

    function describe(state, found) {
      view.head.textContent = (double ? "Map " + "AB"[active] + ": " : "") + headline(state);
      view.index.textContent = indexWords(found);
      ["index", "index_low", "index_high"].forEach(function (name) { view.index.dataset[name] = found[name]; });
      view.live.textContent = headline(state) + ". " + indexWords(found) + ". Seal line " +
        write(found.barrier_km, 0) + " km, refuge " + write(found.refuge_share, "%") + ".";
      view.hint.hidden = !state.frozen;
    }

    /* ---- drawing ---- */
    function refresh() {
      var began = performance.now(), state = states[active];
      var live = states.slice(0, double ? 2 : 1), shown = live.map(figures);
      boards.forEach(function (board, n) {
        board.draw(states[n]);
        rings[n].stand(standing(states[n]), borderWords(states[n]));
      });
      okhotsk.readout.fill(view.table, today, shown, caption(live));
      describe(state, shown[double ? active : 0]);
      okhotsk.readout.chart(view.chart, data.frontier[state.armed ? "armed" : "unarmed"], shown);
      view.preset.value = presetOf(state) || view.preset.options[0].value;
      view.border.value = Math.max(standing(state), 0);
      view.upTo.textContent = borderWords(state);
      view.border.setAttribute("aria-valuetext", borderWords(state));
      view.unarmed.checked = !state.armed;
      view.double.checked = double;
      view.tabs.hidden = !double;
      view.tab.forEach(function (tab, n) { tab.setAttribute("aria-pressed", n === active); });
      view.island.forEach(function (box, n) {
        box.checked = (state.ceded >>> n & 1) === 1;
      });
      view.undo.disabled = !past.length;
      history.replaceState(null, "", "#" + fragment());
      page.aside.dataset.answeredMs = (performance.now() - began).toFixed(1);
    }

    function borderWords(state) {
      var border = borderOf(state.ceded);
      if (state.frozen) { return "as the named option has it"; }
      return border < 0 ? "islands picked freely" : border ? pieces[border - 1].title : "nothing";
    }

    function ring(onto, n) {
      return okhotsk.ring(onto, {
        name: "Border on map " + "AB"[n], places: scene.borders,
        at: function () { return standing(states[n]); },
        move: function (to) { change({ ceded: prefix(to) }, n); }
      });
    }

    function clicks(board, n) {
      board.land.forEach(function (unit) {
        if (unit.holder < 0) { return; }
        unit.shape.getElement().setAttribute("tabindex", "-1");  // the list of islands does the same
        unit.shape.bindTooltip(capital(pieces[unit.holder].title), { sticky: true });
        unit.shape.on("click", function () { toggle(unit.holder, n); });
      });
    }

    function add(onto, pixels) {
      var board = okhotsk.board(onto, scene, answer, data.colours, pixels), n = boards.length;
      boards.push(board);
      rings.push(ring(onto, n));
      clicks(board, n);
      data.layers.forEach(function (layer) { board.show(layer.id, layer.box.checked); });
      onto.on("click", function () { if (double && active !== n) { active = n; refresh(); } });
    }

    function second(pixels) {
      var main = make("div", "ok-map ok-second", page.maps), box = make("div", "folium-map", main);
      var other = L.map(box, { center: map.getCenter(), zoom: map.getZoom(), minZoom: map.getMinZoom(),
        maxZoom: map.getMaxZoom(), zoomSnap: map.options.zoomSnap, maxBounds: map.options.maxBounds });
      map.eachLayer(function (layer) {
        if (layer instanceof L.ImageOverlay && layer._url) {
          L.imageOverlay(layer._url, layer.getBounds(), { attribution: layer.options.attribution }).addTo(other);
        }
      });
      function follow(from, to) {
        from.on("move", function () {
          if (from.moving) { return; }
          to.moving = true;
          to.setView(from.getCenter(), from.getZoom(), { animate: false });
          to.moving = false;
        });
      }
      follow(map, other);
      follow(other, map);
      add(other, pixels);
      boards.forEach(function (board, n) {
        board.map.getContainer().setAttribute("aria-label", "Map " + "AB"[n]);
      });
    }

    function setUp() {
      if (double && boards.length < 2) { second(page.pixels); }
      page.maps.classList.toggle("ok-double", double);
      if (double) { view.shown.box.open = false; }
      boards.forEach(function (board) { board.map.invalidateSize({ animate: false }); });
      if (page.double !== double) { map.fitBounds(scene.view, { animate: false }); }
      page.double = double;
      if (boards.length > 1) { boards[1].map.setView(map.getCenter(), map.getZoom(), { animate: false }); }
      refresh();
    }

    document.addEventListener("keydown", function (event) {
      if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); undo(); }
    });
    window.addEventListener("hashchange", function () {
      if (location.hash.slice(1) !== fragment()) { read(location.hash); setUp(); }
    });

    controls();
    table();
    islands(page.aside);
    layersBox();
    Promise.all([
      okhotsk.unpack(scene), okhotsk.spread(data.spread, tables.index, pieces.length)
    ]).then(function (unpacked) {
      var pixels = page.pixels = unpacked[0];
      page.spread = unpacked[1];
      add(map, pixels);
      read(location.hash);
      setUp();
      page.aside.dataset.ready = "yes";
    });
  }

  window.okhotsk.explorer = explorer;
})();
