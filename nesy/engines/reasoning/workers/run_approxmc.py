"""Counts with ApproxMC: JSON on standard input, the cells and hashes on standard output. Run as a program."""

from __future__ import annotations

import json
import sys

from pyapproxmc import Counter


def main() -> None:
    """One count."""
    asked = json.load(sys.stdin)
    counter = Counter(seed=asked["seed"], epsilon=asked["epsilon"], delta=asked["delta"])
    counter.add_clauses(asked["clauses"])
    print(json.dumps(counter.count(asked["projection"])))


if __name__ == "__main__":
    main()
