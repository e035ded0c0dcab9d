"""Mail: written from templates, handed to the operator's mail server; nothing in it is fetched or counted."""
