"""All-digit addition: learn digits from nothing but which four pictures belong together, a + b = tu."""
