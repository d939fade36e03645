"""Videos made by hand: figures that walk, loiter, chase and strike."""
