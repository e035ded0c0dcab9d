"""Guesses how a list is to be read: columns, key, topics and coordinates, each guess with its reason."""
