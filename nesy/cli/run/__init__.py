"""`nesy run`: answers, tasks and values in algebras."""
