"""Code (not weights) that trains, evaluates and applies classifiers."""
