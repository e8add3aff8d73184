"""What benchmarks that learn share: examples, training within a budget, progress, judging."""
