"""From rule text to a checked syntax tree: parser, printer, checks. Free of torch."""
