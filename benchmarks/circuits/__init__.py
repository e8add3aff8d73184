"""How fast circuits are evaluated, beside peers and beside the machine's memory."""
