"""Topics and audiences as pages and API show them."""

from pydantic import BaseModel, ConfigDict


class AudienceOut(BaseModel):
    """A group of people that offers are made for; ages in years."""

    model_config = ConfigDict(from_attributes=True)

    slug: str
    names: dict[str, str]
    min_age: int | None
    max_age: int | None


class TopicOut(BaseModel):
    """A need in plain words, with the finer ones below it."""

    model_config = ConfigDict(from_attributes=True)

    slug: str
    icon: str
    names: dict[str, str]
    descriptions: dict[str, str]
    synonyms: list[str]
    children: list["TopicOut"] = []


class CountedTopic(TopicOut):
    """A topic with the number of offers under it and the finer ones."""

    count: int
