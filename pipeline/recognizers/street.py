"""How addresses are written: house numbers, street names, units and towns. No repeat in a pattern is unbounded."""

import re

UPPER = r"[^\W\d_a-z]"  # a letter that is no small Latin one
NUMBER = (
    r"(?<![\w.,$€£/-])(?:(?:\d{1,6}\s{1,2})?\d{1,6}(?:\s?[A-Za-z](?![\w.']))?(?:\s?[-/]\s?\d{1,5}[A-Za-z]?(?!\w))?"
    r"|One|Two|Three|Four|Five|Ten)"
)
# Words after a number that is no house's: "5 minutes drive", "2 bedroom place".
_MEASURE = (
    r"(?:min|minutes?|h(?:ou)?rs?|days?|weeks?|months?|years?|yrs?|miles?|km|k|blocks?|steps?|cars?|people|persons?"
    r"|ways?|bed(?:room)?s?|bath(?:room)?s?"
    r"|bdr|br|ba|rooms?|stars?|am|pm|usd|dollars?|x|st|nd|rd|th|in|on|of|to|and|or|from|at|per|by|the|a|is|for|with"
    r"|minute|stops?|sq|ft|days)\b"
)
_CAPITAL = rf"(?:(?!(?i:{_MEASURE})){UPPER}[\w'’.-]{{0,24}}|\d{{1,3}}(?:st|nd|rd|th))"
_MORE_CAPITALS = rf"(?:\s{{1,2}}(?:(?:of|the|de|la|del|los|las)\s){{0,2}}{_CAPITAL}){{0,3}}"
_SMALL = rf"(?!{_MEASURE})[a-z'’.]{{2,20}}"
_DIRECTION = r"(?:(?:[NSEWnsew]|[NS][EW]|[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est)\.?\s{1,2})?"
CAPITALS = rf"{_DIRECTION}{_CAPITAL}{_MORE_CAPITALS}"
SMALLS = rf"{_DIRECTION}(?:{_SMALL}|\d{{1,3}}(?:st|nd|rd|th))(?:\s{{1,2}}{_SMALL})?"

TYPES = (
    "street,st,avenue,ave,road,rd,boulevard,blvd,lane,ln,drive,dr,highway,hwy,parkway,pkwy,court,"
    "ct,place,pl,way,terrace,square,sq,close,crescent,circle,cir,trail,loop,mews,row,walk,"
    "expressway,turnpike,grove,gardens,hill,alley"
).split(",")
# Words of other uses as well: kinds of street where they have a capital.
CAPITAL_TYPES = (
    "trace ridge park cove bend glen heights vista meadow meadows crossing pike plaza parade esplanade quay wharf rise "
    "vale pointe commons green mount"
).split()
SURE_TYPES = frozenset("street st avenue ave road rd boulevard blvd lane ln drive dr highway hwy parkway pkwy".split())
# Before the name, in any case; the others only before a capital.
ROMANCE = (
    "calle,cll,c/,carrera,cra,kra,avenida,avda,av,paseo,camino,carretera,calzada,jiron,privada,"
    "callejon,rua,travessa,alameda,estrada,rodovia,rue,chemin,allee,impasse"
).split(",")
ROMANCE_CAPITAL = (
    "plaza,via,place,route,cours,largo,corso,diagonal,transversal,ronda,avenue,boulevard,bd,bld,blvd,"
    "rambla,cerrada,retorno,circunvalacion,urbanizacion,esplanada,aleja,al.,plac,pl.,c.,r.,montee,rang,contrada,borgo,"
    "quai,pasaje,passage,strada,viale,piazza,vicolo,praca,travesia,glorieta,prolongacion,ulica,ul,faubourg,ave"
).split(",")
_PARTICLE = r"(?:(?:de|du|des|la|le|les|da|do|dos|das|del|di|della|los|las|el|san|santa|y|e)\s|[ld]['’]\s?){0,3}"
_ROMANCE_CAPITALS = (
    rf"{_PARTICLE}[A-Z][\w'’.-]{{0,24}}(?:\s{_PARTICLE}(?:[A-Z][\w'’.-]{{0,24}}|\d{{1,2}}(?=\s(?:de|#)))){{0,4}}"
)
_ROMANCE_ANY = rf"{_PARTICLE}(?:[\w'’.-]{{1,20}}\s){{0,4}}?[\w'’.-]{{1,20}}"
_AFTER_NAME = (
    r",?\s{0,2}(?:(?:n[o°]?|num|numero|nr)\.?\s{0,2}|#\s?|km\.?\s)?\d{1,5}(?:\s?[-/]\s?\d{1,4}){0,2}"
    r"(?:\s?[A-Za-z](?![\w'’]))?(?![\w%])"
)
ROMANCE_NUMBERED = re.compile(rf"\.?\s{{0,2}}(?:{_ROMANCE_ANY}){_AFTER_NAME}")
ROMANCE_CAPITAL_NUMBERED = re.compile(rf"\.?\s{{1,2}}{_ROMANCE_CAPITALS}{_AFTER_NAME}")
ROMANCE_NAME = re.compile(
    rf"\.?\s{{1,2}}(?:{_ROMANCE_CAPITALS}|(?:(?:de|du|des|la|le|les|da|do|dos|das|del)\s|[ld]['’]){{1,3}}[a-z]{{2,20}})"
)
ROMANCE_NUMBER_BEFORE = re.compile(rf"{NUMBER}(?:\s(?:bis|ter|quater))?,?\s{{1,2}}$")
ROMANCE_PREPOSITION = re.compile(r"\b(?:en|in|na|no|sur|dans|a|da|de|por|pela)(?:\s(?:la|el|l['’]))?\s$", re.I)

