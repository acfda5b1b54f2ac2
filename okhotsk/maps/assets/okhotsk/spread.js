/* The interval of the index of any cession: the coarser twin priced under every sample of the
   assumptions, from tables that were found ahead (spread.py). */
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

  /* Percentiles as a function of a cession (armed or not) and its figures on the theatre; there are
     count pieces. */
  function spread(data, tables, recipe, count) {
    var all = Math.pow(2, count) - 1, samples = tables.patrol_km2.length, today = [];
    var kinds = (tables.barrier_km_first.length - 1) / samples;  // of cessions, by what they cut off

    /* The cheapest main line with the rings that it needs round what it takes in. */
    function line(name, s, ceded) {
      var row = s * kinds + tables.kind[ceded], first = tables[name + "_rings_first"];
      var inside = tables[name + "_rings_inside"], cost = tables[name + "_rings_cost"];
      var closers = tables[name + "_rings_closers"], best = Infinity;
      var mains = chains(name, row, ceded, tables[name + "_sides"][row]);
      for (var n = first[row]; n < first[row + 1]; n++) {
        if (!(closers[n] & ceded)) { best = Math.min(best, mains[inside[n]] + cost[n]); }
      }
      return best;
    }

    /* The cheapest chains of open links between the mainland's two ends, by what they take in. */
    function chains(name, row, ceded, sides) {
      var first = tables[name + "_first"], west = tables[name + "_west"], east = tables[name + "_east"];
      var cost = tables[name + "_cost"], closers = tables[name + "_closers"];
      var crosses = tables[name + "_crosses"], end = first[row + 1], better = true;
      var reached = new Float64Array((1 + last(name, row)) * sides).fill(Infinity);
      reached[WEST * sides] = 0;
      while (better) {
        better = false;
        for (var n = first[row]; n < end; n++) {
          if (closers[n] & ceded) { continue; }
          for (var side = 0; side < sides; side++) {
            var a = west[n] * sides + side, b = east[n] * sides + (side ^ crosses[n]);
            if (reached[a] + cost[n] < reached[b]) { reached[b] = reached[a] + cost[n]; better = true; }
            else if (reached[b] + cost[n] < reached[a]) { reached[a] = reached[b] + cost[n]; better = true; }
          }
        }
      }
      return reached.subarray(EAST * sides, (EAST + 1) * sides);
    }

    function last(name, row) {
      var most = EAST;
      for (var n = tables[name + "_first"][row]; n < tables[name + "_first"][row + 1]; n++) {
        most = Math.max(most, tables[name + "_west"][n], tables[name + "_east"][n]);
      }
      return most;
    }

    /* Exposure of the cheapest way that stands; infinite where none does. */
    function way(name, s, taken) {
      var first = tables[name + "_first"], bars = tables[name + "_pieces"];
      for (var n = first[s]; n < first[s + 1]; n++) {
        if (!(bars[n] & taken)) { return tables[name + "_figure"][n]; }
      }
      return Infinity;
    }

    function reached(name, s, hostile) {
      var first = tables[name + "_first"], sum = 0;
      for (var n = first[s]; n < first[s + 1]; n++) {
        sum += tables[name + "_pieces"][n] & hostile ? tables[name + "_atom_km2"][n] : 0;
      }
      return sum;
    }

    function share(s, ceded) {
      var sum = 0, own = 0;
      data.exits.forEach(function (strait) {
        if (!(strait.sill_m >= tables.transit_depth_m[s])) { return; }
        sum += strait.km2;
        own += strait.sides.every(function (side) {
          return side === -1 || (side >= 0 && !(ceded >>> side & 1));
        }) ? strait.km2 : 0;
      });
      return own / sum;
    }

    function figures(s, ceded, armed) {
      var hostile = armed ? ceded : 0, patrol = tables.patrol_km2[s];
      return {
        barrier_km: line("barrier_km", s, ceded),
        barrier_area_km2: line("barrier_area_km2", s, ceded),
        russian_throat_share: share(s, ceded),
        refuge_share: (tables.refuge_km2[s] - reached("refuge", s, hostile)) / patrol,
        sensed_share: (tables.sensed_km2[s] + reached("sensed", s, hostile)) / patrol,
        egress_exposure: way(armed ? "egress_exposure" : "unarmed", s, ceded),
        intruder_exposure: way("intruder_exposure", s, all & ~ceded)
      };
    }

    function components(option, base) {
      return recipe.components.map(function (c) {
        return okhotsk.ratio(c.kind, option[c.column], base[c.column]);
      });
    }

    function twin(s, ceded, armed) {
      today[s] = today[s] || figures(s, 0, true);
      return components(figures(s, ceded, armed), today[s]);
    }

    /* Every sample with every weighting; each component on the level of the theatre. */
    function scores(ceded, armed, found) {
      var exact = components(found, recipe.today), base = twin(0, ceded, armed);
      var ratio = exact.map(function (value, c) { return value > 0 && base[c] > 0 ? value / base[c] : 1; });
      var size = exact.length, weights = tables.weights, many = weights.length / size;
      var out = new Float64Array((samples - 1) * many);
      for (var s = 1; s < samples; s++) {
        var floor = tables.floors[s - 1], logs = twin(s, ceded, armed).map(function (value, c) {
          return Math.log(Math.max(Math.min(Math.max(value * ratio[c], 0), 1), floor));
        });
        for (var w = 0; w < many; w++) {
          var sum = 0;
          for (var c = 0; c < size; c++) { sum += logs[c] * weights[w * size + c]; }
          out[(s - 1) * many + w] = sum;
        }
      }
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
