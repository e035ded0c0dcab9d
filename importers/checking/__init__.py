"""Looks over what offers say and finds what looks wrong; nothing is changed, api.doubts keeps it."""
