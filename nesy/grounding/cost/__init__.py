"""What grounding a program will cost, before it is grounded."""

from nesy.grounding.cost.counting import Amount
from nesy.grounding.cost.estimate import CostEstimate, PredicateCost, RuleCost, estimate
from nesy.grounding.cost.table import cost_table

__all__ = ["Amount", "CostEstimate", "PredicateCost", "RuleCost", "cost_table", "estimate"]
