"""Forms that send something to us: read strictly, from our own pages only, and not by the thousand."""
