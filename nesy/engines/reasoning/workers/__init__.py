"""Programs that run one tool each, in a process of their own."""
