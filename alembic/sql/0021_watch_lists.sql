-- What people keep an eye on is theirs: the app writes it for them, and it goes with their account.
GRANT SELECT, INSERT, UPDATE, DELETE ON watcher, saved_search, watched_offer TO landkarte_app;
