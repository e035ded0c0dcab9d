// Measures one page as Lighthouse's slow phone sees it: node measure.mjs <folder of node_modules> <browser> <address> <runs>
// Prints one JSON line for each run, with the number of pins that stood on the map in that run.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, executablePath, address, runs] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/package.json`));
const { default: lighthouse } = await import(pathToFileURL(require.resolve("lighthouse")).href);
const { default: puppeteer } = await import(pathToFileURL(require.resolve("puppeteer-core")).href);

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

async function measured() {
  const browser = await puppeteer.launch({ executablePath, args: ARGUMENTS, headless: "shell" });
  try {
    const page = await browser.newPage();
    const { lhr } = await lighthouse(address, { output: "json", logLevel: "error" }, undefined, page);
    const number = (audit) => lhr.audits[audit]?.numericValue ?? null;
    return {
      scores: Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)])),
      lcp: number("largest-contentful-paint"),
      cls: number("cumulative-layout-shift"),
      tbt: number("total-blocking-time"),
      bytes: number("total-byte-weight"),
      pins: await page.evaluate(() => document.querySelectorAll(".map-marker").length),
      failed: Object.values(lhr.audits).filter(({ score }) => score !== null && score < 0.9).map(({ id }) => id),
    };
  } finally {
    await browser.close();
  }
}

for (let run = 0; run < Number(runs); run += 1) console.log(JSON.stringify(await measured()));
