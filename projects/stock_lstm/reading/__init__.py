"""Reading a price file of any layout: bytes, table, columns, rows, checks."""
