from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Shelf(Model):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=20, unique=True)

    class Meta:
        table = "shelf"


class Book(Model):
    id = fields.UUIDField(primary_key=True)
    shelf = fields.ForeignKeyField("models.Shelf")
    title = fields.CharField(max_length=80, description="as printed; not as filed")
    author = fields.CharField(max_length=20, db_index=True)
    copies = fields.IntField(default=1)
    is_favourite = fields.BooleanField(default=False)
    pages = fields.IntField(default=0, db_default=0)
    place = fields.IntField(null=True)

    class Meta:
        table = "book"
        unique_together = ("shelf", "title")
        indexes = (("title", "copies"), ("author", "pages"))
        constraints = (
            CheckConstraint(check="copies >= 0", name="book_copies_not_negative"),
            CheckConstraint(check="pages >= 0", name="book_pages_not_negative"),
            UniqueConstraint(
                fields=("shelf",), name="book_one_favourite", condition="is_favourite"
            ),
            UniqueConstraint(
                fields=("shelf", "place"), name="book_one_a_place", condition="copies > 0"
            ),
        )
