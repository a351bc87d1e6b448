"""How web addresses are written, and the words between which a dot ends a sentence. No repeat is unbounded."""

import re

from pipeline.recognizers import signs
from pipeline.recognizers.cues import Cues
from pipeline.recognizers.domains import DOT, LABEL, ODD_DOT, PARTICLES, TLD

SCHEME = re.compile(
    r"""(?<![^\W_])(?:
        (?:https?|h[xX*t]{2}ps?|ftps?|ttps?)(?:\s?[\[(]?\s?:[:;]?\s?[\])]?\s?[/\\]\s?[/\\]?|//)\s?
      | https?\s(?:colon|dos\spuntos|deux\spoints|dois\spontos|:)\s(?:(?:forward\s)?(?:slash|barra|//?)\s){1,2}
      | [a-z][a-z\d+.-]{1,15}://)(?=[^\s<>"'])""",
    re.I | re.X,
)
SCHEME_SIGN = re.compile(r":[\])\s]{0,3}/")
SCHEME_WORDS = frozenset("http https hxxp hxxps ttp ttps ftp ftps".split())
SPACED_HOST = re.compile(rf"{LABEL}(?:\s\.\s?{LABEL}|\.\s?{LABEL}){{1,6}}")
REST = re.compile(r"[^\s<>\"']*")
TYPED_DOT = re.compile(r"\.(?<=[\w-]\.)(?=[^\W_])")  # begins with one character: fast
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
TAIL = re.compile(
    r"(?::\d{1,5})?(?:\s?/\s?[^\s<>\"']+|[/?#][^\s<>\"']*)?"
    r"(?:(?:\s(?:(?:forward\s)?slash|barra)\s|\s?[(\[]\s?(?:slash|/)\s?[)\]]\s?)[\w.@-]+){0,3}",
    re.I,
)
LEET_SUFFIXES = (".c0m", ".n3t", ".0rg", ".inf0")
CUE = re.compile(
    r"(?:visit|site|website|web|page|url|link|www|online|http|https|go\sto|see|pagina|sitio|visita|lien|blog|portfolio"
    r"|voir|mira|fotos?|pics|photos|check\sout|book\shere|domain|host|server)[^\w\n]{0,5}(?:\w{1,5}[^\w\n]{1,3}){0,2}$",
    re.I,
)
ENDS = re.compile(r"\s{0,2}(?:$|[\n,;)\]|/!?]|\.(?:\s|$)|[^\x00-\x7f\w\s])")
WWW = Cues(
    "www wwww vvww w.w.w 3w".split() + "triple w,tres w,trois w,dub dub dub,double u double u double u".split(",")
)
BEHIND_WWW = re.compile(rf"(?:{DOT}|{ODD_DOT}|[\s_.-]{{1,3}})(?=[^\W_])", re.I)

_COUNTRIES = "(?:com|co|uk|fr|org|be|ch|ca|de|COM|FR)"  # after "point", which is a word of English too
DOT_WORDS = frozenset("dot doht dawt dott doot pto fullstop punto ponto punt tocka tochka dotcom dotnet dotorg".split())
DOT_SIGNS = [  # each begins with one character: fast
    re.compile(r"\.(?:(?<=[\s\[({<'\"].)|(?=\s(?:com|net|org)\b))"),
    re.compile(r"0t"),
    *(re.compile(rf"{dot}-?(?:com?|net|org|info|biz|io|COM?|NET|ORG|INFO|BIZ|IO)\b") for dot in ("dot", "DOT")),
]
POINT_WORDS = frozenset("point punkt period stop".split())
POINT = re.compile(
    rf"[\s\[({{](?:\s?(?:point|punkt|period)\s?[\])}}]|(?:point|punkt|period|full\sstop)\s{{1,3}}{TLD})|www\s(?:point|period)",
    re.I,
)
# Suffixes behind another sign than a dot, or behind a space and before a path ("tinyurl com/a").
_SUFFIXES = "com net org info biz io co fr".split()
ODD = Cues(
    [f"{sign}{suffix}" for suffix in _SUFFIXES for sign in (",", ";", "*", "* ", "..", "/")]
    + [f" {suffix}/" for suffix in (*_SUFFIXES, "ee", "gg", "ly")]
)
BEYOND_ASCII = re.compile(rf"[·∙⋅・•]|[^\x00-\x7f\w\s]\s?(?:{'|'.join(_SUFFIXES)})\b", re.I)

