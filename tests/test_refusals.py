import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import api
import community
import core
import gamify
import referrals
from api.documents import PersistedQueryNotFound
from core.errors import Kind, Refused

pytestmark = pytest.mark.once

for package in (api, community, core, gamify, referrals):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)


def every(refusal: type[Refused]) -> list[type[Refused]]:
    return [one for below in refusal.__subclasses__() for one in (below, *every(below))]


TOLD = [refusal for refusal in every(Refused) if hasattr(refusal, "text")]
FOR_PEOPLE = [refusal for refusal in TOLD if refusal is not PersistedQueryNotFound]  # Apollo's word


@pytest.mark.parametrize("refusal", FOR_PEOPLE, ids=lambda refusal: refusal.__name__)
def test_a_refusal_is_told_in_every_language_with_the_same_facts(refusal):
    assert refusal.kind in Kind
    facts = [sorted(re.findall(r"{(\w+)}", text)) for text in refusal.text]
    assert facts[0] == facts[1] == facts[2]
    assert len(set(refusal.text)) >= 2
    for chinese in refusal.text[1:]:
        assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_no_two_refusals_share_a_code():
    codes = [refusal.code for refusal in TOLD]
    assert sorted(codes) == sorted(set(codes))


def test_every_refusal_has_words():
    silent = [one for one in every(Refused) if not hasattr(one, "text")]
    assert {one.__module__ for one in silent} <= {"core.errors", "api.parameters"}
