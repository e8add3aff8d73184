"""`nesy solve`: reasoning by SAT."""
