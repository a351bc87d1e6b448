"""Social handles and messaging ids: `@name`, or a name beside the service it belongs to."""

import re
from collections.abc import Iterator

from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues, lowered
from pipeline.recognizers.words import is_common, is_no_name

# Services, and what people call an account of one; then words that are services only with a sign or an id after them.
_SERVICES = (
    "ig insta instagram instagrm instragram snap snapchat snapchats telegram tele tg kik whatsapp wapp wsp wpp watsapp "
    "wechat weixin wx vx wechatid twitter tweet tiktok tik facebook fb face messenger skype discord disc onlyfans "
    "fansly threads reddit youtube yt linkedin viber kakao kakaotalk kakaoid katalk zalo qq bbm wickr session icq line "
    "tumblr pinterest twitch bumble tinder clubhouse bluesky mastodon manyvids loyalfans justforfans jff chaturbate "
    "stripchat fetlife friendster vk ok.ru imo marcopolo hangouts cashapp "
    "username user usuario usuaria utilisateur utilizador handle nick nickname pseudo screenname gamertag arroba "
    "chat app name id"
)
_MAIL = "gmail googlemail hotmail yahoo ymail outlook icloud protonmail aol"
_AMBIGUOUS = (
    f"{_MAIL} x sc wa of line signal tele face disc session page name id chat app tweet snaps threads user ok tik"
)
_NAMED = frozenset(
    f"{_MAIL} x sc wa of line signal tele session user messenger threads snaps".split()
)  # "line id jane"
_SHORT = frozenset("ig insta snap snapchat tg telegram kik wechat onlyfans tiktok".split())  # hardly said of else
_LETTERS = frozenset(("x", "of"))  # services in capitals, words in small letters
_CUES = Cues(f"{_SERVICES} {_MAIL} signal x sc wa of 微信号 微信 电报 推特 카톡 라인 ライン".split())
_WEAK = frozenset(_AMBIGUOUS.split())
_ALL = frozenset(_SERVICES.split()) | _WEAK
_GHOSTS = re.compile(r"[\U0001F47B\U0001F4F7\U0001F4F8\U0001F426\U0001F4E9][^\w\n<@]{0,4}(?P<name>@?[^\W_][\w.]{2,30})")

