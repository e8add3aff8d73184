"""Programs as functions of worlds: by the bit in compiled code, by arrays on any device, and random draws."""
