"""How a release asks to be cited: CITATION.cff and BibTeX.

CITATION.cff follows the Citation File Format 1.2.0 (https://citation-file-format.github.io/1.2.0/schema).
"""

import yaml

from pipeline.errors import Refusal
from pipeline.params import Release

# Hugging Face's licence identifiers (as in a dataset card) and SPDX's (as in CITATION.cff and Croissant).
LICENSES = {
    "apache-2.0": "Apache-2.0",
    "cc-by-4.0": "CC-BY-4.0",
    "cc-by-nc-4.0": "CC-BY-NC-4.0",
    "cc-by-nc-nd-4.0": "CC-BY-NC-ND-4.0",
    "cc-by-nc-sa-4.0": "CC-BY-NC-SA-4.0",
    "cc-by-sa-4.0": "CC-BY-SA-4.0",
    "cc0-1.0": "CC0-1.0",
    "mit": "MIT",
    "odbl": "ODbL-1.0",
    "odc-by": "ODC-By-1.0",
    "pddl": "PDDL-1.0",
}
KEYWORDS = ["anti-trafficking", "classified-ads", "indicators", "sanitized"]


def spdx(release: Release) -> str:
    """The SPDX identifier of the release's licence.

    Raises:
        Refusal: the licence is none that both Hugging Face and SPDX know.
    """
    if release.license not in LICENSES:
        known = ", ".join(LICENSES)
        raise Refusal(f"params.yaml: release.license is {release.license!r}; it must be one of {known}.")
    return LICENSES[release.license]


def cff(release: Release) -> str:
    """The text of CITATION.cff."""
    content = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it using the metadata from this file.",
        "type": "dataset",
        "title": release.title,
        "abstract": release.description,
        "authors": [{"name": release.publisher}],
        "version": release.version,
        "date-released": release.released,
        "license": spdx(release),
        "keywords": KEYWORDS,
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)


def bibtex(release: Release) -> str:
    """The BibTeX entry of the release."""
    return (
        f"@misc{{{release.name}-{release.version},\n"
        f"  title = {{{release.title}}},\n"
        f"  author = {{{{{release.publisher}}}}},\n"
        f"  year = {{{release.released[:4]}}},\n"
        f"  note = {{Dataset, version {release.version}}}\n"
        "}"
    )
