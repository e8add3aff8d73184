"""`nesy compile`: circuits, and the files that hold them."""
