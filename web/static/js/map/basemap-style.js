// A calm look for vector tiles of the Protomaps schema: land, green, water, streets; no shops, no place names of its own.

const LIGHT = {
  land: "#f1e9db",
  green: "#dbe6d0",
  water: "#c3dae2",
  building: "#e5dac8",
  path: "#e6dccb",
  street: "#fffdf8",
  rail: "#c9bda8",
  name: "#5e513a",
  halo: "#f8f3ea",
};

const DARK = {
  land: "#1e2625",
  green: "#203128",
  water: "#17343f",
  building: "#28312f",
  path: "#2c3634",
  street: "#3d4947",
  rail: "#4a5452",
  name: "#b6beb9",
  halo: "#1e2625",
};

const GREENS = new Set([
  "allotments", "cemetery", "forest", "garden", "golf_course", "grass", "meadow", "nature_reserve", "park", "playground",
  "protected_area", "recreation_ground", "scrub", "village_green", "wood",
]);

function ofKind(...kinds) {
  return (_zoom, { props }) => kinds.includes(props.kind);
}

function isGreen(_zoom, { props }) {
  return GREENS.has(props.kind);
}

function area(dataLayer, fill, more = {}) {
  const { filter = () => true, ...rest } = more;
  // A layer may hold areas and lines, such as lakes and rivers.
  const only = (zoom, feature) => feature.geomType === protomapsL.GeomType.Polygon && filter(zoom, feature);
  return { dataLayer, symbolizer: new protomapsL.PolygonSymbolizer({ fill }), ...rest, filter: only };
}

/** Widths in pixels at zooms, [[zoom, width], …]. */
function line(dataLayer, color, widths, more = {}) {
  const width = protomapsL.exp(1.6, widths);
  const symbolizer = new protomapsL.LineSymbolizer({ color, width, lineCap: "round", lineJoin: "round" });
  return { dataLayer, symbolizer, ...more };
}

function paintRules(colours) {
  return [
    area("earth", colours.land),
    area("landuse", colours.green, { filter: isGreen }),
    area("water", colours.water),
    line("water", colours.water, [[9, 0], [11, 1], [18, 10]], { filter: ofKind("canal", "river", "stream") }),
    area("buildings", colours.building, { minzoom: 15 }),
    line("roads", colours.path, [[14, 0], [16, 1.5], [18, 4]], { minzoom: 15, filter: ofKind("path", "other") }),
    line("roads", colours.rail, [[10, 0.5], [18, 2]], { filter: ofKind("rail") }),
    line("roads", colours.street, [[12, 0.3], [14, 1.5], [18, 10]], { minzoom: 12, filter: ofKind("minor_road") }),
    line("roads", colours.street, [[8, 0.5], [12, 1.8], [15, 4], [18, 14]], { filter: ofKind("major_road") }),
    line("roads", colours.street, [[6, 0.5], [12, 2.2], [15, 5], [18, 16]], { filter: ofKind("highway") }),
  ];
}

function streetNames(colours, minzoom, ...kinds) {
  const symbolizer = new protomapsL.LineLabelSymbolizer({
    fill: colours.name,
    font: "500 13px sans-serif",
    position: protomapsL.LineLabelPlacement.Center,
    stroke: colours.halo,
    width: 3,
  });
  return { dataLayer: "roads", symbolizer, minzoom, filter: ofKind(...kinds) };
}

/** Options of protomapsL.leafletLayer; needs the global `protomapsL`. */
export function calmStyle(isDark) {
  const colours = isDark ? DARK : LIGHT;
  return {
    paintRules: paintRules(colours),
    labelRules: [
      streetNames(colours, 14, "highway", "major_road"),
      streetNames(colours, 16, "minor_road"),
    ],
  };
}
