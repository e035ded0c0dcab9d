-- Lists are made, read and deleted, never changed.
REVOKE ALL ON referral_list, referral_entry FROM landkarte_app;
GRANT SELECT, INSERT, DELETE ON referral_list, referral_entry TO landkarte_app;
