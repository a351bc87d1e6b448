"""Services that people are reached by, and how a name stands beside one. No repeat in a pattern is unbounded."""

import re

from pipeline.recognizers.cues import Cues

# Services, and what people call an account of one; then words that are services only with a sign or an id after them.
SERVICES = (
    "ig insta instagram instagrm instragram snap snapchat snapchats telegram tele tg kik whatsapp wapp wsp wpp watsapp "
    "wechat weixin wx vx wechatid twitter tweet tiktok tik facebook fb face messenger skype discord disc onlyfans "
    "fansly threads reddit youtube yt linkedin viber kakao kakaotalk kakaoid katalk zalo qq bbm wickr session icq line "
    "tumblr pinterest twitch bumble tinder clubhouse bluesky mastodon manyvids loyalfans justforfans jff chaturbate "
    "stripchat fetlife friendster vk ok.ru imo marcopolo hangouts cashapp "
    "username user usuario usuaria utilisateur utilizador handle nick nickname pseudo screenname gamertag arroba "
    "chat app name id"
)
MAIL = "gmail googlemail hotmail yahoo ymail outlook icloud protonmail aol"
AMBIGUOUS = (
    f"{MAIL} x sc wa of line signal tele face disc session page name id chat app tweet snaps threads user ok tik"
)
NAMED = frozenset(f"{MAIL} x sc wa of line signal tele session user messenger threads snaps".split())  # "line id jane"
SHORT = frozenset("ig insta snap snapchat tg telegram kik wechat onlyfans tiktok".split())  # hardly said of else
LETTERS = frozenset(("x", "of"))  # services in capitals, words in small letters
CUES = Cues(f"{SERVICES} {MAIL} signal x sc wa of 微信号 微信 电报 推特 카톡 라인 ライン".split())
WEAK = frozenset(AMBIGUOUS.split())
ALL = frozenset(SERVICES.split()) | WEAK
GHOSTS = re.compile(r"[\U0001F47B\U0001F4F7\U0001F4F8\U0001F426\U0001F4E9][^\w\n<@]{0,4}(?P<name>@?[^\W_][\w.]{2,30})")

# A name with its signs said: "jane underscore doe".
SAID_SIGN = (
    r"(?:underscore|under\s?score|underline|guion\sbajo|barra\sbaixa|tiret\sbas|guion|dash|hyphen|dot|punto|ponto"
    r"|point)"
)
NAME = rf"\w(?:[\w.-]{{0,30}}\w)?(?:(?:\s{{1,2}}{SAID_SIGN}){{1,2}}\s{{1,2}}\w{{1,30}}|\s_\s\w{{1,30}}){{0,3}}"
SIGN = re.compile(rf"(?<![\w@])@++(?!\d{{1,2}}(?::\d\d)?\s?[ap]\.?m){NAME}", re.I)
# "RT @ janedoe :", as texts of words with spaces between them have it; a name there that is like no word needs no cue.
APART = re.compile(r"(?P<cue>^\W{0,3}|(?<!\w)(?:RT|MT|via|cc)\s)?(?<![\w@])@\s(?P<name>\w{2,30})(?!\w|[:.]\d)")
CAMEL = re.compile(r"[a-z][A-Z]")
KIND = (
    r"(?:['’]?s)?(?:\s(?:id|user\s?name|user|handle|name|account|acct|acc|mail|usuario|cuenta|conta|compte|pseudo|nick|page|pin"
    r"|profile|perfil|profil)(?![^\W_])){0,2}"
)
ID = re.compile(
    r"['’]?s?\s(?:id|user(?:name)?|handle|name|acc\w{0,4}|usuario|cuenta|conta|compte|pseudo|nick)(?![^\W_])", re.I
)
MARK = r"(?:[:=~>|*/;#\"'\])-]|[^\x00-\x7f\w\s])"
LINK = re.compile(
    rf"""{KIND}(?:
        (?P<signed>\s?{MARK}{{1,5}}\s{{0,2}}{MARK}{{0,5}}\s?[\["'(]?@{{0,2}}\s?)
      | (?P<at>(?:\sme)?\s?@{{1,2}}\s?)
      | (?P<loose>\s?[.,]{{1,4}}\s|\s?\n\s?)
      | (?P<said>\s(?:is|es|e|est|c'est|it's|its|eh|:)\s{{1,2}}@?)
      | (?P<under>\s(?:me\s)?(?:at|en|under|as|como|sous|no|em|me|chez|by)\s@?)
      | (?P<bracket>\s?[(\[]\s?@?)
      | (?P<beside>\s@?)
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
# "jane_22 on snap", "jane_22 (snap)", "jane_22 is my snap"
OF_SERVICE = re.compile(
    r"(?P<opens>(?:^|[.!?:,(\n])\s{0,2})?(?<![\w.])(?P<name>[a-z][\w.-]{2,30}\w)"
    r"(?:\s(?P<on>on|en|sur|no|na)\s(?:my\s)?|\s?\(|\s(?P<mine>is\smy|es\smi|e\so\smeu|e\smeu|est\smon)\s)$",
    re.I,
)
LINKED = re.compile(r"(?:\s(?:on|en|sur|no|na|in|my|mi|meu|mon)\s|\()$", re.I)  # a quick check for both
BEFORE = re.compile(
    r"(?<![^\W_])(?:dm|pm|add|follow|message|msg|find|text|hmu|sigue(?:me)?|agrega(?:me)?|suis|ajoute|segue|siga|chama)\s"
    r"(?:me\s)?(?:at\s|@\s?|as\s|a\s)?(?P<name>@?\w[\w.-]{1,30}\w)\s(?:on|en|sur|no|in|na)\s(?:my\s)?$",
    re.I,
)
# Forms that need no service, in small letters: each with a sign, quickly found, that it cannot do without.
OTHERS = (
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
REACH = 60  # code points before a service in which a name may stand
STOP = frozenset(
    "is are was me us or and the a an my your our at on in of for to with by page only group channel video account "
    "app ads marketing please pls add follow no not yes only dm link bio here now new id com www http https "
    "i we you he she it they available also too more always posts post followers likes es el la los las un una mi tu "
    "su y o de en por para con solo que le les des et ou un une mon du e o os as um uma meu ou para com na no "
    "siguenos sigueme buscanos buscame encuentranos encuentrame suivez retrouvez rejoignez sigam encontre visitanos "
    "company handle username user live chat call text calls texts messages message number phone mobile cell".split()
)
# Signs that are said, for a name's normal form.
SAID = (
    (re.compile(r"\s+(?:underscore|under\s?score|underline|guion\s+bajo|barra\s+baixa|tiret\s+bas)\s+"), "_"),
    (re.compile(r"\s+(?:dot|punto|ponto|point)\s+"), "."),
    (re.compile(r"\s+(?:guion|dash|hyphen)\s+"), "-"),
)
