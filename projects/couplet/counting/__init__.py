"""Models that count: n-grams, partners, and both together."""
