/* The figures of any island set, from tables that were computed ahead (tables.py) by the rules of
   the catalogue (figures.py). An island set is a number: bit n stands for the n-th block. */
(function () {
  "use strict";
  var JAPAN = -2, WEST = 1, EAST = 2;

  /* Figures of a catalogue; source has a function for each rule, that is given the figure. */
  function derive(catalogue, source) {
    var out = {};
    catalogue.forEach(function (figure) {
      out[figure.column] = figure.rule === "share" ? out[figure.source] / out[figure.denominator]
        : source[figure.rule](figure);
    });
    return out;
  }

  function japanese(holder, ceded) {
    return holder === JAPAN || (holder >= 0 && (ceded >>> holder & 1) === 1);
  }

  /* Sum of a weight over the exits under a regime, or under any. */
  function tally(exits, regimes, regime, ceded, weigh) {
    return exits.reduce(function (sum, strait, n) {
      var count = strait.sides.filter(function (side) { return japanese(side, ceded); }).length;
      return sum + (!regime || regimes[count] === regime ? weigh(strait, n) : 0);
    }, 0);
  }

  function answers(tables) {
    var barriers = {};
    Object.keys(tables.barriers).forEach(function (name) {
      barriers[name] = prepare(tables.barriers[name]);
    });

    function regime(sides, ceded) {
      return tables.regimes[sides.filter(function (side) { return japanese(side, ceded); }).length];
    }

    /* An area when no island is ceded, and the changes that happen. */
    function area(name, happens) {
      return tables.areas[name].classes.reduce(function (sum, each) {
        return sum + (happens(each[0]) ? each[1] : 0);
      }, tables.areas[name].start);
    }

    /* The cheapest passage that is still open; infinite where none is. */
    function passage(rows, taken) {
      var row = rows.find(function (each) { return (each[1] & taken) === 0; });
      return !row || row[2] === null ? Infinity : row[2];
    }

    function figures(ceded, armed) {
      var hostile = armed ? ceded : 0;
      var out = derive(tables.figures, {
        land: function (figure) {
          return tables.blocks.reduce(function (sum, block, n) {
            return sum + (ceded >>> n & 1 ? block[figure.column] : 0);
          }, 0);
        },
        zone: function (figure) {
          return area(figure.column, function (units) { return (units & ~ceded) === 0; });
        },
        water: function (figure) {
          return area(figure.column, function (units) { return (units & hostile) !== 0; });
        },
        exits: function (figure) {
          return tally(tables.exits, tables.regimes, figure.source, ceded, function () { return 1; });
        },
        throats: function (figure) {
          return tally(tables.exits, tables.regimes, figure.source, ceded,
            function (strait) { return strait.km2; });
        },
        operating: function (figure) {
          return tally(tables.exits, tables.regimes, figure.source, ceded,
            function (strait) { return strait.operating_km2; });
        },
        passage: function (figure) {
          var rows = tables.passages[armed ? figure.column : figure.unarmed];
          return passage(rows, figure.source === "kept" ? ~ceded : ceded);
        },
        barrier: function (figure) { return path(barriers[figure.column], ceded).cost; }
      });
      out.index = score(tables.index, out);
      return out;
    }

    return {
      figures: figures,
      regime: regime,
      japanese: japanese,
      /* Numbers of the segments that a barrier runs over. */
      course: function (name, ceded) { return path(barriers[name], ceded).segments; }
    };
  }

  /* Segments with the numbers of their ends counted from 0, the mainland's two ends first. */
  function prepare(rows) {
    var known = {};
    known[WEST] = 0;
    known[EAST] = 1;
    var count = 2;
    function number(end) {
      if (!(end in known)) { known[end] = count++; }
      return known[end];
    }
    var segments = rows.map(function (row) {
      return { a: number(row[0]), b: number(row[1]), cost: row[2], closers: row[3] };
    });
    return { segments: segments, count: count };
  }

  /* The shortest path over open segments between the two ends: Bellman and Ford's algorithm. */
  function path(table, ceded) {
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
      for (var n = 0; n < table.segments.length; n++) {
        var segment = table.segments[n];
        if (segment.closers & ceded) { continue; }
        relax(segment.a, segment.b, segment.cost, n);
        relax(segment.b, segment.a, segment.cost, n);
      }
    }
    return { cost: reached[1], segments: back(table, came) };
  }

  function back(table, came) {
    var used = [], at = 1;
    while (at !== 0 && came[at] >= 0 && used.length <= table.count) {
      var segment = table.segments[came[at]];
      used.push(came[at]);
      at = segment.a === at ? segment.b : segment.a;
    }
    return used;
  }

  /* A component: a value of the figure against today's (index.py). */
  function ratio(component, figure, today) {
    var value = component.offset + component.slope * figure;
    var base = component.offset + component.slope * today;
    var above = component.more_is_better ? value : base, below = component.more_is_better ? base : value;
    var share = above === below || below <= 0 ? 1 : above / below;
    if (below === Infinity && above !== below) { share = 0; }
    return Math.min(Math.max(share, 0), 1);
  }

  /* A weighted geometric mean of ratios to today (index.py). */
  function score(recipe, figures) {
    var sum = recipe.components.reduce(function (total, c) {
      var value = ratio(c, figures[c.column], recipe.today[c.column]);
      return total + c.weight * Math.log(Math.max(value, recipe.floor));
    }, 0);
    return 100 * Math.exp(sum);
  }

  window.okhotsk.derive = derive;
  window.okhotsk.tally = tally;
  window.okhotsk.answers = answers;
  window.okhotsk.ratio = ratio;
})();
