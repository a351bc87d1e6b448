import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.handle import HandleRecognizer, normal_form
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered

RECOGNIZER = HandleRecognizer()

WRITTEN = [
    "@{}", ".@{}", "(@{})", "IG: {}", "ig @ {}", "insta: {}", "my insta is {}", "Instagram 👉 {}", "Instagram (@{})",
    "snap: {}", "add me on snap: {}", "snap👻{}", "Kik me at {}", "kik: {}", "Telegram: {}", "tg: {}",
    "WhatsApp: {}",
    "wechat id {}", "WeChat: {}", "微信: {}", "微信号：{}", "line id: {}", "signal id: {}", "viber: {}",
    "kakaotalk: {}", "zalo: {}",
    "X: @{}", "TikTok: {}", "facebook: {}", "FB messenger: {}", "skype: {}", "Skype ID is {}",
    "discord: {}", "onlyfans: {}", "fansly: {}", "threads: @{}", "reddit: {}", "youtube: {}", "linkedin: {}",
    "username: {}", "DM: {}", "follow me @ {}", "add {} on snap", "sígueme en ig: {}", "mi insta es {}",
    "agrégame en snap: {}", "mon insta: {}", "mon insta c'est {}", "meu insta é {}", "me segue no insta: {}",
    "pseudo snap: {}", "IG→{}", "📷 @{}", "snap; {}", "kik | {}", "[IG] {}", "insta #{}", "fb: '{}'", 'snap "{}"',
    "IG me @ {}", "add me on kik {}", "follow my insta {}", "agrégame al snap {}", "my X is {}", "X: {}",
    "add me on signal {}", "find me on wa under {}", "OF username is {}", "message {} on snap", "({} on snap)",
    "{} is my telegram", "hi, {} (insta)",
    "snap chat: {}", "tik tok: {}", "only fans {}", "we chat: {}", "insta gram {}", "snap-chat: {}",
    "1nsta: {}", "sn@p: {}", "k!k: {}", "加微信{}", "i.g. {}", "ig_ {}", "ig ( {} )", "ig; its {}",
    "Kik at {}", "on insta im {}", "ig only {}", "en instagram soy {}", "sur insta je suis {}", "no instagram sou {}",
    "snap only {}", "insta arroba {}", "telegram... {}", "my telegram channel {}", "dm me at {}",
    "i'm {} on ig", "soy {} en instagram", "search {} on instagram", "write to {} on telegram", "type {} into insta",
    "{} <- my snap", "{} thats my snap", "socials: {}", "👻 = {}", "psn: {}",
]  # fmt: skip
NAMES = ("jane_doe22", "janedoe", "jane.doe")

