"""Control constructs: what they are lowered to, and goals that are known only when they are reached."""
