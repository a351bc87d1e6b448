"""Services that people are reached by, and how a name stands beside one. No repeat in a pattern is unbounded."""

import re

from pipeline.recognizers import signs
from pipeline.recognizers.cues import Cues

# Services, and what people call an account of one; then words that are services only with a sign or an id after them.
_IN_TWO = (
    "insta gram,tele gram,snap chat,tik tok,only fans,we chat,face book,you tube,whats app,linked in,gamer tag,"
    "screen name,kik messenger,fb messenger,yahoo messenger"
).split(",")
_ABBREVIATED = "i.g i.g. s.c s.c. s/c t.g o.f snapp snp instagrm instragram telegrm telegrama fbook twtr katok".split()
_MAIL_IN_TWO = ("g mail", "g-mail", "hot mail", "proton mail")
_BROAD = ("social media", "all socials", "all platforms", "everything")
SERVICES = (
    "ig insta instagram snap snapchat snapchats telegram tg kik whatsapp wapp wsp wpp watsapp "
    "wechat weixin wx vx v信 wechatid twitter tiktok facebook fb messenger skype discord onlyfans "
    "fansly reddit youtube yt linkedin viber kakao kakaotalk kakaoid katalk zalo qq bbm wickr "
    "icq tumblr pinterest twitch bumble tinder clubhouse bluesky mastodon manyvids loyalfans justforfans jff "
    "chaturbate stripchat fetlife friendster vk ok.ru imo marcopolo hangouts cashapp threema keybase psn github "
    "soundcloud linktree username usuario usuaria utilisateur utilizador handle nick nickname pseudo screenname "
    "gamertag arroba"
)
MAIL = "gmail googlemail hotmail yahoo ymail outlook icloud protonmail aol msn"
AMBIGUOUS = (
    f"{MAIL} x sc wa of line signal tele face disc session page name id chat app tweet snaps threads user ok tik gram "
    "tt aim steam xbox gt wire socials perfil"
)
NAMED = frozenset(  # "line id jane"
    f"{MAIL} x sc wa of line signal tele session user messenger threads snaps disc gram tt aim steam xbox gt wire "
    "socials face tweet".split()
).union(_BROAD, _MAIL_IN_TWO)
NO_WORDS = frozenset(("sc", "wa", "tt", "gt"))  # ambiguous, yet words of no sentence
# Hardly said of else.
SHORT = frozenset("ig insta instagram snap snapchat tg telegram kik wechat onlyfans tiktok".split())
LETTERS = frozenset(("x", "of"))  # services in capitals, words in small letters
WEAK = frozenset([*AMBIGUOUS.split(), *_BROAD, *_MAIL_IN_TWO])
_STRONG = frozenset([*SERVICES.split(), *"微信号 微信 电报 推特 카톡 라인 ライン".split(), *_IN_TWO, *_ABBREVIATED])
# A service as it is written to dodge filters ("1nsta", "sn@p"), or with a sign at it ("ig_"), to the service.
_LEET = ("a@", "a4", "i1", "i!", "o0", "e3", "s$", "s5")
DISGUISED = {
    **{
        service.replace(*pair): service
        for service in _STRONG
        if len(service) > 2
        for pair in _LEET
        if pair[0] in service
    },
    **{f"{service}_": service for service in _STRONG if service.isascii()},
    **{service.replace(" ", "-"): service.replace(" ", "") for service in _IN_TWO},
    **{service: service.replace(" ", "") for service in _IN_TWO},
    **dict.fromkeys(("微信号", "微信"), "wechat"),
}
CUES = Cues(_STRONG | WEAK | DISGUISED.keys())
ALL = frozenset(SERVICES.split()) | WEAK
GHOSTS = re.compile(
    r"[\U0001F47B\U0001F4F7\U0001F4F8\U0001F426\U0001F4E9\U0001F3B5](?P<link>[^\w\n<@]{0,4})(?P<name>@?[^\W_](?:[\w.]{1,29}\w))"
)

