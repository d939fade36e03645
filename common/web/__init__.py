"""Serving a page to browsers, guarded; knows no project."""
