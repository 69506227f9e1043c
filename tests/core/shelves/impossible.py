from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class Shelf(Model):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=20, unique=True)

    class Meta:
        table = "shelf"


class Book(Model):
    """Demands what the books that are there do not fulfil."""

    id = fields.UUIDField(primary_key=True)
    shelf = fields.ForeignKeyField("models.Shelf")
    title = fields.CharField(max_length=20)
    copies = fields.IntField(default=1)

    class Meta:
        table = "book"
        constraints = (CheckConstraint(check="copies > 100", name="book_plenty"),)
