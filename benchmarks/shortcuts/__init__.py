"""Reasoning shortcuts: sums that do not determine the digits, and what a regulariser makes of them."""
