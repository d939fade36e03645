"""What answers are worth, beside people and models that count."""
