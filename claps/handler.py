"""The claps functions: `POST /claps` applauds a post, `GET /claps` reads its claps."""

import os
import time
from random import SystemRandom

from aws.dynamodb import DynamoDB
from claps.payload import CLAPS_MAX, Applause, ApplauseHeaders, ClapCount, Post
from claps.store import CapPassedError, ClapStore, Counts, KeyReusedError
from gateway import Reply, endpoint
from gateway.problem import Conflict, KeyReused

# Built in the init phase on purpose: Lambda runs that on a whole core, and calls on 0.3 of one.
STORE = ClapStore(DynamoDB(), os.environ["CLAPS_TABLE"], os.environ["SECRET"], SystemRandom())


@endpoint
def applaud(
    payload: Applause, headers: ApplauseHeaders, source_ip: str, deadline: float
) -> ClapCount:
    """Count a viewer's claps for a post, up to the cap and once a key."""
    try:
        counts = STORE.applaud(
            payload.slug,
            payload.claps,
            source_ip,
            headers.idempotency_key,
            now=time.time(),
            deadline=deadline,
        )
    except CapPassedError as refused:
        raise Conflict(
            f"A viewer gives a post at most {CLAPS_MAX} claps.",
            viewerClapCount=refused.viewer,
            limit=CLAPS_MAX,
        ) from None
    except KeyReusedError:
        raise KeyReused from None
    return _answer(payload.slug, counts)


@endpoint
def read_claps(query: Post, source_ip: str, deadline: float) -> Reply:
    """Tell the claps of a post, and this viewer's share."""
    counts = STORE.read(query.slug, source_ip, deadline)
    # Another viewer's share is another one.
    return Reply(_answer(query.slug, counts), headers={"cache-control": "no-store"})


def _answer(slug: str, counts: Counts) -> ClapCount:
    return ClapCount(slug=slug, claps=counts.post, viewer_clap_count=counts.viewer, limit=CLAPS_MAX)
