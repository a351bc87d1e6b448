"""Presidio recognisers for what classified ads hide, one per file."""

import pipeline.presidio  # noqa: F401  # before any recogniser imports Presidio
