// Map points arrive as columns of integers; here they become objects.

/** Fetches the points and returns `[{offer, place, topic, latlng}]`, one for each offer at a place; "#id": the page itself
    holds them, because no address may say what is asked for. */
export async function loadPoints(url) {
  if (url.startsWith("#")) return JSON.parse(document.querySelector(url).textContent);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return decodePoints(await answer.json());
}

/** A place is said once, its id as the step from the one before; the offers follow place by place. */
export function decodePoints(columns) {
  const { scale, origin, place_steps: steps, x, y, offers_at: counts, offers, topics, topic_slugs: slugs } = columns;
  const [originLon, originLat] = origin;
  const points = [];
  let place = 0;
  steps.forEach((step, at) => {
    place += step;
    const latlng = [originLat + y[at] / scale, originLon + x[at] / scale];
    for (const end = points.length + counts[at]; points.length < end; ) {
      const next = points.length;
      points.push({ offer: offers[next], place, topic: slugs[topics[next]], latlng });
    }
  });
  return points;
}
