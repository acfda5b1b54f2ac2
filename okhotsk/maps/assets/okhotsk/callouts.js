/* Words on the map that never touch: each stands at the first of its places that is free, else nowhere.
   `names` are those that stay, {name, kind, zoom, at}, the most important first; `lines` returns what
   changes with the set: words, the course they belong to, and the course they should stand clear of;
   `marks` are lines that words had better not hide. */
(function () {
  "use strict";
  var GAP = 3, STEP_PX = 14, CLEAR_PX = 80, NEAR = 8;
  var OCEAN = [[1, 0.5], [1, 0], [0.4, 1]];
  var AROUND = [[1, 0.5], [-1, -0.5], [1, 0], [-1, 0], [0.4, 1], [-0.4, -1], [1, -0.6], [-1, 0.6]];

  function apart(one, two) {
    return one.right + GAP < two.left || two.right + GAP < one.left ||
      one.bottom + GAP < two.top || two.bottom + GAP < one.top;
  }

  function inside(box, frame) {
    return box.left >= 2 && box.right <= frame.x - 2 && box.top >= 2 && box.bottom <= frame.y - 2;
  }

  function holds(box, point) {
    return point.x > box.left - 2 && point.x < box.right + 2 && point.y > box.top - 2 && point.y < box.bottom + 2;
  }

  /* The box of some size whose near edge is so far from a point, in a direction. */
  function beside(point, size, way, far) {
    var x = point.x + way[0] * far + (way[0] > 0.5 ? 0 : way[0] < -0.5 ? -size.x : (way[0] - 0.5) * size.x);
    var y = point.y + way[1] * far + (Math.abs(way[1]) === 1 ? (way[1] - 1) / 2 : -0.5) * size.y;
    return { left: x, top: y, right: x + size.x, bottom: y + size.y };
  }

  /* Where a name may stand, the best place first. */
  function places(kind, points, size) {
    var out = [];
    function around(ways, distances) {
      points.forEach(function (point) {
        distances.forEach(function (far) {
          ways.forEach(function (way) { out.push(beside(point, size, way, far)); });
        });
      });
    }
    if (kind === "island") {
      points.forEach(function (point, n) {
        [0, 1.2, -1.2, 2.2].forEach(function (down) {
          out.push(beside(point, size, [n ? -1 : 1, down], 7));
        });
      });
    } else if (kind === "strait") { around(OCEAN, [12, 20]); around(AROUND, [12, 20, 32, 46, 64]); }
    else if (kind === "line") { around(AROUND, [10]); around(AROUND, [24]); }
    else { around([[0, 0]], [0]); around([[0, 1], [0, -1]], [12, 30]); }
    return out;
  }

  /* Points along some lines, as pixels of the frame. */
  function along(map, courses) {
    var out = [];
    courses.forEach(function (course) {
      var last = null;
      course.forEach(function (spot) {
        var point = map.latLngToContainerPoint(spot);
        var steps = last ? Math.min(Math.ceil(last.distanceTo(point) / STEP_PX), 200) : 1;
        for (var n = 1; n <= steps; n++) {
          out.push(last ? last.add(point.subtract(last).multiplyBy(n / steps)) : point);
        }
        last = point;
      });
    });
    return out;
  }

  /* Points of a line in view, those clear of another line and near the middle first. */
  function anchors(points, others, frame) {
    var middle = frame.divideBy(2);
    return points.filter(function (point) {
      return point.x > 0 && point.y > 0 && point.x < frame.x && point.y < frame.y;
    }).map(function (point) {
      var clear = others.reduce(function (least, other) { return Math.min(least, point.distanceTo(other)); }, CLEAR_PX);
      return { point: point, order: point.distanceTo(middle) / 1e4 - Math.round(clear / 8) };
    }).sort(function (one, two) { return one.order - two.order; })
      .map(function (one) { return one.point; });
  }

  window.okhotsk.callouts = function (map, names, marks, lines) {
    var pane = map.createPane("ok-names"), kept = names.map(label), told = [];
    pane.style.zIndex = 620;
    pane.setAttribute("aria-hidden", "true");  // the list of islands and the straits say the same

    function label(item) {
      var node = L.DomUtil.create("span", "ok-name ok-name-" + item.kind, pane);
      node.textContent = item.name;
      return { item: item, node: node, size: null };
    }

    /* What names must not lie on: buttons, panels, the ring. */
    function obstacles() {
      var frame = map.getContainer().getBoundingClientRect();
      return [].map.call(map.getContainer().querySelectorAll(".leaflet-control, .ok-handle"), function (node) {
        var box = node.getBoundingClientRect();
        return { left: box.left - frame.left, right: box.right - frame.left,
          top: box.top - frame.top, bottom: box.bottom - frame.top };
      }).filter(function (box) { return box.right > box.left; });
    }

    /* The first free place, or a later one that lies on no line; names of straits stay near. */
    function find(one, taken, drawn, frame) {
      var boxes = places(one.item.kind, one.points, one.size).filter(function (box) {
        return inside(box, frame) && taken.every(function (other) { return apart(box, other); });
      });
      return boxes.slice(0, one.item.kind === "strait" ? NEAR : boxes.length).find(function (box) {
        return !drawn.some(function (point) { return holds(box, point); });
      }) || boxes[0];
    }

    function put(one, taken, drawn, frame) {
      one.size = one.size || L.point(one.node.offsetWidth, one.node.offsetHeight);
      var box = map.getZoom() >= one.item.zoom && find(one, taken, drawn, frame);
      one.node.style.visibility = box ? "" : "hidden";
      if (!box) { return; }
      taken.push(box);
      L.DomUtil.setPosition(one.node, map.containerPointToLayerPoint([Math.round(box.left), Math.round(box.top)]));
    }

    function place() {
      var frame = map.getSize(), taken = obstacles(), drawn = along(map, marks);
      told.forEach(function (one) { one.node.remove(); });
      told = lines().map(function (line) {
        var one = label({ name: line.words, kind: "line", zoom: 0 }), own = along(map, line.course);
        one.node.classList.add("ok-name-" + line.id);
        one.points = anchors(own, along(map, line.other), frame).slice(0, 60);
        drawn = drawn.concat(own);
        return one;
      });
      kept.forEach(function (one) {
        one.points = one.item.at.map(function (spot) { return map.latLngToContainerPoint(spot); })
          .filter(function (point) { return point.x > 0 && point.y > 0 && point.x < frame.x && point.y < frame.y; });
      });
      var first = kept.filter(function (one) { return one.item.kind === "strait" && !one.item.zoom; });
      first.concat(told, kept.filter(function (one) { return first.indexOf(one) < 0; }))
        .forEach(function (one) { put(one, taken, drawn, frame); });
    }

    map.on("zoomstart", function () { pane.style.visibility = "hidden"; });
    map.on("moveend resize", function () { pane.style.visibility = ""; place(); });
    map.getContainer().addEventListener("toggle", place, true);  // panels that open and fold
    return place;
  };
})();
