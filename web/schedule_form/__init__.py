"""The form for consultation hours: what was typed, what it means, what is wrong with it, and a preview."""
