"""`nesy ground`: what a file says when it is ground."""
