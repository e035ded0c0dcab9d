-- The app works with accounts, but what has happened to rights it can only add to and read.
GRANT SELECT, INSERT, UPDATE, DELETE ON
  account, account_grant, staff_session, invitation, recovery_code, passkey, known_device, external_identity,
  sign_in_flow, sign_in_attempts
  TO landkarte_app;
GRANT SELECT, INSERT ON audit_event TO landkarte_app;
