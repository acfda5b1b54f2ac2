/* The choices of the explorer. `act` has what to call: toggle(n), preset(id), border(n), armed(on),
   double(on), map(n), undo(), reset(), share(button), mark(n, on). Returns what shows a state. */
(function () {
  "use strict";
  var make = L.DomUtil.create, MOVES = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

  function capital(title) { return title.replace(/^the /, "The "); }

  function button(parent, words, act) {
    var node = make("button", "", parent);
    node.type = "button";
    node.textContent = words;
    node.addEventListener("click", function () { act(node); });
    return node;
  }

  function check(parent, words, act) {
    var label = make("label", "ok-check", parent), box = make("input", "", label);
    box.type = "checkbox";
    make("span", "", label).textContent = words;
    box.addEventListener("change", function () { act(box.checked); });
    return box;
  }

  function labelled(parent, words, node) {
    var label = make("label", "ok-title", parent);
    node.id = "ok-" + words.split(" ")[0].replace(/\W/g, "").toLowerCase();
    label.htmlFor = node.id;
    label.textContent = words;
    parent.appendChild(node);
    return node;
  }

  /* One stop of the tab key for a list of boxes; the arrow keys, Home and End move within it. */
  function rove(boxes) {
    function stop(at, focus) {
      boxes.forEach(function (box, n) { box.tabIndex = n === at ? 0 : -1; });
      if (focus) { boxes[at].focus(); }
    }
    boxes.forEach(function (box, n) {
      box.addEventListener("focus", function () { stop(n, false); });
      box.addEventListener("keydown", function (event) {
        var to = { Home: 0, End: boxes.length - 1 }[event.key];
        if (MOVES[event.key]) { to = (n + MOVES[event.key] + boxes.length) % boxes.length; }
        if (to === undefined) { return; }
        event.preventDefault();
        stop(to, true);
      });
    });
    if (boxes.length) { stop(0, false); }
  }

  function islands(parent, pieces, act) {
    var set = make("fieldset", "ok-islands", parent);
    make("legend", "", set).textContent = "Islands handed over, south to north";
    var boxes = pieces.map(function (piece, n) {
      var box = check(set, capital(piece.title), function () { act.toggle(n); });
      box.value = piece.id;
      ["mouseenter", "mouseleave"].forEach(function (name, off) {
        box.parentElement.addEventListener(name, function () { act.mark(n, !off); });
      });
      ["focus", "blur"].forEach(function (name, off) {
        box.addEventListener(name, function () { act.mark(n, !off && box.matches(":focus-visible")); });
      });
      return box;
    });
    rove(boxes);
    return boxes;
  }

  function presets(parent, list, act) {
    var node = labelled(parent, "Named option", make("select", ""));
    make("option", "", node).textContent = "Own choice";
    list.forEach(function (preset) {
      var item = make("option", "", node);
      item.value = preset.id;
      item.textContent = preset.title;
    });
    node.addEventListener("change", function () { act.preset(node.value); });
    return node;
  }

  function border(parent, count, act) {
    var node = labelled(parent, "Border: hand over from the south up to", make("input", "ok-border"));
    node.type = "range";
    node.min = 0;
    node.max = count;
    node.step = 1;
    node.addEventListener("input", function () { act.border(+node.value); });
    return node;
  }

  function tabs(parent, act) {
    var box = make("div", "ok-tabs", parent);
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Which map the controls change");
    return { box: box, each: ["A", "B"].map(function (name, n) {
      return button(box, "Map " + name, function () { act.map(n); });
    }) };
  }

  function choices(parent, pieces, list, act) {
    var box = make("section", "ok-choose", parent), view = { tabs: tabs(box, act) };
    view.preset = presets(box, list, act);
    view.island = islands(box, pieces, act);
    view.unarmed = check(box, "Demilitarised: no forces on what is handed over", function (on) { act.armed(!on); });
    var line = make("div", "ok-line", box), row = make("div", "ok-buttons", box);
    view.border = border(line, pieces.length, act);
    view.upTo = make("output", "ok-up-to", line);
    view.undo = button(row, "Undo", act.undo);
    button(row, "Reset to today", act.reset);
    button(row, "Copy link", act.share);
    view.double = check(row, "Two maps side by side", act.double);

    /* `now` is {state, preset, border, words, active, double, past}. */
    return function (now) {
      view.preset.value = now.preset || view.preset.options[0].value;
      view.border.value = Math.max(now.border, 0);
      view.upTo.textContent = now.words;
      view.border.setAttribute("aria-valuetext", now.words);
      view.unarmed.checked = !now.state.armed;
      view.double.checked = now.double;
      view.tabs.box.hidden = !now.double;
      view.tabs.each.forEach(function (tab, n) { tab.setAttribute("aria-pressed", n === now.active); });
      view.island.forEach(function (item, n) { item.checked = (now.state.ceded >>> n & 1) === 1; });
      view.undo.disabled = !now.past;
    };
  }

  choices.check = check;
  choices.button = button;
  choices.capital = capital;
  window.okhotsk.choices = choices;
})();
