"""From raw ads to sanitized data, splits and releases."""
