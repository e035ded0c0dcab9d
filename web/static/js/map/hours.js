// What the card of an offer says of its hours: open until when, or when it opens next.

const MINUTE = { hour: "2-digit", minute: "2-digit" };
const DAY = { weekday: "long", day: "numeric", month: "long", ...MINUTE };

/** Returns a line such as "Öffnet: Donnerstag, 26. November, 10:00", or "" where no hours are known. */
export function hoursOf(offer, texts, now = new Date()) {
  const known = [offer.hours, ...offer.places.map((place) => place.hours)].filter(Boolean);
  const isOpen = known.filter((hours) => hours.state === "open");
  if (isOpen.length) {
    const ends = isOpen.map((hours) => hours.until).filter(Boolean).sort();
    return ends.length ? `${texts.openUntil} ${written(ends.at(-1), texts, now)}` : texts.open;
  }
  const starts = known.map((hours) => hours.until).filter(Boolean).sort();
  return starts.length ? `${texts.opens} ${written(starts[0], texts, now)}` : "";
}

/** Writes an instant in the page's language, as the clock of the region shows it; today is only a time. */
function written(instant, texts, now) {
  const form = (options) => new Intl.DateTimeFormat(texts.language, { ...options, timeZone: texts.timeZone });
  const day = form({ dateStyle: "short" });
  const when = new Date(instant);
  return form(day.format(when) === day.format(now) ? MINUTE : DAY).format(when);
}
