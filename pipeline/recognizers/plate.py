"""Licence plates after a cue; without one they look like any other code."""

import re

from pipeline.recognizers.cues import CuedRecognizer, Cues

_CAPITALS = r"(?=[\d .-]{0,8}[A-Z])(?=[A-Z .-]{0,8}\d)[A-Z\d]{1,8}(?:[ .-]{1,3}[A-Z\d]{1,5}(?![a-z])){0,3}|\d{5,8}"
# British, Spanish (no vowels), then letters and digits in one piece.
_SMALL = (
    r"[a-z]{2}\d\d\s?[a-z]{3}|\d{4}\s?[b-df-hj-np-tv-z]{3}|[a-z]{1,4}[ -]?\d{2,5}-?[a-z]{0,3}|\d{1,4}-?[a-z]{2,"
    r"3}-?\d{0,4}"
)


class PlateRecognizer(CuedRecognizer):
    """Finds the letters and digits of a licence plate, of any country; the cue stays."""

    ENTITY = "PLATE"
    NEEDS_DIGIT = True
    SCORE = 0.6
    CUES = Cues(
        "plate,plates,tag,reg,rego,registration,placa,placas,matricula,patente,immatriculation,immatriculee,"
        "immatricule,"
        "plaque,kennzeichen,kenteken,targa".split(",")
    )
    PATTERN = re.compile(
        rf"""(?:(?:number\s?)?plates?|tag(?=\s?(?:\#|n|:))|rego?|registration|placas?|matricula|patente
        |immatricul(?:ation|ee?)|plaque|kennzeichen|kenteken|targa)\b
        (?:[\s:.\#=-]{{1,3}}(?:numbers?|numero|num|no|nr|n[o°]|is|es|est|e|reads|of|de|del|coche|carro|auto|vehiculo
        |d['’]immatriculation|state|car|plates?)\b){{0,4}}[\s:.\#=(-]{{1,4}}["'“]?
        (?P<value>(?:(?-i:{_CAPITALS})|(?!of\b)(?:{_SMALL}))(?![\w-]))""",
        re.I | re.X,
    )
