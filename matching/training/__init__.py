"""From clerical answers to a model: choose pairs, weigh levels, calibrate, draw the thresholds."""
