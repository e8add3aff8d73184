"""What a run of training is, and how it is read from a TOML file."""
