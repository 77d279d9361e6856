"""What it means that two records agree: levels written once, compiled to SQL and to Python."""
