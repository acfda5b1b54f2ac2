/* The interval of the index of any island set: the coarsened theatre measured under every sample of
   the assumptions, from tables that were found ahead (intervals.py). */
(function () {
  "use strict";
  var WEST = 0, EAST = 1;
  var KINDS = { f8: Float64Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array };

  function unpack(packed) {
    var names = Object.keys(packed), tables = {};
    return Promise.all(names.map(function (name) {
      return okhotsk.inflate(packed[name].data).then(function (bytes) {
        tables[name] = new KINDS[packed[name].kind](bytes.buffer);
      });
    })).then(function () { return tables; });
  }

  /* Percentiles as a function of an island set (armed or not) and its figures on the theatre; there
     are count blocks. Without samples the assumptions stay at their defaults. */
  function spread(data, tables, recipe, count) {
    var all = Math.pow(2, count) - 1, today = [];
    var samples = tables.transit_depth_m ? tables.transit_depth_m.length : 0;
    var kinds = samples ? (tables.barrier_km_first.length - 1) / samples : 0;  // of island sets, by their enclaves

    /* The cheapest main curve with the curves round the enclaves that it encloses. */
    function barrier(name, s, ceded) {
      var row = s * kinds + tables.kind[ceded], first = tables[name + "_rings_first"];
      var enclosed = tables[name + "_rings_enclosed"], cost = tables[name + "_rings_cost"];
      var closers = tables[name + "_rings_closers"], best = Infinity;
      var mains = paths(name, row, ceded, tables[name + "_sheets"][row]);
      for (var n = first[row]; n < first[row + 1]; n++) {
        if (!(closers[n] & ceded)) { best = Math.min(best, mains[enclosed[n]] + cost[n]); }
      }
      return best;
    }

    /* The shortest paths over open segments between the mainland's two ends, by crossing parity. */
    function paths(name, row, ceded, sheets) {
      var first = tables[name + "_first"], west = tables[name + "_west"], east = tables[name + "_east"];
      var cost = tables[name + "_cost"], closers = tables[name + "_closers"];
      var crosses = tables[name + "_crosses"], end = first[row + 1], better = true;
      var reached = new Float64Array((1 + last(name, row)) * sheets).fill(Infinity);
      reached[WEST * sheets] = 0;
      while (better) {
        better = false;
        for (var n = first[row]; n < end; n++) {
          if (closers[n] & ceded) { continue; }
          for (var parity = 0; parity < sheets; parity++) {
            var a = west[n] * sheets + parity, b = east[n] * sheets + (parity ^ crosses[n]);
            if (reached[a] + cost[n] < reached[b]) { reached[b] = reached[a] + cost[n]; better = true; }
            else if (reached[b] + cost[n] < reached[a]) { reached[a] = reached[b] + cost[n]; better = true; }
          }
        }
      }
      return reached.subarray(EAST * sheets, (EAST + 1) * sheets);
    }

    function last(name, row) {
      var most = EAST;
      for (var n = tables[name + "_first"][row]; n < tables[name + "_first"][row + 1]; n++) {
        most = Math.max(most, tables[name + "_west"][n], tables[name + "_east"][n]);
      }
      return most;
    }

    /* Exposure of the cheapest passage that is still open; infinite where none is. */
    function passage(name, s, taken) {
      var first = tables[name + "_first"], bars = tables[name + "_blocks"];
      for (var n = first[s]; n < first[s + 1]; n++) {
        if (!(bars[n] & taken)) { return tables[name + "_figure"][n]; }
      }
      return Infinity;
    }

    /* An area when no island is ceded, and what hostile forces change. */
    function water(name, s, hostile) {
      var first = tables[name + "_first"], sum = tables[name + "_start"][s];
      for (var n = first[s]; n < first[s + 1]; n++) {
        sum += tables[name + "_blocks"][n] & hostile ? tables[name + "_change"][n] : 0;
      }
      return sum;
    }

    function operating(regime, s, ceded) {
      var first = s * data.exits.length;
      return okhotsk.tally(data.exits, data.regimes, regime, ceded, function (strait, n) {
        return strait.sill_m >= tables.transit_depth_m[s] ? tables.operating_km2[first + n] : 0;
      });
    }

    function figures(s, ceded, armed) {
      var hostile = armed ? ceded : 0;
      return okhotsk.derive(data.figures, {
        water: function (figure) { return water(figure.column, s, hostile); },
        operating: function (figure) { return operating(figure.source, s, ceded); },
        passage: function (figure) {
          var name = armed ? figure.column : figure.unarmed;
          return passage(name, s, figure.source === "kept" ? all & ~ceded : ceded);
        },
        barrier: function (figure) { return barrier(figure.column, s, ceded); }
      });
    }

    function components(found, base) {
      return recipe.components.map(function (c) {
        return okhotsk.ratio(c, found[c.column], base[c.column]);
      });
    }

    function coarse(s, ceded, armed) {
      today[s] = today[s] || figures(s, 0, true);
      return components(figures(s, ceded, armed), today[s]);
    }

    /* Components in every sample, each on the level of the theatre: with a floor of each sample. */
    function sampled(ceded, armed, found) {
      var exact = components(found, recipe.today), base = samples ? coarse(0, ceded, armed) : exact;
      return Array.prototype.map.call(tables.floors, function (floor, s) {
        var own = samples ? coarse(s + 1, ceded, armed) : exact;
        return own.map(function (value, c) {
          return Math.log(Math.max(Math.min(Math.max(value + exact[c] - base[c], 0), 1), floor));
        });
      });
    }

    /* Every sample with every weighting. */
    function scores(ceded, armed, found) {
      var logs = sampled(ceded, armed, found), size = recipe.components.length;
      var weights = tables.weights, many = weights.length / size, out = new Float64Array(logs.length * many);
      logs.forEach(function (own, s) {
        for (var w = 0; w < many; w++) {
          var sum = 0;
          for (var c = 0; c < size; c++) { sum += own[c] * weights[w * size + c]; }
          out[s * many + w] = sum;
        }
      });
      return out.sort();
    }

    function percentile(sorted, share) {
      var place = (sorted.length - 1) * share, low = Math.floor(place);
      var one = 100 * Math.exp(sorted[low]), other = 100 * Math.exp(sorted[Math.min(low + 1, sorted.length - 1)]);
      return one + (other - one) * (place - low);
    }

    return function (ceded, armed, found) {
      var sorted = scores(ceded, armed, found);
      return data.percentiles.map(function (share) { return percentile(sorted, share / 100); });
    };
  }

  /* Unpack the tables, then call back with that function. */
  window.okhotsk.spread = function (data, recipe, count) {
    return unpack(data.tables).then(function (tables) { return spread(data, tables, recipe, count); });
  };
})();
