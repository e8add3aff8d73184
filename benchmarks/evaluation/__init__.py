"""Programs as functions of worlds: how fast samples are evaluated, and what gradients they give."""
