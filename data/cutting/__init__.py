"""What the demo data is cut with; see ../cut_lichtenberg.py for the command."""
