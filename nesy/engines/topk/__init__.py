"""The engine of most probable proofs: bounds from the k best, found by search and never all listed.

`TopK` are the options; `TopKInference` is at work on one program. `goal_graph` is the program as flat
arrays; `search` finds proofs, in `steps`, guided by `bounds`, with what holds in a box from `truth`;
`union` adds up proofs that overlap; `answers` puts questions to these one after the other.
"""

from __future__ import annotations

from nesy.engines.topk.engine import TopK
from nesy.engines.topk.failures import NoProofWarning
from nesy.engines.topk.results import BestProofs, ProbabilityBounds

__all__ = ["BestProofs", "NoProofWarning", "ProbabilityBounds", "TopK"]
