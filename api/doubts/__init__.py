"""Doubts: what looks wrong about an offer, asked of people and never changed silently.

The checks themselves are in importers.checking, which finds; here it is kept, listed and answered. Every
function takes a session and commits nothing. What pages use:

* listing.doubts(session, region, Wanted(…), page, per_page) → Page[Line]: open ones, the oldest first
* listing.counts(session, region, Wanted(…)) → {Kind: n}, each at most MOST_COUNTED
* service.get(session, region_id, doubt_id) → Line, in whatever state
* service.changes(line, sheet) → Changes: the proposed value as curation takes it, of one's own or to suggest
* taking.publish(session, act, doubt_id, seen), taking.suggest(…) → number of the proposal: takes it over
* service.dismiss(session, act, doubt_id, seen, note="") → nothing: „stimmt so“, until the value changes
* service.ask_again(session, act, doubt_id) → nothing: takes that back
* importers.checking.after.Watched: the sessions of pages; after every change that somebody has published,
  run.again looks over those offers before it is committed, and what is settled by it closes at once
* words.TITLES[kind], words.sentence(kind, details): what is odd, and what to do

No sentence repeats an address, a point or a number of a telephone: what stands in the entry is shown from
its sheet, to those who may see it (api.curation.sight). Changes go through masked_changes, too.
"""
