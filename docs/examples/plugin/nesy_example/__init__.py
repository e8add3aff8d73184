"""An engine, an algebra and a compiler for nesy. Each is imported when its name is asked for."""
