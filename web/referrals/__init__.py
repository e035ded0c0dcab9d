"""Referral lists on pages: how somebody puts one together, and how the one who gets it reads it."""
