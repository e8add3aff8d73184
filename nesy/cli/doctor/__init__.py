"""`nesy doctor`: what is here, and what is missing."""
