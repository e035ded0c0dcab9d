"""The envelope around every long answer: total, results, page, per_page."""

from typing import Generic, TypeVar

from pydantic import BaseModel, Field

Item = TypeVar("Item")

MAX_PAGE = 1_000_000


class PageRequest(BaseModel):
    """Which part of a long answer is wanted."""

    page: int = Field(default=1, ge=1, le=MAX_PAGE, description="Counted from 1")
    per_page: int = Field(default=20, ge=1, le=200, description="Results on a page")

    @property
    def offset(self) -> int:
        """Return how many results come before this page."""
        return (self.page - 1) * self.per_page


class Page(BaseModel, Generic[Item]):
    """One page of results; a page behind the last one is empty."""

    total: int = Field(ge=0, description="Results on all pages together")
    results: list[Item]
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))
