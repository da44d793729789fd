"""Holding a localnet: commands, time, snapshots, saved states."""
