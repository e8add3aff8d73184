"""Networks bound to rules: the trainable model, its inputs and its losses."""
