"""Looking after entries: sheets, drafts, proposals, states, and the history as people read it.

Every function takes a session and commits nothing. `act` is an api.history.service.Act: the region, who acts
("account:12", "provider:3", "public") and on which way. Whether somebody may do it at all is for the policy
of accounts to say before; here only four eyes are checked, as they depend on who proposed what.

What pages use:

A whole entry as JSON, with paths as names of its fields (sheet_fields has the fields and what they take):

* sheet.of_offer(session, region_id, offer_id) → Sheet; sheet_fields.empty() → Sheet
* sheet_checks.checked(raw, base) → (Sheet, [FieldError]); sheet_checks.checked_value(path, value) → value
* sheet_difference.difference(old, new) → Changes; .overlaid(sheet, changes) → Sheet
* service.change_at_once(session, act, offer_id, changes) → Applied(written, conflicts, made)
* service.suggest_changes(session, act, offer_id, changes, reason) → number of the proposal
* previewing.of_draft(session, act, draft_id), previewing.of_proposal(session, act, proposal_id, paths=None):
  within `with` the offer is as it would be, under the slug that is yielded; afterwards nothing has happened

Working copies of one author, saved as they type:

* drafts.open_draft(session, act, offer_id, about_id=None) → Draft
* drafts.new_draft(session, act, about_id=None) → Draft
* drafts.get_draft(session, act, draft_id) → Draft; drafts.drafts_of(session, act) → [DraftLine]
* drafts.save_draft(session, act, draft_id, version, raw) → Draft
* drafts.keep(session, act, draft_id, version, path, mine=bool) → Draft
* drafts.discard_draft(session, act, draft_id)
* drafts.submit(session, act, draft_id, version, reason="") → number of the proposal
* drafts.publish_at_once(session, act, draft_id, version, note="") → Outcome

Proposals of anybody:

* listing.proposals(session, region, Wanted(…), page, per_page) → Page[Line]; listing.counts(…) → {Sort: n}
* viewing.proposal(session, region, proposal_id, sight, reader) → ProposalView
* deciding.decide(session, act, proposal_id, {path: Verdict(accepted, note, seen)}, note="") → Outcome
* service.answer(session, act, proposal_id, done=bool, note="", changes=None) → [path]: of reports
* service.link(session, act, proposal_id, offer_id, at_place_id=None, note=""): a row of a list is this offer
* service.withdraw(session, act, proposal_id): one's own
* service.ask_for_state(session, act, offer_id, status, until=None, reason="") → number of the proposal
* eyes.wanted(session, region_id), eyes.needs_other(session, region_id, author, decider) → bool

Two offers that may be one (docs/adr/0035-merge.md):

* duplicates_listing.pairs(session, region, Wanted(…), page, per_page) → Page[PairLine]; .pair(…), .count(…)
* duplicates.name_pair(session, act, one_id, other_id) → number; .differ(…), .ask_again(…)
* merging_sides.side_by_side(session, region_id, kept_id, other_id) → SideBySide, value by value
* previewing.of_merge(session, act, kept_id, other_id, choices, seen): within `with` they are one
* merging.merge(session, act, kept_id, other_id, {path: Choice}, seen=…) → Merged; with four eyes .plan(…),
  .planned(…) → Plan and .carry_out(…); merging_undo.undo_merge(session, act, pair_id) → Undone

The life of an offer, at once:

* states.pause(session, act, offer_id, until), states.archive(…), states.bring_back(session, act, offer_id)
* states.end_pauses(session) → [id]: called by the server all the time

The queue:

* claims.take(session, person, (About.PROPOSAL, 12), instead_of=None), claims.release(…): „Ich kümmere mich“;
  claims.held(…) → who looks after what; claims.unclaimed(person, about) → a condition for lists
* bulk.do(session, act, [Wish(number, Did.ACCEPTED)]) → number of the batch; bulk.result(…) → Result;
  bulk.undo(session, act, batch_id) → api.history.undo.Undone
* unplaced.places(session, region_id, Wanted(…), page, per_page) → Page[Line]: places without a point

The past:

* past.history(session, region, offer_id, sight, page, per_page) → Page[Step]
* past.undo_step(session, act, offer_id, step_id) → api.history.undo.Undone

Words, and who may read what:

* labels.label(path, sheet) → text; labels.said(path, value, labels.words(session, region)) → text
* reach.proposal_for(session, person, action, proposal_id) → Subject, or NotFoundError; reach.offer_for(…);
  reach.reach(person, action) → the condition for lists (Wanted.reach); reach.sight(person, subject) → Sight
* sight.Sight(hidden_addresses, professionals); sight.masked_sheet(sheet, sight); sight.masked_changes(…)
"""
