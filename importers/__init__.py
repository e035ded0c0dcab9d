"""Imports: read → map → normalize → match → propose or apply → report."""
