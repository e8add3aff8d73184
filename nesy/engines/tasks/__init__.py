"""What a program can be asked beyond the probability of its queries: one file for each task.

A program is compiled once (`questions`); every task is one or two passes over that circuit. Free of torch.
"""
