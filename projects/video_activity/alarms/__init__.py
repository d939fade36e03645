"""From verdicts to incidents, and from incidents to what somebody notices."""
