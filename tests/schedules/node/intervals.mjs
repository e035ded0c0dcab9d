// Answers, line by line, when opening_hours thinks that something is open: {"value", "from", "to"} in, [[from, to]] out.
// It is asked year by year: from 2026 it does not look as far ahead as the next 29 February.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const OpeningHours = createRequire(`${process.argv[2]}/`)("opening_hours");
const place = (state) => ({ lat: 51.5, lon: 7.5, address: { country_code: "de", state } });

function years(from, to) {
    const edges = [from];
    for (let year = from.getFullYear() + 1; new Date(year, 0, 1) < to; year += 1) edges.push(new Date(year, 0, 1));
    return edges.map((edge, number) => [edge, edges[number + 1] ?? to]);
}

for await (const line of createInterface({ input: process.stdin })) {
    const { value, from, to, state } = JSON.parse(line);
    const hours = new OpeningHours(value, place(state), { locale: "en" });
    const found = years(new Date(from), new Date(to)).flatMap((year) => hours.getOpenIntervals(...year));
    console.log(JSON.stringify(found.map(([start, end]) => [start.getTime() / 60000, end.getTime() / 60000])));
}