# A name with its signs said: "jane underscore doe".
_SAID_SIGN = (
    r"(?:underscore|under\s?score|underline|guion\sbajo|barra\sbaixa|tiret\sbas|guion|dash|hyphen|dot|punto|ponto"
    r"|point)"
)
_NAME = rf"\w(?:[\w.-]{{0,30}}\w)?(?:(?:\s{{1,2}}{_SAID_SIGN}){{1,2}}\s{{1,2}}\w{{1,30}}|\s_\s\w{{1,30}}){{0,3}}"
_SIGN = re.compile(rf"(?<![\w@])@++(?!\d{{1,2}}(?::\d\d)?\s?[ap]\.?m){_NAME}", re.I)
_KIND = (
    r"(?:['’]?s)?(?:\s(?:id|user\s?name|user|handle|name|account|acct|acc|mail|usuario|cuenta|conta|compte|pseudo|nick|page|pin"
    r"|profile|perfil|profil)(?![^\W_])){0,2}"
)
_ID = re.compile(
    r"['’]?s?\s(?:id|user(?:name)?|handle|name|acc\w{0,4}|usuario|cuenta|conta|compte|pseudo|nick)(?![^\W_])", re.I
)
_MARK = r"(?:[:=~>|*/;#\"'\])-]|[^\x00-\x7f\w\s])"
_LINK = re.compile(
    rf"""{_KIND}(?:
        (?P<signed>\s?{_MARK}{{1,5}}\s{{0,2}}{_MARK}{{0,5}}\s?[\["'(]?@{{0,2}}\s?)
      | (?P<at>(?:\sme)?\s?@{{1,2}}\s?)
      | (?P<loose>\s?[.,]{{1,4}}\s|\s?\n\s?)
      | (?P<said>\s(?:is|es|e|est|c'est|it's|its|eh|:)\s{{1,2}}@?)
      | (?P<under>\s(?:me\s)?(?:at|en|under|as|como|sous|no|em|me|chez|by)\s@?)
      | (?P<bracket>\s?[(\[]\s?@?)
      | (?P<beside>\s@?)
    )(?P<name>{_NAME})""",
    re.X | re.I,
)
_ENDS = re.compile(r"\s{0,3}(?:$|[\n.,!;|)/]|[^\x00-\x7f\w\s])")
_MINE = re.compile(
    r"(?<![^\W_])(?:my|mine|mi|mon|ma|meu|minha|our|nuestro|notre|nosso|add|follow|dm|find|message|msg|hmu|hit\sme|me|text"
    r"|agreg\w+|sigu\w+|siga|segue|ajout\w+|suis|suivez|adicion\w+|busca\w*|by|on|en|sur|no|via|em)[^\w\n]{1,4}(?:\w{1,6}\s){0,2}$",
    re.I,
)
_OWN = re.compile(r"(?<![^\W_])(?:my|mine|mi|mon|meu|minha|our|his|her|the|su|son|sa)\s(?:\w{1,8}\s)?$", re.I)
# "jane_22 on snap", "jane_22 (snap)", "jane_22 is my snap"
_OF_SERVICE = re.compile(
    r"(?P<opens>(?:^|[.!?:,(\n])\s{0,2})?(?<![\w.])(?P<name>[a-z][\w.-]{2,30}\w)"
    r"(?:\s(?P<on>on|en|sur|no|na)\s(?:my\s)?|\s?\(|\s(?P<mine>is\smy|es\smi|e\so\smeu|e\smeu|est\smon)\s)$",
    re.I,
)
_LINKED = re.compile(r"(?:\s(?:on|en|sur|no|na|in|my|mi|meu|mon)\s|\()$", re.I)  # a quick check for both
_BEFORE = re.compile(
    r"(?<![^\W_])(?:dm|pm|add|follow|message|msg|find|text|hmu|sigue(?:me)?|agrega(?:me)?|suis|ajoute|segue|siga|chama)\s"
    r"(?:me\s)?(?:at\s|@\s?|as\s|a\s)?(?P<name>@?\w[\w.-]{1,30}\w)\s(?:on|en|sur|no|in|na)\s(?:my\s)?$",
    re.I,
)
# Forms that need no service, in small letters: each with a sign, quickly found, that it cannot do without.
_OTHERS = (
    (re.compile(r"#\d{4}(?!\w)"), re.compile(r"(?<![\w#.])(?P<name>\w[\w.]{1,31}#\d{4})(?!\w)")),  # Discord
    (re.compile(r"u/[\w-]"), re.compile(r"(?<![\w/.])(?P<name>/?u/[\w-]{3,20})(?!\w)")),  # Reddit
    (re.compile(r"live:"), re.compile(r"(?<!\w)(?P<name>live:\.?(?:cid\.)?[\w.-]{3,40}\w)")),  # Skype
    *(
        (
            re.compile(rf"{cue}[\s:=>@-]"),
            re.compile(
                rf"(?<![^\W_]){cue}(?:\s(?:at|on|en))?\s?(?:[:=>-]{{1,3}}\s?@?|@\s?)(?P<name>\w[\w.-]{{1,30}}\w)"
            ),
        )
        for cue in ("dm", "pm", "hmu", "follow me", "add me", "sigueme", "agregame")
    ),
)
_REACH = 60  # code points before a service in which a name may stand
_STOP = frozenset(
    "is are was me us or and the a an my your our at on in of for to with by page only group channel video account "
    "app ads marketing please pls add follow no not yes only dm link bio here now new id com www http https "
    "i we you he she it they available also too more always posts post followers likes es el la los las un una mi tu "
    "su y o de en por para con solo que le les des et ou un une mon du e o os as um uma meu ou para com na no "
    "siguenos sigueme buscanos buscame encuentranos encuentrame suivez retrouvez rejoignez sigam encontre visitanos "
    "company handle username user live chat call text calls texts messages message number phone mobile cell".split()
)


