"""Bytes to envelopes and receipts to bytes, one module a protocol."""