_SIGN = r"[^\w\s@.,:;!?]{1,2}"
_WORD = r"(?:dot|d0t|doht|dawt|dott|doot|punto|pto|ponto|point|punkt|period|full\s?stop|toc[hk]+a)"
_CLEAR_WORD = (
    r"(?:dot|d0t|doht|dawt|dott|doot|punto|ponto|toc[hk]+a"
    rf"|(?:point|punkt|period)(?=\s{{1,3}}(?:{_COUNTRIES}\b|{LABEL}\s{{1,3}}p)))"
)
# A dot that is written otherwise. `word`, `odd` and `plain` ones are none where the words around are a sentence's.
WRITTEN_DOT = re.compile(
    rf"""(?=[\W_d])(?=\s{{0,3}}(?:[^\w\s]|_|d[aoO0]|p[outei]|fu|toc)|\s(?:com|net|org|ee|gg|ly)\b)(?:
        \s{{0,2}}{_SIGN}\s?(?:{_WORD}|\.)\s?{_SIGN}\s{{0,2}}(?=[^\W_])
      | (?P<word>\s{{1,3}}{_CLEAR_WORD}\s{{1,3}}(?={LABEL}\s{{1,3}}{_WORD}\s|{TLD}))
      | [·∙⋅・•](?={TLD})(?<=\w.)
      | (?P<odd>\s{{1,3}}{_WORD}\s{{1,3}}(?={TLD})
          | \s{{1,2}}dot-?(?=(?:com?|net|org|info|biz|io)(?![^\W_]))
          | (?:\s?\*\s?|\s?[,;]|\.\.\.?|\s?[^\x00-\x7f\w\s]{{1,2}}\s?)(?=(?:com?|net|org|info|biz|io|fr)(?![^\W_])))
      | (?P<plain>\s\.\s?(?={LABEL}\s\.\s?|{TLD}))
      | (?<=\bwww)(?:\s\.\s|\s{{1,3}}{_WORD}\s{{1,3}}|[·∙⋅・•])
      | \.\s(?=(?:com|net|org)(?![^\W_])) | \s(?=(?:com|net|org|ee|gg|ly)\s?/\s?[\w-])
      | /(?:dot|punto|ponto)/(?={TLD})
      | (?<=[^\W_])[_-](?:dot|punto|ponto)[_-](?={TLD})|(?<=[^\W_])dot(?=(?:com?|net|org|info|biz|io)(?![^\W_])))""",
    re.I | re.X,
)
LEFT_LABELS = re.compile(rf"{LABEL}(?:[.·∙⋅・•]{LABEL}){{0,6}}$")
JOINED = re.compile(rf"{LABEL}{signs.JOINING}$", re.I)  # before labels: "jane dash rooms dot com"
RIGHT_LABELS = re.compile(
    rf"(?P<dot>{DOT}|/(?:dot|punto|ponto)/|[_-]dot[_-]|{ODD_DOT}|\s){LABEL}(?:(?:{DOT}|[_-]dot[_-]){LABEL}){{0,5}}",
    re.I,
)
# What a dot between spaces may stand before.
PLAIN_TLD = re.compile(
    r"\.(?:com?|net|org|info|biz|io|uk|mx|fr|br|de|ca|au|nz|app|site|online|shop|xyz|ru|eu|tv|cc)$", re.I
)
ARTICLES = frozenset("a an the this that un une el la le no em as os".split())  # "a dot com company", "un point de vue"
# Public suffixes that are words or the endings of files: between two words they are the end of a sentence.
WORDS = PARTICLES | frozenset(
    """work works job jobs best team care live life now how you new one top win fun call page sale tips today plus zone
    city house home homes space support services service training games email phone media center company management
    agency business careers career consulting education engineering finance financial graphics guide help international
    legal login marketing money network news online partners parts photos press properties repair report review reviews
    room school science show social solutions store studio supplies supply systems technology tools town trade travel
    university ventures video vision website world academy associates capital catering cleaning clothing coach coffee
    community computer construction contractors cool credit date deals delivery dental design digital direct
    directory discount doctor dog earth energy enterprises estate events exchange expert express fail family fan farm
    fish fit fitness flights florist food football forsale foundation free fund furniture gallery garden gift gifts
    gold golf green group health hospital hosting hotel industries insure investments kitchen land law lawyer lease
    limited link loan loans ltd market markets men mobile moe mom movie nurse party pay pet pharmacy pics pink pizza
    place play poker post pro productions promo pub racing read recipes rent rentals rest restaurant retail rich run
    safe salon save security select services shoes shop shopping show sign site ski soccer software spa sport storage
    style surgery talk tax taxi tennis tickets tires toys tube vacations villas vote voyage watch wedding wine yoga
    open call cash cars car boats bike bar band bank auto baby beauty beer bet bible bid bio black blog blue book
    build cab cafe cam camp cards cat center chat cheap church click cloud club codes college contact country coupon
    courses day degree dance desi zip mov md py sh rs pl ps ai js dev app info name mobi pm so st tv""".split()
)
