"""The tape: what a scenario sent and was answered, on disk and in memory. Knows no pytest."""
