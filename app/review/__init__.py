"""Documents, findings and the decisions of supervisors."""
