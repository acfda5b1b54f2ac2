/* The list of every source. Its HTML is written and escaped before. */
okhotsk.credits = function (map, html) {
  "use strict";
  var parts = okhotsk.panel(map, {
    position: "topright", className: "ok-credits", title: "Sources", folded: true
  });
  parts.body.innerHTML = html;
};
