"""Presidio recognisers for what classified ads hide, one per file."""
