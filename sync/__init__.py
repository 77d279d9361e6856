"""Sync between devices and the journal: envelopes, receipts, and the rules of ingest."""
