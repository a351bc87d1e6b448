"""Web addresses: with a scheme, with www, bare, spaced out or with "dot" written out (RFC 3986 hosts and paths)."""

import re
from collections.abc import Iterator

from pipeline.normalize import words
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.domains import DOT, DOTS, LABEL, TLD, is_domain, typed
from pipeline.recognizers.words import is_common

_SCHEME = re.compile(
    r"(?<![^\W_])(?:(?:https?|h[xX*t]{2}ps?|ftps?|ttps?)\s?[\[(]?\s?:\s?[\])]?\s?/\s?/?\s?|[a-z][a-z\d+.-]{1,15}://)"
    r"(?=[^\s<>\"'])",
    re.I,
)
_SCHEME_SIGN = re.compile(r":[\])\s]{0,3}/")
_SPACED_HOST = re.compile(rf"{LABEL}(?:\s\.\s?{LABEL}|\.\s?{LABEL}){{1,6}}")
_REST = re.compile(r"[^\s<>\"']*")
_TYPED_DOT = re.compile(r"\.(?<=[\w-]\.)(?=[^\W_])")  # begins with one character: fast
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_TAIL = re.compile(r"(?::\d{1,5})?(?:\s?/\s?[^\s<>\"']+|[/?#][^\s<>\"']*)?")
_LAST = ".,;:!?)]}*'\""
_MAX_CUT = 4  # labels at the end of a host that are none of its own
_CUE = re.compile(
    r"(?:visit|site|website|web|page|url|link|www|online|http|https|go\sto|see|pagina|sitio|visita|lien|blog|portfolio"
    r"|voir|mira|fotos?|pics|photos|check\sout|book\shere|domain|host|server)[^\w\n]{0,5}(?:\w{1,5}[^\w\n]{1,3}){0,2}$",
    re.I,
)
_COUNTRIES = "(?:com|co|uk|fr|org|be|ch|ca|de|COM|FR)"  # after "point", which is a word of English too
_DOT_WORDS = frozenset("dot doht dawt punto ponto punt tocka dotcom dotnet dotorg".split())
_DOT_SIGNS = [  # each begins with one character: fast
    re.compile(r"\.(?:(?<=[\s\[({].)|(?=\s(?:com|net|org)\b))"),
    re.compile(r"0t"),
    re.compile(r"[·∙⋅・•]"),
    re.compile(r"[\[({]\s?(?i:point|period|punkt)"),
    re.compile(r"[wW]\s(?<=[wW]{3}\s)(?:\.|(?i:point|period))"),
    *(re.compile(rf"{dot}(?:com|net|org|COM|NET|ORG)\b") for dot in ("dot", "DOT")),
    *(re.compile(rf"{p}(?:OINT|oint|unkt|ERIOD|eriod)\s{{1,3}}{_COUNTRIES}\b") for p in "pP"),
]
_SIGN = r"[^\w\s@.,:;!?]{1,2}"
_WORD = "(?:dot|d0t|doht|dawt|punto|ponto|point|punkt|period)"
_CLEAR_WORD = (
    rf"(?:dot|d0t|doht|dawt|punto|ponto|(?:point|punkt|period)(?=\s{{1,3}}(?:{_COUNTRIES}\b|{LABEL}\s{{1,3}}p)))"
)
_WRITTEN_DOT = re.compile(
    rf"(?=[\W_d])(?:\s{{0,2}}{_SIGN}\s?(?:{_WORD}|\.)\s?{_SIGN}\s{{0,2}}(?=[^\W_])"
    rf"|\s{{1,3}}{_CLEAR_WORD}\s{{1,3}}(?={LABEL}\s{{1,3}}{_WORD}\s|{TLD})"
    rf"|\s\.\s?(?={LABEL}\s\.\s?|{TLD})|(?<=\bwww)(?:\s\.\s|\s{{1,3}}{_WORD}\s{{1,3}}|[·∙⋅・•])|[·∙⋅・•](?={TLD})(?<=\w.)|\.\s(?=(?:com|net|org)(?![^\W_]))"
    rf"|(?<=[^\W_])[_-](?:dot|punto|ponto)[_-](?={TLD})|(?<=[^\W_])dot(?=(?:com|net|org)(?![^\W_])))",
    re.I,
)
_LEFT_LABELS = re.compile(rf"{LABEL}(?:[.·∙⋅・•]{LABEL}){{0,6}}$")
_RIGHT_LABELS = re.compile(rf"(?:(?:{DOT}|[_-]dot[_-]){LABEL}){{1,6}}", re.I)
# What a dot between spaces may stand before.
_PLAIN_TLD = re.compile(
    r"\.(?:com?|net|org|info|biz|io|uk|mx|fr|br|de|ca|au|nz|app|site|online|shop|xyz|ru|eu|tv|cc)$", re.I
)
# Public suffixes that are words or the endings of files: between two words they are the end of a sentence.
_PARTICLES = frozenset(
    "is in it so to no at be by my me us do am as de la es se pa pe te al ad an et est and or".split()
)
_WORDS = _PARTICLES | frozenset(
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


class UrlRecognizer(ViewRecognizer):
    """Finds web addresses; a bare one counts where it ends in a public suffix."""

    ENTITY = "URL"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        yield from self._with_scheme(text)
        yield from self._typed(text)
        if not _DOT_WORDS.isdisjoint(words(text)) or any(sign.search(text) for sign in _DOT_SIGNS):
            yield from self._written(text)

    def _with_scheme(self, text: str) -> Iterator[tuple[int, int, float]]:
        position = 0
        for match in _SCHEME.finditer(text) if _SCHEME_SIGN.search(text) else ():
            if match.start() >= position:
                position = _trimmed(text, match.end(), _rest(text, match.end()))
                spaced = _SPACED_HOST.match(text, match.end())
                if spaced and is_domain(typed(spaced[0])):  # "http : // example . com"
                    position = max(position, _tail(text, spaced.end()))
                if position > match.end():
                    yield match.start(), position, 0.95

    def _typed(self, text: str) -> Iterator[tuple[int, int, float]]:
        position = 0
        for dot in _TYPED_DOT.finditer(text):
            start = dot.start()
            if start < position:
                continue
            while start > position and (text[start - 1].isalnum() or text[start - 1] in "-_"):
                start -= 1
            match = _HOST.match(text, start)
            if not match:
                continue
            start, end = match.start() + len(match[0]) - len(match[0].lstrip("-_")), match.end()
            position = end
            if text[start - 1 : start] == "@":
                continue
            host = text[start:end].rstrip("-_.")
            position = tail = _tail(text, end) if len(host) == end - start else end
            if host.lower().startswith("www."):
                yield start, max(tail, start + len(host)), 0.7
                continue
            for _ in range(_MAX_CUT):
                if is_domain(host):
                    break
                host, tail = host.rpartition(".")[0].rstrip("-_."), 0
            if is_domain(host) and (tail > end or not self._is_sentence(text, start, host)):
                yield start, max(tail, start + len(host)), 0.7

    def _is_sentence(self, text: str, start: int, host: str) -> bool:
        """Two words with a full stop but no space between them ("the office.in which")."""
        name, _, last = host.lower().rpartition(".")
        if last not in _WORDS or not name.isalpha() or "xn--" in last:
            return False
        if last not in _PARTICLES and not is_common(name):
            return False
        return not _CUE.search(text, max(0, start - 30), start)

    def _written(self, text: str) -> Iterator[tuple[int, int, float]]:
        position = 0
        for match in _WRITTEN_DOT.finditer(text):
            left = _LEFT_LABELS.search(text, max(position, match.start() - 70), match.start())
            right = _RIGHT_LABELS.match(text, match.start())
            if not left or not right or left.end() <= position:
                continue
            ends = [right.end(), *(right.start() + dot.start() for dot in [*DOTS.finditer(right[0])][:0:-1])]
            for end in ends:
                host = typed(text[left.start() : end])
                is_rare = (
                    left[0].isalpha()
                    and not is_common(left[0].lower())
                    and host.rpartition(".")[2].lower() not in _PARTICLES
                )
                is_clear = (
                    match[0].strip() != "." or is_rare or host.lower().startswith("www.") or _PLAIN_TLD.search(host)
                )
                if is_clear and is_domain(host):
                    position = _tail(text, end)
                    yield left.start(), position, 0.7
                    break


def _rest(text: str, start: int) -> int:
    match = _REST.match(text, start)
    assert match
    return match.end()


def _tail(text: str, start: int) -> int:
    """Where port, path, query and fragment end that follow a host."""
    match = _TAIL.match(text, start)
    assert match
    return _trimmed(text, start, match.end())


def _trimmed(text: str, start: int, end: int) -> int:
    """`end` without the punctuation of the sentence around."""
    return start + len(text[start:end].rstrip(_LAST))


def normal_form(address: str) -> str:
    """Host and path without scheme, `www.`, case or a last slash."""
    plain = re.sub(r"\s?/\s?", "/", DOTS.sub(".", address.strip())).lower()
    return re.sub(r"^(?:[\w*]+\s?[\[(]?:[\])]?\s?/\s?/\s?)?(?:www\.)?", "", plain).rstrip("/")
