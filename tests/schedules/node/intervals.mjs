// Answers, line by line, when opening_hours thinks that something is open: {"value", "from", "to"} in, [[from, to]] out.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const OpeningHours = createRequire(`${process.argv[2]}/`)("opening_hours");
const place = (state) => ({ lat: 51.5, lon: 7.5, address: { country_code: "de", state } });

for await (const line of createInterface({ input: process.stdin })) {
    const { value, from, to, state } = JSON.parse(line);
    const hours = new OpeningHours(value, place(state), { locale: "en" });
    const found = hours.getOpenIntervals(new Date(from), new Date(to));
    console.log(JSON.stringify(found.map(([start, end]) => [start.getTime() / 60000, end.getTime() / 60000])));
}
