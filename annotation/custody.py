"""What follows from a pull: personal data goes to the deny list, flagged ads to the custodian's queue."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from annotation import codebook, escalation, flags, residual
from pipeline import params


@dataclass(frozen=True, slots=True)
class Followed:
    """Counts of what was flagged: of `annotation.residual.deny`, of `annotation.escalation.seal`, and `no_ad` tasks."""

    denied: dict[str, int]
    sealed: dict[str, int]
    no_ad: int

    def lines(self) -> list[str]:
        """What a person should read about it."""
        d, s = self.denied, self.sealed
        told = [
            f"Personal data: {d['flags']} new flag(s), {d['values']} new value(s) on the deny list"
            + (f", {d['own_ad']} of them short or common and masked in their own ad only" if d["own_ad"] else "")
            + "."
        ]
        if d["placeholders"] or d["outside"]:
            told.append(f"Left alone: {d['placeholders']} flag(s) on placeholders, {d['outside']} outside the text.")
        if d["values"]:
            told.append("Next: dvc repro, then safelight annotate up, then safelight annotate purge --yes.")
        told.append(f"For the custodian: {s['sealed']} ad(s) sealed, {s['anew']} anew, {s['there']} there already.")
        if s["waiting"]:
            told.append(
                f"{s['waiting']} flagged ad(s) wait, because {escalation.PUBLIC_KEY} is missing. The custodian makes "
                "it with `safelight custodian keys`; then run `safelight annotate pull` again. Nothing is lost."
            )
        if self.no_ad:
            told.append(f"{self.no_ad} flagged task(s) are no ads of this study; look at them in Label Studio.")
        return told


def follow_up(export: Path, study: params.Study) -> Followed:
    """Read what was flagged in an export, add to the deny list and seal ads; run again, it does nothing twice.

    Raises:
        Refusal: the export, the codebook, the deny list or the public key cannot be read.
    """
    counts: Counter[str] = Counter()
    ads = list(flags.read(export, codebook.load(Path(study.codebook)), counts))
    denied = residual.deny(ads)
    return Followed(denied, escalation.seal(ads), counts["no_ad"])
