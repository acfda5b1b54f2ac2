/* What a set of islands means, in words made from its figures: headline, index, one sentence. */
(function () {
  "use strict";
  var write = okhotsk.readout.write;

  function whole(value) { return value.toFixed(0); }

  /* From a figure of today to one of the set: "grows from 701 to 808 km", "stays at 701 km". */
  function course(base, value, style, unit) {
    var from = write(base, style), to = write(value, style);
    if (from === to) { return "stays at " + to + unit; }
    return (value > base ? "grows" : "shrinks") + " from " + from + " to " + to + unit;
  }

  function sealWords(today, found) {
    if (!isFinite(found.barrier_km)) { return "no seal line is left"; }
    return "the shortest seal line " + course(today.barrier_km, found.barrier_km, 0, " km");
  }

  function exitWords(today, found) {
    var all = today.exits_russian, lost = all - found.exits_russian;
    if (!lost) { return "all " + all + " deep exits with two Russian shores keep them"; }
    return (lost === all ? "all " + all : lost + " of the " + all) + " deep exits with two Russian shores " +
      (lost === 1 && all > 1 ? "loses" : "lose") + " at least one";
  }

  /* What the figures are where nothing is handed over. */
  function asIs(today) {
    return "The shortest seal line is " + write(today.barrier_km, 0) + " km long, the refuge is " +
      write(today.refuge_share, "%") + " of the patrol water, and " + today.exits_russian +
      " deep exits have two Russian shores.";
  }

  function sentence(today, found) {
    var words = sealWords(today, found) + ", the refuge " +
      course(today.refuge_share, found.refuge_share, "%", " of the patrol water") + ", and " +
      exitWords(today, found) + ".";
    return words[0].toUpperCase() + words.slice(1);
  }

  window.okhotsk.verdict = function (pieces, interval) {
    function prefix(count) { return Math.pow(2, count) - 1; }

    function borderOf(ceded) {
      for (var n = 0; n <= pieces.length; n++) { if (ceded === prefix(n)) { return n; } }
      return -1;
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

    function range(found) { return whole(found.index_low) + " to " + whole(found.index_high); }

    function index(found) {
      return "Index " + whole(found.index) + " (today 100; " + range(found) + interval + ")";
    }

    /* The answer that stands above the page. */
    function answer(state, found) {
      if (!state.frozen && !state.ceded) { return "Nothing is handed over. Bastion index 100, today’s."; }
      var words = headline(state);
      if (!state.frozen) { words = "Handed over: " + words.replace(/^Everything/, "everything"); }
      return words + ". Bastion index " + whole(found.index) + " (" + range(found) + "); today 100.";
    }

    /* One sentence of figures, and what the range is. */
    function sentences(state, today, found) {
      if (!state.frozen && !state.ceded) { return asIs(today); }
      return sentence(today, found) + " I" + interval.trim().slice(1) + " the index lies between " +
        range(found).replace(" to ", " and ") + ".";
    }

    /* Names of the seal lines on the map; one alone where the set is today's. */
    function lines(state, today, found) {
      var own = isFinite(found.barrier_km) ? write(found.barrier_km, 0) + " km" : "";
      var base = "today " + write(today.barrier_km, 0) + " km";
      return state.ceded || state.frozen ? ["seal line " + own, base] : ["seal line " + base];
    }

    return { prefix: prefix, borderOf: borderOf, headline: headline, index: index, answer: answer,
      sentences: sentences, lines: lines, range: range };
  };
})();
