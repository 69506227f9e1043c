"""Keeping: what becomes of the community's rows when somebody is erased, and how long they stay.

What was written unseen stays as it is. If it changed on the day on which a name goes, everybody
would know whose it was; so nothing of it goes but what nobody sees: seals and the like.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from tortoise.expressions import Subquery

from community import own_words, photos, reporters
from community.aliases import TakenAlias
from community.appeals import Appeal
from community.blocks import Block
from community.breakglass_requests import BreakGlassRequest
from community.buddies import Buddy
from community.bulletins import Acknowledgement, Bulletin
from community.care_messages import CareMessage
from community.carelines import CareLine
from community.comments import Comment, CommentWords
from community.endorsements import Endorsement
from community.experts import Expert
from community.help_cards import HelpCard
from community.idea_answers import IdeaAnswer
from community.idea_votes import IdeaVote
from community.ideas import Idea
from community.listeners import Listener
from community.memberships import Membership
from community.moderation_cases import ModerationCase
from community.mutes import AliasMute, ThreadMute
from community.photos import Photo
from community.posts import Post, PostWords
from community.prompts import Prompt
from community.pulses import CheckIn, PulseConsent
from community.reactions import Reaction
from community.reporters import Reporter
from community.reports import Report
from community.revisions import Revision
from community.risk_cases import RiskCase
from community.risk_rules import RiskEdition, RiskRule
from community.risk_steps import RiskStep
from community.rotas import Turn
from community.seals import Seal
from community.suspensions import Suspension
from community.tag_follows import TagFollow
from community.thanks import Thanks
from core.keeping import blanked, deleted, stays
from core.people import Person
from core.search import words

QUARTER, HALF_YEAR = timedelta(days=90), timedelta(days=180)
YEAR, TWO_YEARS = timedelta(days=365), timedelta(days=731)

UNSEEN = "whoever sees it go would know whose it was; handles are nobody's without their seals"
SEALED = "encrypted, under a handle; gone by itself 180 days after the last message"


async def _deleted_posts(person: Person) -> None:
    await Post.filter(author_id=person.id, deleted_at__not_isnull=True).update(text="")
    await words.compact(PostWords)


async def _deleted_comments(person: Person) -> None:
    await Comment.filter(author_id=person.id, deleted_at__not_isnull=True).update(text="")
    await words.compact(CommentWords)


async def _revisions(person: Person) -> None:
    for model in (Post, Comment):
        for ids in await _written(model, person):
            await Revision.filter(subject_id__in=ids).delete()


async def _photos(person: Person) -> None:
    for ids in await _written(Post, person):
        await photos.drop(ids)


async def _written(model: type[Post | Comment], person: Person) -> list[Sequence[UUID]]:
    """The ids of what they wrote under their name, some at a time."""
    named = await model.filter(author_id=person.id).only("id")
    return own_words.cut([row.id for row in named])


async def _seals(person: Person) -> None:
    async for handles in own_words.handles(person):
        await Seal.filter(handle__in=handles).delete()


async def _alias_mutes(person: Person) -> None:
    async for handles in own_words.handles(person):
        await AliasMute.filter(reader__in=handles).delete()


async def _reports(person: Person) -> None:
    await Report.filter(reporter=reporters.mark(person)).update(words="", sealed=None)


async def _reporter(person: Person) -> None:
    await Reporter.filter(mark=reporters.mark(person)).delete()


async def _appeals(person: Person) -> None:
    cases = ModerationCase.filter(author_id=person.id).values("id")
    await Appeal.filter(case_id__in=Subquery(cases)).update(words="", answer="")


async def _steps(person: Person) -> None:
    await RiskStep.filter(case__author_id=person.id).update(words="")


KEEPING = [
    blanked(Post, erase=_deleted_posts, since="deleted_at", kept=QUARTER, text=""),
    blanked(Comment, erase=_deleted_comments, since="deleted_at", kept=QUARTER, text=""),
    deleted(Revision, erase=_revisions, since="replaced_at", kept=YEAR),
    deleted(Photo, erase=_photos),
    deleted(Seal, erase=_seals),
    deleted(AliasMute, erase=_alias_mutes),
    blanked(Report, erase=_reports, words=""),
    deleted(Reporter, erase=_reporter),
    blanked(Appeal, erase=_appeals),
    blanked(RiskStep, erase=_steps, since="at", kept=TWO_YEARS, words=""),
    blanked(RiskCase, "author_id", since="closed_at", kept=HALF_YEAR, words=""),
    deleted(PulseConsent, "person_id"),
    deleted(CheckIn, "consent_id", since="day", kept=TWO_YEARS),
    deleted(Membership, "person_id"),
    deleted(Listener, "person_id"),
    deleted(Block, "person_id", "blocked_id"),
    deleted(ThreadMute, "person_id"),
    deleted(Buddy, "newcomer_id", "buddy_id"),
    deleted(Prompt, "newcomer_id", since="on", kept=HALF_YEAR),
    deleted(TagFollow, "person_id"),
    deleted(Endorsement, "person_id"),
    deleted(Expert, "person_id"),
    deleted(Acknowledgement, "person_id"),
    deleted(Turn, "counsellor_id"),
    blanked(Idea, "owner_id", owner_id=None),
    stays(IdeaAnswer, "an answer to others"),
    stays(IdeaVote, "it counts"),
    stays(Bulletin, "what was announced"),
    stays(ModerationCase, "what was decided, with an id at most"),
    stays(Reaction, "it counts"),
    stays(Thanks, "it counts, and has paid"),
    stays(TakenAlias, UNSEEN),
    stays(CareLine, SEALED),
    stays(CareMessage, SEALED),
    stays(Suspension, "under a mark, until it is over"),
    stays(BreakGlassRequest, "why, between two counsellors", since="asked_at", kept=TWO_YEARS),
    stays(HelpCard, "who wrote it in office"),
    stays(RiskEdition, "who changed rules in office"),
    stays(RiskRule, "who wrote it in office"),
]
