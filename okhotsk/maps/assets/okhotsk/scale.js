/* A scale bar in kilometres and one in nautical miles. */
okhotsk.scale = function (map) {
  "use strict";
  var Scale = L.Control.Scale.extend({
    _addScales: function (options, className, container) {
      this._mScale = L.DomUtil.create("div", className, container);
      this._nauticalScale = L.DomUtil.create("div", className, container);
    },
    _updateScales: function (metres) {
      this._updateMetric(metres);
      var miles = metres / 1852;
      var round = miles >= 1 ? this._getRoundNum(miles) : this._getRoundNum(miles * 1000) / 1000;
      this._updateScale(this._nauticalScale, round + " nm", round / miles);
    }
  });
  new Scale({ position: "bottomright", maxWidth: 120 }).addTo(map);
};
