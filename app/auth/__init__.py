"""Accounts, roles, scope, tokens and the audit log."""
