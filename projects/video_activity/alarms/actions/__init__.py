"""What can be done about an incident."""
