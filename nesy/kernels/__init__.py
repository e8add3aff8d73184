"""Values and gradients of circuits: one contract, several backends."""
