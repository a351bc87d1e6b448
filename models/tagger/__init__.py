"""Training of the name and place tagger that `pipeline.taggers.net` runs."""
