"""Nets that tell what goes on in a clip from its features."""
