"""Addresses without internet: understood, and looked up in a table of the region's own."""

from importers.geocoding.locating import locate

__all__ = ["locate"]
