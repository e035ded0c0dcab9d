"""GET /topics, GET /audiences."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.core.deps import SessionDep
from api.regions.deps import Tagged
from api.regions.schemas import RegionQuery
from api.taxonomy import service
from api.taxonomy.schemas import AudienceOut, TopicOut

router = APIRouter(tags=["taxonomy"], dependencies=[Tagged])

# Where an answer leads (OpenAPI links).
OF_TOPIC = {"operationId": "listOffers", "parameters": {"topic": "$response.body#/0/slug"}}
OF_AUDIENCE = {"operationId": "listOffers", "parameters": {"audience": "$response.body#/0/slug"}}


@router.get("/topics", operation_id="listTopics", responses={200: {"links": {"offers": OF_TOPIC}}})
def topics(session: SessionDep, _query: Annotated[RegionQuery, Query()]) -> list[TopicOut]:
    """List the topics: a tree of two levels in plain words, with synonyms."""
    return service.topics(session)


@router.get("/audiences", operation_id="listAudiences", responses={200: {"links": {"offers": OF_AUDIENCE}}})
def audiences(session: SessionDep, _query: Annotated[RegionQuery, Query()]) -> list[AudienceOut]:
    """List the groups of people that offers are made for."""
    return service.audiences(session)
