"""Line pairs: read, cleaned, split."""
