"""Bottom-up grounding of the relational fragment: integer columns, demand, joins in machine code.

A program is planned once (`fragment`, `planner`), run by one compiled loop (`machine`), and its rows
become the same AND-OR graph that tabled resolution makes (`assembly`).
"""
