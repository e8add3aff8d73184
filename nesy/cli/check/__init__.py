"""`nesy check`: mistakes, figures of cost, choices of engines."""
