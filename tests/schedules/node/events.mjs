// Answers, line by line, when ical.js thinks that something starts: {"ics", "from", "to"} in, [[minute, summary]] out.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const ICAL = createRequire(`${process.argv[2]}/`)("ical.js").default ?? createRequire(`${process.argv[2]}/`)("ical.js");
const minute = (time) => time.toUnixTime() / 60;

function starts(ics, from, to) {
    const calendar = new ICAL.Component(ICAL.parse(ics));
    ICAL.TimezoneService.reset();
    for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
    const events = calendar.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
    const differing = new Map(events.filter((one) => one.isRecurrenceException()).map((one) => [one.uid, new Map()]));
    for (const one of events.filter((other) => other.isRecurrenceException())) {
        differing.get(one.uid).set(minute(one.recurrenceId), one);
    }
    const found = [];
    for (const event of events.filter((one) => !one.isRecurrenceException())) {
        const others = differing.get(event.uid) ?? new Map();
        const dates = event.isRecurring() ? event.iterator() : [event.startDate][Symbol.iterator]();
        const next = () => (event.isRecurring() ? dates.next() : dates.next().value);
        const latest = Math.max(to, ...others.keys());
        for (let time = next(); time && minute(time) <= latest; time = next()) {
            const instead = others.get(minute(time));
            others.delete(minute(time));
            found.push([minute(instead ? instead.startDate : time), event.summary]);
        }
        if (others.size) throw new Error(`${event.uid}: nothing to differ from`);
    }
    return found.filter(([start]) => start >= from && start < to).sort(([a], [b]) => a - b);
}

for await (const line of createInterface({ input: process.stdin })) {
    const { ics, from, to } = JSON.parse(line);
    try {
        console.log(JSON.stringify({ found: starts(ics, from, to) }));
    } catch (error) {
        console.log(JSON.stringify({ error: String(error) }));
    }
}