# Streets whose kind ends their name, before the number: German, Dutch, Swedish, Danish, Norwegian, Finnish.
GERMANIC = (
    "strasse", "straße", "str.", "weg", "platz", "gasse", "allee", "ufer", "damm", "laan", "straat", "gracht", "plein",
    "boulevard", "singel", "hof", "baan", "dreef", "steeg", "kade", "dijk", "stigen", "torget", "plads",
    "vagen", "gatan", "gade", "vej", "veien", "gaten", "katu", "kuja", "gate", "straeti", "braut", "utca",
)  # fmt: skip
GERMANIC_NAME = re.compile(
    rf"(?:{NUMBER}\s)?(?<![\w'’-])(?:{UPPER}[\w'’.-]{{0,20}}\s){{0,2}}{UPPER}?[\w'’.-]{{2,30}}\s$"
)
GERMANIC_NUMBER = re.compile(r"[0-9](?<=\s\d)\d{0,3}(?:\s?[a-zA-Z](?![\w']))?(?:\s?-\s?\d{1,4}|/\d{1,4})?(?![\w%])")

NUMBERED = re.compile(rf"{NUMBER},?\s{{1,2}}{CAPITALS}\s{{1,2}}$")
NUMBERED_SMALL = re.compile(rf"{NUMBER},?\s{{1,2}}{SMALLS}\s{{1,2}}$")
NAMED = re.compile(
    rf"\b(?:[Oo]n|[Aa]t|[Nn]ear|[Oo]ff|[Aa]long|[Dd]own|[Bb]ehind)\s(?:[Tt]he\s)?(?P<name>{CAPITALS}\s{{1,2}})$"
)
NAMED_SMALL = re.compile(r"\b(?:on|off|near|down)\s(?P<name>(?P<word>[a-z]{3,15})\s)$")
CROSSED = re.compile(rf"(?P<name>{CAPITALS}\s{{1,2}})$")
CROSSING = re.compile(rf"\.?\s{{0,2}}(?:&|/|@|\band\b|\bat\b)\s{{0,2}}{CAPITALS}")
CORNER = re.compile(
    r"(?:corner|intersection|cross\sstreets?|esquina|angle)\s?:?\s(?:of\s|de\s|con\s)?"
    r"(?P<value>(?:la\s|the\s)?[\w'’.-]{2,20}(?:\s(?-i:[A-Z\d])[\w'’.-]{0,20}|\sstr\b){0,3}"
    r"\s?(?:\band\b|&|/|\by\b|\bcon\b|\bet\b)\s?[\w'’.-]{2,20}(?:\s(?-i:[A-Z\d])[\w'’.-]{0,20}){0,3})",
    re.I,
)
ORDINALS = re.compile(
    r"[0-9]\d{0,2}(?:st|nd|rd|th)\s(?:&|and|n)\s(?:[A-Z][a-z]{2,15}|\d{1,3}(?:st|nd|rd|th))(?!\s(?:shift|floor|place|year"
    r"|grade))"
)
AT = re.compile(r"\b(?:at|on|near|off|by|around)\s$", re.I)

