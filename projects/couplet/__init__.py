"""Couplets: the second line for a first one, by rules, model and judges."""