# A name with its signs said: "jane underscore doe", "jane seven seven".
_PART = r"\w(?:[\w.]{0,28}\w)?"
NAME = (
    rf"\w(?:[\w.-]{{0,30}}\w)?(?:(?:\s{{1,2}}{signs.SIGN}){{1,2}}\s{{1,2}}{_PART}|\s_\s?{_PART}){{0,3}}"
    rf"(?:\sunderscore(?!\w)|{signs.NUMBERS})?"
)
SIGN = re.compile(rf"(?<![\w@])@++(?!\d{{1,2}}(?::\d\d)?\s?[ap]\.?m){NAME}", re.I)
# "RT @ janedoe :", as texts of words with spaces between them have it; a name there that is like no word needs no cue.
APART = re.compile(r"(?P<cue>^\W{0,3}|(?<!\w)(?:RT|MT|via|cc)\s)?(?<![\w@])@\s(?P<name>\w{2,30})(?!\w|[:.]\d)")
CAMEL = re.compile(r"[a-z][A-Z]")
KIND = (
    r"(?:['’]?s)?(?:\s(?:id|user\s?name|user|handle|name|account|acct|acc|mail|usuario|cuenta|conta|compte|pseudo|nick|page|pin"
    r"|profile|perfil|profil|channel|canal|tag|code|group)(?![^\W_])){0,2}"
)
ID = re.compile(
    r"['’]?s?\s(?:id|user(?:name)?|handle|name|acc\w{0,4}|usuario|cuenta|conta|compte|pseudo|nick)(?![^\W_])", re.I
)
MARK = r"(?:[:=~>|*/;#\"'\])_-]|[^\x00-\x7f\w\s])"
LINK = re.compile(
    rf"""{KIND}(?:
        (?P<signed>\s?{MARK}{{1,5}}\s{{0,2}}{MARK}{{0,5}}\s?(?:it'?s\s)?[\["'(]?@{{0,2}}\s?)
      | (?P<at>(?:\sme)?\s?@{{1,2}}\s?)
      | (?P<loose>\s?[.,]{{1,4}}\s|\s?\.{{2,4}}|\s?\n\s?)
      | (?P<said>\s(?:is(?!\sat\s)|es|e|est|c'est|it's|its|eh|:)\s{{1,2}}@?)
      | (?P<under>\s(?:me\s)?(?:(?:is\s)?at|en|under|as|como|sous|no|em|me|chez|by|via|only|arroba|i'?m|i\sam|called
          |named|soy|je\ssuis|sou)\s@?)
      | (?P<bracket>\s?[(\[]\s?@?)
      | (?P<beside>\s@?|(?<=[\u2e80-\ud7ff]))
    )(?P<name>{NAME})""",
    re.X | re.I,
)
ENDS = re.compile(r"\s{0,3}(?:$|[\n.,!;|)/]|[^\x00-\x7f\w\s])")
MINE = re.compile(
    r"(?<![^\W_])(?:my|mine|mi|mon|ma|meu|minha|our|nuestro|notre|nosso|add|follow|dm|find|message|msg|hmu|hit\sme|me|text"
    r"|agreg\w+|sigu\w+|siga|segue|ajout\w+|suis|suivez|adicion\w+|busca\w*|by|on|en|sur|no|via|em)[^\w\n]{1,4}(?:\w{1,6}\s){0,2}$",
    re.I,
)
OWN = re.compile(r"(?<![^\W_])(?:my|mine|mi|mon|meu|minha|our|his|her|the|su|son|sa)\s(?:\w{1,8}\s)?$", re.I)
# "jane_22 on snap", "jane_22 (snap)", "jane_22 is my snap", "jane_22 <- my snap", "jane_22 - ig"
_ON = r"\s(?:over\s)?(?:on|en|sur|no|na|at|via)\s(?:my\s|the\s)?"
_IS_MY = r"\s(?:(?:is|that'?s|it'?s)\smy|es\smi|e\so\smeu|e\smeu|est\smon)\s|\s?<-{1,3}\s?(?:my\s)?"
OF_SERVICE = re.compile(
    rf"(?P<opens>(?:^|[.!?:,(\n])\s{{0,2}})?(?<![\w.])(?P<name>[a-z][\w.-]{{2,30}}\w)"
    rf"(?:(?P<on>{_ON})|\s?\(|(?P<mine>{_IS_MY})|(?P<apart>\s-\s))$",
    re.I,
)
# "jane_22 snap", "add janedoe snap"
BESIDE = re.compile(r"(?P<added>(?<!\w)(?:add|dm|pm|msg)\s(?:me\s)?)?(?<![\w.@])(?P<name>[a-z][\w.]{2,30}\w)\s$", re.I)
# A quick check for the forms before and behind.
LINKED = re.compile(r"(?:\s(?:on|en|sur|no|na|in|into|at|via|my|the|mi|meu|mon)\s|\(|\s-\s|<-{1,3}\s?)$", re.I)
BEFORE = re.compile(
    r"""(?<![^\W_])(?:(?:dm|pm|add|follow|message|msg|find|text|hmu|sigue(?:me)?|agrega(?:me)?|suis|ajoute|segue|siga|chama)\s
    (?:me\s)?(?:at\s|@\s?|as\s|a\s)?|(?P<told>(?:search|contact|write|subscribe|type|look\sup|i'?m|i\sam|it'?s|soy|sou|at|@)\s
    (?:for\s|to\s)?))(?P<name>@?\w[\w.-]{1,30}\w)\s(?:on|en|sur|no|in|into|na)\s(?:my\s|the\s)?$""",
    re.I | re.X,
)
# Somebody who is to be reached, without a service: "dm me at jane_22", "add me jane_22".
_VERBS = "dm pm add follow message msg find kik snap tweet hmu".split()
REACHED = Cues(f"{verb} {who}" for verb in _VERBS for who in ("me", "us"))
REACHED_AT = re.compile(rf"\s(?P<at>at\s|@\s|a\s|as\s)?(?P<name>{NAME})", re.I)
# The same with a sign: "dm: jane_22", "hmu @ janedoe".
SIGNED = Cues(("dm", "pm", "hmu", "follow me", "add me", "sigueme", "agregame"))
SIGNED_NAME = re.compile(r"(?:\s(?:at|on|en))?\s?(?:[:=>-]{1,3}\s?@?|@\s?)(?P<name>\w[\w.-]{1,30}\w)", re.I)
# Forms that need no service, in small letters: each with a sign, quickly found, that it cannot do without.
OTHERS = (
    (re.compile(r"#\d{4}(?!\w)"), re.compile(r"(?<![\w#.])(?P<name>\w[\w.]{1,31}#\d{4})(?!\w)")),  # Discord
    (re.compile(r"u/[\w-]"), re.compile(r"(?<![\w/.])(?P<name>/?u/[\w-]{3,20})(?!\w)")),  # Reddit
    (re.compile(r"live:"), re.compile(r"(?<!\w)(?P<name>live:\.?(?:cid\.)?[\w.-]{3,40}\w)")),  # Skype
)
REACH = 60  # code points before a service in which a name may stand
STOP = frozenset(
    "is are was me us or and the a an my your our at on in of for to with by page only group channel video account "
    "app ads marketing please pls add follow no not yes only dm link bio here now new id com www http https "
    "i we you he she it they available also too more always posts post followers likes es el la los las un una mi tu "
    "su y o de en por para con solo que le les des et ou un une mon du e o os as um uma meu ou para com na no "
    "siguenos sigueme buscanos buscame encuentranos encuentrame suivez retrouvez rejoignez sigam encontre visitanos "
    "company handle username user live chat call text calls texts messages message number phone mobile cell".split()
)
