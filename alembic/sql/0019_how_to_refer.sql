-- Nothing that everybody reads is made of it: no version of the region goes up, and no index reads it again.
GRANT SELECT, INSERT, UPDATE, DELETE ON offer_referral TO landkarte_app;

-- Drafts keep the whole sheet that their authors began with; it has these fields now, too.
UPDATE proposal SET base = jsonb_build_object(
  'referral.way', 'unknown', 'referral.how', '', 'referral.waiting_weeks', NULL, 'referral.capacity', 'unknown',
  'referral.said_on', NULL, 'referral.requirements', '', 'referral.papers', '[]'::jsonb,
  'referral.papers_note', '', 'referral.laws', '[]'::jsonb, 'referral.laws_note', '') || base
WHERE base IS NOT NULL;