FOUND = [
    pytest.param("thanks @@sunny_9!", ["@@sunny_9"], id="two signs"),
    pytest.param("jane_doe#1234", ["jane_doe#1234"], id="Discord"),
    pytest.param("on reddit u/jane-doe ok", ["u/jane-doe"], id="Reddit"),
    pytest.param("skype live:.cid.0123456789abcdef", ["live:.cid.0123456789abcdef"], id="Skype"),
    pytest.param("snap jane_22 now", ["jane_22"], id="bare, with a look of its own"),
    pytest.param("meet @ 5pm or @7pm", [], id="times"),
    pytest.param("RT @ janedoe : so true via @ sunshiny", ["@ janedoe", "@ sunshiny"], id="a space after the sign"),
    pytest.param(
        "see @ JaneDoe , @ jane_doe and @ janedoe99", ["@ JaneDoe", "@ jane_doe", "@ janedoe99"], id="by look"
    ),
    pytest.param("@ home now, 2 @ $5, 3 @ Rs500, lunch @ Subway @ 12:30, @ the gym @ 8pm", [], id="places and prices"),
    pytest.param("Follow us on Facebook, Twitter and Instagram.", [], id="services"),
    pytest.param("Facebook: Twitter: LinkedIn", [], id="services with signs"),
    pytest.param("our Instagram is growing and Facebook is great", [], id="sentence"),
    pytest.param("a snap decision, the bottom line, a signal", [], id="words"),
    pytest.param("experience with WhatsApp and WeChat marketing", [], id="skills"),
    pytest.param("IG: <HANDLE_1>, @<HANDLE_2>", [], id="placeholders"),
    pytest.param("jane_22 en snap, jane.doe sur IG", ["jane_22", "jane.doe"], id="before the service"),
    pytest.param("snap\njane_22, IG... jane_23", ["jane_22", "jane_23"], id="loose, with a look of its own"),
    pytest.param("my snap is jane underscore doe", ["jane underscore doe"], id="sign said"),
    pytest.param("insta: jane guión bajo doe punto 9", ["jane guión bajo doe punto 9"], id="signs said in Spanish"),
    pytest.param("insta @j a n e _ 8 8 now", ["@j a n e _ 8 8"], id="spaced out"),
    pytest.param("add me jane_22", ["jane_22"], id="without a service"),
    pytest.param("jane_22 snap", ["jane_22"], id="beside the service, at the end"),
    pytest.param("jane_22 via telegram, jane.doe over on ig", ["jane_22", "jane.doe"], id="via, over on"),
    pytest.param("qq 123456789", ["123456789"], id="number"),
    pytest.param("ig: rose seven seven", ["rose seven seven"], id="digits said"),
    pytest.param("add me to the list, find me a job, dm us for prices", [], id="verbs"),
    pytest.param("add me on whatsapp, message me on telegram", [], id="services alone"),
    pytest.param("snap on tools, snap decision, tik tok the clock says, kick off", [], id="services as other words"),
    pytest.param("posted on facebook - great, as seen on tiktok", [], id="where it was posted"),
    pytest.param("📸 photo shoot available, 👻 happy halloween", [], id="emoji before words"),
    pytest.param("thanks <HANDLE_1> and wkend <HANDLE_2>", [], id="words before placeholders"),
    pytest.param("our team of platinum-level experts, 10 x iphone12", [], id="services that are words"),
    pytest.param("posts on Facebook - cultivate leads, Twitter; manage ads", [], id="lists of tasks"),
    pytest.param("Facebook\nmarketing, Instagram. great", [], id="words behind a service"),
    pytest.param("the line manager, a signal engineer, 2 x tables", [], id="services as words"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", WRITTEN)
def test_a_handle_is_found_whole(written: str, name: str) -> None:
    assert is_covered(RECOGNIZER, f"hey {written.format(name)} ok", name)


@pytest.mark.parametrize(("text", "handles"), FOUND)
def test_handles_are_told_from_other_text(text: str, handles: list[str]) -> None:
    assert found(RECOGNIZER, text) == handles


@given(before=NEIGHBOURS, written=st.sampled_from(WRITTEN), after=NEIGHBOURS, gap=st.sampled_from(" \n"))
def test_no_neighbours_hide_a_handle(before: list[str], written: str, after: list[str], gap: str) -> None:
    name = "zq_jane22"
    assert is_covered(RECOGNIZER, f"{' '.join(before)}{gap}{written.format(name)}{gap}{' '.join(after)}", name)


def test_normal_form_has_no_sign_or_case() -> None:
    assert normal_form("@Sunny_9") == normal_form("@ sunny_9") == "sunny_9"
    assert normal_form("Jane underscore Doe punto 9") == "jane_doe.9"


KNOWN_MISSES = [
    pytest.param("text me on line, janedoe or call", "janedoe", id="KNOWN-MISS a plain name after a word and a comma"),
    pytest.param("signal - janedoe ok", "janedoe", id="KNOWN-MISS a plain name after a word and a hyphen"),
    pytest.param("same name everywhere, janedoe", "janedoe", id="KNOWN-MISS no service is named"),
    pytest.param("insta sunshine", "sunshine", id="KNOWN-MISS a usual word"),
]


@pytest.mark.parametrize(("text", "missed"), KNOWN_MISSES)
def test_known_misses(text: str, missed: str) -> None:
    assert not is_covered(RECOGNIZER, text, missed)
