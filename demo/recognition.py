"""Recognition: who speaks for whom, what becomes of ideas, and who has read what is new."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID, uuid4

from community import bulletins, endorsements, expert_reviews, idea_answers, idea_votes, ideas
from community.experts import Expert
from community.idea_answers import Reply
from community.ideas import IdeaStatus
from community.memberships import Membership, Standing
from community.posts import Post
from community.tags import Tag
from community.thanks import Thanks
from core import clock
from core.people import Person
from demo.agenda import Act
from demo.threads import HERE, read
from gamify.badges import gifts
from gamify.badges.badges import Badge

MODERATOR = "he"
READ = timedelta(hours=30)  # ago, when it was read what is new


class Recognition:
    def __init__(self, cast: Mapping[str, Person], rng: Random) -> None:
        self.cast, self.rng, self.now = cast, rng, clock.now()
        self.told = read(HERE / "recognition.toml")

    def acts(self) -> Iterator[Act]:
        for idea in self.told["ideas"]:
            answered = max([1, *(reply["days"] for reply in idea.get("replies", ()))])
            yield Act(self._ago(days=answered, hours=2), partial(self._vote, idea))
            yield from self._replies(idea)
        for one in self.told["endorsements"]:
            yield Act(self._ago(days=1), partial(self._endorse, one))
        for gift in self.told["gifts"]:
            yield Act(self._ago(days=gift["days"]), partial(self._honour, gift))
        yield Act(self._ago(days=2), self._pin)
        yield Act(self.now - READ, self._take_note)

    def reviews(self) -> Iterator[Act]:
        for key in self.told["approved"]:
            yield Act(self._ago(hours=20), partial(self._approve, self.cast[key]))

    def _replies(self, idea: dict[str, Any]) -> Iterator[Act]:
        for n, reply in enumerate(idea.get("replies", ())):
            at = self._ago(days=reply["days"])
            if n == 0:
                yield Act(at - timedelta(hours=1), partial(self._assign, idea))
            yield Act(at, partial(self._answer, idea, reply))

    async def _vote(self, idea: dict[str, Any]) -> None:
        post = await _begun(idea["begins"])
        others = [one for one in await _members(post.group_id) if one.id != post.author_id]
        for voter in self.rng.sample(others, min(idea["votes"], len(others))):
            await idea_votes.vote(post.id, by=voter)

    async def _assign(self, idea: dict[str, Any]) -> None:
        post, owner = await _begun(idea["begins"]), self.cast[idea["owner"]]
        await ideas.assign(post.id, owner.id, by=self.cast[MODERATOR])

    async def _answer(self, idea: dict[str, Any], told: dict[str, Any]) -> None:
        post, then = await _begun(idea["begins"]), told.get("in")
        planned_for = clock.business_date() + timedelta(days=then) if then else None
        reply = Reply(IdeaStatus(told["status"]), told["text"], planned_for)
        await idea_answers.answer(post.id, reply, by=self.cast[idea["owner"]], key=uuid4().hex)

    async def _endorse(self, one: dict[str, Any]) -> None:
        helper, tag = self.cast[one["who"]], await Tag.get(name=one["tag"])
        voices = [self.cast[key] for key in one.get("by", ())]
        for voice in voices or (await _helped(helper, tag))[: one["voices"]]:
            await endorsements.endorse(helper.id, tag.id, by=voice)

    async def _approve(self, person: Person) -> None:
        expert, moderator = await Expert.get(person_id=person.id), self.cast[MODERATOR]
        await expert_reviews.decide(expert.id, approve=True, reason="", by=moderator)

    async def _honour(self, gift: dict[str, Any]) -> None:
        badge, giver = await Badge.get(code=gift["badge"]), self.cast[gift["by"]]
        to = self.cast[gift["to"]]
        await gifts.give(badge.id, to.id, gift["words"], by=giver, key=uuid4().hex)

    async def _pin(self) -> None:
        news = self.told["news"]
        post, valid_from = await _begun(news["begins"]), clock.business_date(self.now)
        valid_from += timedelta(days=news["from"])
        await bulletins.pin(post.id, by=self.cast[news["by"]], valid_from=valid_from)

    async def _take_note(self) -> None:
        post = await _begun(self.told["news"]["begins"])
        bulletin, members = await bulletins.Bulletin.get(post=post), await _members(post.group_id)
        for reader in self.rng.sample(members, round(len(members) * self.told["news"]["read"])):
            await bulletins.acknowledge(bulletin.id, 1, by=reader)

    def _ago(self, **back: float) -> datetime:
        return self.now - timedelta(**back)


async def _begun(words: str) -> Post:
    return await Post.filter(text__startswith=words).order_by("published_at").first()  # type: ignore[return-value]  # told in its file


async def _members(group_id: UUID) -> list[Person]:
    inside = Membership.filter(group_id=group_id, standing=Standing.MEMBER)
    rows = await inside.select_related("person").order_by("person__number")
    return [row.person for row in rows]


async def _helped(helper: Person, tag: Tag) -> list[Person]:
    """Who may speak for somebody in a tag."""
    here = Thanks.filter(comment__author_id=helper.id, comment__post__group__kind="KNOWLEDGE")
    people = await Person.filter(id__in=await here.values_list("actor", flat=True))
    may = [await endorsements.endorsable([helper.id], viewer=one) for one in people]
    helped = [one for one, [tags] in zip(people, may, strict=True) if tag in tags]
    return sorted(helped, key=lambda one: one.number)
