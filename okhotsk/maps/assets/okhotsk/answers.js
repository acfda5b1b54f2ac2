/* The figures of any cession, added up from tables that were computed ahead (answers.py).
   A cession is a number: bit n stands for the n-th piece. */
(function () {
  "use strict";
  var RUSSIA = -1, JAPAN = -2, WEST = 1, EAST = 2;

  function answers(tables) {
    var lines = {};
    Object.keys(tables.lines).forEach(function (name) { lines[name] = prepare(tables.lines[name]); });

    function japanese(holder, ceded) {
      return holder === JAPAN || (holder !== RUSSIA && (ceded >>> holder & 1) === 1);
    }

    function total(ceded, key) {
      return tables.pieces.reduce(function (sum, piece, n) {
        return sum + (ceded >>> n & 1 ? piece[key] : 0);
      }, 0);
    }

    function zone(name, ceded) {
      return tables.zones[name].atoms.reduce(function (sum, atom) {
        return sum + ((atom[0] & ~ceded) === 0 ? atom[1] : 0);
      }, tables.zones[name].start);
    }

    function reached(name, hostile) {
      return tables.waters[name].reduce(function (sum, atom) {
        return sum + (atom[0] & hostile ? atom[1] : 0);
      }, 0);
    }

    /* The cheapest way that the cession leaves as it is; infinite where none is left. */
    function way(table, ceded) {
      var taken = table.kept ? ~ceded : ceded;
      var row = table.rows.find(function (each) { return (each[1] & taken) === 0; });
      return !row || row[2] === null ? Infinity : row[2];
    }

    function regime(sides, ceded) {
      var count = sides.filter(function (side) { return japanese(side, ceded); }).length;
      return ["russian", "shared", "japanese"][count];
    }

    function exits(ceded, out) {
      var all = 0, own = 0;
      out.exits_russian = out.exits_shared = out.exits_japanese = 0;
      tables.exits.forEach(function (strait) {
        var kind = regime(strait.sides, ceded);
        out["exits_" + kind] += 1;
        all += strait.km2;
        own += kind === "russian" ? strait.km2 : 0;
      });
      out.russian_throat_share = own / all;
    }

    function figures(ceded, armed) {
      var hostile = armed ? ceded : 0, water = tables.waters, out = {};
      out.ceded_land_km2 = total(ceded, "km2");
      out.ceded_population = total(ceded, "people");
      out.ceded_coast_km = total(ceded, "coast_km");
      Object.keys(tables.zones).forEach(function (name) { out[name] = zone(name, ceded); });
      exits(ceded, out);
      out.access_depth_m = way(tables.ways.access_depth_m, ceded);
      out.egress_depth_m = way(tables.ways.egress_depth_m, ceded);
      Object.keys(lines).forEach(function (name) { out[name] = chain(lines[name], ceded).cost; });
      out.patrol_km2 = water.patrol_km2;
      out.refuge_km2 = water.refuge_km2 - reached("refuge", hostile);
      out.refuge_share = out.refuge_km2 / out.patrol_km2;
      out.sensed_share = (water.sensed_km2 + reached("sensed", hostile)) / out.patrol_km2;
      out.egress_exposure = way(armed ? tables.ways.egress_exposure : tables.unarmed, ceded);
      out.intruder_exposure = way(tables.ways.intruder_exposure, ceded);
      out.index = score(tables.index, out);
      return out;
    }

    return {
      figures: figures,
      regime: regime,
      japanese: japanese,
      /* Numbers of the links that a line runs over. */
      course: function (name, ceded) { return chain(lines[name], ceded).links; }
    };
  }

  /* Links with the numbers of their ends counted from 0, the mainland's two ends first. */
  function prepare(rows) {
    var known = {};
    known[WEST] = 0;
    known[EAST] = 1;
    var count = 2;
    function number(end) {
      if (!(end in known)) { known[end] = count++; }
      return known[end];
    }
    var links = rows.map(function (row) {
      return { a: number(row[0]), b: number(row[1]), cost: row[2], closers: row[3] };
    });
    return { links: links, count: count };
  }

  /* The cheapest chain of open links between the two ends: Bellman and Ford's algorithm. */
  function chain(table, ceded) {
    var reached = new Float64Array(table.count).fill(Infinity), came = new Int32Array(table.count);
    var better = true;
    came.fill(-1);
    reached[0] = 0;
    function relax(from, to, cost, n) {
      if (reached[from] + cost >= reached[to]) { return; }
      reached[to] = reached[from] + cost;
      came[to] = n;
      better = true;
    }
    while (better) {
      better = false;
      for (var n = 0; n < table.links.length; n++) {
        var link = table.links[n];
        if (link.closers & ceded) { continue; }
        relax(link.a, link.b, link.cost, n);
        relax(link.b, link.a, link.cost, n);
      }
    }
    return { cost: reached[1], links: back(table, came) };
  }

  function back(table, came) {
    var used = [], at = 1;
    while (at !== 0 && came[at] >= 0 && used.length <= table.count) {
      var link = table.links[came[at]];
      used.push(came[at]);
      at = link.a === at ? link.b : link.a;
    }
    return used;
  }

  function ratio(kind, option, today) {
    var pair = { burden: [today, option], asset: [option, today],
      complement: [1 - option, 1 - today], exposure: [1 + today, 1 + option] }[kind];
    var value = pair[0] === pair[1] || pair[1] <= 0 ? 1 : pair[0] / pair[1];
    if (pair[1] === Infinity && pair[0] !== pair[1]) { value = 0; }
    return Math.min(Math.max(value, 0), 1);
  }

  /* A weighted geometric mean of ratios to today (index.py). */
  function score(recipe, figures) {
    var sum = recipe.components.reduce(function (total, c) {
      var value = ratio(c.kind, figures[c.column], recipe.today[c.column]);
      return total + c.weight * Math.log(Math.max(value, recipe.floor));
    }, 0);
    return 100 * Math.exp(sum);
  }

  window.okhotsk.answers = answers;
  window.okhotsk.ratio = ratio;
})();
