"""What can be crawled, and what is generated: through both executors it has the same answer."""

from uuid import uuid4

import pytest

from api.context import Context
from api.operations import WrongDocument
from community.groups import GroupKind
from core import clock
from core.errors import Refused
from tests import crawl
from tests.engine.executors import essence
from tests.lives import a_life
from tests.makers import a_crowd, a_group, a_member, node
from tests.test_anonymity import ROLES, a_reader, a_thread

GENERATED = 150


@pytest.mark.parametrize("role", [*ROLES, "outsider", "nobody"])
async def test_whatever_is_crawled_has_the_same_answer(both, role):
    shelter = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(shelter)
    author = await a_member(shelter)
    ids = [node("group", shelter), node("person", author), *await a_thread(shelter, author)]
    reader = await a_reader(role, shelter)
    with clock.set_to(clock.now()):
        for document in crawl.documents(ids):
            asked = crawl.request(document)
            one, given = both.operation(asked["query"]), asked.get("variables", {})
            ours = await both.by_plan(one, given, Context("en", "request-1", viewer=reader))
            again = await both.by_plan(one, given, Context("en", "request-1", viewer=reader))
            usual = await both.usually(one, given, Context("en", "request-1", viewer=reader))
            assert ours == again == usual, document


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # graphql-core forgets some
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # and says so late
async def test_generated_queries_have_the_same_answer(both):
    life = await a_life()
    names = ("group", "shelter", "other", "post", "own")
    ann, known = await life.asks({name: name for name in names})
    ids = [*known.values(), node("person", ann), f"post_{uuid4().hex}", f"upload_{uuid4().hex}"]
    compared = failed = 0
    with clock.set_to(clock.now()):
        for seed in range(GENERATED):
            document, variables = both.generator(seed, ids, [0, 1, 2, 3]).operation(roots=1)
            try:
                one = both.operation(document)
            except (Refused, WrongDocument):
                continue
            ours = await both.by_plan(one, variables, Context("en", "request-1", viewer=ann))
            again = await both.by_plan(one, variables, Context("en", "request-1", viewer=ann))
            usual = await both.usually(one, variables, Context("en", "request-1", viewer=ann))
            assert essence(ours) == essence(again) == essence(usual), document
            compared += 1
            failed += b'"errors"' in ours
    assert compared > GENERATED * 0.8
    assert failed > compared * 0.1