class HandleRecognizer(ViewRecognizer):
    """Finds handles; the service's name stays in the text."""

    ENTITY = "HANDLE"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score; the span covers the sign and the name."""
        if "@" in text:
            for match in _SIGN.finditer(text):
                yield *match.span(), 0.8
        for start, end, service in _CUES.find(text):
            link = _LINK.match(text, end)
            if link and _is_handle(text, start, service, link):
                yield _sign_before(text, link.start("name")), link.end("name"), 0.6
            if service not in _WEAK or service in _NAMED:
                yield from _before(text, start, service)
        lower = lowered(text)
        for pattern in (pattern for sign, pattern in _OTHERS if sign.search(lower)):
            for named in pattern.finditer(lower):
                if named["name"] not in _STOP:
                    yield *named.span("name"), 0.6
        for named in _GHOSTS.finditer(text) if not text.isascii() else ():
            if _looks_made(named["name"]) or named["name"].startswith("@"):
                yield *named.span("name"), 0.5


def _before(text: str, start: int, service: str) -> Iterator[tuple[int, int, float]]:
    """The name before a service: one that somebody is told to add there, or that is said to be there."""
    if not _LINKED.search(text, max(0, start - 8), start):
        return
    window = max(0, start - _REACH), start
    added = _BEFORE.search(text, *window)
    name = added["name"].lower() if added else ""
    if added and name not in _STOP and not (service in _WEAK and is_common(name)):
        yield *added.span("name"), 0.6
    elif there := _OF_SERVICE.search(text, *window):
        name = there["name"]
        made = _looks_made(name) and len(name) > 4
        is_said = bool(there["mine"] or not there["on"] or (there["opens"] is not None and service not in _WEAK))
        if made or (is_said and name.islower() and len(name) > 4 and name not in _STOP and not is_common(name)):
            yield *there.span("name"), 0.5


def _is_handle(text: str, start: int, service: str, match: re.Match[str]) -> bool:
    """Whether the name after a service is one: by its look, or by what links the two."""
    name = match["name"]
    lower = name.lower()
    if lower in _STOP or lower in _ALL or len(name) < 2 or (service == "arroba" and " " in name):
        return False
    if name.isdigit() and not (service in {"qq", "icq", "line"} or match["signed"]):
        return False
    if match["at"]:
        return True
    is_word = service in _LETTERS and text[start : start + len(service)].islower()
    if is_word and not text[max(0, start - 4) : start].lower().endswith(("my ", "mi ", "mon ", "meu ")):
        return False
    made = _looks_made(name)
    is_rare = not is_common(lower) and len(name) > 3
    has_id = bool(_ID.match(text, start + len(service)))
    if service in _WEAK and not (has_id and service in _NAMED):
        return _is_handle_of_word(text, start, service, match)
    if match["signed"]:
        if set(match["signed"]) & set(":=>") or not match["signed"].isascii() or _own(text, start):
            return True
        is_plain = "." not in name and not is_no_name(lower) and bool(_ENDS.match(text, match.end()))
        return made or is_plain or (is_rare and name.islower() and not set(match["signed"]) <= set("- "))
    if match["loose"]:
        is_alone = service in _SHORT or bool(_ENDS.match(text, match.end())) or _mine(text, start)
        return made or (is_rare and name.islower() and is_alone)
    if match["said"]:
        return made or has_id or is_rare or (_own(text, start) and not is_no_name(lower))
    if match["under"]:
        is_mine = " me " in match["under"] or _mine(text, start)
        return made or (is_mine and not is_no_name(lower))
    if match["bracket"]:
        return made or (text[match.end() : match.end() + 1] in {")", "]"} and not is_no_name(lower))
    return made or (has_id and not is_no_name(lower)) or "@" in match[0] or (is_rare and _mine(text, start))


def _is_handle_of_word(text: str, start: int, service: str, match: re.Match[str]) -> bool:
    """Whether a name is one after a service whose own name is a word ("line", "X", "OF")."""
    name = match["name"]
    made = _looks_made(name)
    if match["signed"]:
        is_clear = service in _NAMED and bool(set(match["signed"]) & set(":=>") or not match["signed"].isascii())
        is_clear |= service in _NAMED and name.islower() and not set(match["signed"]) <= set("- ")
        return made or (is_clear and len(name) > 3 and not is_common(name.lower()))
    if service not in _NAMED or len(name) < 5:
        return False
    if made:
        return True
    return not match["loose"] and name.islower() and _mine(text, start) and not is_common(name)


def _looks_made(name: str) -> bool:
    """Unlike a word: with a digit and a letter, a `_`, or a dot between letters in small letters."""
    if " " in name:  # its signs are said
        return True
    letters = sum(map(str.isalpha, name))
    if "_" in name:
        return letters > 0
    if any(map(str.isdigit, name)) and letters > 1:
        return name[0].isalpha()
    is_one_case = name.islower() or name.isupper()
    return "." in name and name.replace(".", "").isalnum() and is_one_case and len(name) > 5


def _mine(text: str, start: int) -> bool:
    return bool(_MINE.search(text, max(0, start - _REACH), start))


def _own(text: str, start: int) -> bool:
    return bool(_OWN.search(text, max(0, start - 24), start))


def _sign_before(text: str, start: int) -> int:
    while start and text[start - 1] == "@":
        start -= 1
    return start


def normal_form(handle: str) -> str:
    """The name alone, in lower case."""
    return handle.strip().lstrip("@").strip().lower()
