"""The page of family plans: several worries in a form, and the few ways that answer them."""
