"""Bringing in lists through pages: who may, what is sent, what is shown."""
