import pytest

from core import privacy, privacy_notice
from core.privacy import Acceptance
from core.text import Language
from tests.makers import a_person


@pytest.mark.parametrize(
    ("language", "opening"),
    [("en", "What Breakroom stores"), ("zh-CN", "茶水间存了你的"), ("zh-TW", "茶水間存了你的")],
)
def test_everybody_reads_it_in_their_language(language: Language, opening):
    version, text = privacy.notice(language)
    assert version == privacy_notice.VERSION
    assert text.startswith(opening)
    assert len(text.split("\n\n")) == 5


async def test_accepting_twice_is_accepting_once():
    ann, bob = await a_person(), await a_person()
    for _ in range(2):
        await privacy.accept(privacy_notice.VERSION, by=ann)
    assert await Acceptance.all().count() == 1
    assert await privacy.accepted([bob.id, ann.id, bob.id]) == [False, True, False]


@pytest.mark.parametrize("version", [0, privacy_notice.VERSION + 1, 2**40])
async def test_only_the_present_version_can_be_accepted(version):
    with pytest.raises(privacy.OutdatedNotice):
        await privacy.accept(version, by=await a_person())
    assert not await Acceptance.exists()


async def test_a_new_version_asks_everybody_again(monkeypatch):
    ann = await a_person()
    await privacy.accept(privacy_notice.VERSION, by=ann)
    monkeypatch.setattr(privacy, "VERSION", privacy_notice.VERSION + 1)
    assert await privacy.accepted([ann.id]) == [False]
