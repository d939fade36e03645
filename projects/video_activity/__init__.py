"""Tells what goes on in videos, and raises alarms."""
