"""Programs run by path, each in a process of its own; nothing imports them."""
