// Points that would cover each other on the screen become one cluster. Clusters are made once for each zoom and of all
// points, so nothing changes while the map is moved; what is drawn is only what can be seen.

const TILE = 256; // pixels of the whole world at zoom 0
const HEIGHT = 50; // pixels that a pin or cluster needs for itself
const WIDTH = 94; // what a cluster says is this wide
const STREETS = 15; // from here on most are single pins, and narrower
const NARROW = 72;
const BUCKETS = 2 ** 14;
const NONE = -1;

/** Web Mercator, the world from 0 to 1. */
function project([lat, lon]) {
  const y = 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
  return [lon / 360 + 0.5, y];
}

/** Takes points with `latlng`; a cluster stands at its first point. Returns `at(zoom)`, all clusters, and `of(zoom, point)`. */
export function createClusters(points) {
  const x = new Float64Array(points.length);
  const y = new Float64Array(points.length);
  points.forEach(({ latlng }, at) => { [x[at], y[at]] = project(latlng); });
  const known = new Map();

  /** Groups points, each around the first that is in no other group; neighbours are looked for in cells of the same size. */
  function group(zoom) {
    const pixel = 1 / (TILE * 2 ** zoom);
    const width = pixel * (zoom >= STREETS ? NARROW : WIDTH);
    const height = pixel * HEIGHT;
    const firsts = new Int32Array(BUCKETS).fill(NONE); // the first point of each bucket, and of each point the next one
    const nexts = new Int32Array(points.length);
    const owners = new Int32Array(points.length).fill(NONE);
    const clusters = [];
    // Two cells may share a bucket: whether points are near is asked of the points.
    const bucketOf = (column, row) => (Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) & (BUCKETS - 1);

    for (let point = points.length - 1; point >= 0; point -= 1) {
      const bucket = bucketOf(Math.floor(x[point] / width), Math.floor(y[point] / height));
      nexts[point] = firsts[bucket];
      firsts[bucket] = point;
    }

    /** Gives a bucket's points near the seed to its cluster and takes them out of the bucket: nobody looks at them again. */
    function takeFrom(bucket, seed) {
      let before = NONE;
      for (let point = firsts[bucket]; point !== NONE; point = nexts[point]) {
        if (Math.abs(x[point] - x[seed]) >= width || Math.abs(y[point] - y[seed]) >= height) {
          before = point;
          continue;
        }
        owners[point] = clusters.length;
        if (before === NONE) firsts[bucket] = nexts[point];
        else nexts[before] = nexts[point];
      }
    }

    for (let point = 0; point < points.length; point += 1) {
      if (owners[point] === NONE) {
        const column = Math.floor(x[point] / width);
        const row = Math.floor(y[point] / height);
        for (let dx = -1; dx <= 1; dx += 1) {
          for (let dy = -1; dy <= 1; dy += 1) takeFrom(bucketOf(column + dx, row + dy), point);
        }
        clusters.push({ members: [], latlng: points[point].latlng });
      }
      clusters[owners[point]].members.push(point);
    }
    return { clusters, owners };
  }

  function at(zoom) {
    if (!known.has(zoom)) known.set(zoom, group(zoom));
    return known.get(zoom);
  }

  return {
    at: (zoom) => at(zoom).clusters,
    of: (zoom, point) => at(zoom).clusters[at(zoom).owners[point]],
  };
}
