/* The state of the explorer as the end of its address, such as
   a=iturup,urup!&b=four-islands&layers=straits,zones&view=46.1,150.2,6
   where ! says demilitarised, and layers and view are left out where they are as at first. */
(function () {
  "use strict";

  window.okhotsk.link = function (pieces, find, presetOf) {
    function ids(state) {
      return pieces.filter(function (_, n) { return state.ceded >>> n & 1; })
        .map(function (piece) { return piece.id; }).join(",") + (state.armed ? "" : "!");
    }

    function parse(text) {
      var named = text.replace(/!$/, "").split(","), state = { ceded: 0, armed: !/!$/.test(text), frozen: null };
      pieces.forEach(function (piece, n) {
        if (named.indexOf(piece.id) >= 0) { state.ceded = (state.ceded | 1 << n) >>> 0; }
      });
      return state;
    }

    function write(states, layers, view) {
      var parts = states.map(function (state, n) { return "ab"[n] + "=" + (presetOf(state) || ids(state)); });
      if (layers) { parts.push("layers=" + layers.join(",")); }
      if (view) { parts.push("view=" + view.map(function (number) { return +number.toFixed(3); }).join(",")); }
      return parts.join("&");
    }

    function unescape(text) {
      try { return decodeURIComponent(text); } catch (_) { return text; }  // a % that escapes nothing
    }

    /* States by map, layers and view; what the text does not say is null. */
    function read(text) {
      var given = {};
      text.replace(/^#/, "").split("&").forEach(function (pair) {
        var parts = unescape(pair).split("=");
        if (parts.length === 2) { given[parts[0]] = parts[1]; }
      });
      var view = (given.view || "").split(",").map(Number);
      return {
        states: ["a", "b"].map(function (name) {
          return name in given ? find(given[name]) || parse(given[name]) : null;
        }),
        layers: "layers" in given ? given.layers.split(",") : null,
        view: view.length === 3 && view.every(isFinite) ? view : null
      };
    }

    return { write: write, read: read };
  };
})();
