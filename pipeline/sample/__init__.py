"""What the synthetic sample is made of: wording (wording/), posters, plans, disguises and the writing of an ad.

`pipeline.synthesize` is the stage. Read `templates` first (the grammar of the YAML files), then `plan`, `posters`,
`disguise`, `compose` and `canaries`.
"""
