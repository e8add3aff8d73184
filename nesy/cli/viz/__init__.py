"""`nesy viz`: pictures."""
