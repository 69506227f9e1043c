import tomllib
from pathlib import Path
from time import process_time

import pytest

from community import risk_rules, risk_words
from community.risk_words import Level, Words

pytestmark = pytest.mark.once

SENTENCES = tomllib.loads(Path(__file__).with_name("risk_sentences.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def shipped() -> Words:
    return Words({form: level for form, (_, level) in risk_rules.shipped().items()})


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (text, None if name == "harmless" else Level(name.upper()))
        for name, texts in SENTENCES.items()
        for text in texts
    ],
)
def test_a_sentence_is_taken_as_a_good_counsellor_would(shipped, text, level):
    assert shipped.level(text) == level, shipped.hits(text)


@pytest.mark.parametrize(
    "spelt",
    ["想死", " 想 死 ", "我想\n死", "想-死", "想·死", "想\u200b死", "想\u00ad死", "太想死！"],
)
def test_hanzi_are_found_whatever_stands_between_them(spelt):
    assert Words({"想死": Level.AMBER}).level(spelt) is Level.AMBER


@pytest.mark.parametrize("spelt", ["想，死", "想。死", "想要死"])
def test_a_comma_or_a_word_parts_them(spelt):
    assert Words({"想死": Level.AMBER}).level(spelt) is None


@pytest.mark.parametrize("spelt", ["輕生", "轻生", "輕 生"])
def test_simplified_and_traditional_are_one(spelt):
    assert Words({risk_words.form("輕生"): Level.RED}).level(spelt) is Level.RED


@pytest.mark.parametrize(
    "spelt",
    ["don't want to live", "DON’T  WANT-TO\nLIVE", "dont want to live", "ｄｏｎ＇ｔ want to live"],
)
def test_english_is_found_in_any_case_width_and_spacing(spelt):
    assert Words({risk_words.form("don't want to live"): Level.AMBER}).level(spelt) is Level.AMBER


def test_english_phrases_are_whole_words():
    words = Words({"end it all": Level.AMBER})
    assert words.level("I'll end it all.") is Level.AMBER
    assert words.level("send it all") is None
    assert words.level("end it allegro") is None


def test_the_longest_phrase_decides_and_the_highest_level_counts():
    words = Words({"想死": Level.AMBER, "想死你": None, "撑不下去": Level.GREEN})
    assert words.hits("想死你了") == [("想死你", None)]
    assert words.hits("想死你了，也想死") == [("想死你", None), ("想死", Level.AMBER)]
    assert words.level("撑不下去，想死") is Level.AMBER


def test_what_only_overlaps_a_harmless_phrase_still_counts():
    words = Words({"笑死我": None, "我不想活": Level.AMBER})
    assert words.level("笑死我不想活") is Level.AMBER


def test_without_rules_nothing_signals_danger():
    assert Words({}).hits("自杀") == []


def test_no_shipped_phrase_is_listed_twice():
    lists = tomllib.loads(risk_rules.SHIPPED.read_text("utf-8"))
    phrases = [risk_words.form(phrase) for phrases in lists.values() for phrase in phrases]
    assert len(phrases) == len(set(phrases))


def test_every_shipped_phrase_is_found_by_itself(shipped):
    for form, (phrase, level) in risk_rules.shipped().items():
        assert (form, level) in shipped.hits(phrase), phrase


@pytest.mark.parametrize(
    "text",
    [
        "今天客戶又罵了我一頓，我真的很累，但是同事幫我倒了一杯水。",
        "今天客户又骂了我一顿，我真的很累，但是同事帮我倒了一杯水。",
        "Today a customer shouted at me again, and a colleague brought me a glass of water. ",
    ],
)
def test_a_long_post_is_looked_through_in_a_few_milliseconds(shipped, text):
    post = (text * 200)[:5000]
    taken = []
    for _ in range(20):
        begin = process_time()
        assert shipped.hits(post) == []
        taken.append(process_time() - begin)
    assert min(taken) < 0.003  # half a millisecond where nobody else computes


def test_a_post_made_of_nothing_but_hits_takes_no_longer_than_it_is_long(shipped):
    begin = process_time()
    assert len(shipped.hits("自杀" * 2500)) == 2500
    assert process_time() - begin < 0.2
