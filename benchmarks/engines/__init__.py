"""One task, learnt with every engine that supports it, and how near each one's gradient is to the exact."""
