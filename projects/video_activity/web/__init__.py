"""The page: videos and cameras, watched by many, and the calls behind it."""
