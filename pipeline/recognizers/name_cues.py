"""The words and phrases that names stand after, in English, Spanish, French and Portuguese (without accents)."""

import re

WORD = r"[^\W\d_](?:\w|['’-](?=[^\W\d_])){0,30}"

_S = r"[^\S\n]{1,3}"
_SIGN = r"[^\S\n]{0,3}[:,;=~>-]{1,2}\s{0,3}"
_ROLE = r"(?:(?:the|our|my|el|la)\s\w{2,12},\s{1,2})?"  # "ask for the owner, Jim"


def _cue(pattern: str, space: str = _S) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?![^\W_])(?!['’][a-z])(?:{_SIGN}|{space})(?:\(\s?)?{_ROLE}", re.I | re.X)


# Followed by hardly anything but a name.
STRONG = _cue(
    rf"""ask(?:ing|ed)?\s{{1,3}}(?:for|4) | contact{_S}(?:person|name)
    | name(?:['’]?s|{_S}is|{_S}was)(?<!company\ name\ is)(?<!user\ name\ is) | called(?<=am\ called)
    | pregunt(?:a|e|ar|en|ad){_S}por | llamo | se{_S}llama | nombre{_S}es | habl(?:a|e|ar|en){_S}con
    | m['’]appelle | (?:pre)?nom{_S}est | demande[rz]
    | chamo(?:-me)? | me{_S}chamo | nome{_S}e | fal(?:e|ar|a){_S}com(?:{_S}[ao])? | procur(?:e|ar){_S}(?:por|pel[ao])
    | pergunt(?:e|ar){_S}(?:por|pel[ao])""",
    r"\s{1,3}",
)
# By which people say who they are, among other things.
SAID = _cue(
    rf"""i['’]?m | i{_S}am | this{_S}is | it['’]s(?:{_S}me)? | its{_S}me | call{_S}me | nicknamed? | aka
    | (?:speak|talk|spoke){_S}(?:to|with)
    | (?:go|goes){_S}by | aqui{_S}e(?:{_S}[ao])? | le{_S}atiende | atiende
    | soy | me{_S}dicen | llamad[oa] | llamame | je{_S}suis | c['’]est | sou(?:{_S}a)? | ich{_S}bin"""
)
# By which people say whom to reach, or whom they greet.
TOUCH = _cue(r"call | text | txt | phone | ring | message | msg | see | contact | email | meet | visit | c/o")
# The same in languages whose capitals say more.
TOUCH_ABROAD = _cue(
    rf"""(?:llam|escrib|marqu|marc)\w{{1,5}}{_S}a | contacte[rz]? | contactar{_S}a | appele[rz]
    | chama{_S}[ao] | lig(?:a|ar|ue){_S}para | contate"""
)
GREETING = _cue(
    rf"""called | named | its | known{_S}as | looking{_S}for | say{_S}you{_S}want
    | (?:hi|hello|hey|dear|hola|ola|oi|bonjour|salut)(?:{_S}(?:babe|hun))?(?:{_S}(?:i['’]?m|it['’]?s|this{_S}is))?"""
)
LABEL = re.compile(
    r"(?:contact(?:s|o|e|ez)?|contato|name|nombre|nom|nome|host(?:ess)?|manager|agent|owner|recruiter|seller|landlord|attn"
    r"|attention|att|by|model|masseuse|therapist|stylist|encargad[oa]|responsable|dueno|duena)\s?[:=]\s{0,3}"
    r"|(?:attn|att|c/o)\.?\s{1,3}",
    re.I,
)
_TITLES = (
    r"(?:m(?:r|rs|s|iss|me|lle|onsieur|adame?)|dr|dra|prof|sr|sra|srta|senora?|senorita|don|dona|herr|frau)\.?\s{1,2}"
)
TITLE = re.compile(_TITLES, re.I)
TITLED = re.compile(rf"(?:(?:el|la|al|o|a|le|the)\s)?{_TITLES}", re.I)
SIGN_OFF = re.compile(
    r"(?:regards|sincerely|thanks|thank\s?you|thx|cheers|love|xoxox?o?|xox|kisses|hugs|yours(?:\struly)?|respectfully"
    r"|saludos?|gracias|atentamente|atte|besos|besitos|abrazos?|cordialement|bisous|bises|merci|obrigad[oa]|abracos?"
    r"|beijos|bjs|att)(?P<gap>\s{0,2}[,.!~*-]{0,3}\s{0,3}[-~*]{0,2}\s{0,2})",
    re.I,
)
REPLIES = re.compile(r"answers|replies|le\satiende|atiende|contesta|responde|atende|repond", re.I)
HERE = re.compile(r"here(?![\w'’])|speaking|will\s(?:get\sback|answer|reply|call|text)", re.I)

# What each cue starts with, by its kind.
STARTS = {
    STRONG: """
        ask, asking, asked, contact, name, called, pregunta, pregunte, preguntar, pregunten, preguntad, llamo,
        nombre, habla, hable, hablar, hablen, m'appelle, m’appelle, nom, prenom, demande, demander, demandez,
        chamo, chamo-me, nome, fale, falar, fala, procure, procurar, pergunte, perguntar, se llama, me chamo
    """,
    SAID: """
        i'm, i’m, im, it's, it’s, speak, talk, spoke, nickname, nicknamed, aka, soy, llamada, llamado, llamame,
        c'est, c’est, sou, i am, this is, its me, call me, me dicen, je suis, ich bin, go by,
        goes by, aqui e, atiende
    """,
    TOUCH: "call, text, txt, phone, ring, message, msg, see, contact, email, meet, visit, c/o",
    TOUCH_ABROAD: """
        llama, llame, llamar, llamen, escribe, escriba, escribir, escribeme, marque, marca, marcar, contacter,
        contactez, contactar, appeler, appelez, liga, ligar, ligue, contate, chama
    """,
    GREETING: """
        called, named, its, known as, looking for, say you want, hi, hello, hey, dear, hola, ola, oi, bonjour, salut
    """,
    LABEL: """
        contact:, contacts:, contacto:, contacte:, contactez:, name:, nombre:, nom:, nome:, host:, hostess:,
        manager:, agent:, owner:, recruiter:, seller:, landlord:, attention:, by:, model:, masseuse:,
        therapist:, stylist:, encargado:, encargada:, responsable:, dueno:, duena:, contato:, contato :, contact :,
        contacto :, name :, nombre :, nom :, nome :, attn, att, c/o
    """,
    TITLE: """
        mr, mrs, ms, miss, mme, mlle, monsieur, madam, madame, dr, dra, prof, sr, sra, srta, senor, senora,
        senorita, don, dona, herr, frau
    """,
    SIGN_OFF: """
        regards, sincerely, thanks, thank, thankyou, thx, cheers, love, xoxo, xoxox, xoxoxo, xox, kisses, hugs,
        yours, respectfully, saludo, saludos, gracias, atentamente, atte, besos, besitos, abrazo, abrazos,
        cordialement, bisous, bises, merci, obrigado, obrigada, abraco, abracos, beijos, bjs, att
    """,
    REPLIES: "answers, replies, atiende, le atiende, contesta, responde, atende, repond",
    HERE: "here, speaking, will get back, will answer, will reply, will call, will text",
}
