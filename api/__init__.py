"""Everything that is true without a screen: the domain, its rules and the open API."""
