/* The figures of the explorer: the table, and the index over the land handed over. */
(function () {
  "use strict";
  var make = L.DomUtil.create, NO_WAY = "no way";

  /* A group of figures: column, label, how to write it, and what the bar of it is called. */
  var ROWS = [
    ["Index", [["index", "Bastion index, today 100", 0]]],
    ["Handed over", [["ceded_land_km2", "Land, km²", 0], ["ceded_population", "People", 0],
      ["ceded_coast_km", "Coast, km", 0]]],
    ["Exits of the sea 50 m deep or more", [["exits_russian", "Both shores Russian", 0],
      ["exits_shared", "Shared", 0], ["exits_japanese", "Both shores Japanese", 0],
      ["russian_throat_share", "Russian share of their section", "%"],
      ["russian_operating_share", "The same, water that boats can use", "%", "Straits with two Russian shores"]]],
    ["Seal", [["barrier_km", "Shortest line, km", 0, "Shortest seal line"],
      ["operating_area_km2", "Least section that boats can use, km²", 0, "Least section of the seal"]]],
    ["Water", [["patrol_km2", "Patrol water, km²", 0], ["refuge_km2", "Refuge, km²", 0],
      ["refuge_share", "Refuge, share", "%", "Refuge, share of patrol water"], ["sensed_share", "In hostile sight, share", "%", "Patrol water in hostile sight"]]],
    ["Ways in and out", [["access_depth_m", "Deepest way in for others, m", 0],
      ["egress_depth_m", "Deepest way out for Russia, m", 0],
      ["egress_exposure", "Exposure on the way out (high: bad for Russia)", 2, "Exposure on the way out"],
      ["base_exposure", "Exposure on the way from the base (high: bad for Russia)", 2, "Exposure from the base"],
      ["intruder_exposure", "Warning of intruders (high: good for Russia)", 2, "Warning of intruders"]]],
    ["Zones in the Sea of Okhotsk, km²", [["ru_territorial_sea_km2", "Russian territorial sea", 0],
      ["jp_territorial_sea_km2", "Japanese territorial sea", 0], ["ru_eez_km2", "Russian EEZ", 0],
      ["jp_eez_km2", "Japanese EEZ", 0], ["high_seas_km2", "High seas", 0],
      ["sea_km2", "The whole sea", 0]]]
  ];

  // By the number of decimals; made once, for making them is slow.
  var FORMATS = [0, 1, 2].map(function (digits) {
    return new Intl.NumberFormat("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  });

  function write(value, style) {
    if (value === Infinity || value === null) { return NO_WAY; }
    if (style === "%") { return (100 * value).toFixed(1) + "%"; }
    return FORMATS[style].format(Math.abs(value) < 0.5 * Math.pow(10, -style) ? 0 : value);
  }

  function rowBy(column) {
    return [].concat.apply([], ROWS.map(function (group) { return group[1]; }))
      .find(function (row) { return row[0] === column; });
  }

  function styleOf(column) { return rowBy(column)[2]; }

  function unitOf(column) {
    return /_km2$/.test(column) ? " km²" : /_km$/.test(column) ? " km" : "";
  }

  function withUnit(column, value) {
    var words = write(value, styleOf(column));
    return words === NO_WAY ? words : words + unitOf(column);
  }

  /* A change with its sign; shares in points. */
  function changeWords(column, value, base) {
    var style = styleOf(column), same = write(value, style) === write(base, style);
    if (same) { return "as today"; }
    if (!isFinite(value) || !isFinite(base) || value === null || base === null) { return "–"; }
    var share = style === "%", by = Math.abs(value - base) * (share ? 100 : 1);
    return (value < base ? "−" : "+") + write(by, share ? 1 : style) + (share ? " pts" : unitOf(column));
  }

  /* The parts of the index: what is kept of today as bars, value, and change against today. */
  function bars(table, recipe, today, found) {
    table.textContent = "";
    make("caption", "", table).textContent = "Parts of the index. Full bar: as today; pale: lost, as the index counts it.";
    var line = make("tr", "", make("thead", "", table)), body = make("tbody", "", table);
    ["Part", "Kept", "Value", "Change"].forEach(function (words) {
      var cell = make("th", "", line);
      cell.textContent = words;
      cell.scope = "col";
    });
    recipe.components.forEach(function (part) { barOf(make("tr", "", body), part, today, found); });
  }

  function barOf(row, part, today, found) {
    var column = part.column, kept = okhotsk.ratio(part, found[column], today[column]);
    var head = make("th", "", row), cell = make("td", "", row), track = make("span", "ok-bar", cell);
    head.scope = "row";
    head.textContent = rowBy(column)[3];
    make("span", "", track).style.width = 100 * kept + "%";
    make("span", "ok-unseen", cell).textContent = (100 * kept).toFixed(0) + "%";
    make("td", "", row).textContent = withUnit(column, found[column]);
    var change = make("td", "", row);
    change.textContent = changeWords(column, found[column], today[column]);
    change.classList.toggle("ok-changed", change.textContent !== "as today");
    row.dataset.part = column;
    row.dataset.kept = kept;
  }

  function svg(name, attributes, parent, text) {
    var node = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    if (text !== undefined) { node.textContent = text; }
    if (parent) { parent.appendChild(node); }
    return node;
  }

  function rowOf(body, row, today, shown) {
    var line = make("tr", "", body), head = make("th", "", line), base = write(today[row[0]], row[2]);
    head.scope = "row";
    head.textContent = row[1];
    make("td", "", line).textContent = base;
    shown.forEach(function (found, n) {
      var cell = make("td", "", line);
      cell.textContent = write(found[row[0]], row[2]);
      cell.dataset.column = row[0];
      cell.dataset.map = "ab"[n];
      cell.dataset.value = found[row[0]];
      cell.classList.toggle("ok-changed", cell.textContent !== base);
    });
  }

  /* All figures of one or two cessions beside today's. */
  function fill(table, today, shown, caption) {
    var heads = ["Figure", "Today"].concat(shown.length > 1 ? ["Map A", "Map B"] : ["This cession"]);
    table.textContent = "";
    make("caption", "", table).textContent = caption;
    var line = make("tr", "", make("thead", "", table));
    heads.forEach(function (words) {
      var cell = make("th", "", line);
      cell.textContent = words;
      cell.scope = "col";
    });
    ROWS.forEach(function (group) {
      var body = make("tbody", "", table), title = make("th", "", make("tr", "", body));
      title.colSpan = heads.length;
      title.scope = "rowgroup";
      title.textContent = group[0];
      group[1].forEach(function (row) { rowOf(body, row, today, shown); });
    });
  }

  /* ---- the frontier: index over land ---- */
  var WIDE = 400, HIGH = 190, LEFT = 34, TOP = 10, RIGHT = 10, BOTTOM = 34;

  function scale(most) {
    return {
      x: function (km2) { return LEFT + (WIDE - LEFT - RIGHT) * Math.min(km2 / most, 1); },
      y: function (index) { return TOP + (HIGH - TOP - BOTTOM) * (1 - index / 100); }
    };
  }

  function axes(sheet, at, most) {
    [0, 50, 100].forEach(function (value) {
      svg("line", { x1: LEFT, x2: WIDE - RIGHT, y1: at.y(value), y2: at.y(value), class: "ok-grid" }, sheet);
      svg("text", { x: LEFT - 9, y: at.y(value) + 4, "text-anchor": "end" }, sheet, value);
    });
    [0, 2500, 5000, 7500, 10000].filter(function (value) { return value <= most; })
      .forEach(function (value) {
        svg("text", { x: at.x(value), y: HIGH - BOTTOM + 14, "text-anchor": "middle" }, sheet, write(value, 0));
      });
    svg("text", { x: WIDE - RIGHT, y: HIGH - 5, "text-anchor": "end" }, sheet, "land handed over, km²");
  }

  /* What the best combinations keep, the steps up the chain, and the cessions shown. */
  function chart(box, front, shown) {
    var most = front.any[front.any.length - 1][0], at = scale(most);
    box.textContent = "";
    var sheet = svg("svg", { viewBox: "0 0 " + WIDE + " " + HIGH, role: "img" }, box);
    sheet.setAttribute("aria-label", "Index over land handed over: the best combinations, the " +
      "steps up the chain, and this cession");
    axes(sheet, at, most);
    var corners = [];
    front.any.forEach(function (point, n) {
      corners.push([(n ? front.any[n - 1] : [0])[0], point[1]], point);
    });
    var path = corners.map(function (point) { return at.x(point[0]) + " " + at.y(point[1]); });
    svg("path", { d: "M" + path.join("L"), class: "ok-best" }, sheet);
    front.chain.forEach(function (point) {
      svg("circle", { cx: at.x(point[0]), cy: at.y(point[1]), r: 2.5, class: "ok-step" }, sheet);
    });
    shown.forEach(function (found, n) {
      var place = { cx: at.x(found.ceded_land_km2), cy: at.y(found.index), r: 6, class: "ok-here" };
      svg("circle", place, sheet);
      if (found.ceded_land_km2 > most) {
        svg("text", { x: WIDE - RIGHT, y: place.cy + 19, "text-anchor": "end" }, sheet,
          write(found.ceded_land_km2, 0) + " km² →");
      }
      if (shown.length > 1) {
        svg("text", { x: place.cx, y: place.cy + 3.5, class: "ok-name" }, sheet, "AB"[n]);
      }
    });
    svg("text", { x: WIDE - RIGHT, y: at.y(92), "text-anchor": "end", class: "ok-best-name" }, sheet,
      "best of all combinations");
    svg("text", { x: at.x(most * 0.02), y: at.y(6), class: "ok-step-name" }, sheet, "dots: steps up the chain");
  }

  window.okhotsk.readout = { fill: fill, bars: bars, chart: chart, write: write };
})();
