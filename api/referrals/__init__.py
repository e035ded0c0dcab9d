"""Referral lists: offers that one person hands to another behind a link, without a word about either."""
