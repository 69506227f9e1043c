"""Pictures of rewards, in their order."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import idempotency
from core.database.sql import Statement
from core.errors import Invalid
from core.media import uploads
from core.media.images import Image
from core.media.uploads import Purpose
from core.people import Person
from core.text import Text
from core.transactions import transaction
from gamify.shop import rewards
from gamify.shop.rewards import Reward

MOST = 6


class RewardPicture(Model):
    id = fields.UUIDField(primary_key=True)
    reward: fields.ForeignKeyRelation[Reward] = fields.ForeignKeyField("models.Reward")
    reward_id: UUID
    image: fields.ForeignKeyRelation[Image] = fields.ForeignKeyField("models.Image")
    image_id: UUID
    position = fields.SmallIntField()

    class Meta:
        table = "reward_picture"
        unique_together = ("reward", "position")


OF = Statement(
    """
    SELECT reward_picture.*, image.* FROM reward_picture
    JOIN image ON image.id = reward_picture.image_id
    WHERE reward_picture.reward_id = ANY(:rewards) ORDER BY reward_picture.position
    """,
    RewardPicture,
    Image,
)


class TooManyPictures(Invalid):
    text = Text(
        f"At most {MOST} pictures of a prize.",
        f"一个奖品最多 {MOST} 张图片。",
        f"一個獎品最多 {MOST} 張圖片。",
    )


@transaction
async def show(reward_id: UUID, upload_ids: Sequence[UUID], *, by: Person, key: str) -> Reward:
    """Show these pictures in place of those that were shown."""
    if len(upload_ids) > MOST:
        raise TooManyPictures
    reward = await rewards.held(reward_id)
    asked, id = ["reward pictures", reward_id, *upload_ids], uuid4()
    if await idempotency.claim(key, by=by.id, asked=asked, result=id) == id:
        await RewardPicture.filter(reward_id=reward.id).delete()
        taken = await uploads.take_over(upload_ids, Purpose.PHOTO, by=by)
        for position, image in enumerate(taken):
            await RewardPicture.create(reward=reward, image=image, position=position)
    return reward


async def of(reward_ids: Sequence[UUID]) -> list[list[Image]]:
    found = defaultdict(list)
    for picture, image in await OF.rows(rewards=reward_ids):
        found[picture.reward_id].append(image)
    return [found[id] for id in reward_ids]
