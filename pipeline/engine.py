"""The scrubber: finds personal data in texts with Presidio and replaces it.

Results become disjoint spans (a contact outranks a name, a higher score a lower one), and spans numbered placeholders.
The sanitized text is analysed again until nothing more is found in it, so scrubbing it once more changes nothing. Texts
go through every step in batches, but what becomes of one never depends on another: one that fails fails alone.
"""

import gc
from collections.abc import Iterator, Sequence

from pipeline import contacts, jobs, languages, params, places
from pipeline.denied import DenyList, text_id
from pipeline.frame import LANGUAGE, Replacer, build_analyzer
from pipeline.jobs import HeldBack, Job
from pipeline.normalize import PLACEHOLDER, digit_view, view
from pipeline.recognizers import age
from pipeline.records import Contact, Outcome, Scrubbed, Span, Unscrubbed
from pipeline.spans import disjoint, to_raw
from pipeline.taggers.base import Tagger, build_tagger
from pipeline.taggers.nlp_engine import Tags

MAX_PASSES = 5
MAX_VALUES = 999  # of one entity in a text: what a placeholder's number can say
# Has a first text of every kind, in any language, wait for the lists and models that load when they are needed.
_WARM_UP = "Pregunta por Jane, Springfield, 213-555-0123, shop.example.com, @jane_example; gracias, hasta luego."
_LONG = 20_000  # characters of a text whose views are not kept in memory


class Engine:
    """Finds personal data in texts and replaces it. Building one takes a second or two: build it once.

    A text is given up after `timeout_seconds`, but in a process's main thread only: no other can be interrupted.
    """

    def __init__(
        self,
        settings: params.Scrub,
        tagger: Tagger | None = None,
        denied: DenyList = DenyList(),  # noqa: B008
    ) -> None:
        """`tagger`: another than the params name. `denied`: the deny list, whose ads go by `text_id`.

        Raises:
            Refusal: the tagger that the params name is not on this machine.
        """
        self.settings = settings
        self._tagger = tagger or build_tagger(settings.ner)
        self._analyzer = build_analyzer(settings, self._tagger)
        self._replacer = Replacer()
        self._kept = {entity for entity, action in settings.policy.items() if action == "keep"}
        self._generalised = {entity for entity, action in settings.policy.items() if action == "generalise"}
        self._regions = tuple(settings.phone_regions)
        self._denied = denied
        self.scrub(_WARM_UP)
        gc.freeze()  # what is loaded by now stays: the collector need not go through it again and again

    def scrub(self, text: str) -> Outcome:
        """Scrub one text (see `scrub_all`)."""
        return self.scrub_all([text])[0]

    def scrub_all(self, texts: Sequence[str]) -> list[Outcome]:
        """Scrub every text.

        Returns, in order, the sanitized text with its spans (code points of the raw text, end exclusive) and contacts,
        or the reason why it could not be scrubbed; no exception passes.
        """
        begun = [jobs.begin(text, self.settings.timeout_seconds) for text in texts]
        waiting = [job for job in begun if job.outcome is None]
        with jobs.alarms():
            for _ in range(MAX_PASSES):
                for job, tags in self._tagged(waiting):
                    job.attempt("recognizer", self._advance, job, tags)
                waiting = [job for job in waiting if job.outcome is None]
        if any(len(text) > _LONG for text in texts):
            view.cache_clear()
            digit_view.cache_clear()
        return [job.outcome or Unscrubbed("unstable") for job in begun]

    def _tagged(self, waiting: Sequence[Job]) -> Iterator[tuple[Job, Tags]]:
        """The jobs with the tags of their texts, which are tagged all at once, or one by one where that fails."""
        tagger = self._analyzer.nlp_engine
        if len(waiting) > 1:
            try:
                with jobs.deadline(self.settings.timeout_seconds):
                    batch = list(tagger.process_batch([job.sanitized for job in waiting], LANGUAGE))
                yield from zip(waiting, (tags for _, tags in batch), strict=True)
                return
            except Exception:  # the text that fails is told below
                pass
        for job in waiting:
            tags = job.attempt("tagger", tagger.process_text, job.sanitized, LANGUAGE)
            if isinstance(tags, Tags):
                yield job, tags

    def _advance(self, job: Job, tags: Tags) -> None:
        """One pass over a text: mask what is found; where nothing is, it is done."""
        verdict = job.verdict = languages.judge(view(job.sanitized).text, self._tagger.languages, job.verdict)
        job.language = job.language or verdict.language
        job.strict |= verdict.strict
        if not verdict.taggable:
            raise HeldBack(f"no_tagger:{verdict.language}")
        tags.strict = verdict.strict
        found = self._analyzer.find(job.sanitized, tags, self.settings.min_score)
        more = disjoint(job.sanitized, [span for span in found if not self._is_left(job.sanitized, span)])
        if not more and self._denied:  # last: a text in which none stands is as it would be without the list
            more = disjoint(job.sanitized, self._denied.find(job.sanitized, text_id(job.text)))
            job.denied |= bool(more)
        if more:
            lengths = [len(job.names[span.entity, job.text[span.start : span.end]]) for span in job.spans]
            job.spans = sorted(job.spans + to_raw(more, job.spans, lengths))
            job.names = self._placeholders(job.text, job.spans)
            job.sanitized = self._replacer.replace(job.text, job.spans, job.names)
        else:
            found_contacts = self._contacts(job)
            job.outcome = Scrubbed(
                job.sanitized, tuple(job.spans), found_contacts, job.language, job.strict, job.denied
            )

    def _is_left(self, text: str, span: Span) -> bool:
        """Whether the policy leaves it in the text: an entity that is kept, or a place that is coarse enough."""
        if span.entity == "LOCATION" in self._generalised:
            return places.is_coarse(text[span.start : span.end])
        return span.entity in self._kept

    def _placeholders(self, text: str, spans: Sequence[Span]) -> dict[tuple[str, str], str]:
        """What replaces a covered text as an entity: `<ENTITY_n>`, or the band of an age that the policy generalises.

        Numbers are by first appearance; one normal form has one number.
        """
        taken: dict[str, int] = {}
        for entity, number in PLACEHOLDER.findall(text) if "<" in text else ():
            if number.isdecimal():
                taken[entity] = max(taken.get(entity, 0), int(number))
        numbers: dict[tuple[str, str], int] = {}
        names: dict[tuple[str, str], str] = {}
        for span in spans:
            covered = text[span.start : span.end]
            if (span.entity, covered) in names:
                continue
            if span.entity == "AGE" in self._generalised:
                names[span.entity, covered] = age.generalised(covered)
                continue
            value = (span.entity, contacts.normal_form(span.entity, covered, self._regions))
            if value not in numbers:
                numbers[value] = taken[span.entity] = taken.get(span.entity, 0) + 1
                if numbers[value] > MAX_VALUES:
                    raise HeldBack("too_many_values")
            names[span.entity, covered] = f"<{span.entity}_{numbers[value]}>"
        return names

    def _contacts(self, job: Job) -> tuple[Contact, ...]:
        found = {}
        for (entity, covered), placeholder in job.names.items():
            if entity in contacts.KINDS:
                index = int(placeholder.rstrip(">").rsplit("_", 1)[1])
                found[entity, index] = contacts.contact(entity, index, covered, self._regions)
        return tuple(found[at] for at in sorted(found))
