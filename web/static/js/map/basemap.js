// The basemap under our own polygons, only where the operator has set one. The map is complete without it.
import { calmStyle } from "./basemap-style.js";
import { loadScript } from "./vendors.js";

const VECTOR_TILES = 1; // PMTiles v3, "tile type"
const MAX_ZOOM = 18;

function attributionOf({ basemapAttribution }) {
  const attribution = document.createElement("span");
  attribution.textContent = basemapAttribution; // Leaflet takes HTML, the operator has given text
  return attribution.outerHTML;
}

function xyz({ basemapUrl }, attribution) {
  return L.tileLayer(basemapUrl, { attribution, maxZoom: MAX_ZOOM });
}

/** Draws again in the other colours when the visitor's device changes between light and dark. */
function followColourScheme(layer, dark) {
  dark.addEventListener("change", () => {
    Object.assign(layer, calmStyle(dark.matches));
    layer.clearLayout();
    layer.rerenderTiles();
  });
}

async function pmtiles({ basemapUrl, protomaps }, attribution) {
  if (!window.protomapsL) await loadScript(protomaps);
  const { p: archive } = new protomapsL.PmtilesSource(basemapUrl, true);
  const header = await archive.getHeader(); // fails before anything is drawn
  if (header.tileType !== VECTOR_TILES) throw new Error(`${basemapUrl}: no vector tiles`);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const layer = protomapsL.leafletLayer({
    ...calmStyle(dark.matches),
    attribution,
    bounds: [[header.minLat, header.minLon], [header.maxLat, header.maxLon]],
    lang: document.documentElement.lang,
    maxDataZoom: header.maxZoom,
    url: archive,
  });
  followColourScheme(layer, dark);
  return layer;
}

const KINDS = { pmtiles, xyz };

/** Adds the basemap that the page names; where that fails, polygons and list stay as they are. */
export async function addBasemap(map, section) {
  const { basemap } = section.dataset;
  if (!basemap) return;
  try {
    const layer = await KINDS[basemap](section.dataset, attributionOf(section.dataset));
    L.control.attribution({ prefix: false }).addTo(map);
    layer.once("tileload", () => section.classList.add("with-basemap"));
    layer.addTo(map);
  } catch (error) {
    console.warn(error);
  }
}
