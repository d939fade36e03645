"""The ground floor: what at least two projects use in the same form.

Each module is one noun, tested alone, without effects at import. Nothing here
knows a project; a piece moves in when its second user arrives, with its tests.
"""
