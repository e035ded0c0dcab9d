"""Imports in the background: a list that was uploaded is a job, and a process of its own works on it."""
