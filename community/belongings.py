"""What the community holds of a person's own."""

from community import care_messages, own_words, reporters
from community.appeals import Appeal
from community.blocks import Block
from community.buddies import Buddy
from community.bulletins import Acknowledgement, Bulletin
from community.care_messages import CareMessage
from community.carelines import CareLine
from community.comments import Comment
from community.endorsements import Endorsement
from community.experts import Expert
from community.idea_answers import IdeaAnswer
from community.idea_votes import IdeaVote
from community.ideas import Idea
from community.listeners import Listener
from community.memberships import Membership
from community.moderation_cases import ModerationCase
from community.mutes import ThreadMute
from community.photos import Photo
from community.posts import Post
from community.prompts import Prompt
from community.pulses import CheckIn, PulseConsent
from community.reactions import Reaction
from community.reports import Report
from community.revisions import Revision
from community.rotas import Turn
from community.tag_follows import TagFollow
from community.thanks import Thanks
from core.belongings import Belonging, Row, of, picture, plain
from core.people import Person

HANDLE = ("handle", "key_version")


async def _posts(person: Person) -> list[Row]:
    return [plain(row, without=HANDLE) for row in await own_words.posts(person)]


async def _comments(person: Person) -> list[Row]:
    return [plain(row, without=HANDLE) for row in await own_words.comments(person)]


async def _revisions(person: Person) -> list[Row]:
    ids = await own_words.ids(person)
    return [plain(row) for row in await Revision.filter(subject_id__in=ids)]


async def _photos(person: Person) -> list[Row]:
    ids = [post.id for post in await own_words.posts(person)]
    shown = await Photo.filter(post_id__in=ids).prefetch_related("image")
    return [{"post_id": photo.post_id} | picture(photo.image) for photo in shown]


async def _reactions(person: Person) -> list[Row]:
    return [plain(row, without=["actor"]) for row in await own_words.reactions(person)]


async def _thanks(person: Person) -> list[Row]:
    return [plain(row, without=["actor"]) for row in await own_words.thanks(person)]


async def _care_lines(person: Person) -> list[Row]:
    without = (*HANDLE, "counsellor_id")
    return [plain(row, without=without) for row in await own_words.care_lines(person)]


async def _care_messages(person: Person) -> list[Row]:
    lines = [line.id for line in await own_words.care_lines(person)]
    messages = await CareMessage.filter(line_id__in=lines)
    texts = await care_messages.texts(messages, language="en")
    return [
        plain(row, without=["counsellor_id"], is_own=row.is_from_author, words=text)
        for row, text in zip(messages, texts, strict=True)
    ]


async def _check_ins(person: Person) -> list[Row]:
    return [
        {"day": row.business_date, "face": row.face, "words": row.words}
        for row in await CheckIn.filter(consent_id=person.id)
    ]


async def _reports(person: Person) -> list[Row]:
    own = Report.filter(reporter=reporters.mark(person))
    return [plain(row, without=["case_id", "reporter", "weight"]) for row in await own]


async def _decisions(person: Person) -> list[ModerationCase]:
    ids = await own_words.ids(person)
    return await ModerationCase.filter(subject_id__in=ids, verdict__isnull=False)


async def _cases(person: Person) -> list[Row]:
    shown = ("kind", "subject_id", "verdict", "reason", "words", "decided_at")
    return [{name: getattr(row, name) for name in shown} for row in await _decisions(person)]


async def _appeals(person: Person) -> list[Row]:
    cases = [case.id for case in await _decisions(person)]
    own = Appeal.filter(case_id__in=cases)
    return [plain(row, without=["decided_by_id"]) for row in await own]


BELONGINGS = [
    Belonging(Post, _posts),
    Belonging(Comment, _comments),
    Belonging(Revision, _revisions),
    Belonging(Photo, _photos),
    Belonging(Reaction, _reactions),
    Belonging(Thanks, _thanks),
    Belonging(CareLine, _care_lines),
    Belonging(CareMessage, _care_messages),
    Belonging(Report, _reports),
    Belonging(ModerationCase, _cases),
    Belonging(Appeal, _appeals),
    Belonging(CheckIn, _check_ins),
    of(PulseConsent, "person_id"),
    of(Membership, "person_id"),
    of(Listener, "person_id"),
    of(Block, "person_id"),
    of(ThreadMute, "person_id"),
    of(Buddy, "newcomer_id", "buddy_id"),
    of(Prompt, "newcomer_id"),
    of(TagFollow, "person_id"),
    of(Endorsement, "endorser_id"),
    of(Expert, "person_id"),
    of(Idea, "owner_id"),
    of(IdeaAnswer, "author_id"),
    of(IdeaVote, "person_id"),
    of(Bulletin, "pinned_by_id"),
    of(Acknowledgement, "person_id"),
    of(Turn, "counsellor_id"),
]

#: What names people and is handed to none of them, by table.
WITHHELD = {
    "alias": "names that were taken in a thread; one's own stand on one's words",
    "alias_mute": "two handles; whom one muted is marked in the thread",
    "break_glass_request": "why somebody's author was looked up is between two counsellors",
    "help_card": "who wrote a card in office",
    "reporter": "how often reports were right, under a mark",
    "risk_case": "what counsellors do about a danger could be stopped by reading it",
    "risk_edition": "who changed rules in office",
    "risk_rule": "who wrote rules in office",
    "risk_step": "what counsellors write about somebody in danger",
    "seal": "who hides behind a handle; one's own words are found without it",
    "suspension": "under a mark; one is told of it in the group as long as it lasts",
}
