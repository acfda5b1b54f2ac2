/* The explorer: hand islands over by click, border, list or preset; every figure answers at once. */
(function () {
  "use strict";
  var make = L.DomUtil.create, write = okhotsk.readout.write, capital = okhotsk.choices.capital;
  var NARROW = "(max-width: 799px)";

  function explorer(map, data) {
    var tables = data.tables, scene = data.scene, pieces = tables.blocks;
    var answer = okhotsk.answers(tables), today = answer.figures(0, true);
    var verdict = okhotsk.verdict(pieces, data.interval), link = okhotsk.link(pieces, find, presetOf);
    var states = [opening(), start()], active = 0, double = false, past = [];
    var boards = [], rings = [], page = layout(), view = {}, home = null;

    function start() { return { ceded: 0, armed: true, frozen: null }; }
    function opening() { var chosen = find(data.opening); return chosen && !chosen.frozen ? chosen : start(); }
    function copy(state) { return { ceded: state.ceded, armed: state.armed, frozen: state.frozen }; }

    /* The step of the chain at which the border stands; -1 for none. */
    function standing(state) { return state.frozen ? -1 : verdict.borderOf(state.ceded); }

    /* ---- the page around the map ---- */
    function layout() {
      var main = map.getContainer().parentElement, stage = make("div", "ok-stage");
      main.parentElement.insertBefore(stage, main);
      var maps = make("div", "ok-maps", stage);
      maps.appendChild(main);
      var aside = make("aside", "ok-side", stage);
      aside.setAttribute("aria-label", "Choose a cession and read its figures");
      buttonsFirst(map);
      return { main: main, maps: maps, aside: aside, grip: grip(stage, aside) };
    }

    /* The tab key reaches the buttons of a map before its straits and its ring. */
    function buttonsFirst(onto) {
      var box = onto.getContainer(), buttons = box.querySelector(".leaflet-control-container");
      box.insertBefore(buttons, box.firstChild);
    }

    /* On a phone choices and figures are a sheet below the map, drawn up by its own first line. */
    function grip(stage, aside) {
      var node = okhotsk.choices.button(aside, "", function () { lift(!stage.classList.contains("ok-up")); });
      function lift(up) {
        stage.classList.toggle("ok-up", up);
        node.setAttribute("aria-expanded", up);
        if (!up) { aside.scrollTop = 0; }
      }
      node.className = "ok-grip";
      aside.addEventListener("keydown", function (event) {
        if (event.key === "Escape" && stage.classList.contains("ok-up")) { lift(false); node.focus(); }
      });
      lift(false);
      return make("span", "", node);
    }

    function layersBox() {
      view.shown = okhotsk.panel(map, { title: "Layers and colours", className: "ok-shown",
        position: "topright", folded: true });
      data.layers.forEach(function (layer) {
        layer.box = okhotsk.choices.check(view.shown.body, layer.title, function (on) {
          boards.forEach(function (board) { board.show(layer.id, on); });
          remember();
        });
        layer.box.checked = layer.on;
        layer.box.insertAdjacentHTML("afterend", layer.swatch);
        layer.box.parentElement.insertAdjacentHTML("afterend", layer.keys);
      });
      view.shown.body.insertAdjacentHTML("beforeend", data.legend);
    }

    function figuresBox() {
      var box = make("section", "ok-figures", page.aside);
      view.head = make("h2", "", box);
      view.index = make("p", "ok-index", box);
      view.range = make("div", "ok-range", box);
      view.range.setAttribute("aria-hidden", "true");  // the line above says the same
      view.range.innerHTML = "<i></i><b></b>";
      view.words = make("p", "ok-words", box);
      view.bars = make("table", "ok-bars", box);
      view.chart = make("div", "ok-chart", box);
      view.all = make("details", "ok-more", box);
      view.all.open = !window.matchMedia(NARROW).matches;
      make("summary", "", view.all).textContent = "All figures";
      view.table = make("table", "ok-all", view.all);
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

    function share(button) {
      function told() {
        button.textContent = "Copied";
        setTimeout(function () { button.textContent = "Copy link"; }, 1500);
      }
      remember();
      if (navigator.clipboard) { navigator.clipboard.writeText(location.href).then(told, function () {}); }
    }

    /* ---- the address ---- */
    function live() { return states.slice(0, double ? 2 : 1); }

    function fragment() {
      var on = data.layers.filter(function (layer) { return layer.box.checked; });
      var asAtFirst = data.layers.every(function (layer) { return layer.box.checked === layer.on; });
      return link.write(live(), asAtFirst ? null : on.map(function (layer) { return layer.id; }), moved());
    }

    /* The view where it is not the one that the page gave. */
    function moved() {
      var centre = map.getCenter(), zoom = map.getZoom();
      var same = home && home.zoom === zoom && map.latLngToLayerPoint(home.centre)
        .distanceTo(map.latLngToLayerPoint(centre)) < 2;
      return same || !home ? null : [centre.lat, centre.lng, zoom];
    }

    function remember() { history.replaceState(null, "", "#" + fragment()); }

    function read(text) {
      var given = link.read(text);
      double = !!given.states[1];
      given.states.forEach(function (state, n) { states[n] = state || states[n]; });
      data.layers.forEach(function (layer) {
        layer.box.checked = given.layers ? given.layers.indexOf(layer.id) >= 0 : layer.on;
        boards.forEach(function (board) { board.show(layer.id, layer.box.checked); });
      });
      active = 0;
      setUp();
      if (given.view) { map.setView(given.view.slice(0, 2), given.view[2], { animate: false }); }
    }

    /* ---- figures ---- */
    function figures(state) {
      if (state.frozen) { return state.frozen.record; }
      var out = answer.figures(state.ceded, state.armed), range = page.spread(state.ceded, state.armed, out);
      return Object.assign(out, { index_low: range[0], index_high: range[1] });
    }

    function caption() {
      return live().map(function (state, n) {
        return (double ? "Map " + "AB"[n] : "Figures today and under this cession") + ": " +
          verdict.headline(state, true) + ".";
      }).join(" ");
    }

    function describe(state, found) {
      var name = double ? "Map " + "AB"[active] + ": " : "", words = verdict.sentences(state, today, found);
      view.head.textContent = name + verdict.headline(state);
      view.head.classList.toggle("ok-unseen", !double);  // the heading of the page has it
      view.index.textContent = verdict.index(found);
      ["index", "index_low", "index_high"].forEach(function (key) { view.index.dataset[key] = found[key]; });
      view.range.firstChild.style.left = found.index_low + "%";
      view.range.firstChild.style.width = found.index_high - found.index_low + "%";
      view.range.lastChild.style.left = found.index + "%";
      view.words.textContent = words;
      page.grip.textContent = "Index " + write(found.index, 0) + " (" + verdict.range(found) + "), today 100";
      view.live.textContent = verdict.headline(state) + ". " + verdict.index(found) + ". " + words;
      view.hint.hidden = !state.frozen;
      tell(".ok-answer", name + verdict.answer(state, found));
      tell(".ok-sentence", words);
    }

    function tell(selector, words) {
      var node = document.querySelector(".ok-heading " + selector);
      if (node) { node.textContent = words; }
    }

    /* ---- drawing ---- */
    function refresh() {
      var began = performance.now(), state = states[active], shown = live().map(figures);
      boards.forEach(function (board, n) {
        board.draw(states[n], verdict.lines(states[n], today, shown[n] || today));
        rings[n].stand(standing(states[n]), borderWords(states[n]));
        board.label();
      });
      var found = shown[double ? active : 0];
      okhotsk.readout.fill(view.table, today, shown, caption());
      okhotsk.readout.bars(view.bars, tables.index, today, found);
      describe(state, found);
      okhotsk.readout.chart(view.chart, data.frontier[state.armed ? "armed" : "unarmed"], shown);
      view.choices({ state: state, preset: presetOf(state), border: standing(state),
        words: borderWords(state), active: active, double: double, past: past.length });
      view.cut();
      remember();
      page.aside.dataset.answeredMs = (performance.now() - began).toFixed(1);
    }

    function borderWords(state) {
      var border = verdict.borderOf(state.ceded);
      if (state.frozen) { return "as the named option has it"; }
      return border < 0 ? "islands picked freely" : border ? pieces[border - 1].title : "nothing";
    }

    function ring(onto, n) {
      var shores = scene.land.filter(function (unit) { return unit.holder >= 0; })
        .map(function (unit) { return unit.rings.map(function (polygon) { return polygon[0]; }); });
      return okhotsk.ring(onto, {
        name: "Border on map " + "AB"[n], places: scene.borders, shores: [].concat.apply([], shores),
        at: function () { return standing(states[n]); },
        move: function (to) { change({ ceded: verdict.prefix(to) }, n); }
      });
    }

    function clicks(board, n) {
      board.land.forEach(function (unit) {
        if (!unit.all) { return; }
        unit.all.eachLayer(function (shape) {
          shape.getElement().setAttribute("tabindex", "-1");  // the list of islands does the same
          shape.getElement().dataset.block = unit.holder;
          shape.bindTooltip(capital(pieces[unit.holder].title), { sticky: true });
        });
        unit.all.on("click", function () { toggle(unit.holder, n); });
      });
    }

    function add(onto, pixels) {
      var board = okhotsk.board(onto, scene, answer, data, pixels), n = boards.length;
      boards.push(board);
      rings.push(ring(onto, n));
      board.name();
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
      buttonsFirst(other);
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
      if (page.double !== double) { fit(); }
      page.double = double;
      if (boards.length > 1) { boards[1].map.setView(map.getCenter(), map.getZoom(), { animate: false }); }
      refresh();
    }

    function fit() {
      okhotsk.opens(map, function () {
        map.fitBounds(scene.view, { animate: false });
        home = { centre: map.getCenter(), zoom: map.getZoom() };
      });
    }

    function choices() {
      view.choices = okhotsk.choices(page.aside, pieces, data.presets, {
        toggle: toggle,
        preset: function (id) { var chosen = find(id); if (chosen) { change(chosen); } },
        border: function (to) { change({ ceded: verdict.prefix(to) }); },
        armed: function (on) { change({ armed: on }); },
        double: function (on) { double = on; active = on ? 1 : 0; setUp(); },
        map: function (n) { active = n; refresh(); },
        undo: undo,
        reset: function () { change(start()); },
        share: share,
        mark: function (n, on) { boards.forEach(function (board) { board.mark(n, on); }); }
      });
      view.cut = okhotsk.cut(map, page.aside.querySelector(".ok-choose"), scene.land, function () { return states[0]; });
    }

    function listen() {
      document.addEventListener("keydown", function (event) {
        if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); undo(); }
      });
      window.addEventListener("hashchange", function () {
        if (location.hash.slice(1) !== fragment()) { read(location.hash); }
      });
      map.on("moveend", function () { if (page.aside.dataset.ready) { remember(); } });
      // Paper shows every figure, whether the screen had them folded or not.
      var open = true;
      window.addEventListener("beforeprint", function () { open = view.all.open; view.all.open = true; });
      window.addEventListener("afterprint", function () { view.all.open = open; });
    }

    choices();
    figuresBox();
    layersBox();
    Promise.all([
      okhotsk.unpack(scene), okhotsk.spread(data.spread, tables.index, pieces.length)
    ]).then(function (unpacked) {
      var pixels = page.pixels = unpacked[0];
      page.spread = unpacked[1];
      add(map, pixels);
      read(location.hash);
      listen();
      page.aside.dataset.ready = "yes";
    });
  }

  window.okhotsk.explorer = explorer;
})();
