// The words of the map, translated by the server.

/** Reads the texts and adds `count(n)`: "7 Angebote", by the plural rules of the page's language. */
export function readTexts() {
  const texts = JSON.parse(document.getElementById("map-texts").textContent);
  const rules = new Intl.PluralRules(document.documentElement.lang || "de");
  texts.count = (number) => {
    const [sample, phrase] = texts.offers[rules.select(number)] ?? texts.offers.other;
    return phrase.replace(String(sample), String(number));
  };
  return texts;
}
