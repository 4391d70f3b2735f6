"""Tables of the page kit."""
