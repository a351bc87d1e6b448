"""Statistical taggers of names and places, behind one protocol."""

import pipeline.presidio  # noqa: F401  # before spaCy is imported
