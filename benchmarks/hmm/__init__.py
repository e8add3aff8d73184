"""A hidden Markov model whose observations are pictures: trained on last states, filtered and smoothed."""
