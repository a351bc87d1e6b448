"""Dates and years of birth after a cue, in English, Spanish, French, Portuguese and German."""

import re

from pipeline.recognizers.cues import CuedRecognizer, Cues

_MONTH = (
    r"(?:jan(?:uary|vier|eiro)?|ene(?:ro)?|feb(?:ruary|rero)?|fev(?:rier|ereiro)?|ma(?:rch|rzo|rs|rco|e?rz|r)"
    r"|apr(?:il)?|abr(?:il)?"
    r"|avr(?:il)?|may(?:o)?|mai(?:o)?|jun[ei]?(?:ho|o)?|juin|jul(?:y|io|ho)?|juil(?:let)?|aug(?:ust)?|ago(?:sto)?|aout"
    r"|sept?(?:iembre|embre)?(?:ember)?|set(?:iembre|embro)?|o[ckt]t(?:ober|ubre|obre)?|out(?:ubro)?"
    r"|nov(?:iembre|embre|embro)?(?:ember)?|d[ei][cz](?:iembre|embre|embro)?(?:ember)?)(?![a-z])\.?"
)
_YEAR = r"(?:(?:19|20)\d\d|['’]?\d\d)(?!\d)"
_SAID_YEAR = (
    r"(?:(?:nineteen|twenty)[\s-](?:oh[\s-])?[a-z]{3,9}(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|two\s(?:thousand|k)(?:\s(?:and\s)?[a-z]{3,9})?)"
)
_DAY = r"(?:[0-3]?\d(?:st|nd|rd|th|er|o|a)?)(?!\d)"
_OF = r"(?:\s?[,./-]\s?|\s(?:of\s|de\s|del\s)?(?:the\s)?|\s{0,2})"
_SEPARATOR = r"(?:\s?[./-]\s?|\s)"
_DATE = rf"""(?:\d{{4}}{_SEPARATOR}[01]?\d{_SEPARATOR}[0-3]?\d(?!\d)
    | [0-3]?\d{_SEPARATOR}[0-3]?\d{_SEPARATOR}(?:\d{{4}}|['’]?\d\d)(?!\d)
    | {_DAY}\.?{_OF}{_MONTH}(?:{_OF}(?:the\syear\s)?{_YEAR})? | {_MONTH}{_OF}{_DAY}(?:{_OF}{_YEAR})?
    | {_MONTH}{_OF}{_YEAR}
    | \d{{8}}(?!\d) | \d{{6}}(?!\d) | [0-3]?\d[./-][0-3]?\d(?!\d) | (?:19|20)\d\d(?!\d) | ['’]\d\d(?!\d)
    | {_SAID_YEAR})"""
# Words between the cue and the date, and a place of birth.
_BETWEEN = r"""(?:[\s:;,.=#()*/-]{1,4}(?:is|was|on|in|el|en|le|em|am|im|es|est|e|the|my|year|dia|day|ano|annee
    |and\sraised|y|no|nr|yyyy|mm|dd|date|(?-i:[A-Z][a-z]{2,15}))(?![a-z'])){0,6}?[\s:;,.=#()*/-]{1,4}"""


class BirthdateRecognizer(CuedRecognizer):
    """Finds a date, or a year, of birth; the cue stays."""

    ENTITY = "BIRTHDATE"
    SCORE = 0.7
    CUES = Cues(
        "dob,d/o/b,b.,d.o.b,d.o.b.,d-o-b,birth,birthdate,birthday,bday,b-day,birthdays,born,birthyear,nacimiento,nacida,"
        "nacido,naci,nac,"
        "cumpleanos,cumple,nee,ne,naissance,anniversaire,nascida,nascido,nasci,nascimento,nasc,aniversario,geboren,geb,"
        "geburtsdatum,geburtstag,geburtsjahr".split(",")
    )
    PATTERN = re.compile(
        rf"""(?:d[./-]?o[./-]?b\.?|b\.(?=\s\d)|birth(?:day|date|year|days)?|b-?day|born|nacimiento|nacid[oa]|naci|nac\.?
        |cumple(?:anos)?|nee?
        |naissance|anniversaire|nascid[oa]|nasci|nascimento|nasc\.?|aniversario|geb\.?|geboren|geburts\w{{3,5}})
        (?:\(?e\)?)?{_BETWEEN}(?P<value>{_DATE})""",
        re.I | re.X,
    )
