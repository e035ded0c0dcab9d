// Phrases with a number in them, translated by the server.

/** Takes a sample for each plural category, such as one: [1, "1 Angebot"]; returns number → "7 Angebote". */
export function counting(samples) {
  const rules = new Intl.PluralRules(document.documentElement.lang || "de");
  return (number) => {
    const [sample, phrase] = samples[rules.select(number)] ?? samples.other;
    return phrase.replace(String(sample), String(number));
  };
}
