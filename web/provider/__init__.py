"""Pages for who comes by a link from a mail: a provider sees its entries, confirms them, says what is new."""
