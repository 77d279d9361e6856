"""Backups that leave the machine, and the way back from them."""
