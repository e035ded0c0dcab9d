// Map points arrive as columns of integers; here they become objects.

/** Fetches the points and returns `[{offer, place, topic, latlng}]`, one for each offer at a place. */
export async function loadPoints(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return decodePoints(await answer.json());
}

export function decodePoints({ scale, origin, offers, places, topics, topic_slugs: slugs, x, y }) {
  const [originLon, originLat] = origin;
  return offers.map((offer, index) => ({
    offer,
    place: places[index],
    topic: slugs[topics[index]],
    latlng: [originLat + y[index] / scale, originLon + x[index] / scale],
  }));
}