_UNIT = (
    r"(?:apt|apartment|unit|suite|ste|room|rm|flat|habitacion|hab|cuarto|piso|chambre|ch|quarto|zimmer|depto"
    r"|departamento|apto|appt|appartement|bungalow|cabin)"
)
UNITS = (
    "apt apartment unit suite ste room rm flat habitacion hab cuarto piso chambre quarto zimmer depto departamento "
    "apto appt appartement bungalow cabin"
).split()
UNIT = re.compile(
    rf"{_UNIT}\b\.?\s{{0,2}}(?:no\.?\s?|number\s|num\.?\s|\#\s?)?(?:\d{{1,5}}(?:\s?-?\s?[A-Z](?!\w)|-?[a-z](?!\w)"
    rf"|-\d{{1,4}})?|(?<!room\s)(?-i:[A-Z])(?:-?\d{{1,4}})?)(?![\w%'’]|[.,:]\d)"
    r"(?!\s?(?:for|rent|per|an|usd|hr|hours?|/|people|guests|beds?|sq|available|needed)\b)",
    re.I,
)
BEFORE_UNIT = re.compile(rf"{NUMBER}\s{{1,2}}{CAPITALS}(?:\s\d{{1,5}}\.?)?[\s,]{{1,4}}$")
HOTEL = re.compile(
    r"(?:(?:[A-Z][\w'’&]{1,20}\s){1,3}(?:[Hh]otel|[Mm]otel|[Ii]nn|[Ss]uites|[Ll]odge)(?:\s[A-Z][\w'’]{1,20}){0,2}"
    r"|[Hh]otel(?:\s[A-Z][\w'’]{1,20}){1,3}),?\s(?:-\s)?$"
)
AT_HOTEL = re.compile(
    r"\b(?:[Aa]t|@|[Nn]ear|[Ii]nside|[Bb]ehind|[Bb]y|[Bb]eside|[Nn]ext\sto|[Ff]rom)\s(?:the\s)?"
    r"(?P<name>(?:[A-Z][\w'’&-]{1,20}\s){1,3})$"
)
BOXES = (
    "po box,p.o. box,p.o box,p.o.box,pobox,p o box,post office box,gpo box,apartado,apartado postal,"
    "apartado de correos,boite postale,caixa postal,postfach,postbus,psc,apo,fpo,dpo"
).split(",")
BOX = re.compile(
    r"(?:psc\s\d{1,5},?\s(?:p\.?o\.?\s)?box\s\d{1,6}|[afd]po\s(?:aa|ae|ap)\s\d{5}|(?:(?:gpo|p\s?\.?\s?o\s?\.?"
    r"|post\soffice)\s?box|apartado(?:\spostal|\sde\scorreos)?"
    r"|boite\spostale|caixa\spostal|postfach|postbus)[\s:.#-]{0,3}(?:n[o°]\.?\s)?\d{1,7}(?!\d))",
    re.I,
)
EXIT = re.compile(
    r"exit\s?#?\d{1,3}[A-Z]?(?!\w)(?:\s(?:off|on|of|from)(?:\sthe)?\s[A-Z][\w-]{0,12}(?:\s\d{1,3})?)?", re.I
)
HIGHWAY = re.compile(r"\b(?:I-?\s?\d|US-?\s?\d|hwy|highway|route|rte|interstate|freeway|fwy|turnpike|off|take)\b", re.I)

# What stands where somebody says an address to stand, with a number in it.
PLACED = re.compile(
    rf"""(?:(?:live[sd]?|living|located(?:\son)?|staying|meet(?:\sme|\sus)?|drops?\syou\soff)(?:\s(?:in|at)|(?<=\son))
    |(?:vivo|vive|ubicad[oa]s?|estamos|situad[oa]s?|habite|moro)\s(?:en|au?|em|na|no))\s
    (?P<value>(?-i:{NUMBER}\s{{1,2}}{CAPITALS}(?:\s\d{{1,5}}(?!\w))?|{CAPITALS}\s\d{{1,5}}(?![\w%]|[.,:]\d)))""",
    re.I | re.X,
)
LABELLED = re.compile(
    r"(?:address|direccion|adresse|endereco|domicilio|anschrift|indirizzo)(?:\s(?:is|es|est))?\s?:\s{0,8}"
    r"(?P<value>(?=[^\n\d]{0,60}\d)[^\s@:][^\n@:]{4,80}?)(?=\.\s|\.?$|\s*\n|[@:])",
    re.I,
)
NO_STREET = re.compile(r"(?:e-?mail|web|ip|mac|url|wallet|btc|site|return)\s$", re.I)

# What goes on behind a street: units, then towns up to a postal code.
MORE_UNITS = re.compile(
    rf"(?:\s(?:NW|NE|SW|SE|[NSEW])\b\.?)?(?:[,;\s-]{{1,4}}(?:{_UNIT}|floor|fl|piso|planta|int(?:erior)?|local"
    rf"|puerta|pta|portal|esc|bloque|bldg|building|bl|box|andar|sala|bat|etage|edif|edificio|piano|appartamento)\b"
    rf"\.?\s?\#?\s?(?:[A-Z]?-?\d{{1,5}}[\w-]{{0,3}}|[A-Z])(?!\w)|[,\s]{{1,3}}\#\s?[\w-]{{1,6}}|,?\s\d{{1,2}}(?:st"
    rf"|nd|rd|th)\sfl(?:oor|\.)?|,\s\d{{1,2}}[oa]?\s?[A-D](?!\w)){{0,3}}",
    re.I,
)
QUOTED = re.compile(r"\s*\n[ \t]*[>|][\s>|]*")  # the end of a line, and what stands before the next in a quoted text
_CODE = r"(?:\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)"
_TOWN = rf"(?:(?:de|del|la|las|los|du|da|do|di|am|an|der|of|the|sur|y)\s){{0,2}}{UPPER}[\w'’.()-]{{0,24}}+"
TOWN = re.compile(
    rf"(?:(?>[\s,>|?]{{1,10}}){_TOWN}){{1,8}}(?>[\s,>|?-]{{1,8}}){_CODE}(?![\w-])"
    r"|[\s,>|-]{1,6}(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3})?\s(?:[A-Z]{2}\s)?"
    r"[A-Z][a-z][\w'’-]{1,24}(?:\s[A-Z][a-z][\w'’-]{1,24}){0,2}"
    r"|,?\s[a-z]{3,15}(?:\s[a-z]{3,15}){0,2},?\s[a-z]{2}\s\d{5}(?!\d)"
)
